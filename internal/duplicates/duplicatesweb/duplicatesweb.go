// Package duplicatesweb is the page of customers who may be in the file twice.
package duplicatesweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kartoteka.dev/internal/duplicates"
	"kartoteka.dev/internal/duplicates/matching"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// Path is the page's address.
const Path = "/duplicates"

// Pages answers requests; safe for concurrent use.
type Pages struct {
	duplicates *duplicates.Service
}

// New makes the pages.
func New(s *duplicates.Service) *Pages { return &Pages{s} }

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		web.Get(Path, p.show),
		web.Post(Path+"/look", p.look),
		web.Post(Path+"/{a}/{b}/dismiss", p.dismiss),
		web.Post(Path+"/{a}/{b}/reopen", p.reopen),
	}
}

// list is what the page shows.
type list struct {
	duplicates.Page

	sure  bool
	looks bool // the person may have the file looked through
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := list{sure: r.URL.Query().Get("sure") != ""}
	var err error
	if l.Page, err = p.duplicates.List(ctx, duplicates.Query{Cursor: r.URL.Query().Get("after"), Sure: l.sure}); err != nil {
		return err
	}
	scope, err := authz.Require(ctx, "duplicatesweb.show", "customers.merge")
	l.looks = err == nil && scope.Level == authz.All
	pg := page.Page{Title: i18n.T(ctx, "duplicates.list.title"), Subtitle: i18n.T(ctx, "duplicates.list.text"), Actions: lookButton(l)}
	return web.Page(w, r, pg, listBody(l))
}

func (l list) more() string {
	q := url.Values{"after": {l.Next}}
	if l.sure {
		q.Set("sure", "1")
	}
	return Path + "?" + q.Encode()
}

func (p *Pages) look(w http.ResponseWriter, r *http.Request) error {
	if err := p.duplicates.Look(r.Context()); err != nil {
		return err
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(r.Context(), "duplicates.list.looking")})
	return web.Redirect(w, r, Path)
}

func (p *Pages) dismiss(w http.ResponseWriter, r *http.Request) error {
	a, b, err := both(r)
	if err != nil {
		return err
	}
	if err := p.duplicates.Dismiss(r.Context(), a, b); err != nil {
		return err
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(r.Context(), "duplicates.list.dismissed"), UndoURL: pairPath(a, b) + "/reopen"})
	return web.Redirect(w, r, Path)
}

func (p *Pages) reopen(w http.ResponseWriter, r *http.Request) error {
	a, b, err := both(r)
	if err != nil {
		return err
	}
	if err := p.duplicates.Reopen(r.Context(), a, b); err != nil {
		return err
	}
	if web.IsFragment(r) {
		w.Header().Set("HX-Redirect", Path) // the message is for the page to come
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(r.Context(), "duplicates.list.reopened")})
	return web.Redirect(w, r, Path)
}

func both(r *http.Request) (a, b int64, err error) {
	if a, err = web.PathID(r, "a"); err != nil {
		return 0, 0, err
	}
	b, err = web.PathID(r, "b")
	return a, b, err
}

func pairPath(a, b int64) string { return fmt.Sprintf("%s/%d/%d", Path, a, b) }

func comparePath(a, b int64) string { return fmt.Sprintf("/customers/%d/merge/%d", a, b) }

func customerPath(id int64) string { return fmt.Sprintf("/customers/%d", id) }

// labels are what people call the fields that are compared.
var labels = map[string]string{
	"given-name": "customers.change.name", "family-name": "customers.change.name", "name": "customers.change.name",
	"phone": "customers.value.phone", "email": "customers.value.email", "tax-id": "customers.change.tax-id",
	"other-id": "customers.change.external-id", "birthday": "customers.change.birthday",
	"street-number": "customers.change.street", "street": "customers.change.street", "address-extra": "customers.change.street",
	"city": "customers.change.city", "postcode": "customers.change.postcode", "region": "customers.change.region",
	"country": "customers.change.country",
}

// reasons say in lines why two may be one, and what speaks against it.
func reasons(ctx context.Context, p duplicates.Pair) []string {
	var lines []string
	for _, line := range []struct {
		text   string
		levels []matching.Level
	}{
		{"duplicates.list.agrees", []matching.Level{matching.Equal}},
		{"duplicates.list.alike", []matching.Level{matching.Close, matching.Alike}},
		{"duplicates.list.differs", []matching.Level{matching.Different}},
	} {
		var names []string
		for _, field := range p.Agreeing(line.levels...) {
			if name := i18n.T(ctx, labels[field]); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			lines = append(lines, i18n.T(ctx, line.text, "Fields", strings.Join(names, ", ")))
		}
	}
	return lines
}
