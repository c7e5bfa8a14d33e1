// Package customersweb is the pages of the customer file: the list with its
// views and filters, the search, the form for a new customer, the settings of
// sources and tags, and the dossier.
package customersweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/views"
)

// Deps are what the pages need.
type Deps struct {
	Customers *customers.Service
	Words     *vocabulary.Service
	Merging   *merging.Service // nil: customers are not merged
	Team      *team.Service
	Fields    *fields.Service
	Views     *views.Service
	Clock     clock.Clock
	Panels    []Panel // of other modules, in the order the dossier shows them
}

// Pages answers requests; safe for concurrent use.
type Pages struct {
	customers *customers.Service
	words     *vocabulary.Service
	merging   *merging.Service
	team      *team.Service
	fields    *fields.Service
	views     *views.Service
	clock     clock.Clock
	panels    []Panel
}

// New makes the pages.
func New(d Deps) *Pages {
	return &Pages{customers: d.Customers, words: d.Words, merging: d.Merging, team: d.Team, fields: d.Fields, views: d.Views, clock: d.Clock, panels: d.Panels}
}

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return slices.Concat(p.listRoutes(), p.dossierRoutes(), p.wordRoutes(vocabulary.Tags), p.wordRoutes(vocabulary.Sources))
}

// trouble is why a form comes back: what each field needs, and what concerns
// the form as a whole.
type trouble struct {
	fields map[string]string
	whole  string
}

// troubleOf tells an error that the person can mend in the form; anything else
// is not for the form, and ok is false.
func troubleOf(ctx context.Context, err error) (t trouble, ok bool) {
	switch errs.KindOf(err) {
	case errs.Invalid:
		t.fields = web.FieldTexts(ctx, err)
		if len(t.fields) == 0 {
			t.whole = web.ProblemOf(ctx, err).Detail
		}
		return t, true
	case errs.Conflict, errs.Limited:
		return trouble{whole: web.ProblemOf(ctx, err).Detail}, true
	}
	return trouble{}, false
}

func (t trouble) any() bool { return t.whole != "" || len(t.fields) > 0 }

func (t trouble) of(name string) string { return t.fields[name] }

func (t trouble) status() int {
	if t.any() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// summary names what is wrong in the order of the form's fields, and after
// them whatever has no field of its own.
func (t trouble) summary(order ...string) []field.Problem {
	var all []field.Problem
	if t.whole != "" {
		all = append(all, field.Problem{Text: t.whole})
	}
	told := map[string]bool{}
	for _, name := range order {
		if text := t.fields[name]; text != "" {
			all = append(all, field.Problem{Name: name, Text: text})
		}
		told[name] = true
	}
	for name, text := range t.fields {
		if !told[name] {
			all = append(all, field.Problem{Text: text})
		}
	}
	return all
}

// goOn leads to another page and says there what has been done.
func goOn(w http.ResponseWriter, r *http.Request, to string, t toast.Toast) error {
	if web.IsFragment(r) {
		w.Header().Set("HX-Redirect", to) // the message is for the page to come
	}
	web.Toast(w, r, t)
	return web.Redirect(w, r, to)
}

func idText(n int64) string { return strconv.FormatInt(n, 10) }

// customerPath is the address of a dossier.
func customerPath(id int64) string { return "/customers/" + idText(id) }
