package smoke

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"kartoteka.dev/internal/platform/authz"
)

func TestANoteCallsAColleagueAndIsEditedWhereItStands(t *testing.T) {
	b := demoSite(t).browse()
	b.signIn(staff(t, authz.Administrator))
	b.open("/customers/1")
	run[bool](b, "window.unmoved = true")
	const body = ".composer [name=body]"
	b.fill(body, "Ask @")
	b.until("colleagues are offered", `document.querySelectorAll('.mention-list [role=option]').length > 2`)
	b.until("the first one is marked, and the text says so", `(() => { const t = document.querySelector('`+body+`'); return document.getElementById(t.getAttribute('aria-activedescendant'))?.getAttribute('aria-selected') === 'true' })()`)
	b.press(kb.ArrowDown)
	b.until("the second one is marked", `document.querySelectorAll('.mention-list [role=option]')[1].getAttribute('aria-selected') === 'true'`)
	called := run[string](b, `document.querySelectorAll('.mention-list [role=option]')[1].dataset.value`)
	b.press(kb.Tab) // as Enter does, whose sign this way of pressing would add to the text
	b.until("the colleague is called", `document.querySelector('`+body+`').value === 'Ask ' + `+quoted(called)+` + ' ' && !document.querySelector('.mention-list')`)
	b.write("for the spring prices")
	b.click(".composer .btn-primary")
	b.sees(".timeline-text", "Ask "+called+" for the spring prices")

	const item = ".timeline-item:has(.timeline-text)"
	run[bool](b, `document.querySelector('`+item+` a[href$="/edit"]').focus() || true`)
	b.press(kb.Enter)
	b.until("the words are there to be edited", `document.activeElement?.matches('.note-edit [name=body]') && document.activeElement.value === 'Ask ' + `+quoted(called)+` + ' for the spring prices'`)
	b.fill(".note-edit [name=body]", "Ask nobody, @")
	b.until("colleagues are offered here too", `document.querySelectorAll('.note-edit .mention-list [role=option]').length > 2`)
	b.click(".note-edit .mention-list [role=option]")
	b.until("a click calls", `/^Ask nobody, @\S+.* $/.test(document.querySelector('.note-edit [name=body]').value)`)
	b.fill(".note-edit [name=body]", "Nobody is to be asked")
	b.click(".note-edit .btn-primary")
	b.sees(".timeline-text", "Nobody is to be asked")
	b.click(".note-before summary")
	b.sees(".editions", "for the spring prices")

	// What is unfolded and what is being written stays when news comes.
	b.fill(body, "Half a th")
	b.sees(".timeline-item", "Note changed")
	b.until("what was unfolded stays so", `document.querySelector('.note-before[open] .editions') && window.unmoved`)
	b.click("k-toasts > :last-child form button") // of the edit, not of the writing down before it
	b.sees(".timeline-text", "Ask "+called+" for the spring prices")
	b.until("nothing of what is being written is lost", `document.querySelector('`+body+`').value === 'Half a th'`)
}
