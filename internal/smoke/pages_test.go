package smoke

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/web/webtest"
)

// mainPages are those that are looked at one by one; {import} is a draft of an
// import.
var mainPages = []string{
	"/customers", "/customers?drawer=/customers/2", "/customers/new?kind=organisation", "/customers/new?kind=person",
	"/customers/1", "/customers/1/read", "/imports", "/imports/new", "/imports/{import}?step=columns", "/imports/{import}?step=rules",
	"/imports/{import}?step=preview", "/settings", "/settings/company", "/settings/mail", "/settings/backup", "/settings/tokens", "/settings/people", "/settings/people/new", "/settings/rights",
	"/settings/jobs", "/journal", "/profile", "/search?q=ivanov", "/nowhere",
}

// The widths of a desk and of a phone.
const (
	wide   = 1440
	narrow = 390
)

// sideways names what sticks out of the page.
const sideways = `(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return '';
  return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1 && e.checkVisibility()).slice(0, 4)
    .map((e) => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)).join('; ') || 'scrollWidth ' + document.documentElement.scrollWidth;
})()`

const axeRun = `axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then((r) =>
  r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' ')).join('\n'))`

// still tells that a page is drawn to the end: fonts, pictures, movements.
const still = `document.fonts.status === 'loaded' && document.getAnimations().every((a) => a.playState === 'finished' || a.effect.getTiming().iterations === Infinity) && !document.querySelector('[aria-busy=true]')`

// look tries one page at some widths: nothing sticks out, and axe, if it is
// given, finds nothing.
func (t *tab) look(path, axe string, widths ...int64) {
	t.Helper()
	for _, width := range widths {
		t.do("size", chromedp.EmulateViewport(width, 900))
		t.open(path)
		t.until("the page is drawn", still)
		if over := run[string](t, sideways); over != "" {
			t.Errorf("%s at %d px is too wide: %s", path, width, over)
		}
		if axe == "" {
			continue
		}
		run[bool](t, axe+";true")
		if found := run[string](t, axeRun, chromedp.EvalAwaitPromise); found != "" {
			t.Errorf("%s at %d px: %s", path, width, found)
		}
	}
}

func TestNothingIsWrongWithAnyPage(t *testing.T) {
	axe := webtest.Axe(t)
	s := demoSite(t)
	b := s.browse()
	b.look("/sign-in", axe, wide, narrow)
	b.signIn(staff(t, authz.Administrator))
	draft := b.draftImport()
	b.rough.Store(true) // a page that is not there is among them
	for _, path := range mainPages {
		b.look(expand(path, draft), axe, wide, narrow)
	}
	b.inGeorgian()
	for _, path := range mainPages {
		b.look(expand(path, draft), "", narrow)
	}
}

func TestNothingIsWrongWithTheGuidedRun(t *testing.T) {
	axe := webtest.Axe(t)
	b := newSite(t).browse()
	for _, step := range []string{"language", "company", "calendar", "administrator"} {
		b.look("/setup?step="+step, axe, wide, narrow)
		b.look("/setup?language=ka&step="+step, "", narrow)
	}
}

func expand(path, draft string) string {
	const mark = "/imports/{import}"
	if len(path) >= len(mark) && path[:len(mark)] == mark {
		return draft + path[len(mark):]
	}
	return path
}

// draftImport sends a file and gives the address of the import.
func (t *tab) draftImport() string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", "customers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	t.open("/imports/new")
	t.do("drop the file", chromedp.SetUploadFiles(chromedp.CSS("[type=file]"), []string{file}))
	t.click(".btn-primary")
	t.until("the columns are mapped", `document.querySelector('[name=to-0]')`)
	return run[string](t, "location.pathname")
}

func (t *tab) inGeorgian() {
	t.Helper()
	t.do("size", chromedp.EmulateViewport(1440, 900))
	t.open("/profile")
	t.choose("[name=language]", "ka")
	t.click("form:has([name=language]) .btn[type=submit]")
	t.until("pages are in Georgian", `document.documentElement.lang === 'ka'`)
}

// shifts watches whether anything moves while a page is loaded, be it by a
// hair; what moves in answer to a person does not count.
const shifts = `window.moved = ''; new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput && e.value > 0)
  window.moved += e.value.toFixed(5) + ' ' + e.sources.map((s) => (s.node?.nodeName ?? '') + '.' + (s.node?.className ?? s.node?.textContent ?? '') + ' ' + JSON.stringify(s.previousRect) + JSON.stringify(s.currentRect)).join('; ') + '\n' }).observe({type: 'layout-shift', buffered: true})`

// asForTheFirstTime makes every page load as on a slow laptop that has never
// been here.
func (t *tab) asForTheFirstTime(slow float64) {
	t.Helper()
	t.do("forget", command(network.Enable, network.EnableParams{}),
		command(network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true}),
		command(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}),
		command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: shifts}),
		command(emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slow}))
}

// liesStill loads a page anew at some widths and fails if anything moves.
func (t *tab) liesStill(path string, widths ...int64) {
	t.Helper()
	for _, width := range widths {
		t.do("leave", chromedp.EmulateViewport(width, 900), chromedp.Navigate("about:blank"))
		t.open(path)
		t.until("the page is drawn", still)
		if moved := run[string](t, "window.moved"); moved != "" {
			t.Errorf("%s at %d px: things move: %s", path, width, moved)
		}
	}
}

func TestNothingMovesWhileAPageLoads(t *testing.T) {
	s := demoSite(t)
	b := s.browse()
	b.asForTheFirstTime(4)
	b.liesStill("/sign-in", wide, narrow)
	b.signIn(staff(t, authz.Administrator))
	draft := b.draftImport()
	b.rough.Store(true) // a page that is not there is among them
	for _, path := range mainPages {
		b.liesStill(expand(path, draft), wide, narrow)
	}
	b.inGeorgian()
	for _, path := range []string{"/customers", "/customers/1", "/customers/new?kind=person", "/settings/people"} {
		b.liesStill(path, wide, narrow)
	}
}

func TestFirstLoadIsSmall(t *testing.T) {
	const most = 150 << 10
	s := demoSite(t)
	b := s.browse()
	b.signIn(staff(t, authz.Administrator))
	w := &wire{names: map[network.RequestID]string{}, bytes: map[string]float64{}}
	if err := chromedp.Listen(b.ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	b.asForTheFirstTime(1)
	for _, path := range []string{"/customers", "/customers/1"} {
		for _, width := range []int64{wide, narrow} {
			b.do("leave", chromedp.EmulateViewport(width, 900), chromedp.Navigate("about:blank"))
			w.forget()
			b.open(path)
			b.until("the page is drawn", still)
			got, parts := w.sum()
			t.Logf("%s at %d px: %.1f KB", path, width, got/1024)
			if got > most || got < 1024 {
				t.Errorf("%s sends %.0f bytes, want at most %d:\n%s", path, got, most, parts)
			}
		}
	}
}

// wire counts what comes over the wire; safe for concurrent use.
type wire struct {
	mu    sync.Mutex
	names map[network.RequestID]string
	bytes map[string]float64
}

func (w *wire) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.names[e.RequestID] = e.Request.URL
	case *network.EventLoadingFinished:
		w.bytes[w.names[e.RequestID]] += e.EncodedDataLength
	}
}

func (w *wire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.bytes)
}

// sum is all bytes, headers included, and a line for each address.
func (w *wire) sum() (all float64, parts string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(w.bytes)) {
		all += w.bytes[name]
		parts += fmt.Sprintf("%8.0f %s\n", w.bytes[name], name)
	}
	return all, parts
}

// command is a plain call of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, c, params)
		return chromedp.Void{}, err
	}
}
