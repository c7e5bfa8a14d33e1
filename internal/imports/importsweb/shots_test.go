//go:build shots

package importsweb_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
)

// TestShots brings real files in through a real browser, and takes pictures to
// look at. LARGE names a CSV of many rows:
//
//	SHOTS=dir LARGE=file go test -tags shots -run TestShots ./internal/imports/importsweb
func TestShots(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Fatal("SHOTS names no folder")
	}
	s := open(t, dbtest.SQLite(t))
	b := browse(t)
	troubled := filepath.Join(t.TempDir(), "Klienci – zażółć.csv")
	content := "Firma;E-mail;Telefon;Kraj;Data umowy;Obrót\nŁąka sp. z o.o.;biuro@laka.example;+48 601 234 567;Polska;03/04/2026;1 234,50\n" +
		";brak@example.com;12;Atlantyda;04/05/2026;7\nGruszka;zły adres;;Polnad;05/06/2026;9\nŚliwka;;;Gruzja;;\n"
	if err := os.WriteFile(troubled, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	accounts := filepath.Join(t.TempDir(), "accounts.csv")
	if err := os.WriteFile(accounts, s.fixture("maven-crm", "accounts.csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, l := range looks {
		s.lang, s.theme = l.lang, l.theme
		b.shoot = func(name string) { b.picture(filepath.Join(dir, name+"-"+l.name+".png"), l.width, l.height) }
		b.open(s.url + "/imports")
		b.shoot("list")
		b.open(s.url + "/imports/new")
		b.shoot("new")
		b.bring(troubled)
		b.shoot("columns-troubled")
		b.press(".page-body form#columns-form [type=submit]")
		b.enter("#f-default-source", "Targi")
		b.shoot("rules")
		b.press(".page-body form.stack [type=submit]")
		b.shoot("preview-troubled")
		b.open(s.url + "/imports/new")
		b.bring(accounts)
		b.shoot("columns")
		b.press(".page-body form#columns-form [type=submit]")
		b.enter("#f-default-source", "Exhibition")
		b.press(".page-body form.stack [type=submit]")
		b.shoot("preview")
		b.press(".page-body form [type=submit]")
		time.Sleep(2 * time.Second)
		b.shoot("result")
	}
	if n := len(s.list()); n != 85 {
		t.Errorf("%d customers, want 85", n)
	}
	large := os.Getenv("LARGE")
	if large == "" {
		return
	}
	s.lang, s.theme = i18n.English, ""
	b.shoot = func(name string) { b.picture(filepath.Join(dir, name+".png"), 1440, 900) }
	b.open(s.url + "/imports/new")
	began := time.Now()
	b.bring(large)
	t.Logf("upload and layout: %s", time.Since(began))
	b.press(".page-body form#columns-form [type=submit]")
	b.enter("#f-default-source", "Exhibition")
	began = time.Now()
	b.press(".page-body form.stack [type=submit]")
	t.Logf("preview: %s", time.Since(began))
	b.shoot("large-preview")
	b.press(".page-body form [type=submit]")
	began = time.Now()
	time.Sleep(5 * time.Second)
	b.shoot("large-running")
	b.waitFor(".banner-good")
	t.Logf("run: %s", time.Since(began))
	b.shoot("large-result")
}

var looks = []struct {
	name          string
	lang          i18n.Lang
	theme         string
	width, height int64
}{
	{"en", i18n.English, "light", 1440, 900},
	{"ka-dark-phone", i18n.Georgian, "dark", 390, 844},
	{"pl-tablet", i18n.Polish, "light", 1024, 768},
}

type browser struct {
	*testing.T

	ctx   context.Context
	shoot func(name string)
}

func browse(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() { cancel(); stop() })
	return &browser{T: t, ctx: ctx}
}

func (b *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

func (b *browser) open(address string) {
	b.Helper()
	b.run(chromedp.Navigate(address))
}

// press follows what a click leads to.
func (b *browser) press(selector string) {
	b.Helper()
	b.mark()
	b.run(chromedp.Click(selector))
	b.arrived()
}

// bring drops a file and sends it.
func (b *browser) bring(path string) {
	b.Helper()
	b.run(chromedp.SetUploadFiles("#f-file", []string{path}))
	b.press(".page-body form [type=submit]")
}

func (b *browser) enter(selector, text string) {
	b.Helper()
	b.run(chromedp.SendKeys(selector, text))
}

// mark makes the page known, so that the next one can be told from it.
func (b *browser) mark() {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](`document.body.dataset.before = "1"`)); err != nil {
		b.Fatal(err)
	}
}

func (b *browser) arrived() { b.Helper(); b.waitFor("body:not([data-before]) .page-body") }

func (b *browser) waitFor(selector string) {
	b.Helper()
	for until := time.Now().Add(3 * time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		there, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!document.querySelector(`+"`"+selector+"`"+`)`))
		if err == nil && there {
			return
		}
	}
	b.Fatalf("%s does not appear", selector)
}

func (b *browser) picture(file string, width, height int64) {
	b.Helper()
	b.run(chromedp.EmulateViewport(width, height))
	time.Sleep(300 * time.Millisecond)
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, shot, 0o600); err != nil {
		b.Fatal(err)
	}
}
