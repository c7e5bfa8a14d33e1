package smoke

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kartoteka.dev/internal/platform/authz"
)

func TestADayInTheList(t *testing.T) {
	b := demoSite(t).browse()
	b.signIn(staff(t, authz.Administrator))
	b.filterByCountry()
	b.saveView("Bulgarians")
	b.tagTwoAndUndo("spring fair")
	b.open("/customers")
	b.moveByKeys()
	b.findAcrossScripts()
}

// filterByCountry adds a condition by the filter bar.
func (t *tab) filterByCountry() {
	t.Helper()
	t.click(".filterbar > details.menu > summary, .filterbar > .menu > summary")
	t.click(`a[href*="/customers/condition"][href*="field=country"]`)
	t.until("the countries are offered", `document.querySelector('#condition-form [name^=v]')`)
	run[bool](t, `(() => {
	  const bg = document.querySelector('#condition-form [value=BG]');
	  if (bg.matches('option')) bg.selected = true; else bg.checked = true;
	  return true })()`)
	t.click("#condition-form .btn-primary")
	t.until("the condition reads like a sentence", `document.querySelector('.filter-chip')?.textContent.includes('Bulgaria')`)
	t.until("some are left, and not all", `(() => { const n = document.querySelectorAll('[data-row]').length; return n > 2 && n < 100 })()`)
}

func (t *tab) saveView(name string) {
	t.Helper()
	t.click("[data-opens=view-new]")
	t.fill("#f-view-new", name)
	t.click("#view-new .btn-primary")
	t.until("the view is a tab and open", `[...document.querySelectorAll('.tabs [aria-current], .tab[aria-current]')].some((e) => e.textContent.includes(`+quoted(name)+`))`)
	t.until("with its rows", `document.querySelectorAll('[data-row]').length > 2 && document.readyState === 'complete'`)
}

// tagTwoAndUndo chooses two rows, tags them and takes it back from the toast.
func (t *tab) tagTwoAndUndo(tag string) {
	t.Helper()
	t.click("[data-row]:nth-child(1) .row-check")
	t.click("[data-row]:nth-child(2) .row-check")
	t.sees("[data-bulk-count]", "2")
	t.click("[data-bulk] details.menu:has([name=tag]) > summary")
	t.fill("#f-bulk-tag", tag)
	t.click("[data-bulk] [name=do][value=tag]")
	t.sees("k-toasts .toast", "2")
	t.click("k-toasts .toast form button")
	t.until("it is said that it is undone", `[...document.querySelectorAll('k-toasts .toast')].some((e) => !e.querySelector('form')) || document.querySelectorAll('k-toasts .toast').length === 0`)
	t.open("/customers?q=spring+fair")
	t.until("nobody has the tag", `document.querySelectorAll('[data-row]').length === 0`)
}

// moveByKeys goes through the list without a mouse.
func (t *tab) moveByKeys() {
	t.Helper()
	t.press("?")
	t.until("the keys are listed", `document.querySelector('#keys').open && [...document.querySelectorAll('#keys kbd')].some((k) => k.textContent === 'c')`)
	t.press(kb.Escape)
	t.until("the list of keys is closed", `!document.querySelector('#keys').open`)
	t.press("j")
	t.press("j")
	t.press("k")
	t.until("the first row is marked", `document.querySelector('[data-row]').classList.contains('is-here')`)
	t.press(kb.Enter)
	t.until("the row opens the drawer", `document.querySelector('#drawer').open && document.querySelector('#drawer .composer')`)
	t.until("the address says so", `location.search.includes('drawer=/customers/')`)
	t.renameInPlace("Щърбанов и син")
	t.archiveAndUndo()
	t.press(kb.Escape)
	t.until("the drawer is closed", `!document.querySelector('#drawer').open`)
	t.press("c")
	t.at("/customers/new")
}

func (t *tab) renameInPlace(name string) {
	t.Helper()
	const field = "#drawer k-edit[data-save$='/fields/name'] "
	t.click("#drawer .dossier-tab:has([value=card])")
	t.click(field + ".edit-value")
	t.fill(field+"input:not([type=hidden])", name)
	t.press(kb.Enter)
	t.sees(field+".edit-value", name)
	t.until("the dossier knows", `fetch(new URLSearchParams(location.search).get('drawer')).then((r) => r.text()).then((s) => { window.known = s.includes(`+quoted(name)+`) }) && window.known`)
}

func (t *tab) archiveAndUndo() {
	t.Helper()
	t.click("#drawer .dossier-head details.menu > summary")
	t.click("#drawer form[action$='/state/archive'] button")
	t.until("it can be undone", `document.querySelector('k-toasts .toast form button')`)
	t.click("k-toasts .toast:last-child form button")
	t.until("it is active again", `fetch((new URLSearchParams(location.search).get('drawer') ?? location.pathname)).then((r) => r.text()).then((s) => { window.active = s.includes('/state/archive') }) && window.active`)
}

// findAcrossScripts looks in Latin letters for the name just written in Cyrillic.
func (t *tab) findAcrossScripts() {
	t.Helper()
	t.open("/customers")
	t.press("k", chromedp.KeyModifiers(kb.ModifierCtrl))
	t.until("the box is open", `document.querySelector('#palette').open`)
	t.write("shtarbanov")
	t.until("the name is found", `document.querySelector('.palette-item[aria-selected=true]')?.textContent.includes('Щърбанов')`)
	t.press(kb.Enter)
	t.sees("h1", "Щърбанов")
}
