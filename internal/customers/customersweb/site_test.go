package customersweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/prometheus/client_golang/prometheus"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/customersweb"
	"kartoteka.dev/internal/customers/mergeweb"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
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
	"kartoteka.dev/internal/team/teamtest"
	"kartoteka.dev/internal/views"
)

// site is a server with the pages of the customer file; who acts is said by
// the test.
type site struct {
	*testing.T
	db        *db.DB
	team      *team.Service
	fields    *fields.Service
	views     *views.Service
	customers *customers.Service
	actor     authz.Actor
	lang      i18n.Lang
	theme     string
	url       string
	client    *http.Client
	counter   *db.Counter // of the last request's statements
}

func permissions() []authz.Permission {
	all := append([]authz.Permission{}, customers.Permissions...)
	all = append(all, customers.NotePermissions...)
	all = append(all, vocabulary.Permissions...)
	all = append(all, merging.Permissions...)
	all = append(all, fields.Permissions()...)
	all = append(all, imports.Permissions...)
	return append(all, views.Permissions()...)
}

func open(t *testing.T, d *db.DB) *site {
	t.Helper()
	s := &site{T: t, db: d, lang: i18n.English}
	s.team = teamtest.Service(t, d, permissions()...)
	if _, err := s.team.Setup(t.Context(), team.SetupInput{
		Language: i18n.English, Company: "Rodopi Cheese", Country: "BG", Currency: "EUR", Zone: "Europe/Sofia",
		AdminName: "Maria Ivanova", AdminEmail: "maria@example.com", AdminPassword: "seven quiet pears",
	}); err != nil {
		t.Fatal(err)
	}
	s.fields = fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}})
	store, err := files.OpenFolder(t.TempDir(), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	s.customers = customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: s.fields, People: s.team, Sheets: s.fields, Files: store})
	s.views = views.New(views.Deps{DB: d, Lists: []views.List{customersweb.Views}})
	merger := merging.New(merging.Deps{DB: d, Customers: s.customers, Company: customerstest.Company{}, Fields: s.fields})
	mergers := mergeweb.New(mergeweb.Deps{Customers: s.customers, Merging: merger, Company: customerstest.Company{}, Fields: s.fields})
	pages := customersweb.New(customersweb.Deps{
		Customers: s.customers, Words: vocabulary.New(d), Merging: merger, Team: s.team, Fields: s.fields, Views: s.views, Clock: clock.System,
		Panels: panels,
	})
	server := web.New(web.Config{
		Routes: append(pages.Routes(), mergers.Routes()...), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Clock: clock.System, Metrics: prometheus.NewRegistry(),
		Identify: func(*http.Request) (web.Identity, error) {
			return web.Identity{Actor: s.actor, Locale: i18n.Locale{Lang: s.lang, Zone: time.UTC, Currency: "EUR"}, Theme: s.theme}, nil
		},
		Furnish: func(_ context.Context, _ *http.Request, p *page.Page) {
			p.Company = "Rodopi Cheese"
			p.Person = page.Person{ID: "1", Name: s.actor.Name}
			p.Menu = []page.Item{{Label: i18n.TIn(s.lang, "customers.list-page.title"), Href: "/customers", Icon: "users", Current: true}}
		},
		Lock:  func(context.Context) web.Lock { return web.Lock{} },
		SetUp: func(context.Context) bool { return true },
		Help:  func(context.Context) web.Help { return web.Help{} },
	})
	server.Mount("GET /assets/", assets.Handler())
	running := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ctx context.Context
		ctx, s.counter = db.WithCounter(r.Context())
		server.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(running.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.url, s.client = running.URL, &http.Client{Jar: jar}
	return s
}

// panels are drawn where a test adds them to the customer file.
var panels = []customersweb.Panel{
	{Name: "deals", Title: "customers.change.contacts", Show: shown}, {Name: "weather", Title: "customers.change.country", Show: shown},
}

func shown(c customers.Customer, data any) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, "<p>%v over %s</p>", data, c.Name)
		return err
	})
}

// panel is another module's knowledge: an error cannot be told.
type panel struct {
	name string
	data any
}

func (p panel) Name() string { return p.name }

func (p panel) Load(context.Context, *db.Tx, customers.Customer) (any, error) {
	if err, failed := p.data.(error); failed {
		return nil, err
	}
	return p.data, nil
}

// each runs the test on both engines, acting as an administrator at first.
func each(t *testing.T, test func(s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.as(teamtest.Person(t, d, authz.Administrator))
		test(s)
	})
}

// as has the person act from now on.
func (s *site) as(p team.Person) {
	s.Helper()
	s.actor = teamtest.Actor(s, s.db, p, permissions()...)
}

// add puts a customer into the file; edit may be nil.
func (s *site) add(name string, edit func(*customers.NewCustomer)) customers.Customer {
	s.Helper()
	in := customerstest.New()
	in.Name = name
	if edit != nil {
		edit(&in)
	}
	c, err := s.customers.Create(customerstest.System(), in)
	if err != nil {
		s.Fatal(err)
	}
	return c
}

// answer is what the server says.
type answer struct {
	*site
	status int
	path   string // with the query, after all redirects
	body   string
	header http.Header
}

func (s *site) get(path string) answer { s.Helper(); return s.do(http.MethodGet, path, nil, false) }

func (s *site) fragment(path string) answer {
	s.Helper()
	return s.do(http.MethodGet, path, nil, true)
}

func (s *site) post(path string, form url.Values) answer {
	s.Helper()
	return s.do(http.MethodPost, path, form, false)
}

func (s *site) do(method, path string, form url.Values, fragment bool) answer {
	s.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, body)
	if err != nil {
		s.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if fragment {
		r.Header.Set("HX-Request", "true")
	}
	resp, err := s.client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer{site: s, status: resp.StatusCode, path: resp.Request.URL.RequestURI(), body: string(text), header: resp.Header}
}

func (a answer) ok() answer {
	a.Helper()
	return a.is(http.StatusOK)
}

func (a answer) is(status int) answer {
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
