package teamweb_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/teamweb"
)

// records are another module's.
type records map[int64]teamweb.Record

func (r records) FindRecord(_ context.Context, id int64) (teamweb.Record, error) {
	if found, ok := r[id]; ok {
		return found, nil
	}
	return teamweb.Record{}, errs.New(errs.NotFound, "test", "errors.page-not-found")
}

func invitation() url.Values {
	return url.Values{"name": {"Nino"}, "email": {"nino@example.com"}, "language": {"en"}, "roles": {"manager"}}
}

func TestInvitedColleagueChoosesAPasswordAndSeesLess(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		bad := invitation()
		bad.Set("email", "nobody")
		admin.post("/settings/people", bad).refused(422).has("E-mail", `value="Nino"`)
		page := admin.post("/settings/people", invitation()).refused(200).has("Pass this link on to Nino")
		link := strings.ReplaceAll(page.between(`id="link">`, "</pre>"), "&amp;", "&")
		path, mine := strings.CutPrefix(link, s.url)
		if !mine {
			t.Fatalf("the link is %s", link)
		}
		nino := s.browser()
		nino.get(path).refused(200).has("Welcome, Nino", "nino@example.com")
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"key": {u.Query().Get("key")}, "name": {""}, "language": {"ka"}, "password": {password}}
		nino.post("/welcome", form).refused(422).has("Please fill this in")
		form.Set("name", "Nino Maisuradze")
		form.Set("password", "short")
		nino.post("/welcome", form).refused(422).has("at least 10").lacks(`value="short"`)
		form.Set("password", password)
		nino.post("/welcome", form).at("/")
		nino.get("/profile").has(`lang="ka"`, "Nino Maisuradze")
		nino.get(path).refused(404)
		nino.get("/settings").at("/settings").lacks("/settings/people", "/settings/rights").has("/profile")
		for _, closed := range []string{"people", "people/new", "people/1", "company", "calendar", "help", "maintenance", "teams", "rights", "tokens"} {
			nino.get("/settings/" + closed).refused(403)
		}
		for _, closed := range []string{"people", "company", "maintenance", "teams", "rights", "people/1/deactivate", "people/1/reset"} {
			nino.post("/settings/"+closed, url.Values{"name": {"x"}, "code": {"123456"}, "right:manager:team.people": {"all"}}).refused(403)
		}

		admin.post("/settings/people/2/deactivate", nil).at("/settings/people/2").has("Deactivated")
		nino.get("/profile").at("/sign-in?next=%2Fprofile")
		admin.post("/settings/people/1/deactivate", nil).refused(422).has("cannot deactivate yourself")
		admin.post("/settings/people/2/nonsense", nil).refused(404)
	})
}

func TestLinkOfAForgedHostIsNeverMailed(t *testing.T) {
	post := &postbox{address: "https://elsewhere.example.com"}
	each(t, setting{publicURL: "https://crm.example.com", mailer: post}, func(s *site) {
		b := s.browser()
		b.header.Set("Host", "evil.example")
		b.post("/forgotten-password", url.Values{"email": {"maria@example.com"}}).refused(200).has("Look into your mail")
		last := post.last(t)
		if !strings.Contains(last.Text, "https://crm.example.com/welcome?key=") || strings.Contains(last.Text, "evil") || last.To != "maria@example.com" {
			t.Errorf("mail %+v", last)
		}
		b.post("/forgotten-password", url.Values{"email": {"nobody@example.com"}}).refused(200).has("Look into your mail")
		if again := post.last(t); again != last {
			t.Errorf("a stranger got %+v", again)
		}
		_, key, _ := strings.Cut(last.Text, "?key=")
		key, _, _ = strings.Cut(key, "\n")
		form := url.Values{"key": {key}, "password": {"another seven pears"}}
		b.header.Del("Host")
		s.clock.Advance(3 * time.Hour)
		b.get("/welcome?key=" + key).refused(404).has("no longer works")
		b.post("/welcome", form).refused(404)
	})
}

// postbox keeps what is sent; without an address nothing can be.
type postbox struct {
	address string
	mails   []teamweb.Mail
}

func (p *postbox) Send(_ context.Context, _ *db.Tx, m teamweb.Mail) error {
	if m.Subject == "" {
		return errors.New("no subject")
	}
	p.mails = append(p.mails, m)
	return nil
}

// Address implements teamweb.Mailer.
func (p *postbox) Address(context.Context) (string, error) { return p.address, nil }

func (p *postbox) last(t *testing.T) teamweb.Mail {
	t.Helper()
	if len(p.mails) == 0 {
		t.Fatal("nothing was sent")
	}
	return p.mails[len(p.mails)-1]
}

func TestForgottenPasswordWithoutMailSaysWhomToAsk(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		admin.post("/settings/help", url.Values{"help_en": {"Call Maria, extension 12"}, "help_link_en": {"tel:+35921234567"}}).at("/settings/help")
		admin.post("/settings/help", url.Values{"help_link_en": {"javascript:alert(1)"}}).refused(422).has("https://")
		s.browser().get("/forgotten-password").has("Your administrator", "Call Maria, extension 12").lacks("Send the link")
		s.browser().get("/welcome?key=nonsense").refused(404).has("no longer works", "Call Maria, extension 12")
	})
}

func TestRightsAreSavedInPlace(t *testing.T) {
	each(t, setting{}, func(s *site) {
		nino := s.person("Nino", "nino@example.com", authz.Manager)
		admin, manager := s.signedIn("maria@example.com"), s.signedIn("nino@example.com")
		admin.get("/settings/rights").has(`name="right:manager:customers.view"`, `name="field:manager:customers.tax_id"`)
		manager.get("/settings/people").refused(403)
		admin.header.Set("HX-Request", "true")
		if a := admin.post("/settings/rights", url.Values{"right:manager:team.people": {"all"}}).refused(204); !strings.Contains(a.header.Get("HX-Trigger"), "Saved") {
			t.Errorf("no word about it: %v", a.header)
		}
		admin.post("/settings/rights", url.Values{"right:administrator:team.roles": {"none"}}).refused(409)
		admin.post("/settings/rights", url.Values{"right:manager:no.such": {"all"}}).refused(422)
		admin.post("/settings/rights", url.Values{"right:manager:team.people": {"everything"}}).refused(422)
		admin.header.Del("HX-Request")
		admin.get("/settings/rights").has("changed")
		manager.get("/settings/people").at("/settings/people")
		// who manages people does not thereby set roles
		form := url.Values{"name": {"Nino"}, "email": {"nino@example.com"}, "language": {"en"}, "version": {"1"}, "roles": {"administrator"}}
		manager.post("/settings/people/2", form)
		now, err := s.team.FindPerson(authz.AsSystem(t.Context(), "test"), nino.ID)
		if err != nil || now.Roles[0] != authz.Manager {
			t.Errorf("roles %v, %v", now.Roles, err)
		}
		admin.post("/settings/rights", url.Values{"field:manager:customers.tax_id": {"hidden"}}).at("/settings/rights")
	})
}

func TestTokenIsShownOnce(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		form := url.Values{"name": {"Web shop"}, "roles": {"operator"}, "expires_at": {"2026-11-01"}}
		admin.post("/settings/tokens", form).refused(422).has("in the future", `value="Web shop"`)
		form.Set("expires_at", "2026-12-31")
		key := admin.post("/settings/tokens", form).refused(200).between(`id="token">`, "</pre>")
		admin.get("/settings/tokens").has("Web shop").lacks(key)

		program := s.browser()
		program.get("/api/v1/x").refused(404)
		program.header.Set("Authorization", "Bearer "+key)
		program.get("/api/v1/x").refused(404)
		program.get("/profile").at("/sign-in?next=%2Fprofile") // tokens are for the API alone
		admin.post("/settings/tokens/1/revoke", nil).at("/settings/tokens").has("Revoked")
		program.get("/api/v1/x").refused(401)
	})
}

func TestCompanyIsChangedOnItsPages(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		form := url.Values{"name": {""}, "country": {"GE"}, "language": {"ka"}, "currency": {"GEL"}, "zone": {"Asia/Tbilisi"}, "number_prefix": {"K-"}}
		admin.post("/settings/company", form).refused(422).has("Please fill this in", `value="GEL" selected`)
		form.Set("name", "Tbilisi Tea")
		admin.post("/settings/company", form).at("/settings/company").has("Tbilisi Tea")
		week := url.Values{"hours_1": {"9:00-13:00, 14:00 – 18:00"}, "hours_6": {"10-12"}, "closed": {"2026-12-31 Inventory"}, "public": {"on"}}
		admin.post("/settings/calendar", week).refused(422).has("Write hours such as", "2026-12-31 Inventory")
		week.Set("hours_6", "")
		admin.post("/settings/calendar", week).at("/settings/calendar").has("09:00–13:00, 14:00–18:00")
		company, err := s.team.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if c := company.Calendar; len(c.Week[time.Monday]) != 2 || len(c.Week[time.Tuesday]) != 0 || len(c.Holidays) != 1 || !c.Public {
			t.Errorf("calendar %+v", c)
		}
		if company.Name != "Tbilisi Tea" || company.Language != i18n.Georgian {
			t.Errorf("company %+v", company)
		}
	})
}

func TestMaintenanceKeepsOnlyTheAdministratorIn(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin, other := s.signedIn("maria@example.com"), s.browser()
		admin.post("/settings/maintenance", url.Values{"message": {"Back at noon"}, "code": {"12"}}).refused(422).has("Back at noon")
		admin.post("/settings/maintenance", url.Values{"message": {"Back at noon"}, "code": {"open sesame"}}).at("/settings/maintenance").has("Back at noon")
		other.get("/sign-in").refused(503).has("Back at noon")
		other.get("/sign-in?access-code=open+sesame").at("/sign-in")
		s.browser().get("/sign-in?access-code=wrong").refused(503).has("not right")
		admin.post("/settings/maintenance/end", nil).at("/settings/maintenance")
		s.browser().get("/sign-in").at("/sign-in")
	})
}

func TestTeams(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		admin.post("/settings/teams", url.Values{"name": {" "}}).refused(422).has("Please fill this in")
		admin.post("/settings/teams", url.Values{"name": {"Sofia office"}, "head": {"1"}}).at("/settings/teams").has("Sofia office")
		admin.post("/settings/teams", url.Values{"name": {"sofia OFFICE"}}).refused(422).has("already in use")
		form := invitation()
		form.Set("teams", "1")
		admin.post("/settings/people", form).refused(200)
		admin.get("/settings/people").has("Sofia office")
		admin.post("/settings/teams/1/remove", nil).refused(422).has("still belong")
		admin.post("/settings/teams/1", url.Values{"name": {"Plovdiv office"}}).at("/settings/teams").has("Plovdiv office")
		admin.get("/settings/people?q=нино").has("nino@example.com")
		admin.get("/settings/people?q=nobody").lacks("nino@example.com")
	})
}

func TestWhy(t *testing.T) {
	finder := map[string]teamweb.RecordFinder{"customer": records{5: {Name: "Acme", Href: "/customers/5", OwnerID: 2}}}
	each(t, setting{records: finder}, func(s *site) {
		s.person("Nino", "nino@example.com", authz.Manager)
		s.person("Olga", "olga@example.com", authz.Manager)
		nino, olga := s.signedIn("nino@example.com"), s.signedIn("olga@example.com")
		nino.get("/why?permission=customers.view&customer=5").has("belongs to this person", "Acme", "Their own", "Nino")
		olga.get("/why?permission=customers.view&customer=5").has("No role of this person reaches")
		s.signedIn("maria@example.com").get("/why?permission=customers.view&customer=5&person=3").has("No role", "Olga")
		olga.get("/why?permission=customers.view&customer=5&person=2").refused(403)
		nino.get("/why?permission=customers.view&customer=6").refused(404)
		nino.get("/why?permission=customers.view").refused(404)
		nino.get("/why?permission=no.such&customer=5").refused(404)
	})
}
