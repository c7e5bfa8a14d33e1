// Package mergeweb is the pages on which two customers are compared, made one
// and parted again.
package mergeweb

import (
	"net/http"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// Deps are what the pages need.
type Deps struct {
	Customers *customers.Service
	Merging   *merging.Service
	Company   customers.Company // for the prefix of numbers
	Fields    *fields.Service
}

// Pages answers requests; safe for concurrent use.
type Pages struct {
	Deps
}

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		web.Get("/customers/{id}/merge", p.showChoice),
		web.Get("/customers/{id}/merge/{other}", p.showComparison),
		web.Post("/customers/{id}/merge/{other}", p.merge),
		web.Post("/merges/{id}/undo", p.undo),
	}
}

func idText(n int64) string { return strconv.FormatInt(n, 10) }

func customerPath(id int64) string { return "/customers/" + idText(id) }

func comparePath(a, b int64) string { return customerPath(a) + "/merge/" + idText(b) }

// choice is the page on which the other customer is chosen.
type choice struct {
	card    customers.Card
	alike   []customers.Hit
	typed   string
	problem string
}

func (p *Pages) showChoice(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "mergeweb.showChoice", merging.Right); err != nil {
		return err
	}
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	c := choice{typed: strings.TrimSpace(r.URL.Query().Get("with"))}
	if c.card, err = p.Customers.FindCard(ctx, id); err != nil {
		return err
	}
	if into := c.card.MergedIntoID; into != 0 {
		return web.Redirect(w, r, customerPath(into))
	}
	if c.typed != "" {
		other, err := p.Customers.FindByNumber(ctx, c.typed)
		switch {
		case errs.Is(err, errs.NotFound):
			c.problem = i18n.T(ctx, "customers.error.not-found")
		case err != nil:
			return err
		case other.ID == id:
			c.problem = i18n.T(ctx, "customers.merge.error-same")
		default:
			return web.Redirect(w, r, comparePath(id, other.ID))
		}
	}
	if c.alike, err = p.Customers.Alike(ctx, c.card); err != nil {
		return err
	}
	status := http.StatusOK
	if c.problem != "" {
		status = http.StatusUnprocessableEntity
	}
	pg := page.Page{
		Title: i18n.T(ctx, "customers.merge.choose-title"), Subtitle: i18n.T(ctx, "customers.merge.text"), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{{Label: c.card.Name, Href: customerPath(id)}}, Failed: c.problem != "",
	}
	return web.PageStatus(w, r, status, pg, choiceBody(c))
}

// undo parts two customers and leads to the one that stayed.
func (p *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	parted, err := p.Merging.Unmerge(ctx, id)
	if err != nil {
		return err
	}
	told := toast.Toast{Text: i18n.T(ctx, "customers.merge.undone")}
	if names := p.fieldNames(ctx, parted.Kept); names != "" {
		told.Text = i18n.T(ctx, "customers.merge.undone-kept", "Fields", names)
	}
	return goOn(w, r, customerPath(parted.IntoID), told)
}

// goOn leads to another page and says there what has been done.
func goOn(w http.ResponseWriter, r *http.Request, to string, t toast.Toast) error {
	if web.IsFragment(r) {
		w.Header().Set("HX-Redirect", to) // the message is for the page to come
	}
	web.Toast(w, r, t)
	return web.Redirect(w, r, to)
}
