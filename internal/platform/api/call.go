package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web"
)

type callKey struct{}

// call is what is known of a request while it is worked on.
type call struct {
	failure error // why it cannot be done
	status  int   // of the failure, where its kind does not say enough
}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// answer holds an answer back until it is known that it is one: a failure
// takes its place, and an answer to an Idempotency-Key is kept first.
type answer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) send() {
	a.WriteHeader(http.StatusOK)
	a.ResponseWriter.WriteHeader(a.status)
	_, _ = a.ResponseWriter.Write(a.body.Bytes()) // a reader who left needs no answer
}

// meter is a body that knows whether it was cut off.
type meter struct {
	io.ReadCloser
	over bool
}

// Read implements io.Reader.
func (m *meter) Read(b []byte) (int, error) {
	n, err := m.ReadCloser.Read(b)
	if _, cut := errors.AsType[*http.MaxBytesError](err); cut {
		m.over = true
	}
	return n, err
}

// surround is what every operation stands in: who calls, how often, how much,
// whether it was called before; and its failure as an answer.
func (a *API) surround(op Operation) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(hc)
		r, err := a.admit(w, r)
		if err == nil && op.Permission != "" {
			_, err = authz.Require(r.Context(), "api."+op.ID, op.Permission)
		}
		if err != nil {
			a.fail(w, r, err, 0)
			return
		}
		if op.large() {
			allowTime(w)
		}
		c := &call{}
		body := &meter{ReadCloser: http.MaxBytesReader(w, r.Body, op.MaxBody)}
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		r.Body = body
		out := &answer{ResponseWriter: w}
		defer func() {
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll() // the system clears its temporary folder
			}
		}()
		work := func() {
			next(humago.NewContext(hc.Operation(), r, out))
			if c.failure == nil && out.status >= http.StatusBadRequest {
				c.failure = errs.New(errs.Internal, "api."+op.ID, "errors.kind-internal-title")
			}
		}
		if key := r.Header.Get(idempotencyHeader); key != "" && op.once() {
			a.once24h(key, r, out, c, work)
		} else {
			work()
		}
		if body.over {
			c.failure = errs.New(errs.TooLarge, "api."+op.ID, "api.error.too-large", "Limit", sizeText(op.MaxBody))
		}
		if c.failure != nil {
			a.fail(w, r, c.failure, c.status)
			return
		}
		out.send()
	}
}

// allowTime lets a large body take longer than the server allows others. Not
// every connection can; those keep the server's times.
func allowTime(w http.ResponseWriter) {
	until := clock.System.Now().Add(readLargeWithin)
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(until)
	_ = rc.SetWriteDeadline(until.Add(readWithin))
}

func sizeText(bytes int64) string {
	if bytes < 1<<20 {
		return strconv.FormatInt(bytes>>10, 10) + " KB"
	}
	return strconv.FormatInt(bytes>>20, 10) + " MB"
}

// admit finds the program behind a token and puts it into the context in place
// of whoever a cookie may speak of.
func (a *API) admit(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	const op = "api.admit"
	ctx := authz.With(r.Context(), authz.Actor{Kind: authz.Anonymous})
	locale := i18n.Locale{}
	if a.config.Locale != nil {
		locale = a.config.Locale(ctx)
	}
	locale.Lang = i18n.Match(r.Header.Get("Accept-Language"))
	ctx = i18n.With(ctx, locale)
	r = r.WithContext(ctx)

	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || key == "" {
		return r, errs.New(errs.Unauthenticated, op, "api.error.token-missing")
	}
	remote := web.RemoteAddress(ctx)
	if ok, _, err := a.refused.Status(remote); err == nil && !ok {
		return r, errs.New(errs.Limited, op, "api.error.too-many-refused")
	}
	actor, err := a.config.Tokens.AuthenticateToken(ctx, strings.TrimSpace(key))
	if errs.Is(err, errs.Unauthenticated) && a.refused.OnLimit(w, r, remote) {
		return r, errs.New(errs.Limited, op, "api.error.too-many-refused")
	}
	if err != nil {
		return r, err
	}
	if a.rate.OnLimit(w, r, strconv.FormatInt(actor.TokenID, 10)) {
		return r, errs.New(errs.Limited, op, "api.error.too-fast", "Count", a.config.PerMinute)
	}
	return r.WithContext(authz.With(ctx, actor)), nil
}

// serveNothing answers at addresses and with methods that are not there.
func (a *API) serveNothing(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(i18n.With(r.Context(), i18n.Locale{Lang: i18n.Match(r.Header.Get("Accept-Language"))}))
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		a.fail(w, r, errs.New(errs.NotFound, "api", "errors.page-not-found"), 0)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	a.fail(w, r, errs.New(errs.Invalid, "api", "api.error.method", "Allowed", strings.Join(allowed, ", ")), http.StatusMethodNotAllowed)
}
