package catalogue

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/dialog"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web/webtest"
)

// browse gives a browser at 1440×900 and fails the test on any error a page
// writes to its console, among them every breach of the policy.
func browse(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(webtest.Chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1440, 900))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %v", e.ExceptionDetails)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError {
				t.Errorf("the page complained: %s", e.Args[0].Value)
			}
		case *log.EventEntryAdded:
			if e.Entry.Source == log.EntrySourceSecurity {
				t.Errorf("the policy was broken: %s", e.Entry.Text)
			}
		}
	}); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

func do(ctx context.Context, t *testing.T, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, 15*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// until waits for a JavaScript condition.
func until(ctx context.Context, t *testing.T, what, condition string) {
	t.Helper()
	var last error
	for range 250 {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition))
		if ok {
			return
		}
		last = err
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s: %s did not come true (%v)", what, condition, last)
}

func TestDrawerKeepsTheList(t *testing.T) {
	url := serve(t, nil)
	ctx := browse(t)
	do(ctx, t, "open the list", chromedp.Navigate(url+"/list"), chromedp.WaitReady(chromedp.CSS("k-rows")))
	do(ctx, t, "click a row", chromedp.Click("[data-row] td:nth-child(3)"))
	until(ctx, t, "the drawer opens", `document.querySelector('#drawer').open && document.querySelector('#drawer-body h1, #drawer-body h2') !== null`)
	until(ctx, t, "the address says so", `location.search.startsWith('?drawer=/settings/catalogue')`)
	until(ctx, t, "the title is the page's", `document.querySelector('#drawer-title').textContent !== ''`)
	do(ctx, t, "next row", chromedp.Click(chromedp.CSS(`[data-step="1"]`)))
	until(ctx, t, "the next row is open", `location.search.includes('row%3D2') && document.querySelectorAll('[data-row]')[1].classList.contains('is-open')`)
	do(ctx, t, "reload", chromedp.Reload())
	until(ctx, t, "it opens again", `document.querySelector('#drawer').open`)
	do(ctx, t, "leave", chromedp.KeyEvent(kb.Escape))
	until(ctx, t, "it is closed", `!document.querySelector('#drawer').open && !location.search.includes('drawer')`)
}

func TestKeysMoveAndOpen(t *testing.T) {
	url := serve(t, nil)
	ctx := browse(t)
	do(ctx, t, "open the list", chromedp.Navigate(url+"/list"), chromedp.WaitReady(chromedp.CSS("k-rows")))
	do(ctx, t, "j j x", chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("x"))
	until(ctx, t, "the second row is chosen", `document.querySelectorAll('.row-check')[1].checked && !document.querySelector('[data-bulk]').hidden && document.querySelector('[data-bulk-count]').textContent === '1'`)
	do(ctx, t, "?", chromedp.KeyEvent("?"))
	until(ctx, t, "the keys are listed with the page's own", `document.querySelector('#keys').open && [...document.querySelectorAll('#keys kbd')].some((k) => k.textContent === 'c')`)
	do(ctx, t, "leave", chromedp.KeyEvent(kb.Escape))
	until(ctx, t, "the list of keys is closed", `!document.querySelector('#keys').open`)
	do(ctx, t, "Enter", chromedp.KeyEvent(kb.Enter))
	until(ctx, t, "the row is open", `document.querySelector('#drawer').open`)
}

func TestPaletteSearches(t *testing.T) {
	url := serve(t, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /search", func(w http.ResponseWriter, r *http.Request) {
			results := []dialog.Result{{Label: "found " + r.FormValue("q"), Icon: "user", Href: "/list?found"}}
			show(locale(r), t, w, dialog.PaletteResults([]dialog.ResultGroup{{Title: "Customers", Results: results}}))
		})
	})
	ctx := browse(t)
	do(ctx, t, "open the box", chromedp.Navigate(url+"/list"), chromedp.WaitReady(chromedp.CSS("k-palette")),
		chromedp.Evaluate[chromedp.Void](`document.dispatchEvent(new KeyboardEvent('keydown', {key: 'л', code: 'KeyK', ctrlKey: true, bubbles: true}))`))
	until(ctx, t, "Ctrl+K works while the keyboard writes Cyrillic", `document.querySelector('#palette').open && document.activeElement.type === 'search'`)
	until(ctx, t, "the first command is chosen", `document.querySelector('.palette-item[aria-selected=true] kbd').textContent === 'c'`)
	do(ctx, t, "write", chromedp.SendKeys(chromedp.CSS("#palette input"), "anna"))
	until(ctx, t, "the result is there", `document.querySelector('.palette-item[aria-selected=true]')?.textContent.includes('found anna')`)
	do(ctx, t, "Enter", chromedp.KeyEvent(kb.Enter))
	until(ctx, t, "it is opened", `location.search === '?found'`)
}

func TestEditInPlaceSavesAndSaysWhatIsWrong(t *testing.T) {
	url := serve(t, func(mux *http.ServeMux) {
		mux.HandleFunc("PATCH /settings/catalogue", func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			value := r.PostForm.Get("name")
			if value == "" {
				w.WriteHeader(http.StatusUnprocessableEntity)
				fmt.Fprint(w, "Write a name")
				return
			}
			w.Header().Set("HX-Trigger", toast.Header(toast.Toast{Text: "Записано", UndoURL: "/undo/1"}))
			show(locale(r), t, w, page.Edit(page.EditProps{Save: "/settings/catalogue", Field: field.Props{Name: "name", Label: "Name", Value: value + "!"}}))
		})
	})
	ctx := browse(t)
	const value, input = "#editing k-edit .edit-value", "#editing k-edit input"
	do(ctx, t, "empty the name", chromedp.Navigate(url+"/settings/catalogue"), chromedp.WaitReady(chromedp.CSS("k-edit")), chromedp.Click(chromedp.CSS(value)),
		chromedp.SendKeys(chromedp.CSS(input), kb.Delete), chromedp.SendKeys(chromedp.CSS(input), kb.Enter))
	until(ctx, t, "the reason is shown", `document.querySelector('#editing .edit-state').textContent === 'Write a name'`)
	do(ctx, t, "write another", chromedp.SendKeys(chromedp.CSS(input), "Acorn"+kb.Enter))
	until(ctx, t, "the server's answer is shown", `document.querySelector('`+value+`').textContent === 'Acorn!'`)
	until(ctx, t, "the message has its way back", `document.querySelector('k-toasts .toast-text')?.textContent === 'Записано' && document.querySelector('k-toasts form').action.endsWith('/undo/1')`)
	do(ctx, t, "begin and leave", chromedp.Click(chromedp.CSS(value)), chromedp.SendKeys(chromedp.CSS(input), "x"+kb.Escape))
	until(ctx, t, "nothing changed", `document.querySelector('`+value+`').textContent === 'Acorn!' && document.querySelector('#editing form.edit-form') === null`)
}

func TestDraftSurvivesAReload(t *testing.T) {
	url := serve(t, nil)
	ctx := browse(t)
	const note = "#f-draft-note"
	do(ctx, t, "write", chromedp.Navigate(url+"/settings/catalogue"), chromedp.WaitReady(chromedp.CSS("k-draft")), chromedp.SendKeys(chromedp.CSS(note), "half a thought"))
	until(ctx, t, "it is kept", `Object.keys(localStorage).some((k) => k === 'kartoteka-draft:7:sample')`)
	do(ctx, t, "reload", chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("k-draft")))
	until(ctx, t, "it is back and says so", `document.querySelector('`+note+`').value === 'half a thought' && !document.querySelector('k-draft .draft-line').hidden`)
	do(ctx, t, "discard", chromedp.Click(chromedp.CSS("[data-discard]")))
	until(ctx, t, "it is gone", `document.querySelector('`+note+`').value === '' && localStorage.length === 0`)
}

func TestLiveRefreshesOneElement(t *testing.T) {
	var asked atomic.Int32
	url := serve(t, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) {
			ctx := i18n.With(r.Context(), i18n.Locale{})
			p := page.Page{Title: "Live", Live: "/events?after=4"}
			show(ctx, t, w, within(page.Shell(p), rawHTML(`<p id="one" data-live="customer:17" data-live-url="/one">old</p><p id="two" data-live="customer:18" data-live-url="/two">old</p>`)))
		})
		mux.HandleFunc("GET /one", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<p id="one">new</p>`)
		})
		mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprintf(w, "id: 5\nevent: journal\ndata: {\"id\":5,\"kind\":\"x\",\"customer\":17,\"subjectType\":\"note\",\"subject\":3}\n\n")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		})
	})
	ctx := browse(t)
	do(ctx, t, "open", chromedp.Navigate(url+"/live"))
	until(ctx, t, "the element is fetched anew", `document.querySelector('#one').textContent === 'new'`)
	until(ctx, t, "the other is left alone", `document.querySelector('#two').textContent === 'old'`)
	if asked.Load() != 1 {
		t.Errorf("the stream was opened %d times", asked.Load())
	}
	do(ctx, t, "leave the page, so that the stream ends", chromedp.Navigate("about:blank"))
}

// Nothing scrolls sideways, at any width, in the languages with the longest words.
func TestNothingScrollsSideways(t *testing.T) {
	url := serve(t, nil)
	ctx := browse(t)
	for _, width := range []int64{390, 768, 1024, 1440} {
		for _, lang := range []string{"en", "pl", "ka", "ru"} {
			for _, path := range []string{"/settings/catalogue", "/list", "/bare"} {
				do(ctx, t, path, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url+path+"?lang="+lang))
				over, err := chromedp.Run(ctx, chromedp.Evaluate[string](sideways))
				if err != nil || over != "" {
					t.Errorf("%s in %s at %d px is too wide: %s", path, lang, width, over)
				}
			}
		}
	}
}

// sideways names elements that stick out of the page.
const sideways = `(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return '';
  return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1 && e.checkVisibility()).slice(0, 5)
    .map((e) => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)).join('; ') || 'scrollWidth ' + document.documentElement.scrollWidth;
})()`

// Nothing axe can find is wrong with any component, light or dark, wide or
// narrow.
func TestAxeFindsNothing(t *testing.T) {
	axe := webtest.Axe(t)
	url := serve(t, nil)
	ctx := browse(t)
	for _, path := range []string{"/settings/catalogue?theme=light", "/settings/catalogue?theme=dark&lang=ka", "/list?density=compact", "/list?drawer=/bare", "/bare", "/offline"} {
		for _, width := range []int64{390, 800, 1440} {
			do(ctx, t, path, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url+path), chromedp.Evaluate[chromedp.Void](axe))
			until(ctx, t, "the fonts are there", `document.fonts.status === 'loaded' && document.getAnimations().every((a) => a.playState === 'finished' || a.effect.getTiming().iterations === Infinity)`)
			found, err := chromedp.Run(ctx, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
			if err != nil || found != "" {
				t.Errorf("%s at %d px: %s %v", path, width, found, err)
			}
		}
	}
}

const axeRun = `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then((r) =>
  r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 200)).join(' ')).join('\n'))`
