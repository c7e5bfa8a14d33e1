package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// site is a small server whose surroundings a test can change.
type site struct {
	actor authz.Actor
	lang  i18n.Lang
	lock  web.Lock
	fresh bool // not set up yet
}

func (s *site) handler(routes ...web.Route) http.Handler {
	return web.New(web.Config{
		Routes: routes, Log: slog.New(slog.DiscardHandler), Clock: clock.System, Version: "test",
		Identify: func(*http.Request) (web.Identity, error) {
			return web.Identity{Actor: s.actor, Locale: i18n.Locale{Lang: s.lang}}, nil
		},
		Help:  func(context.Context) web.Help { return web.Help{Text: "Call Nino, 112", Link: "https://help.example/"} },
		Lock:  func(context.Context) web.Lock { return s.lock },
		SetUp: func(context.Context) bool { return !s.fresh },

		SignInPath: "/sign-in", SetupPath: "/setup",
		TrustedNets: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	})
}

func person() authz.Actor { return authz.Actor{Kind: authz.Person, UserID: 7, Name: "Nino"} }

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func failing(err error) web.Route {
	return web.Get("/x", func(http.ResponseWriter, *http.Request) error { return err })
}

func TestFailuresSayWhatHappenedWhatToDoAndWhomToAsk(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		status int
		want   string
	}{
		{"absent", errs.New(errs.NotFound, "t", "errors.page-not-found"), 404, "There is no page at this address"},
		{"foreign error", errors.New("pq: secret detail"), 500, "Something broke on our side"},
		{"database gone", errs.New(errs.Unavailable, "t", "errors.database-gone"), 503, "The database does not answer"},
		{"no right", errs.New(errs.Forbidden, "t", "errors.permission-missing", "Permission", "x.y"), 403, "x.y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &site{actor: person()}
			w := ask(s.handler(failing(tt.err)), http.MethodGet, "/x")
			body := w.Body.String()
			for _, want := range []string{tt.want, "Call Nino, 112", "https://help.example/", w.Header().Get("X-Request-Id")} {
				if !strings.Contains(body, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			if w.Code != tt.status || strings.Contains(body, "secret detail") {
				t.Errorf("status %d, or the cause is told", w.Code)
			}
		})
	}
}

func TestFailureSpeaksTheReadersLanguage(t *testing.T) {
	s := &site{actor: person(), lang: i18n.Georgian}
	w := ask(s.handler(failing(errors.New("x"))), http.MethodGet, "/x")
	if !strings.Contains(w.Body.String(), i18n.TIn(i18n.Georgian, "errors.kind-internal-title")) || !strings.Contains(w.Body.String(), `lang="ka"`) {
		t.Error("the page is not in Georgian")
	}
}

func TestProgramsGetProblemJSON(t *testing.T) {
	s := &site{actor: person()}
	err := errs.InvalidFields("t", errs.Field("name", "errors.field-missing"))
	w := ask(s.handler(failing(err)), http.MethodGet, "/x", "Accept", "application/json")
	var p web.Problem
	if e := json.Unmarshal(w.Body.Bytes(), &p); e != nil {
		t.Fatal(e)
	}
	if w.Code != 422 || p.Code != "invalid" || p.Fields["name"] == "" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %+v", w.Code, p)
	}
}

func TestFragmentsKeepThePageAndShowAToast(t *testing.T) {
	s := &site{actor: person()}
	w := ask(s.handler(failing(errs.New(errs.Conflict, "t", "errors.kind-conflict-title"))), http.MethodGet, "/x", "HX-Request", "true")
	if w.Code != 409 || w.Header().Get("HX-Reswap") != "none" || !strings.Contains(w.Header().Get("HX-Trigger"), "k-toast") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestPanicBecomesAPage(t *testing.T) {
	s := &site{actor: person()}
	w := ask(s.handler(web.Get("/x", func(http.ResponseWriter, *http.Request) error { panic("defect") })), http.MethodGet, "/x")
	if w.Code != 500 || strings.Contains(w.Body.String(), "defect") {
		t.Errorf("%d", w.Code)
	}
}

func ok(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, page.Page{Title: "Fine"}, templ.Raw("<p>here</p>"))
}

func TestStrangersAreSentToSignInAndBack(t *testing.T) {
	s := &site{actor: authz.Actor{Kind: authz.Anonymous}}
	h := s.handler(web.Get("/x", ok), web.Open(web.Get("/open", ok)))
	w := ask(h, http.MethodGet, "/x?a=1")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sign-in?next=%2Fx%3Fa%3D1" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	if w := ask(h, http.MethodGet, "/open"); w.Code != http.StatusOK {
		t.Errorf("an open page answered %d", w.Code)
	}
	if w := ask(h, http.MethodGet, "/x", "HX-Request", "true", "HX-Current-URL", "https://evil.example/y"); w.Header().Get("HX-Redirect") != "/sign-in?next=%2Fy" {
		t.Errorf("a fragment is sent to %q", w.Header().Get("HX-Redirect"))
	}
}

func TestUntilSetUpEverythingLeadsToTheGuidedRun(t *testing.T) {
	s := &site{actor: authz.Actor{Kind: authz.Anonymous}, fresh: true}
	h := s.handler(web.Get("/x", ok), web.Open(web.Get("/setup", ok)), web.Open(web.Get("/healthz", ok)))
	if w := ask(h, http.MethodGet, "/x"); w.Header().Get("Location") != "/setup" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	for _, path := range []string{"/setup", "/healthz"} {
		if w := ask(h, http.MethodGet, path); w.Code != http.StatusOK {
			t.Errorf("%s answered %d", path, w.Code)
		}
	}
	if w := ask(h, http.MethodGet, "/api/v1/customers"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("the API answered %d", w.Code)
	}
}

func TestMaintenanceLockAdmitsWithTheAccessCode(t *testing.T) {
	s := &site{actor: person(), lock: web.Lock{
		On: true, Message: "Back at 14:00",
		Pass: func(_ context.Context, code string) (string, error) {
			if code != "open sesame" {
				return "", errs.InvalidFields("t", errs.Field("code", "errors.field-missing"))
			}
			return "pass-1", nil
		},
		Holds: func(_ context.Context, pass string) bool { return pass == "pass-1" },
	}}
	h := s.handler(web.Get("/x", ok))
	w := ask(h, http.MethodGet, "/x")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Back at 14:00") {
		t.Fatalf("%d", w.Code)
	}
	if w := ask(h, http.MethodGet, "/x?access-code=wrong"); w.Code != http.StatusServiceUnavailable || len(w.Result().Cookies()) != 0 {
		t.Errorf("a wrong code answered %d", w.Code)
	}
	w = ask(h, http.MethodGet, "/x?a=1&access-code=open+sesame")
	if w.Header().Get("Location") != "/x?a=1" || len(w.Result().Cookies()) != 1 {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	c := w.Result().Cookies()[0]
	if w := ask(h, http.MethodGet, "/x", "Cookie", c.Name+"="+c.Value); w.Code != http.StatusOK {
		t.Errorf("the pass was not taken: %d", w.Code)
	}
}

func TestEveryAnswerIsBoundByThePolicy(t *testing.T) {
	s := &site{actor: person()}
	w := ask(s.handler(web.Get("/x", ok)), http.MethodGet, "/x")
	policy := w.Header().Get("Content-Security-Policy")
	if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", w.Header())
	}
}

func TestOtherSitesCannotMakeTheBrowserChangeAnything(t *testing.T) {
	s := &site{actor: person()}
	h := s.handler(web.Post("/x", ok))
	if w := ask(h, http.MethodPost, "/x", "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
		t.Errorf("a post from elsewhere answered %d", w.Code)
	}
	if w := ask(h, http.MethodPost, "/x", "Sec-Fetch-Site", "same-origin"); w.Code != http.StatusOK {
		t.Errorf("our own post answered %d", w.Code)
	}
}

func TestForwardedAddressIsBelievedFromTrustedProxiesOnly(t *testing.T) {
	s := &site{actor: person()}
	h := s.handler(web.Get("/x", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, web.RemoteAddress(r.Context()))
		return err
	}))
	tests := []struct{ name, from, forwarded, want string }{
		{"direct", "203.0.113.5:1", "", "203.0.113.5"},
		{"a liar", "203.0.113.5:1", "10.0.0.1", "203.0.113.5"},
		{"a proxy", "192.0.2.1:1", "198.51.100.7", "198.51.100.7"},
		{"a liar behind a proxy", "192.0.2.1:1", "10.0.0.1, 198.51.100.7", "198.51.100.7"},
		{"two proxies", "192.0.2.1:1", "198.51.100.7, 192.0.2.9", "198.51.100.7"},
		{"nonsense", "192.0.2.1:1", "<script>", "192.0.2.1"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodGet, "/x", nil)
		r.RemoteAddr = tt.from
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Body.String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestToastSurvivesARedirectOnce(t *testing.T) {
	s := &site{actor: person()}
	h := s.handler(web.Get("/x", ok), web.Post("/do", func(w http.ResponseWriter, r *http.Request) error {
		web.Toast(w, r, toast.Toast{Text: "Запазено <b>", UndoURL: "/undo/1"})
		return web.Redirect(w, r, "/x")
	}))
	w := ask(h, http.MethodPost, "/do")
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	c := w.Result().Cookies()[0]
	w = ask(h, http.MethodGet, "/x", "Cookie", c.Name+"="+c.Value)
	if !strings.Contains(w.Body.String(), "Запазено &lt;b&gt;") || w.Result().Cookies()[0].MaxAge != -1 {
		t.Error("the message is not shown as text, or not taken away")
	}
}

func TestWhatAFormSentIsAcknowledgedOnlyWhenItIsTaken(t *testing.T) {
	const word = "0123456789abcdef0123456789abcdef"
	taken := func(s *site, handler func(http.ResponseWriter, *http.Request) error, fields string) string {
		r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(fields))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.handler(web.Route{Method: "POST", Path: "/x", Handler: handler}).ServeHTTP(w, r)
		for _, c := range w.Result().Cookies() {
			if c.Name == "kartoteka-taken" {
				return c.Value
			}
		}
		return ""
	}
	saved := func(w http.ResponseWriter, r *http.Request) error {
		if _, err := web.ReadForm(r); err != nil {
			return err
		}
		return web.Redirect(w, r, "/done")
	}
	refused := func(_ http.ResponseWriter, r *http.Request) error {
		if _, err := web.ReadForm(r); err != nil {
			return err
		}
		return errs.New(errs.Conflict, "x", "errors.kind-conflict-title")
	}
	in := &site{actor: person()}
	if got := taken(in, saved, "a=1&draft-sent="+word); got != word {
		t.Errorf("saved: %q", got)
	}
	for name, got := range map[string]string{
		"refused":       taken(in, refused, "draft-sent="+word),
		"signed out":    taken(&site{actor: authz.Actor{Kind: authz.Anonymous}}, saved, "draft-sent="+word),
		"no word":       taken(in, saved, "a=1"),
		"a broken word": taken(in, saved, "draft-sent=%22%3B+Path%3D%2F"),
	} {
		if got != "" {
			t.Errorf("%s: the draft would be given up: %q", name, got)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/customers/1?x=%2F": true, "/": true,
		"": false, "customers": false, "//evil.example": false, "/\\evil.example": false,
		"https://evil.example/": false, "/a\r\nSet-Cookie: x": false, "javascript:alert(1)": false,
	} {
		if got := web.LocalPath(path); got != want {
			t.Errorf("LocalPath(%q) = %v", path, got)
		}
	}
}

func TestFormCleansAndNamesWhatItCannotRead(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader("name=%00A%E2%80%AEna%0D%0A&note=a%0D%0Ab&owner=x&day=31.12.2026&tick=on"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := web.ReadForm(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Text("name"); got != "Ana" {
		t.Errorf("name %q", got)
	}
	if got := f.Lines("note"); got != "a\nb" {
		t.Errorf("note %q", got)
	}
	if f.ID("owner") != 0 || f.Day("day") != 0 || !f.Flag("tick") || f.ID("none") != 0 {
		t.Error("unreadable values are not zero")
	}
	fields := errs.FieldsOf(f.Err("t"))
	if len(fields) != 2 || fields[0].Name != "owner" || fields[1].Name != "day" {
		t.Errorf("%+v", fields)
	}
}

func TestPagesAreCompressed(t *testing.T) {
	long := templ.Raw(strings.Repeat("<p>Rodopi</p>", 1000))
	for accept, want := range map[string]string{"gzip, deflate, br": "gzip", "gzip;q=0": "", "": "", "br": ""} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		if err := web.Render(w, r, long); err != nil {
			t.Fatal(err)
		}
		if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q is answered with %q, want %q", accept, got, want)
		}
		if w.Body.Len() == 13000 != (want == "") {
			t.Errorf("%q: %d bytes", accept, w.Body.Len())
		}
	}
}
