package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
)

// looks is how each kind of failure is answered.
var looks = map[errs.Kind]struct {
	status            int
	icon, title, help string
}{
	errs.Internal:        {http.StatusInternalServerError, "wrench", "errors.kind-internal-title", "errors.kind-internal-help"},
	errs.Invalid:         {http.StatusUnprocessableEntity, "circle-alert", "errors.kind-invalid-title", "errors.kind-invalid-help"},
	errs.Unauthenticated: {http.StatusUnauthorized, "log-in", "errors.kind-unauthenticated-title", "errors.kind-unauthenticated-help"},
	errs.Forbidden:       {http.StatusForbidden, "lock", "errors.kind-forbidden-title", "errors.kind-forbidden-help"},
	errs.NotFound:        {http.StatusNotFound, "search-x", "errors.kind-not-found-title", "errors.kind-not-found-help"},
	errs.Conflict:        {http.StatusConflict, "users", "errors.kind-conflict-title", "errors.kind-conflict-help"},
	errs.TooLarge:        {http.StatusRequestEntityTooLarge, "circle-alert", "errors.kind-too-large-title", "errors.kind-too-large-help"},
	errs.Limited:         {http.StatusTooManyRequests, "clock", "errors.kind-limited-title", "errors.kind-limited-help"},
	errs.Unavailable:     {http.StatusServiceUnavailable, "clock", "errors.kind-unavailable-title", "errors.kind-unavailable-help"},
}

// Problem is a failure as programs read it: RFC 9457 with our code, and the
// fields that need something.
type Problem struct {
	Type   string            `json:"type"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail,omitempty"`
	Code   string            `json:"code"`
	Fields map[string]string `json:"fields,omitempty"`
	Trace  string            `json:"requestId,omitempty"`
}

// ProblemOf tells an error in the language of the context. Causes are for the
// log: nothing of them is told.
func ProblemOf(ctx context.Context, err error) Problem {
	kind := errs.KindOf(err)
	l := looks[kind]
	p := Problem{
		Type: "about:blank", Title: i18n.T(ctx, l.title), Status: l.status,
		Detail: i18n.T(ctx, l.help), Code: kind.String(), Trace: stateOf(ctx).id,
	}
	if t, ok := errs.TextOf(err); ok && kind != errs.Internal {
		p.Detail = Tell(ctx, t)
	}
	for _, f := range errs.FieldsOf(err) {
		if p.Fields == nil {
			p.Fields = map[string]string{}
		}
		p.Fields[f.Name] = Tell(ctx, f.Text)
	}
	return p
}

// Tell writes an error's text in the language of the context.
func Tell(ctx context.Context, t errs.Text) string { return i18n.T(ctx, t.ID, t.Args...) }

// FieldTexts gives what each field of a form needs, for its redisplay.
func FieldTexts(ctx context.Context, err error) map[string]string {
	return ProblemOf(ctx, err).Fields
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// Fail answers with an error; middleware of mounted handlers uses it.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	if s := stateOf(r.Context()).server; s != nil {
		s.fail(w, r, err)
	}
}

// fail is the one place where an error becomes an answer.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	stateOf(ctx).failure = err
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return // nobody waits for the answer
	}
	kind := errs.KindOf(err)
	if kind == errs.Limited || kind == errs.Unavailable {
		w.Header().Set("Retry-After", "10")
	}
	switch {
	case isAPI(r) || strings.Contains(r.Header.Get("Accept"), "application/json"):
		s.failJSON(w, r, err)
	case kind == errs.Unauthenticated && s.SignInPath != "":
		s.sendToSignIn(w, r)
	case IsFragment(r):
		s.failFragment(w, r, err)
	default:
		s.failPage(w, r, err)
	}
}

func (s *Server) failJSON(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(r.Context(), err)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="kartoteka"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a reader who left needs no answer
}

// sendToSignIn remembers where the person wanted to go.
func (s *Server) sendToSignIn(w http.ResponseWriter, r *http.Request) {
	to := s.SignInPath
	back := r.URL.RequestURI()
	if IsFragment(r) {
		if u, err := url.Parse(r.Header.Get("HX-Current-URL")); err == nil {
			back = u.RequestURI()
		}
	} else if r.Method != http.MethodGet {
		if u, err := url.Parse(r.Referer()); err == nil {
			back = u.RequestURI()
		}
	}
	if LocalPath(back) && back != "/" {
		to += "?next=" + url.QueryEscape(back)
	}
	lead(w, r, to)
}

// failFragment tells the failure in a toast and leaves the page, with all that
// is typed in it, as it is.
func (s *Server) failFragment(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(r.Context(), err)
	text := p.Title + ". " + p.Detail
	for _, f := range errs.FieldsOf(err) {
		text = Tell(r.Context(), f.Text)
		break
	}
	w.Header().Set("HX-Trigger", toast.Header(toast.Toast{Text: text, Bad: true}))
	w.Header().Set("HX-Reswap", "none")
	w.WriteHeader(p.Status)
}

func (s *Server) failPage(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	p := ProblemOf(ctx, err)
	help := s.help(ctx)
	trouble := page.Trouble{
		Icon: looks[errs.KindOf(err)].icon, Title: p.Title, Text: p.Detail,
		Help: help.Text, HelpHref: help.Link,
		Details: s.diagnostics(r, err), Actions: failureActions(errs.KindOf(err)),
	}
	s.answerFailure(w, r, p.Status, trouble)
}

// failLocked tells of the maintenance lock and takes the access code; refused
// is why the last one was not taken.
func (s *Server) failLocked(w http.ResponseWriter, r *http.Request, lock Lock, refused error) {
	err := errs.New(errs.Unavailable, "web.admit", "errors.locked")
	if isAPI(r) || IsFragment(r) {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Retry-After", "60")
	ctx := r.Context()
	help := s.help(ctx)
	text, problem := lock.Message, ""
	if text == "" {
		text = i18n.T(ctx, "errors.locked")
	}
	if refused != nil {
		told := ProblemOf(ctx, refused)
		problem = told.Detail
		if p := told.Fields["code"]; p != "" {
			problem = p
		}
	}
	s.answerFailure(w, r, http.StatusServiceUnavailable, page.Trouble{
		Icon: "wrench", Title: i18n.T(ctx, "errors.kind-unavailable-title"), Text: text,
		Help: help.Text, HelpHref: help.Link, Actions: lockForm(problem),
	})
}

func (s *Server) answerFailure(w http.ResponseWriter, r *http.Request, status int, t page.Trouble) {
	p := page.Page{Title: t.Title, Failed: true}
	if err := Bare(w, r, status, p, nil, page.Failure(t)); err != nil {
		s.Log.ErrorContext(r.Context(), "the error page failed", "error", err.Error())
		http.Error(w, t.Title+"\n\n"+t.Text, status)
	}
}

func (s *Server) help(ctx context.Context) Help {
	if s.Help == nil {
		return Help{}
	}
	return s.Help(ctx)
}

// diagnostics is what a person copies for whoever mends it: enough to find the
// log line, nothing secret.
func (s *Server) diagnostics(r *http.Request, err error) string {
	st := stateOf(r.Context())
	op := "-"
	if e, ok := errors.AsType[*errs.Error](err); ok {
		op = e.Op
	}
	return fmt.Sprintf("request  %s\ntime     %s\nversion  %s\npage     %s %s\ncode     %s\nduring   %s\nperson   %d\nbrowser  %s",
		st.id, clock.InstantOf(s.Clock.Now()).Time().Format(time.RFC3339), s.Version,
		r.Method, r.URL.Path, errs.KindOf(err), op, st.identity.Actor.UserID, r.UserAgent())
}
