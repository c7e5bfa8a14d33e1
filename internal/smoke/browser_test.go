package smoke

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/web/webtest"
)

// patience is how long a page may take to become what a story expects; much
// longer than it takes, for machines that are busy.
const patience = 15 * time.Second

// chromium starts the one browser of all stories.
var chromium = sync.OnceValues(func() (context.Context, error) {
	program, err := exec.LookPath("chromium")
	if err != nil {
		return nil, fmt.Errorf("chromium is not installed (apt-get install chromium): %w", err)
	}
	dir, err := os.MkdirTemp("", "kartoteka-smoke-browser-")
	if err != nil {
		return nil, fmt.Errorf("smoke: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir),
		chromedp.WindowSize(1440, 900), chromedp.Flag("lang", "en-US"))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(ctx)
	atEnd = append(atEnd, func() { end(); stop(); _ = os.RemoveAll(dir) })
	return ctx, chromedp.Do(ctx)
})

// tab is one person's browser: a window with cookies and storage of its own.
type tab struct {
	*testing.T
	site   *site
	ctx    context.Context
	clicks int         // and choices made so far
	rough  atomic.Bool // failed requests are part of the story now
}

// browse opens a browser for one person. Whatever a page writes to the console
// as an error, among them every breach of the policy, fails the test.
func (s *site) browse() *tab {
	s.Helper()
	webtest.Chromium(s.T)
	parent, err := chromium()
	if err != nil {
		s.Fatal(err)
	}
	t := &tab{T: s.T, site: s}
	var end context.CancelFunc
	t.ctx, end = chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	s.Cleanup(func() {
		if s.Failed() {
			t.picture()
		}
		end()
	})
	if err := chromedp.Listen(t.ctx, t.hear); err != nil {
		s.Fatalf("open a window: %v", err)
	}
	t.do("size", chromedp.EmulateViewport(1440, 900))
	return t
}

func (t *tab) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		t.Errorf("the page threw: %s", told(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError && !t.rough.Load() {
			t.Errorf("the page complained: %s", told(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceSecurity || e.Entry.Level == log.EntryLevelError && !t.rough.Load() {
			t.Errorf("the browser complained: %s %s", e.Entry.Text, e.Entry.URL)
		}
	}
}

func told(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// picture keeps what the window shows when a story fails.
func (t *tab) picture() {
	dir := os.Getenv("KARTOTEKA_SHOTS")
	if dir == "" {
		return
	}
	ctx, stop := context.WithTimeout(t.ctx, 5*time.Second)
	defer stop()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%p.png", strings.ReplaceAll(t.Name(), "/", "-"), t))
	if err == nil {
		err = os.WriteFile(path, png, 0o600)
	}
	t.Logf("picture: %s (%v)", path, err)
}

// fail ends the story and says where it stands.
func (t *tab) fail(format string, args ...any) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.ctx, 5*time.Second)
	defer stop()
	where, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + location.search + '\n' + (document.querySelector('dialog[open], main') ?? document.body).innerText.replace(/\s*\n\s*/g, '\n').slice(0, 2500)`))
	t.Fatalf(format+"\nat %s", append(args, where)...)
}

func (t *tab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.fail("%s: %v", what, err)
	}
}

// open goes to a page by its address.
func (t *tab) open(path string) {
	t.Helper()
	t.do("open "+path, chromedp.Navigate(t.site.url+path))
	t.until("the page's scripts have run", `document.readyState === 'complete' && !!window.htmx`)
}

// run carries out a script and gives what it comes to.
func run[T any](t *tab, script string, options ...chromedp.EvaluateOption) T {
	t.Helper()
	ctx, stop := context.WithTimeout(t.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		t.fail("%.200s: %v", script, err)
	}
	return v
}

// until waits for a JavaScript condition.
func (t *tab) until(what, condition string) {
	t.Helper()
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		ctx, stop := context.WithTimeout(t.ctx, patience)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		stop()
		if ok {
			return
		}
		last = err
	}
	t.fail("%s: %s did not come true (%v)", what, condition, last)
}

// at waits for the page at a path.
func (t *tab) at(path string) {
	t.Helper()
	t.until("be at "+path, "location.pathname === "+quoted(path)+" && document.readyState === 'complete'")
}

// sees waits until a visible element has the text.
func (t *tab) sees(selector, text string) {
	t.Helper()
	t.until("see "+text, "[..."+`document.querySelectorAll(`+quoted(selector)+`)].some((e) => e.checkVisibility() && e.textContent.includes(`+quoted(text)+"))")
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

// finding gives the place to click: the middle of the first visible match that
// is not covered. A selector "text=Save" finds what is pressed by its words.
const finding = `(() => {
  const wanted = %s;
  const all = wanted.startsWith('text=')
    ? [...document.querySelectorAll('button, a, summary, label, [role=button]')].filter((e) => e.textContent.trim() === wanted.slice(5))
    : [...document.querySelectorAll(wanted)];
  const seen = all.filter((e) => e.checkVisibility({visibilityProperty: true}));
  if (!seen.length) return 'nothing visible: ' + all.length + ' in the page';
  let why = '';
  for (const e of seen) {
    e.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
    const target = e.matches('.sr-only') ? e.closest('label') ?? e : e;
    const r = target.getClientRects()[0];
    if (!r) { why = 'it has no place'; continue; }
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    const hit = document.elementFromPoint(x, y);
    if (hit && (target.contains(hit) || hit.contains(target) && hit.closest('label'))) return JSON.stringify([x, y]);
    why = 'covered by ' + (hit ? hit.tagName + '.' + hit.className : 'the edge');
  }
  return why;
})()`

// click presses the mouse on an element, as soon as it lies still and free.
func (t *tab) click(selector string) {
	t.Helper()
	t.clicks++
	last, why := "", ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(25 * time.Millisecond) {
		ctx, stop := context.WithTimeout(t.ctx, patience)
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(finding, quoted(selector))))
		stop()
		var at [2]float64
		if err != nil || json.Unmarshal([]byte(found), &at) != nil {
			why, last = fmt.Sprint(found, " ", err), ""
			continue
		}
		if found != last {
			last = found
			continue
		}
		t.do("click "+selector, chromedp.MouseClickXY(at[0], at[1]))
		return
	}
	t.fail("click %s: %s", selector, why)
}

// fill writes into a field, in place of what is there.
func (t *tab) fill(selector, text string) {
	t.Helper()
	t.until("find "+selector, "document.querySelector("+quoted(selector)+")?.checkVisibility()")
	run[bool](t, "(() => { const e = document.querySelector("+quoted(selector)+"); e.focus(); e.select?.(); return true })()")
	t.write(text)
}

// write types where the cursor is.
func (t *tab) write(text string) {
	t.Helper()
	t.do("write "+text, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return chromedp.Void{}, err
	})
}

// choose takes an option of a list, or ticks a box or a radio button.
func (t *tab) choose(selector, value string) {
	t.Helper()
	t.clicks++
	t.until("find "+selector, "document.querySelector("+quoted(selector)+")")
	run[bool](t, "(() => { const e = document.querySelector("+quoted(selector)+"); e.value = "+quoted(value)+"; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); return true })()")
	t.until(selector+" has "+value, "document.querySelector("+quoted(selector)+")?.value === "+quoted(value))
}

// press types a key outside of fields.
func (t *tab) press(keys string, options ...chromedp.KeyOption) {
	t.Helper()
	t.do("press "+keys, chromedp.KeyEvent(keys, options...))
}

// signIn signs in with the password of the demo company.
func (t *tab) signIn(email string) {
	t.Helper()
	t.open("/sign-in")
	t.fill("[name=email]", email)
	t.fill("[name=password]", demoPassword)
	t.click(".btn-primary")
	t.at("/customers")
}
