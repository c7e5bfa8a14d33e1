//go:build shots

package customersweb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/teamtest"
)

// TestDossierShots takes pictures to look at:
//
//	SHOTS=dir go test -tags shots -run TestDossierShots ./internal/customers/customersweb
func TestDossierShots(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Fatal("SHOTS names no folder")
	}
	d := dbtest.SQLite(t)
	s := open(t, d)
	s.as(teamtest.Person(t, d, authz.Administrator))
	c := rich(s)
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(alloc)
	defer cancel()
	for _, look := range []struct {
		lang          i18n.Lang
		theme         string
		width, height int64
	}{{i18n.English, "", 1440, 900}, {i18n.Georgian, "dark", 1440, 900}, {i18n.Polish, "", 1024, 768}, {i18n.Georgian, "", 390, 844}, {i18n.English, "dark", 390, 844}} {
		s.lang, s.theme = look.lang, look.theme
		for name, address := range map[string]string{"page": path(c, ""), "drawer": "/customers?drawer=" + path(c, ""), "read": path(c, "/read")} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(look.width, look.height), chromedp.Navigate(s.url+address)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(500 * time.Millisecond)
			picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, fmt.Sprintf("%s-%s%s-%d.png", name, look.lang, look.theme, look.width))
			if err := os.WriteFile(file, picture, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
