package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// IsFragment tells that a script asks for a part of a page, not for a
// document.
func IsFragment(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// Render answers with a component, whole or not at all: a view that fails half
// way leaves the answer to the error page.
func Render(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	return RenderStatus(w, r, http.StatusOK, c)
}

// RenderStatus is Render with another status, such as 422 for a form that
// comes back with its errors.
func RenderStatus(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer buffers.Put(buf)
	if err := c.Render(r.Context(), buf); err != nil {
		return errs.Wrap("web.Render", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	send(w, r, status, buf.Bytes())
	return nil
}

// Page answers with a document of a person at work: the shell with body as its
// content.
func Page(w http.ResponseWriter, r *http.Request, p page.Page, body templ.Component) error {
	return PageStatus(w, r, http.StatusOK, p, body)
}

// PageStatus is Page with another status.
func PageStatus(w http.ResponseWriter, r *http.Request, status int, p page.Page, body templ.Component) error {
	furnish(w, r, &p)
	return RenderStatus(w, r, status, within(page.Shell(p), body))
}

// Bare answers with a document without shell: sign-in, setup, errors. foot are
// the links below the card.
func Bare(w http.ResponseWriter, r *http.Request, status int, p page.Page, foot []page.Link, body templ.Component) error {
	furnish(w, r, &p)
	return RenderStatus(w, r, status, within(page.Bare(p, foot), body))
}

// within draws inner as the children of outer.
func within(outer, inner templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, inner), w)
	})
}

// furnish fills in what every page has: language, looks, menu, and the message
// left by the request before.
func furnish(w http.ResponseWriter, r *http.Request, p *page.Page) {
	ctx := r.Context()
	st := stateOf(ctx)
	p.Lang = string(i18n.From(ctx).Lang)
	p.Theme, p.Density = st.identity.Theme, st.identity.Density
	if st.server != nil && st.server.Furnish != nil {
		st.server.Furnish(ctx, r, p)
	}
	p.Flash = append(p.Flash, takeFlash(w, r)...)
}

// Redirect leads the browser on after a change, also from within a fragment. It
// means that the change is done: drafts of what was sent are given up.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	acknowledge(w, r)
	lead(w, r, to)
	return nil
}

func lead(w http.ResponseWriter, r *http.Request, to string) {
	if IsFragment(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// Toast shows a message: at once when the answer goes to a script, on the next
// page after a redirect. Call it before the answer is written.
func Toast(w http.ResponseWriter, r *http.Request, t toast.Toast) {
	if IsFragment(r) && w.Header().Get("HX-Redirect") == "" {
		w.Header().Set("HX-Trigger", toast.Header(t))
		return
	}
	leaveFlash(w, r, t)
}

// LocalPath tells whether a way back handed in from outside leads to a page of
// ours, and nowhere else.
func LocalPath(to string) bool {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return false
	}
	u, err := url.Parse(to)
	return err == nil && u.Host == "" && u.Scheme == ""
}
