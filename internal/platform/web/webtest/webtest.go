// Package webtest finds what tests of pages need beside Go: a browser and the
// accessibility checker. On a machine that lacks one its tests are skipped and
// say so; with CI=true they fail, so that nothing is left untried unnoticed.
package webtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Chromium is the browser's program.
func Chromium(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		absent(t, "NOT TRIED IN A BROWSER: chromium is not installed: apt-get install chromium")
	}
	return program
}

// Axe is the script that finds what keeps people from using a page.
func Axe(t testing.TB) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(root(t), "assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		absent(t, "NOT LOOKED AT WITH AXE: it is not installed: make assets")
	}
	return string(script)
}

// absent ends the test: as a failure where everything must be there.
func absent(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// root is the folder of the whole project, above the tested package's.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("no go.mod above the tested package")
		}
		dir = above
	}
}
