package smoke

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/authz"
)

func TestTwoPeopleSeeEachOthersWork(t *testing.T) {
	s := demoSite(t)
	writer, reader := s.browse(), s.browse()
	writer.signIn(staff(t, authz.Administrator))
	reader.signIn(staff(t, authz.Head))
	writer.open("/customers/1")
	reader.open("/customers/1")
	run[bool](reader, "window.unmoved = true")
	writer.fill(".composer [name=body]", "Wants the drawings by Friday")
	writer.click(".composer .btn-primary")
	writer.sees(".timeline", "Wants the drawings by Friday")
	reader.sees(".timeline", "Wants the drawings by Friday")
	reader.until("the page was not loaded anew", "window.unmoved === true")
}

const thought = "Half a thought about the spring order"

func TestADraftSurvivesARestartAndASignOut(t *testing.T) {
	s := demoSite(t)
	b := s.browse()
	b.signIn(staff(t, authz.Administrator))
	b.open("/customers/1")
	b.fill(".composer [name=body]", thought)
	b.until("it is kept", `Object.keys(localStorage).some((k) => localStorage[k].includes(`+quoted(thought)+`))`)

	b.rough.Store(true)
	s.stop()
	b.click(".composer .btn-primary")
	b.sees("k-toasts", "")
	b.until("what was typed is still there", `document.querySelector('.composer [name=body]').value === `+quoted(thought))
	s.start()
	b.open("/customers/1")
	b.until("and after a restart", `document.querySelector('.composer [name=body]').value === `+quoted(thought))

	b.signOut()
	b.signIn(staff(t, authz.Administrator))
	b.open("/customers/1")
	b.until("and after a sign-out", `document.querySelector('.composer [name=body]').value === `+quoted(thought))
	b.click(".composer .btn-primary")
	b.sees(".timeline", thought)
	b.until("the draft is gone", `!Object.keys(localStorage).some((k) => localStorage[k].includes(`+quoted(thought)+`))`)
}

// A form sent as a whole page is not taken for saved because some page comes
// next: only the server's word ends a draft.
func TestAFormSentToAStoppedServerIsKept(t *testing.T) {
	s := demoSite(t)
	b := s.browse()
	b.signIn(staff(t, authz.Administrator))
	const form = "/customers/new?kind=person"
	kept := `document.querySelector('[name=name]').value === ` + quoted(thought)
	b.open(form)
	b.fill("[name=name]", thought)
	b.choose("[name=source]", run[string](b, `document.querySelector('[name=source] option:not([value=""])').value`))
	b.until("what was typed is kept", `Object.keys(localStorage).some((k) => localStorage[k].includes(`+quoted(thought)+`))`)

	b.rough.Store(true)
	s.stop()
	run[bool](b, `document.querySelector('form[action="/customers/new"]').requestSubmit() || true`)
	b.until("nobody answers", `!document.querySelector('.shell')`)
	s.start()
	b.open("/customers")
	b.open(form)
	b.until("the text is there after another page", kept)
	b.until("and it is said so", `document.querySelector('k-draft .draft-line').checkVisibility()`)

	b.click("main .btn-primary[type=submit]")
	b.sees("h1", thought)
	b.until("the draft has ended", `!Object.keys(localStorage).some((k) => localStorage[k].includes(`+quoted(thought)+`))`)
	b.open(form)
	b.until("the form is empty", `document.querySelector('[name=name]').value === ''`)
}

func (t *tab) signOut() {
	t.Helper()
	run[bool](t, `document.querySelector('form[action="/sign-out"]').requestSubmit() || true`)
	t.at("/sign-in")
}

func TestAnOfflinePageUntilTheServerIsBack(t *testing.T) {
	s := demoSite(t)
	b := s.browse()
	b.signIn(staff(t, authz.Administrator))
	b.open("/customers")
	b.until("the worker is at work", `navigator.serviceWorker.controller !== null`)
	b.rough.Store(true)
	s.stop()
	b.do("go on without a server", chromedp.Navigate(s.url+"/customers/1"))
	b.until("the offline page is shown", `document.querySelector('k-offline')?.checkVisibility()`)
	s.start()
	run[bool](b, `window.dispatchEvent(new Event('online')) || true`) // the browser looks every five seconds
	b.until("the page comes back by itself", `document.querySelector('.composer')?.checkVisibility()`)
	b.at("/customers/1")
}

// The last word of a page that is open while the program stops is not an
// endless wait: live streams end at once.
func TestStoppingDoesNotWaitForOpenPages(t *testing.T) {
	s := demoSite(t)
	b := s.browse()
	b.signIn(staff(t, authz.Administrator))
	b.open("/customers/1")
	b.rough.Store(true)
	begun := time.Now()
	s.stop()
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("stopping takes %v with one page open", took)
	}
	if strings.Contains(s.said.String(), "some requests did not finish") {
		t.Error("the open page held the program up")
	}
}
