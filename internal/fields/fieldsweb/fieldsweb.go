// Package fieldsweb is the settings pages of custom fields and of forms: what
// the company asks of its customers beyond what every card has.
package fieldsweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// Deps are what the pages need.
type Deps struct {
	Fields *fields.Service
	// Currency is the company's, which amounts are in where nothing else is
	// said.
	Currency func(ctx context.Context) string
	// Roles are the roles a form can be meant for, by name.
	Roles func(ctx context.Context) []field.Option
}

// Pages answers requests; safe for concurrent use.
type Pages struct {
	fields   *fields.Service
	currency func(ctx context.Context) string
	roles    func(ctx context.Context) []field.Option
}

// New makes the pages.
func New(d Deps) *Pages { return &Pages{fields: d.Fields, currency: d.Currency, roles: d.Roles} }

const (
	fieldsPath = "/settings/fields"
	formsPath  = "/settings/forms"
	recordType = "customer"
)

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		web.Get(fieldsPath, p.showFields),
		web.Get(fieldsPath+"/new", p.showNewField),
		web.Post(fieldsPath+"/new", p.createField),
		web.Get(fieldsPath+"/{id}", p.showField),
		web.Post(fieldsPath+"/{id}", p.changeField),
		web.Post(fieldsPath+"/{id}/archive", p.archiveField),
		web.Post(fieldsPath+"/{id}/restore", p.restoreField),
		web.Post(fieldsPath+"/{id}/up", p.raiseField),
		web.Post(fieldsPath+"/{id}/down", p.lowerField),
		web.Get(formsPath, p.showForms),
		web.Get(formsPath+"/new", p.showNewForm),
		web.Post(formsPath+"/new", p.createForm),
		web.Get(formsPath+"/{id}", p.showForm),
		web.Post(formsPath+"/{id}", p.changeForm),
		web.Post(formsPath+"/{id}/archive", p.archiveForm),
		web.Post(formsPath+"/{id}/restore", p.restoreForm),
	}
}

// trouble is why a form comes back.
type trouble struct {
	fields map[string]string
	whole  string
}

func troubleOf(ctx context.Context, err error) (t trouble, ok bool) {
	switch errs.KindOf(err) {
	case errs.Invalid:
		t.fields = web.FieldTexts(ctx, err)
		if len(t.fields) == 0 {
			t.whole = web.ProblemOf(ctx, err).Detail
		}
		return t, true
	case errs.Conflict:
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

// summary lists all that is wrong.
func (t trouble) summary() []field.Problem {
	var all []field.Problem
	if t.whole != "" {
		all = append(all, field.Problem{Text: t.whole})
	}
	names := make([]string, 0, len(t.fields))
	for name := range t.fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		all = append(all, field.Problem{Name: name, Text: t.fields[name]})
	}
	return all
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

func fieldPath(id int64) string { return fieldsPath + "/" + idText(id) }

func formPath(id int64) string { return formsPath + "/" + idText(id) }

func settingsCrumb(ctx context.Context) page.Crumb {
	return page.Crumb{Label: i18n.T(ctx, "common.settings"), Href: "/settings"}
}

// goOn leads to another page and says there what has been done.
func goOn(w http.ResponseWriter, r *http.Request, to string, t toast.Toast) error {
	if web.IsFragment(r) {
		w.Header().Set("HX-Redirect", to) // the message is for the page to come
	}
	web.Toast(w, r, t)
	return web.Redirect(w, r, to)
}
