package webhooksapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/api/apitest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/webhooks"
	"kartoteka.dev/internal/webhooks/webhooksapi"
)

// everyone may read everything.
type everyone struct{}

// Admit implements webhooks.Readers.
func (everyone) Admit(context.Context, authz.Role) error { return nil }

// Tell implements webhooks.Readers.
func (everyone) Tell(_ context.Context, _ authz.Role, entries []journal.Record) ([]journal.Record, error) {
	return entries, nil
}

func TestWebhooks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := jobs.Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		runner, err := jobs.New(d, jobs.Config{})
		if err != nil {
			t.Fatal(err)
		}
		service, err := webhooks.New(webhooks.Deps{
			DB: d, Jobs: runner, Readers: everyone{}, AllowPrivate: true,
			Kinds: func(choice string) []string { return strings.Fields(strings.ReplaceAll(choice, "nonsense", "")) },
		})
		if err != nil {
			t.Fatal(err)
		}
		status := http.StatusTeapot
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "short and stout")
		}))
		defer other.Close()
		s := apitest.Serve(t, d, api.Config{}, func(a *api.API) { webhooksapi.Register(a, service) })
		admin := s.Token("kt_admin", authz.Actor{Name: "Admin", Grants: map[string]authz.Level{webhooks.Manage: authz.All}})
		blind := s.Token("kt_blind", authz.Actor{Name: "Nobody"})
		do := func(method, path, body string) apitest.Answer {
			t.Helper()
			return s.Do(apitest.Request{Method: method, Path: "/api/v1/webhooks" + path, Token: admin, Body: body})
		}

		var made webhooksapi.Webhook
		a := do("POST", "", fmt.Sprintf(`{"url":%q,"role":"analyst","events":["dog"],"description":"Shop"}`, other.URL)).Want(http.StatusCreated)
		a.JSON(&made)
		if !strings.HasPrefix(made.Secret, "whsec_") || !made.Enabled || made.Role != "analyst" || a.Header.Get("Location") != fmt.Sprintf("/api/v1/webhooks/%d", made.ID) {
			t.Fatalf("%+v %v", made, a.Header)
		}
		at := fmt.Sprintf("/%d", made.ID)
		do("POST", "", `{"url":"shop.example","role":"analyst","events":["nonsense"]}`).Refused(http.StatusUnprocessableEntity, "url", "events")
		var read webhooksapi.Webhook
		do("GET", at, "").Want(http.StatusOK).JSON(&read)
		if read.Secret != "" || !strings.HasPrefix(made.Secret, read.SecretHint) || read.Description != "Shop" {
			t.Errorf("%+v", read)
		}
		do("PATCH", at, `{"events":[],"enabled":false}`).Want(http.StatusOK).JSON(&read)
		if read.Enabled || read.Why != "asked" || len(read.Events) != 0 || read.Description != "Shop" {
			t.Errorf("%+v", read)
		}
		do("POST", at+"/replay", `{}`).Refused(http.StatusConflict)
		do("PATCH", at, `{"enabled":true}`).Want(http.StatusOK)
		var changed webhooksapi.Webhook
		do("POST", at+"/secret", "").Want(http.StatusOK).JSON(&changed)
		if changed.Secret == made.Secret || changed.OldUntil == "" {
			t.Errorf("%+v", changed)
		}

		var tried webhooksapi.Delivery
		do("POST", at+"/test", "").Want(http.StatusOK).JSON(&tried)
		if tried.State != "failed" || tried.LastAttempt == nil || tried.LastAttempt.Status != status || tried.LastAttempt.Answer != "short and stout" {
			t.Errorf("%+v", tried)
		}
		var log api.List[webhooksapi.Delivery]
		do("GET", at+"/deliveries?state=failed", "").Want(http.StatusOK).JSON(&log)
		if len(log.Items) != 1 || log.Items[0].MessageID != tried.MessageID {
			t.Errorf("%+v", log)
		}
		one := fmt.Sprintf("%s/deliveries/%d", at, tried.ID)
		var full webhooksapi.Delivery
		do("GET", one, "").Want(http.StatusOK).JSON(&full)
		if len(full.Log) != 1 || !strings.Contains(string(full.Body), "webhooks.test") {
			t.Errorf("%+v", full)
		}
		do("POST", one+"/replay", "").Want(http.StatusOK).JSON(&full)
		if full.State != "waiting" {
			t.Errorf("%+v", full)
		}
		var n webhooksapi.Replayed
		do("POST", at+"/replay", `{"since":"2026-01-01T00:00:00Z"}`).Want(http.StatusOK).JSON(&n)
		if n.Deliveries != 0 {
			t.Errorf("%+v", n)
		}
		for _, c := range [][2]string{
			{"GET", ""},
			{"POST", ""},
			{"GET", at},
			{"PATCH", at},
			{"DELETE", at},
			{"POST", at + "/secret"},
			{"POST", at + "/test"},
			{"GET", at + "/deliveries"},
			{"GET", one},
			{"POST", one + "/replay"},
			{"POST", at + "/replay"},
		} {
			body := ""
			if c[0] == "PATCH" || strings.HasSuffix(c[1], "/replay") && c[1] != one+"/replay" {
				body = `{}`
			}
			if c[0] == "POST" && c[1] == "" {
				body = `{"url":"https://shop.example","role":"analyst"}`
			}
			s.Do(apitest.Request{Method: c[0], Path: "/api/v1/webhooks" + c[1], Token: blind, Body: body}).Refused(http.StatusForbidden)
		}
		do("DELETE", at, "").Want(http.StatusNoContent)
		do("GET", at, "").Refused(http.StatusNotFound)
	})
}
