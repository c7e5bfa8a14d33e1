package team_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/calendar"
)

func TestSetupMakesCompanyAndAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := empty(t, d)
		before, err := w.Settings(t.Context())
		if err != nil || before.SetUp {
			t.Fatalf("an empty database is set up: %v", err)
		}
		admin, err := w.Setup(t.Context(), answers())
		ok(t, "setup", err)
		c, err := w.Settings(t.Context())
		ok(t, "settings", err)
		if !c.SetUp || c.Name != "Rodopi Cheese" || c.NumberPrefix != "K-" || c.Location().String() != "Europe/Sofia" {
			t.Errorf("%+v", c)
		}
		if diff := cmp.Diff(calendar.CountryOf("BG").Calendar(), c.Calendar); diff != "" {
			t.Errorf("calendar: %s", diff)
		}
		if today := c.Today(time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC)); today != 20261124 {
			t.Errorf("half past midnight in Sofia belongs to %v", today)
		}
		if admin.Language != i18n.Bulgarian || !admin.IsAdministrator() {
			t.Errorf("%+v", admin)
		}
		_, err = w.SignIn(t.Context(), " Maria@Example.com ", password, office)
		ok(t, "the administrator signs in", err)
		_, err = w.Setup(t.Context(), answers())
		want(t, "setup again", err, errs.Conflict)
	})
}

func TestSetupAtOnceSucceedsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := empty(t, d)
		var wg sync.WaitGroup
		results := make([]error, 5)
		for i := range results {
			wg.Go(func() {
				in := answers()
				in.AdminEmail = strings.Repeat("x", i+1) + "@example.com"
				_, results[i] = newService(t, d, w.clock, func() {}).Setup(t.Context(), in)
			})
		}
		wg.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
			} else {
				want(t, "second setup", err, errs.Conflict)
			}
		}
		people, err := w.People(w.ctx)
		if done != 1 || err != nil || len(people) != 1 {
			t.Errorf("%d set up, %d people, %v", done, len(people), err)
		}
	})
}

func TestSetupNamesEveryFieldThatIsWrong(t *testing.T) {
	w := empty(t, dbtest.SQLite(t))
	_, err := w.Setup(t.Context(), team.SetupInput{})
	wanted := []string{"company", "country", "language", "currency", "zone", "admin_name", "admin_email", "language", "admin_password"}
	if diff := cmp.Diff(wanted, fieldsOf(err)); diff != "" {
		t.Error(diff)
	}
	in := answers()
	in.AdminPassword = "maria@example.com"
	_, err = w.Setup(t.Context(), in)
	if diff := cmp.Diff([]string{"admin_password"}, fieldsOf(err)); diff != "" {
		t.Error(diff)
	}
	if c, err := w.Settings(t.Context()); err != nil || c.SetUp {
		t.Errorf("a refused setup counts: %v", err)
	}
}

func input() team.CompanyInput {
	return team.CompanyInput{
		Name: "Rodopi Cheese", Country: "bg", Language: i18n.Bulgarian, Currency: "eur", Zone: "Europe/Sofia", NumberPrefix: "К-",
		Help: map[i18n.Lang]team.Help{
			i18n.Bulgarian: {Text: "Питайте Мария", Link: "tel:+35921234567"},
			i18n.English:   {Text: "Ask Maria", Link: "https://help.example.com"},
			i18n.Polish:    {Text: "  "},
		},
		StatusURL: "https://status.example.com/kartoteka.json", Sender: "office@example.com", Logo: strings.Repeat("a1", 32),
	}
}

func TestChangeCompany(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ok(t, "change", w.ChangeCompany(w.as(w.admin), input()))
		c, err := w.Settings(t.Context())
		ok(t, "settings", err)
		if c.Country != "BG" || c.Currency != "EUR" || c.Sender != "office@example.com" || !c.SetUp || c.NumberPrefix != "К-" {
			t.Errorf("%+v", c)
		}
		for lang, text := range map[i18n.Lang]string{i18n.English: "Ask Maria", i18n.Polish: "Питайте Мария", i18n.Bulgarian: "Питайте Мария"} {
			if got := c.HelpIn(lang).Text; got != text {
				t.Errorf("help in %s: %q", lang, got)
			}
		}
		if !w.told(companyRef, "team.company_changed") {
			t.Error("the journal knows nothing")
		}
		seller := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		want(t, "by a seller", w.ChangeCompany(w.as(seller), input()), errs.Forbidden)
		want(t, "by nobody", w.ChangeCompany(t.Context(), input()), errs.Unauthenticated)
	})
}

func TestCompanyFieldsAreChecked(t *testing.T) {
	w := empty(t, dbtest.SQLite(t))
	for field, spoil := range map[string]func(*team.CompanyInput){
		"name":          func(in *team.CompanyInput) { in.Name = " " },
		"country":       func(in *team.CompanyInput) { in.Country = "BGR" },
		"language":      func(in *team.CompanyInput) { in.Language = "de" },
		"currency":      func(in *team.CompanyInput) { in.Currency = "XXX" },
		"zone":          func(in *team.CompanyInput) { in.Zone = "Local" },
		"calendar":      func(in *team.CompanyInput) { in.Calendar.Holidays = []calendar.Holiday{{Day: 20260101}} },
		"number_prefix": func(in *team.CompanyInput) { in.NumberPrefix = "K 1" },
		"status_url":    func(in *team.CompanyInput) { in.StatusURL = "javascript:alert(1)" },
		"sender":        func(in *team.CompanyInput) { in.Sender = "Office <office@example.com>" },
		"logo":          func(in *team.CompanyInput) { in.Logo = "../etc" },
		"help":          func(in *team.CompanyInput) { in.Help["de"] = team.Help{Text: "x"} },
		"help_en":       func(in *team.CompanyInput) { in.Help["en"] = team.Help{Text: strings.Repeat("x", 1001)} },
		"help_link_en":  func(in *team.CompanyInput) { in.Help["en"] = team.Help{Link: "ftp://example.com"} },
	} {
		in := input()
		spoil(&in)
		if diff := cmp.Diff([]string{field}, fieldsOf(w.ChangeCompany(w.ctx, in))); diff != "" {
			t.Errorf("%s: %s", field, diff)
		}
	}
}

func TestMaintenanceLock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.PassLock(t.Context(), "", stranger)
		want(t, "a pass while nothing is locked", err, errs.Invalid)
		want(t, "too short a code", w.LockCompany(w.as(w.admin), "", "12345"), errs.Invalid)
		ok(t, "lock", w.LockCompany(w.as(w.admin), "Back at ten", "open-says-me"))
		if c, err := w.Settings(t.Context()); err != nil || !c.Lock.On || c.Lock.Message != "Back at ten" {
			t.Errorf("%+v, %v", c.Lock, err)
		}
		_, err = w.PassLock(t.Context(), "open-says-you", stranger)
		want(t, "a wrong code", err, errs.Invalid)
		pass, err := w.PassLock(t.Context(), " open-says-me", office)
		ok(t, "the right code", err)
		has := func(what string, token string, wanted bool) {
			t.Helper()
			if got, err := w.HasPass(t.Context(), token); err != nil || got != wanted {
				t.Errorf("%s: %v, %v", what, got, err)
			}
		}
		has("the pass", pass.Token, true)
		has("none", "", false)
		has("another", "rubbish", false)
		w.clock.Advance(12 * time.Hour)
		has("an expired pass", pass.Token, false)
		pass, err = w.PassLock(t.Context(), "open-says-me", office)
		ok(t, "the right code again", err)
		ok(t, "unlock", w.UnlockCompany(w.as(w.admin)))
		has("a pass of an opened lock", pass.Token, false)
		for _, e := range w.entries(companyRef) {
			if strings.Contains(string(e.After), "argon2") || strings.Contains(string(e.After), "open-says") {
				t.Errorf("the journal holds the code: %s", e.After)
			}
		}
	})
}

func TestOtherNodesLearnOfChanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := newService(t, w.db, w.clock, func() {})
		session := w.signIn("maria@example.com")
		if c, err := other.Settings(t.Context()); err != nil || c.Lock.On {
			t.Fatal(err)
		}
		ok(t, "lock", w.LockCompany(w.ctx, "", "open-says-me"))
		if _, err := other.Authenticate(t.Context(), session.Token); err != nil {
			t.Fatal(err)
		}
		if c, err := other.Settings(t.Context()); err != nil || !c.Lock.On {
			t.Errorf("after a request the other node does not know: %v", err)
		}
		ok(t, "unlock", w.UnlockCompany(w.ctx))
		w.clock.Advance(2 * time.Second)
		if c, err := other.Settings(t.Context()); err != nil || c.Lock.On {
			t.Errorf("after two seconds the other node does not know: %v", err)
		}
	})
}
