// Package apitest serves operations of the API in tests, within the whole web
// middleware, for programs that hold made-up tokens.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web"
)

// Server is a served API.
type Server struct {
	t      testing.TB
	web    *web.Server
	tokens *tokens
}

// tokens is an api.Authenticator over a map.
type tokens struct {
	mu    sync.Mutex
	known map[string]authz.Actor
}

// AuthenticateToken implements api.Authenticator.
func (k *tokens) AuthenticateToken(_ context.Context, key string) (authz.Actor, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a, ok := k.known[key]; ok {
		return a, nil
	}
	return authz.Actor{}, errs.New(errs.Unauthenticated, "apitest", "errors.kind-unauthenticated-title")
}

// Serve makes an API over d with the operations that register adds. What c
// says of rates is kept.
func Serve(t testing.TB, d *db.DB, c api.Config, register func(*api.API)) *Server {
	t.Helper()
	s := &Server{t: t, tokens: &tokens{known: map[string]authz.Actor{}}}
	c.DB, c.Tokens = d, s.tokens
	a := api.New(c)
	register(a)
	s.web = web.New(web.Config{
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Clock: clock.System,
		Identify: func(r *http.Request) (web.Identity, error) {
			if _, err := r.Cookie("session"); err == nil { // a person with every right
				return web.Identity{Actor: authz.Actor{Kind: authz.System}}, nil
			}
			locale := i18n.Locale{Lang: i18n.Match(r.Header.Get("Accept-Language"))}
			return web.Identity{Actor: authz.Actor{Kind: authz.Anonymous}, Locale: locale}, nil
		},
		Lock:  func(context.Context) web.Lock { return web.Lock{} },
		SetUp: func(context.Context) bool { return true },
	})
	s.web.Mount("/api/", a)
	return s
}

// Token makes a token with which a program acts as this actor.
func (s *Server) Token(key string, a authz.Actor) string {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	a.Kind, a.TokenID = authz.Token, int64(len(s.tokens.known)+1)
	s.tokens.known[key] = a
	return key
}

// Request is one request; an empty Token sends none.
type Request struct {
	Method, Path string
	Token        string
	Body         string
	Header       map[string]string
}

// Answer is what came back.
type Answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   string
}

// Do sends a request.
func (s *Server) Do(r Request) Answer {
	s.t.Helper()
	var body io.Reader
	if r.Body != "" {
		body = strings.NewReader(r.Body)
	}
	req := httptest.NewRequestWithContext(context.Background(), r.Method, r.Path, body)
	if r.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	for name, v := range r.Header {
		req.Header.Set(name, v)
	}
	w := httptest.NewRecorder()
	s.web.ServeHTTP(w, req)
	return Answer{t: s.t, Status: w.Code, Header: w.Result().Header, Body: w.Body.String()}
}

// Want stops the test if the status is another.
func (a Answer) Want(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d instead of %d: %s", a.Status, status, a.Body)
	}
	return a
}

// Refused stops the test unless the answer is a problem with this status which
// names exactly these fields.
func (a Answer) Refused(status int, fields ...string) web.Problem {
	a.t.Helper()
	a.Want(status)
	if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Fatalf("content type %q", ct)
	}
	var p web.Problem
	a.JSON(&p)
	if p.Status != status || p.Title == "" || p.Code == "" || p.Trace == "" || len(p.Fields) != len(fields) {
		a.t.Fatalf("problem %+v, wanted the fields %v", p, fields)
	}
	for _, f := range fields {
		if p.Fields[f] == "" {
			a.t.Fatalf("problem %+v does not name %s", p, f)
		}
	}
	return p
}

// JSON reads the body into v.
func (a Answer) JSON(v any) {
	a.t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(a.Body)))
	if err := d.Decode(v); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
}
