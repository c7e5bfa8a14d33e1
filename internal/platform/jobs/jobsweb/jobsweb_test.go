package jobsweb_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/jobs/jobsweb"
	"kartoteka.dev/internal/platform/web"
)

type args struct{}

var fails = jobs.Define[args]("test.fails", jobs.Options{Title: "jobs.kind.mail-send", MaxAttempts: 1})

// site is a server with a job that failed for good and one that is planned.
type site struct {
	*testing.T

	url             string
	level           authz.Level
	failed, planned int64
}

func open(t *testing.T, d *db.DB) *site {
	t.Helper()
	s := &site{T: t, level: authz.All}
	runner, err := jobs.New(d, jobs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	err = fails.Handle(runner, func(context.Context, jobs.Job[args]) error {
		return errors.New("the <b>printer</b> is out of paper")
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
	ctx := authz.AsSystem(t.Context(), "test")
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if s.failed, err = fails.Enqueue(ctx, runner, tx, args{}, jobs.InsertOptions{}); err != nil {
			return err
		}
		s.planned, err = fails.Enqueue(ctx, runner, tx, args{}, jobs.InsertOptions{At: tx.Now() + clock.Instant(24*time.Hour/time.Microsecond)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	server := web.New(web.Config{
		Routes: jobsweb.New(runner, clock.System).Routes(), Log: slog.New(slog.DiscardHandler), Clock: clock.System,
		Identify: func(*http.Request) (web.Identity, error) {
			who := authz.Actor{Kind: authz.Person, UserID: 1, Name: "Maria", Grants: map[string]authz.Level{jobs.Manage: s.level}}
			return web.Identity{Actor: who, Locale: i18n.Locale{Lang: i18n.English}}, nil
		},
		Help:  func(context.Context) web.Help { return web.Help{} },
		Lock:  func(context.Context) web.Lock { return web.Lock{} },
		SetUp: func(context.Context) bool { return true },
	})
	running := httptest.NewServer(server)
	t.Cleanup(running.Close)
	s.url = running.URL
	return s
}

func (s *site) ask(method, path string, status int) string {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	if resp.StatusCode != status {
		s.Fatalf("%s %s: status %d, want %d\n%s", method, path, resp.StatusCode, status, body)
	}
	return string(body)
}

// until asks for the page until it has the text.
func (s *site) until(path, text string) string {
	s.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if body := s.ask(http.MethodGet, path, http.StatusOK); strings.Contains(body, text) {
			return body
		}
	}
	s.Fatalf("%s never has %q", path, text)
	return ""
}

func TestJobsAreShownAndSteered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		body := s.until(jobsweb.Path+"?state=discarded", "1 failed try")
		if !strings.Contains(body, "the &lt;b&gt;printer&lt;/b&gt; is out of paper") || strings.Contains(body, "<b>printer") {
			t.Errorf("the failure is not told as text:\n%s", body)
		}
		if !strings.Contains(body, "Send a letter") || !strings.Contains(body, "<small>test.fails</small>") {
			t.Errorf("the job is not called by its name:\n%s", body)
		}
		planned := jobsweb.Path + "/" + strconv.FormatInt(s.planned, 10)
		if body := s.ask(http.MethodGet, jobsweb.Path+"?state=scheduled", http.StatusOK); !strings.Contains(body, planned+"/cancel") {
			t.Errorf("the planned job cannot be ended:\n%s", body)
		}
		s.ask(http.MethodPost, planned+"/cancel?state=scheduled", http.StatusOK)
		s.until(jobsweb.Path+"?state=cancelled", planned+"/retry")
		s.ask(http.MethodPost, planned+"/cancel", http.StatusOK) // too late: said on the page
		s.ask(http.MethodPost, jobsweb.Path+"/"+strconv.FormatInt(s.failed, 10)+"/retry", http.StatusOK)
		s.until(jobsweb.Path+"?state=discarded", "2 failed tries")
		s.ask(http.MethodPost, jobsweb.Path+"/queues/quick/pause", http.StatusOK)
		s.until(jobsweb.Path, "/queues/quick/resume")
		s.ask(http.MethodPost, jobsweb.Path+"/queues/quick/resume", http.StatusOK)
		s.until(jobsweb.Path, "/queues/quick/pause")
	})
}

func TestStrangersAreRefused(t *testing.T) {
	s := open(t, dbtest.SQLite(t))
	s.ask(http.MethodGet, jobsweb.Path+"/9/dance", http.StatusNotFound)
	s.ask(http.MethodPost, jobsweb.Path+"/9/dance", http.StatusNotFound)
	s.ask(http.MethodPost, jobsweb.Path+"/9/retry", http.StatusNotFound)
	s.ask(http.MethodPost, jobsweb.Path+"/queues/no-such/pause", http.StatusNotFound)
	s.level = authz.None
	s.ask(http.MethodGet, jobsweb.Path, http.StatusForbidden)
	s.ask(http.MethodPost, jobsweb.Path+"/"+strconv.FormatInt(s.planned, 10)+"/cancel", http.StatusForbidden)
}
