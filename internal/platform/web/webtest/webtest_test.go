package webtest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// outcome notes how a test would have ended.
type outcome struct {
	testing.TB
	end string
}

func (*outcome) Helper() {}

func (o *outcome) Skip(args ...any) {
	o.end = "skipped: " + fmt.Sprint(args...)
	runtime.Goexit()
}

func (o *outcome) Fatal(args ...any) {
	o.end = "failed: " + fmt.Sprint(args...)
	runtime.Goexit()
}

func endOf(t *testing.T, test func(t testing.TB)) string {
	o := &outcome{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(o)
	}()
	<-done
	return o.end
}

func TestWhatIsAbsentFailsWhereEverythingMustBeThere(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	browser := func(t testing.TB) { Chromium(t) }
	t.Setenv("CI", "")
	if got := endOf(t, browser); got != "skipped: NOT TRIED IN A BROWSER: chromium is not installed: apt-get install chromium" {
		t.Errorf("at home: %q", got)
	}
	t.Setenv("CI", "true")
	if got := endOf(t, browser); got != "failed: NOT TRIED IN A BROWSER: chromium is not installed: apt-get install chromium" {
		t.Errorf("with CI=true: %q", got)
	}
}

func TestTheRootHasTheAssets(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root(t), "assets", "package.json")); err != nil {
		t.Error(err)
	}
}
