package customersweb

import (
	"net/http"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/card"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// formPage is a form to fill in for a customer; Answers are what came back.
type formPage struct {
	customer customers.Customer
	form     fields.Form
	answers  map[string]any
	trouble
}

func (p *Pages) formFor(r *http.Request) (fp formPage, err error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return fp, err
	}
	form, err := web.PathID(r, "form")
	if err != nil {
		return fp, err
	}
	if fp.customer, err = p.customers.Find(r.Context(), id); err != nil {
		return fp, err
	}
	fp.form, err = p.fields.FindForm(r.Context(), form)
	return fp, err
}

func (p *Pages) showForm(w http.ResponseWriter, r *http.Request) error {
	fp, err := p.formFor(r)
	if err != nil {
		return err
	}
	fp.answers = map[string]any{}
	for _, q := range fp.form.Questions {
		fp.answers[q.Slug] = q.Default
	}
	return renderForm(w, r, fp)
}

func renderForm(w http.ResponseWriter, r *http.Request, fp formPage) error {
	pg := page.Page{
		Title: fp.form.Name, Subtitle: fp.form.Description, Width: page.Narrow, Failed: fp.any(),
		Breadcrumbs: []page.Crumb{{Label: fp.customer.Name, Href: customerPath(fp.customer.ID)}},
	}
	return web.PageStatus(w, r, fp.status(), pg, formBody(fp))
}

// fillForm files the answers with the customer.
func (p *Pages) fillForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	fp, err := p.formFor(r)
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	fp.answers = map[string]any{}
	fp.fields = map[string]string{}
	for _, q := range fp.form.Questions {
		text := strings.Join(in.Values[q.Slug], "\n")
		fp.answers[q.Slug] = in.Values[q.Slug]
		if value, err := fields.ParseText(q, text, typed); err == nil {
			fp.answers[q.Slug] = value
		} else {
			for _, problem := range web.FieldTexts(ctx, err) {
				fp.fields[q.Slug] = problem
			}
		}
	}
	if !fp.any() {
		_, err = p.fields.Fill(ctx, fields.NewFilled{
			FormID: fp.form.ID, Edition: fp.form.Edition, RecordType: customers.RecordType, RecordID: fp.customer.ID, Answers: fp.answers,
		})
		var told bool
		if err != nil {
			if fp.trouble, told = troubleOf(ctx, err); !told {
				return err
			}
			fp.trouble = fp.within("answers")
		}
	}
	if fp.any() {
		return renderForm(w, r, fp)
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(ctx, "customers.dossier-done.filed")})
	return web.Redirect(w, r, customerPath(fp.customer.ID))
}

// showFilled shows a form as it was filled in.
func (p *Pages) showFilled(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	filled, err := web.PathID(r, "filled")
	if err != nil {
		return err
	}
	c, err := p.customers.Find(ctx, id)
	if err != nil {
		return err
	}
	f, err := p.fields.FindFilled(ctx, filled)
	if err != nil {
		return err
	}
	if f.RecordType != customers.RecordType || f.RecordID != id {
		return errs.New(errs.NotFound, "customersweb.showFilled", "errors.page-not-found")
	}
	facts := make([]card.Fact, len(f.Questions))
	for i, q := range f.Questions {
		facts[i] = card.Fact{Label: q.In(ctx), Text: fields.Display(ctx, q, f.Answers[q.Slug])}
	}
	pg := page.Page{
		Title: f.FormName, Subtitle: f.ByName + " · " + i18n.DateTime(ctx, f.At), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{{Label: c.Name, Href: customerPath(id)}},
	}
	return web.Page(w, r, pg, filledBody(facts))
}
