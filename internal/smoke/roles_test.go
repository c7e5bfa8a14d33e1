package smoke

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/demo"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
)

// staff gives the address of someone in the demo company who has the role.
func staff(t *testing.T, role authz.Role) string {
	t.Helper()
	g, err := demo.New(demo.Options{Seed: 31, Today: clock.DayOf(clock.System.Now(), time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Staff() {
		if p.Role == string(role) {
			return p.Email
		}
	}
	t.Fatalf("the demo company has no %s", role)
	return ""
}

// visitor is a browser without script: it keeps cookies and stays where it is
// redirected from.
type visitor struct {
	*testing.T
	site   *site
	client *http.Client
}

func (s *site) visitor() *visitor {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{T: s.T, site: s, client: &http.Client{Jar: jar, CheckRedirect: stay, Timeout: 30 * time.Second}}
}

// signedIn is a visitor who has signed in.
func (s *site) signedIn(email string) *visitor {
	s.Helper()
	v := s.visitor()
	form := url.Values{"email": {email}, "password": {demoPassword}}
	r := v.request(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := v.send(r); a.status != http.StatusSeeOther {
		s.Fatalf("sign in as %s: %d", email, a.status)
	}
	return v
}

// answer is what came of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (v *visitor) request(method, path string, body io.Reader) *http.Request {
	v.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(v.Context()), method, v.site.url+path, body)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Accept-Language", "en")
	return r
}

func (v *visitor) send(r *http.Request) answer {
	v.Helper()
	resp, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: string(body)}
}

func (v *visitor) get(path string) answer {
	v.Helper()
	return v.send(v.request(http.MethodGet, path, nil))
}

var (
	linked = regexp.MustCompile(`\s(?:href|src|hx-get|data-row|data-live-url|data-source|data-next)="(/[^"/][^"]*)"`)
	digits = regexp.MustCompile(`[0-9]+`)
)

// leads tells whether an address belongs to the walk.
func leads(address string) bool {
	for _, other := range []string{"/assets/", "/sign-out", "/events", "/api/"} {
		if strings.HasPrefix(address, other) {
			return false
		}
	}
	return true
}

// shape is what addresses of the same page have in common.
func shape(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	var names []string
	for name := range u.Query() {
		names = append(names, digits.ReplaceAllString(name, "0"))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return digits.ReplaceAllString(u.Path, "0") + "?" + strings.Join(names, "&")
}

// alike is how many addresses of one shape are tried: the first may be a
// special one.
const alike = 2

// walk follows every link a person can see, and gives the addresses by shape.
// A link that is shown leads to a page.
func (v *visitor) walk(who string) map[string]string {
	v.Helper()
	open, tried, from := []string{"/customers"}, map[string]int{}, map[string]string{}
	found := map[string]string{}
	for len(open) > 0 {
		at := open[0]
		open = open[1:]
		a := v.get(at)
		if a.status >= http.StatusBadRequest {
			v.Errorf("%s: %s, shown at %s: %d", who, at, from[at], a.status)
		}
		found[shape(at)] = at
		next := linked.FindAllStringSubmatch(a.body, -1)
		if to := a.header.Get("Location"); strings.HasPrefix(to, "/") {
			next = append(next, []string{"", to})
		}
		for _, m := range next {
			to, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if _, known := from[to]; known || !leads(to) || tried[shape(to)] >= alike {
				continue
			}
			tried[shape(to)]++
			from[to] = at
			open = append(open, to)
		}
	}
	return found
}

func TestEveryPageForEveryRole(t *testing.T) {
	s := demoSite(t)
	pages := map[string]string{}
	visitors := map[authz.Role]*visitor{}
	for _, role := range authz.Roles {
		visitors[role] = s.signedIn(staff(t, role))
		for shape, at := range visitors[role].walk(string(role)) {
			pages[shape] = at
		}
	}
	if len(pages) < 30 {
		t.Errorf("the walk found only %d pages", len(pages))
	}
	anyone := s.visitor()
	for shape, at := range pages {
		for role, v := range visitors {
			if a := v.get(at); a.status >= http.StatusInternalServerError {
				t.Errorf("%s: %s: %d", role, at, a.status)
			}
			if !strings.Contains(shape, "/0") {
				continue
			}
			for _, other := range []string{"987654321", "99999999999999999999", "-1"} {
				path, _, _ := strings.Cut(at, "?")
				if a := v.get(digits.ReplaceAllString(path, other)); a.status >= http.StatusInternalServerError {
					t.Errorf("%s: %s with %s: %d", role, at, other, a.status)
				}
			}
		}
		anyone.turnedAway(at)
	}
}

// turnedAway looks whether someone who has not signed in is asked to.
func (v *visitor) turnedAway(at string) {
	v.Helper()
	a := v.get(at)
	to := a.header.Get("Location")
	open := a.status == http.StatusOK && (strings.HasPrefix(at, "/sign-in") || at == "/offline" || at == "/status.json" || at == "/favicon.ico" || at == "/manifest.webmanifest" || at == "/sw.js")
	if !open && (a.status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in")) {
		v.Errorf("anyone: %s: %d to %q", at, a.status, to)
	}
}

func (a answer) String() string { return fmt.Sprintf("%d %.500s", a.status, a.body) }
