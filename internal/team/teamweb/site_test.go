package teamweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/platform/web/assets"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamweb"
)

const password = "seven quiet pears"

// view is another module's permission, limited to own, team or all records.
var view = authz.Permission{
	ID: "customers.view", Label: "team.permission.people", Scoped: true,
	Default: map[authz.Role]authz.Level{authz.Administrator: authz.All, authz.Supervisor: authz.Team, authz.Manager: authz.Own},
}

// site is a whole server with nothing but the team's pages.
type site struct {
	*testing.T
	team  *team.Service
	clock *clock.Manual
	url   string
}

// setting is how a site differs from the usual one.
type setting struct {
	publicURL string
	mailer    teamweb.Mailer
	records   map[string]teamweb.RecordFinder
}

func open(t *testing.T, d *db.DB, how setting) *site {
	t.Helper()
	s := &site{T: t, clock: clock.Fixed(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	store, err := files.OpenFolder(t.TempDir(), s.clock)
	if err != nil {
		t.Fatal(err)
	}
	s.team = team.New(team.Deps{
		DB: d, Clock: s.clock, Files: store, Permissions: append(team.Permissions(), view),
		Fields: []team.FieldDefinition{{ID: "customers.tax_id", Label: "team.permission.roles"}},
	})
	pages := teamweb.New(teamweb.Deps{Team: s.team, Clock: s.clock, PublicURL: how.publicURL, Mailer: how.mailer, Records: how.records})
	server := web.New(web.Config{
		Routes: append(pages.Routes(), web.Get("/{$}", home), web.Get("/customers", home)),
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)), Clock: s.clock, Metrics: prometheus.NewRegistry(),
		Identify: pages.Identify, Help: pages.Help, Lock: pages.Lock, SetUp: pages.SetUp,
		Furnish:    func(ctx context.Context, _ *http.Request, p *page.Page) { pages.Furnish(ctx, p) },
		SignInPath: teamweb.SignInPath, SetupPath: teamweb.SetupPath,
	})
	server.Mount("GET /assets/", assets.Handler())
	running := httptest.NewServer(server)
	t.Cleanup(running.Close)
	s.url = running.URL
	return s
}

func home(w http.ResponseWriter, r *http.Request) error {
	_, err := io.WriteString(w, "at work: "+r.URL.RequestURI())
	return err
}

// each runs the test on both engines at a company that is set up.
func each(t *testing.T, how setting, test func(s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, how)
		if _, err := s.team.Setup(t.Context(), answers()); err != nil {
			t.Fatal(err)
		}
		test(s)
	})
}

func answers() team.SetupInput {
	return team.SetupInput{
		Language: i18n.English, Company: "Rodopi Cheese", Country: "BG", Currency: "EUR", Zone: "Europe/Sofia",
		AdminName: "Maria Ivanova", AdminEmail: "maria@example.com", AdminPassword: password,
	}
}

// person adds someone with the usual password.
func (s *site) person(name, email string, roles ...authz.Role) team.Person {
	s.Helper()
	p, err := s.team.CreatePerson(authz.AsSystem(s.Context(), "test"), team.PersonInput{
		Name: name, Email: email, Language: i18n.English, Roles: roles, Password: password,
	})
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// browser keeps cookies and follows redirects.
type browser struct {
	*site
	client *http.Client
	header http.Header
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	return &browser{site: s, client: &http.Client{Jar: jar}, header: http.Header{"Accept-Language": {"en"}}}
}

// signedIn is a browser in which the person has signed in.
func (s *site) signedIn(email string) *browser {
	s.Helper()
	b := s.browser()
	b.post("/sign-in", url.Values{"email": {email}, "password": {password}}).at("/")
	return b
}

// answer is what a browser shows.
type answer struct {
	*site
	status int
	path   string // with the query, after all redirects
	body   string
	header http.Header
}

func (b *browser) get(path string) answer { b.Helper(); return b.do(http.MethodGet, path, nil) }

func (b *browser) post(path string, form url.Values) answer {
	b.Helper()
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, path string, form url.Values) answer {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.Context(), method, b.url+path, body)
	if err != nil {
		b.Fatal(err)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	if host := b.header.Get("Host"); host != "" {
		r.Host = host
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.answer(r)
}

// answer sends a request and reads what comes of it.
func (b *browser) answer(r *http.Request) answer {
	b.Helper()
	resp, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{site: b.site, status: resp.StatusCode, path: resp.Request.URL.RequestURI(), body: string(text), header: resp.Header}
}

func (a answer) at(path string) answer {
	a.Helper()
	if a.path != path || a.status != http.StatusOK {
		a.Fatalf("at %s with status %d, want %s\n%s", a.path, a.status, path, a.main())
	}
	return a
}

func (a answer) refused(status int) answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("%s: status %d, want %d\n%s", a.path, a.status, status, a.main())
	}
	return a
}

func (a answer) has(texts ...string) answer {
	a.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.Errorf("%s lacks %q\n%s", a.path, text, a.main())
		}
	}
	return a
}

func (a answer) lacks(texts ...string) answer {
	a.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.Errorf("%s has %q", a.path, text)
		}
	}
	return a
}

// main is the part of the page that tests are about.
func (a answer) main() string {
	_, rest, found := strings.Cut(a.body, `id="main"`)
	if !found {
		return a.body
	}
	main, _, _ := strings.Cut(rest, "</main>")
	return main
}

// between cuts out what stands after one text and before another.
func (a answer) between(before, after string) string {
	a.Helper()
	_, rest, found := strings.Cut(a.body, before)
	text, _, ended := strings.Cut(rest, after)
	if !found || !ended {
		a.Fatalf("%s: nothing between %q and %q\n%s", a.path, before, after, a.main())
	}
	return text
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func contains(s, part string) bool { return strings.Contains(s, part) }
