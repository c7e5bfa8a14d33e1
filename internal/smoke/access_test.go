package smoke

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"kartoteka.dev/internal/platform/authz"
)

// enter signs in as far as the password goes.
func (t *tab) enter(email, password string) {
	t.Helper()
	t.open("/sign-in")
	t.fill("[name=email]", email)
	t.fill("[name=password]", password)
	t.click(".btn-primary")
}

// authenticator is what someone's telephone shows; a code works once, so the
// next one is that of the period after.
type authenticator struct {
	*testing.T
	key  string
	last time.Time
}

func (a *authenticator) code() string {
	a.Helper()
	at := time.Now()
	if !a.last.IsZero() {
		at = a.last.Add(30 * time.Second)
	}
	code, err := totp.GenerateCode(a.key, at)
	if err != nil {
		a.Fatal(err)
	}
	a.last = at
	return code
}

func TestSignInWithATelephoneAndWithARecoveryCode(t *testing.T) {
	s := demoSite(t)
	me := staff(t, authz.Manager)
	b := s.browse()
	b.signIn(me)
	b.open("/profile")
	b.click(`form[action="/profile/two-factor"] button`)
	b.sees("main", "authenticator")
	phone := &authenticator{T: t, key: run[string](b, `document.querySelector('#two-factor-key').textContent.trim()`)}
	b.fill("[name=code]", "000000")
	b.rough.Store(true) // 422 for the wrong code
	b.click(".form-actions .btn-primary")
	b.until("it says what is wrong", `document.querySelector('.field-error')`)
	b.rough.Store(false)
	b.fill("[name=code]", phone.code())
	b.click(".form-actions .btn-primary")
	b.until("the recovery codes are shown", `document.querySelector('#codes')`)
	codes := strings.Fields(run[string](b, `document.querySelector('#codes').textContent`))
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	b.signOut()

	b.enter(me, demoPassword)
	b.at("/sign-in/code")
	b.fill("[name=code]", phone.code())
	b.click(".btn-primary")
	b.at("/customers")

	other := s.browse()
	other.enter(me, demoPassword)
	other.at("/sign-in/code")
	other.fill("[name=code]", codes[3])
	other.click(".btn-primary")
	other.at("/customers")
	other.signOut()
	other.enter(me, demoPassword)
	other.at("/sign-in/code")
	other.rough.Store(true)
	other.fill("[name=code]", codes[3])
	other.click(".btn-primary")
	other.until("it does not work twice", `document.querySelector('.field-error') && location.pathname === '/sign-in/code'`)
}

func TestSessionsAreSeenAndEnded(t *testing.T) {
	s := demoSite(t)
	me := staff(t, authz.Supervisor)
	office, laptop, phone := s.browse(), s.browse(), s.browse()
	for _, b := range []*tab{phone, laptop, office} {
		b.signIn(me)
	}
	office.open("/profile")
	office.until("three sessions are listed", `document.querySelectorAll('#sessions form[action$="/end"]').length === 2`)
	office.click(`#sessions form[action$="/end"] button`)
	office.until("one is gone", `document.querySelectorAll('#sessions form[action$="/end"]').length === 1`)

	// Used last stands first: that was the laptop's.
	laptop.rough.Store(true)
	laptop.open("/customers")
	laptop.at("/sign-in")
	phone.open("/customers")
	phone.at("/customers")

	office.click(`form[action="/sign-out/everywhere"] button`)
	office.at("/sign-in")
	phone.rough.Store(true)
	phone.open("/customers")
	phone.at("/sign-in")
}

func TestAnInvitationOpensOnce(t *testing.T) {
	s := demoSite(t)
	admin := s.browse()
	admin.signIn(staff(t, authz.Administrator))
	admin.open("/settings/people/new")
	admin.fill("main [name=name]", "Tamar Lomidze")
	admin.fill("main [name=email]", "tamar@verstena.example")
	admin.click("main .form-actions .btn-primary")
	admin.until("the link is shown", `document.querySelector('#link')`)
	link := strings.TrimPrefix(run[string](admin, `document.querySelector('#link').textContent.trim()`), s.url)

	tamar := s.browse()
	tamar.open(link)
	tamar.sees("h1, h2", "Tamar Lomidze")
	tamar.rough.Store(true)
	tamar.fill("[name=password]", "password12")
	tamar.click(".btn-primary")
	tamar.until("a common password is not taken", `document.querySelector('.field-error')`)
	tamar.rough.Store(false)
	tamar.fill("[name=password]", "seven quiet pears")
	tamar.click(".btn-primary")
	tamar.at("/customers")
	tamar.signOut()
	tamar.rough.Store(true)
	tamar.open(link)
	tamar.until("it works once", `!document.querySelector('[name=password]') && !!document.querySelector('a[href="/forgotten-password"]')`)
	tamar.rough.Store(false)
	tamar.enter("tamar@verstena.example", "seven quiet pears")
	tamar.at("/customers")
}

func TestTheMaintenanceLockHoldsAllButThoseWithTheCode(t *testing.T) {
	s := demoSite(t)
	admin, colleague := s.browse(), s.browse()
	admin.signIn(staff(t, authz.Administrator))
	colleague.signIn(staff(t, authz.Manager))
	admin.open("/settings/maintenance")
	admin.fill("main [name=message]", "Back at noon")
	admin.fill("main [name=code]", "open sesame")
	admin.click("main .btn-danger")
	admin.until("it is locked", `document.querySelector('form[action="/settings/maintenance/end"]')`)

	colleague.rough.Store(true) // 503 for everything
	colleague.do("come back", chromedp.Navigate(s.url+"/customers"))
	colleague.sees("body", "Back at noon")
	colleague.fill(`[name="access-code"]`, "guess 1234")
	colleague.click(".btn:not(.btn-quiet)[type=submit], form button[type=submit]")
	colleague.until("a guess does not open", `document.querySelector('.field-error')`)
	colleague.fill(`[name="access-code"]`, "open sesame")
	colleague.click(".btn:not(.btn-quiet)[type=submit], form button[type=submit]")
	colleague.until("the code does", `document.querySelector('main table, main .table')`)
	colleague.rough.Store(false)

	admin.open("/settings/maintenance")
	admin.click(`form[action="/settings/maintenance/end"] button`)
	admin.until("it is open", `document.querySelector('main [name=code]')`)
	anyone := s.browse()
	anyone.open("/sign-in")
	anyone.sees("h1", "Sign in")
}

func TestARightTakenTakesEffectAtOnce(t *testing.T) {
	s := demoSite(t)
	admin, manager := s.browse(), s.browse()
	admin.signIn(staff(t, authz.Administrator))
	manager.signIn(staff(t, authz.Manager))
	manager.open("/customers/1")
	mine := `[...document.querySelectorAll('main a[href^="/customers/"]')].map((a) => a.pathname).find((p) => /^\/customers\/\d+$/.test(p))`
	manager.open("/why?permission=customers.view&customer=1")
	manager.sees("main", "The right covers every record")

	admin.open("/settings/rights")
	admin.choose(`[name="right:manager:customers.view"]`, "own")
	admin.sees(".toast", "Saved")

	manager.open("/customers")
	own := run[string](manager, mine)
	manager.open("/why?permission=customers.view&customer=" + strings.TrimPrefix(own, "/customers/"))
	manager.sees("main", "Their own")
	manager.sees("main", "changed")

	admin.choose(`[name="right:manager:customers.view"]`, "none")
	manager.rough.Store(true) // 403
	manager.open(own)
	manager.until("the customer is closed", `!document.querySelector('.composer') && document.body.innerText.length > 0`)
	if got := run[int](manager, `performance.getEntriesByType('navigation')[0].responseStatus`); got != 403 && got != 404 {
		t.Errorf("the customer answers with %d", got)
	}
}
