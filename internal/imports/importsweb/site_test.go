package importsweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/imports/importsweb"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/platform/web/assets"
)

// site is a server with nothing but the pages of imports.
type site struct {
	*testing.T

	imports   *imports.Service
	customers *customers.Service
	actor     authz.Actor // who asks
	lang      i18n.Lang
	theme     string
	counter   *db.Counter // of the last request
	url       string
	client    *http.Client
}

func grants(level authz.Level, names ...string) map[string]authz.Level {
	all := map[string]authz.Level{}
	for _, name := range names {
		all[name] = level
	}
	return all
}

var (
	maria = authz.Actor{
		Kind: authz.Person, UserID: 1, Name: "Maria Ivanova",
		Grants: grants(authz.All, imports.RunImports, "customers.create", "customers.view", "customers.edit", "fields.manage", "journal.view"),
	}
	nino   = authz.Actor{Kind: authz.Person, UserID: 2, Name: "Nino", Grants: grants(authz.Own, imports.RunImports, "customers.create", "customers.view", "customers.edit")}
	olga   = authz.Actor{Kind: authz.Person, UserID: 3, Name: "Olga", Grants: grants(authz.Own, imports.RunImports, "customers.create", "customers.view", "customers.edit")}
	nobody = authz.Actor{Kind: authz.Person, UserID: 4, Name: "Boris"}
)

// each runs the test on both engines.
func each(t *testing.T, test func(s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(open(t, d)) })
}

func open(t *testing.T, d *db.DB) *site {
	t.Helper()
	s := &site{T: t, actor: maria, lang: i18n.English}
	runner, err := jobs.New(d, jobs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	store, err := files.OpenFolder(t.TempDir(), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	own := fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}})
	s.customers = customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: own})
	s.imports, err = imports.New(imports.Deps{
		DB: d, Files: store, Jobs: runner, TempDir: t.TempDir(),
		Targets: []imports.Target{customersimport.New(customersimport.Deps{
			DB: d, Customers: s.customers, Company: customerstest.Company{}, Fields: own,
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := runner.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	s.serve()
	return s
}

func (s *site) serve() {
	pages := importsweb.New(importsweb.Deps{Imports: s.imports, Clock: clock.System, Lists: map[string]func(imports.Import) string{
		customersimport.Kind: func(i imports.Import) string { return "/customers?of-import=" + url.QueryEscape(i.FileName) },
	}})
	server := web.New(web.Config{
		Routes: pages.Routes(), Log: slog.New(slog.DiscardHandler), Clock: clock.System,
		Identify: func(*http.Request) (web.Identity, error) {
			return web.Identity{Actor: s.actor, Locale: i18n.Locale{Lang: s.lang}, Theme: s.theme}, nil
		},
		Furnish: func(_ context.Context, _ *http.Request, p *page.Page) { p.Company = "Rodopi Cheese" },
		Help:    func(context.Context) web.Help { return web.Help{} },
		Lock:    func(context.Context) web.Lock { return web.Lock{} },
		SetUp:   func(context.Context) bool { return true },
	})
	server.Mount("GET "+assets.Prefix, assets.Handler())
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, counter := db.WithCounter(r.Context())
		s.counter = counter
		server.ServeHTTP(w, r.WithContext(ctx))
	})
	running := httptest.NewServer(counted)
	s.Cleanup(running.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	s.url, s.client = running.URL, &http.Client{Jar: jar}
}

// answer is what a browser shows.
type answer struct {
	*site

	status int
	path   string // with the query, after all redirects
	body   string
	header http.Header
}

func (s *site) get(path string) answer {
	s.Helper()
	return s.do(http.MethodGet, path, nil, nil)
}

func (s *site) post(path string, form url.Values) answer {
	s.Helper()
	return s.do(http.MethodPost, path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// upload sends a file through the form.
func (s *site) upload(name string, content []byte) answer {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write(content)
	}
	if err = firstOf(err, form.Close()); err != nil {
		s.Fatal(err)
	}
	return s.do(http.MethodPost, "/imports", &body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *site) do(method, path string, body io.Reader, header http.Header) answer {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, body)
	if err != nil {
		s.Fatal(err)
	}
	if header != nil {
		r.Header = header
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

// base is the address of the import the page is about.
func (a answer) base() string {
	path, _, _ := strings.Cut(a.path, "?")
	return path
}

// finished waits until the import has ended, and shows its page.
func (s *site) finished(path string) answer {
	s.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if a := s.get(path).is(http.StatusOK); !strings.Contains(a.body, `id="progress"`) {
			return a
		}
	}
	s.Fatal("the import does not end")
	return answer{}
}

// fixture is a file of the data folder beside the repository.
func (s *site) fixture(parts ...string) []byte {
	s.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "..", "shared", "data"}, parts...)...)
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		s.Skipf("the data folder ../shared/data is not there: %s", filepath.Join(parts...))
	}
	if err != nil {
		s.Fatal(err)
	}
	return content
}

// as is a context in which this person acts.
func (s *site) as(a authz.Actor) context.Context { return authz.With(s.Context(), a) }
