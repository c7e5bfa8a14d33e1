package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// chain is what surrounds every request, outermost first.
func (s *Server) chain(next http.Handler) http.Handler {
	next = s.admit(next)
	next = s.identify(next)
	next = sameOrigin(next)
	next = secure(next)
	next = s.observe(next)
	return s.address(next)
}

type stateKey struct{}

// state is what the middleware knows of a request.
type state struct {
	server   *Server
	id       string
	identity Identity
	remote   string // the client's address, proxies removed
	https    bool   // between the client and the first trusted proxy
	pattern  string
	failure  error
}

func stateOf(ctx context.Context) *state {
	if s, ok := ctx.Value(stateKey{}).(*state); ok {
		return s
	}
	return &state{}
}

// IdentityOf is who makes the request.
func IdentityOf(ctx context.Context) Identity { return stateOf(ctx).identity }

// RemoteAddress is the client's address, seen through trusted proxies.
func RemoteAddress(ctx context.Context) string { return stateOf(ctx).remote }

// IsHTTPS tells whether the client's connection is encrypted, seen through
// trusted proxies.
func IsHTTPS(ctx context.Context) bool { return stateOf(ctx).https }

// observe gives the request its id, and logs and counts it when it is done. A
// panic becomes an Internal failure.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st := stateOf(r.Context())
		st.id = newRequestID()
		ctx := journal.WithRequest(r.Context(), st.id)
		started := s.Clock.Now()
		rec := &recorder{ResponseWriter: w}
		w.Header().Set("X-Request-Id", st.id)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // a sentinel by identity
					panic(p)
				}
				st.failure = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
				if !rec.wrote {
					s.fail(rec, r.WithContext(ctx), st.failure)
				}
			}
			s.report(ctx, r, rec, st, clock.InstantOf(s.Clock.Now())-clock.InstantOf(started))
		}()
		next.ServeHTTP(rec, r.WithContext(ctx))
	})
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func (s *Server) report(ctx context.Context, r *http.Request, rec *recorder, st *state, micros clock.Instant) {
	s.metrics.request(st.pattern, rec.Status(), float64(micros)/1e6)
	log := s.Log.With("request", st.id, "method", r.Method, "path", r.URL.Path, "status", rec.Status(),
		"ms", strconv.FormatFloat(float64(micros)/1000, 'f', 2, 64), "person", st.identity.Actor.UserID, "remote", st.remote)
	switch {
	case st.failure != nil && errs.KindOf(st.failure) == errs.Internal && !errors.Is(st.failure, context.Canceled):
		log.ErrorContext(ctx, "request failed", "error", st.failure.Error())
	case st.failure != nil:
		log.InfoContext(ctx, "request refused", "error", st.failure.Error())
	default:
		log.DebugContext(ctx, "request")
	}
}

// identify finds who makes the request and puts actor and locale into the
// context.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/assets/") {
			next.ServeHTTP(w, r)
			return
		}
		st := stateOf(r.Context())
		st.identity = Identity{
			Actor:  authz.Actor{Kind: authz.Anonymous},
			Locale: i18n.Locale{Lang: i18n.Match(r.Header.Get("Accept-Language"))},
		}
		found, err := s.Identify(r)
		if err == nil {
			st.identity = found
		}
		ctx := i18n.With(authz.With(r.Context(), st.identity.Actor), st.identity.Locale)
		if err != nil {
			s.fail(w, r.WithContext(ctx), err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// unlocked are the paths that answer whatever happens: a page must keep its
// looks and a monitor its answers during maintenance.
func unlocked(path string) bool {
	return strings.HasPrefix(path, "/assets/") || path == "/healthz" || path == "/readyz" || path == "/metrics" ||
		path == "/sw.js" || path == "/manifest.webmanifest" || path == "/offline" || path == "/status.json"
}

// lockCookie holds the pass through the maintenance lock.
const lockCookie = "kartoteka-pass"

// admit holds people back while the company is locked for maintenance, and
// leads to the guided first run while there is no company yet.
func (s *Server) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ctx := r.URL.Path, r.Context()
		if unlocked(path) {
			next.ServeHTTP(w, r)
			return
		}
		if !s.SetUp(ctx) && !strings.HasPrefix(path, s.SetupPath) {
			if isAPI(r) {
				s.fail(w, r, errs.New(errs.Unavailable, "web.admit", "errors.not-set-up"))
				return
			}
			http.Redirect(w, r, s.SetupPath, http.StatusSeeOther)
			return
		}
		if lock := s.Lock(ctx); lock.On {
			if code := r.URL.Query().Get("access-code"); code != "" {
				s.exchange(w, r, lock, code)
				return
			}
			if c, err := r.Cookie(lockCookie); err != nil || !lock.Holds(ctx, c.Value) {
				s.failLocked(w, r, lock, nil)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// exchange takes the access code from the address once and keeps the pass it
// gives in a cookie for the rest of the browser's session.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request, lock Lock, code string) {
	pass, err := lock.Pass(r.Context(), code)
	if err != nil {
		s.failLocked(w, r, lock, err)
		return
	}
	KeepPass(w, r, pass)
	u := *r.URL
	q := u.Query()
	q.Del("access-code")
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.RequestURI(), http.StatusSeeOther)
}

// KeepPass lets this browser through the maintenance lock until it is closed.
func KeepPass(w http.ResponseWriter, r *http.Request, pass string) {
	http.SetCookie(w, &http.Cookie{
		Name: lockCookie, Value: pass, Path: "/",
		HttpOnly: true, Secure: IsHTTPS(r.Context()), SameSite: http.SameSiteLaxMode,
	})
}

// handle turns a route into an http.Handler.
func (s *Server) handle(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st := stateOf(r.Context())
		st.pattern = route.Path
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(route.MaxBody, s.MaxBody))
		}
		if !route.Public && st.identity.Actor.Kind == authz.Anonymous {
			s.fail(w, r, errs.New(errs.Unauthenticated, "web.handle", "errors.kind-unauthenticated-title"))
			return
		}
		if err := route.Handler(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func noSuchPage(http.ResponseWriter, *http.Request) error {
	return errs.New(errs.NotFound, "web", "errors.page-not-found")
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if !r.wrote {
		r.status, r.wrote = http.StatusOK, true
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Status is what was sent: 200 when nothing said otherwise.
func (r *recorder) Status() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}
