package duplicatesweb_test

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

	"github.com/prometheus/client_golang/prometheus"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates"
	"kartoteka.dev/internal/duplicates/duplicatesweb"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web"
)

// site is a server with the page; actor is who looks at it.
type site struct {
	*testing.T
	url    string
	actor  authz.Actor
	client *http.Client
}

func (s *site) do(method, path string) (int, string) {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(url.Values{}.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func open(t *testing.T, d *db.DB) (*site, *customers.Service) {
	t.Helper()
	file := customerstest.Service(t, d)
	merger := merging.New(merging.Deps{DB: d, Customers: file, Company: customerstest.Company{}})
	finder, err := duplicates.New(duplicates.Deps{DB: d, Customers: file, Merging: merger})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]authz.Level{"customers.view": authz.All, merging.Right: authz.All}
	s := &site{T: t, actor: authz.Actor{Kind: authz.Person, UserID: 1, Name: "Maria", Grants: all}}
	server := web.New(web.Config{
		Routes: duplicatesweb.New(finder).Routes(), Log: slog.New(slog.DiscardHandler), Clock: clock.System, Metrics: prometheus.NewRegistry(),
		Identify: func(*http.Request) (web.Identity, error) {
			return web.Identity{Actor: s.actor, Locale: i18n.Locale{Lang: i18n.English, Zone: time.UTC, Currency: "EUR"}}, nil
		},
		Lock:  func(context.Context) web.Lock { return web.Lock{} },
		SetUp: func(context.Context) bool { return true },
		Help:  func(context.Context) web.Help { return web.Help{} },
	})
	running := httptest.NewServer(server)
	t.Cleanup(running.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.url, s.client = running.URL, &http.Client{Jar: jar}
	return s, file
}

func TestThePageListsDismissesAndReopens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, file := open(t, d)
		var ids []int64
		for _, name := range []string{"Petar Dimitrov", "Nino Maisuradze", "Нино Майсурадзе", "Elena Georgieva", "Tomasz Nowak", "Olga Smirnova"} {
			in := customers.NewCustomer{Customer: customers.Customer{Kind: customers.Person, Name: name, Country: "GE"}, SourceName: "Unknown"}
			if strings.Contains("Nino Maisuradze Нино Майсурадзе", name) {
				in.Phones = []string{"+995 555 12 34 56"}
				in.Addresses = []customers.Address{{City: "Kutaisi", Street: "Rustaveli Ave 12"}}
			}
			c, err := file.Create(customerstest.System(), in)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, c.ID)
		}
		if status, body := s.do(http.MethodGet, "/duplicates"); status != http.StatusOK || !strings.Contains(body, "No duplicates") {
			t.Errorf("empty: %d", status)
		}
		status, body := s.do(http.MethodPost, "/duplicates/look")
		compare := fmt.Sprintf("/customers/%d/merge/%d", ids[1], ids[2])
		for _, text := range []string{"Nino Maisuradze", "Нино Майсурадзе", compare, "The same: ", "Phone"} {
			if status != http.StatusOK || !strings.Contains(body, text) {
				t.Errorf("status %d, the page lacks %q", status, text)
			}
		}
		pair := fmt.Sprintf("/duplicates/%d/%d", ids[1], ids[2])
		if _, body := s.do(http.MethodPost, pair+"/dismiss"); strings.Contains(body, compare) || !strings.Contains(body, pair+"/reopen") {
			t.Errorf("dismissed:\n%s", body)
		}
		if _, body := s.do(http.MethodPost, pair+"/reopen"); !strings.Contains(body, compare) {
			t.Errorf("reopened:\n%s", body)
		}
		s.actor.Grants = map[string]authz.Level{"customers.view": authz.All}
		if status, _ := s.do(http.MethodGet, "/duplicates"); status != http.StatusForbidden {
			t.Errorf("without the right: %d", status)
		}
	})
}
