package teamweb_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
)

func TestSetupLeadsFromNothingToTheFirstCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, setting{})
		b := s.browser()
		b.get("/customers").at("/setup").has("Welcome to Kartoteka", "ქართული")
		b.get("/setup?left=language&language=ka&step=company").has("თქვენი კომპანია", `value="GEL" selected`, `value="Asia/Tbilisi" selected`)
		b.get("/setup?left=company&company=Rodopi&country=PL&currency=GEL&zone=Asia/Tbilisi&suggested=GE&language=en").
			has(`value="PLN" selected`, `value="Europe/Warsaw" selected`, `value="Rodopi"`)
		b.get("/setup?left=company&step=calendar&company=+&language=en").refused(422).has("Your company", "Please fill this in")
		b.get("/setup?left=calendar&step=administrator&company=R&country=PL&suggested=PL&from=9:00&to=9:00x&language=en").
			refused(422).has("When you work")

		form := url.Values{
			"language": {"en"}, "company": {"Rodopi Cheese"}, "country": {"BG"}, "currency": {"EUR"}, "zone": {"Europe/Sofia"},
			"day": {"1", "2", "3"}, "from": {"10:00"}, "to": {"16:00"}, "public": {"on"}, "suggested": {"BG"},
			"admin_name": {"Maria Ivanova"}, "admin_email": {"maria@example.com"}, "admin_password": {"short"},
		}
		b.post("/setup", form).refused(422).
			has("at least 10 characters", `value="Maria Ivanova"`, `value="Rodopi Cheese"`, `name="day" value="3"`).lacks(`value="short"`)
		form.Set("admin_password", password)
		b.post("/setup", form).at("/setup/done").has("/imports/new?kind=customers", "/customers/new")

		company, err := s.team.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if hours := company.Calendar.Week[time.Wednesday]; len(hours) != 1 || hours[0].From.String() != "10:00" || len(company.Calendar.Week[time.Friday]) > 0 {
			t.Errorf("the week is %v", company.Calendar.Week)
		}
		b.get("/setup").at("/")
		s.browser().post("/setup", form).at("/sign-in")
	})
}

func TestSignInReturnsToThePageAskedFor(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b := s.browser()
		b.get("/customers?filter=a%26b").at("/sign-in?next=%2Fcustomers%3Ffilter%3Da%2526b")
		form := url.Values{"email": {"maria@example.com"}, "password": {"wrong"}, "next": {"/customers?filter=a%26b"}}
		b.post("/sign-in", form).refused(422).has("do not match", `value="maria@example.com"`, `value="/customers?filter=a%26b"`)
		form.Set("password", password)
		b.post("/sign-in", form).at("/customers?filter=a%26b")
		b.get("/sign-in").at("/")
		b.post("/sign-out", nil).at("/sign-in")
		b.get("/customers").at("/sign-in?next=%2Fcustomers")
	})
}

func TestSignInNeverLeadsElsewhere(t *testing.T) {
	each(t, setting{}, func(s *site) {
		for _, next := range []string{
			"https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
			"/\t/evil.example", "/\n/evil.example", "https:evil.example", "/sign-in?next=/x", "/sign-out", "evil.example", "///evil.example", " //evil.example",
		} {
			b := s.browser()
			b.get("/sign-in?next="+url.QueryEscape(next)).refused(200).lacks("evil.example", "javascript:")
			b.post("/sign-in", url.Values{"email": {"maria@example.com"}, "password": {password}, "next": {next}}).at("/")
		}
	})
}

func TestSignInIsSlowedDownAndSaysSo(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b := s.browser()
		form := url.Values{"email": {"maria@example.com"}, "password": {"wrong"}}
		for range 6 {
			b.post("/sign-in", form)
		}
		form.Set("password", password)
		b.post("/sign-in", form).refused(422).has("Too many attempts")
		s.clock.Advance(time.Minute)
		b.post("/sign-in", form).at("/")
	})
}

func TestSecondStep(t *testing.T) {
	each(t, setting{}, func(s *site) {
		actor, err := s.team.ActorOf(authz.AsSystem(t.Context(), "test"), 1)
		if err != nil {
			t.Fatal(err)
		}
		ctx := authz.With(t.Context(), actor)
		e, err := s.team.BeginTwoFactor(ctx)
		if err != nil {
			t.Fatal(err)
		}
		codes, err := s.team.ConfirmTwoFactor(ctx, s.code(e.Key))
		if err != nil {
			t.Fatal(err)
		}
		b := s.browser()
		b.get("/sign-in/code").at("/sign-in")
		form := url.Values{"email": {"maria@example.com"}, "password": {password}, "next": {"/customers"}}
		b.post("/sign-in", form).at("/sign-in/code?next=%2Fcustomers")
		b.get("/customers").at("/sign-in?next=%2Fcustomers") // the password alone opens nothing
		b.post("/sign-in/code", url.Values{"code": {"000000"}, "next": {"/customers"}}).refused(422).has("not right")
		s.clock.Advance(time.Minute)
		b.post("/sign-in/code", url.Values{"code": {s.code(e.Key)}, "next": {"/customers"}}).at("/customers")

		other := s.browser()
		other.post("/sign-in", form).at("/sign-in/code?next=%2Fcustomers")
		other.post("/sign-in/code", url.Values{"code": {codes[0]}}).at("/")
		late := s.browser()
		late.post("/sign-in", form)
		s.clock.Advance(time.Hour)
		late.post("/sign-in/code", url.Values{"code": {codes[1]}, "next": {"/customers"}}).at("/sign-in?next=%2Fcustomers")
	})
}

// code is what an authenticator shows now.
func (s *site) code(key string) string {
	s.Helper()
	code, err := totp.GenerateCode(key, s.clock.Now())
	if err != nil {
		s.Fatal(err)
	}
	return code
}

func TestSignOutEverywhere(t *testing.T) {
	each(t, setting{}, func(s *site) {
		office, phone := s.signedIn("maria@example.com"), s.signedIn("maria@example.com")
		phone.post("/sign-out/everywhere", nil).at("/sign-in")
		office.get("/customers").at("/sign-in?next=%2Fcustomers")
	})
}

func TestLanguageOfStrangers(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b := s.browser()
		b.header.Set("Accept-Language", "pl-PL,pl;q=0.9")
		b.get("/sign-in").has(`lang="pl"`)
		b.get("/sign-in?lang=ka&next=/customers").at("/sign-in?next=%2Fcustomers").has(`lang="ka"`)
		b.get("/sign-in?lang=xx").has(`lang="ka"`)
	})
}

func TestSessionCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	each(t, setting{}, func(s *site) {
		b := s.browser()
		b.client.CheckRedirect = stay
		a := b.post("/sign-in", url.Values{"email": {"maria@example.com"}, "password": {password}})
		for _, c := range a.header.Values("Set-Cookie") {
			if !contains(c, "HttpOnly") || !contains(c, "SameSite=Lax") || contains(c, "Domain=") {
				t.Errorf("cookie %s", c)
			}
		}
		b.header.Set("Sec-Fetch-Site", "cross-site")
		b.post("/sign-out", nil).refused(403)
	})
}
