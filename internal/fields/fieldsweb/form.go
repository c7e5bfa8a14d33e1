package fieldsweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

func (p *Pages) showForms(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "fieldsweb.showForms", "fields.forms"); err != nil {
		return err
	}
	all, err := p.fields.Forms(ctx)
	if err != nil {
		return err
	}
	pg := page.Page{
		Title: i18n.T(ctx, "fields.forms.title"), Subtitle: i18n.T(ctx, "fields.forms.text"), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{settingsCrumb(ctx)}, Actions: addButton(formsPath+"/new", i18n.T(ctx, "fields.forms.add")),
	}
	return web.Page(w, r, pg, formList(all))
}

// designed is a form as typed; ID 0 is one to be added.
type designed struct {
	trouble
	fields.Form
	Asked []asked
	roles []field.Option
}

func (d designed) roleValues() []string {
	values := []string{"-"} // an empty choice is not one that was not made
	for _, r := range d.Roles {
		values = append(values, string(r))
	}
	return values
}

func questionPrefix(i int) string { return "questions." + strconv.Itoa(i) + "." }

func (p *Pages) showNewForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "fieldsweb.showNewForm", "fields.forms"); err != nil {
		return err
	}
	return p.renderForm(w, r, designed{Asked: []asked{p.blank(ctx, 0)}})
}

func (p *Pages) blank(ctx context.Context, i int) asked {
	return asked{Question: fields.Question{Type: fields.Text, Currency: p.currency(ctx)}, Prefix: questionPrefix(i)}
}

func (p *Pages) showForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "fieldsweb.showForm", "fields.forms"); err != nil {
		return err
	}
	f, err := p.findForm(r)
	if err != nil {
		return err
	}
	d := designed{Form: f}
	for i, q := range f.Questions {
		d.Asked = append(d.Asked, askedOf(q, questionPrefix(i)))
	}
	return p.renderForm(w, r, d)
}

func (p *Pages) findForm(r *http.Request) (fields.Form, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return fields.Form{}, err
	}
	return p.fields.FindForm(r.Context(), id)
}

func (p *Pages) renderForm(w http.ResponseWriter, r *http.Request, d designed) error {
	ctx := r.Context()
	d.roles = p.roles(ctx)
	title := i18n.T(ctx, "fields.forms.new")
	if d.ID != 0 {
		title = orWord(d.Name, title)
	}
	pg := page.Page{
		Title: title, Width: page.Narrow, Failed: d.any(),
		Breadcrumbs: []page.Crumb{settingsCrumb(ctx), {Label: i18n.T(ctx, "fields.forms.title"), Href: formsPath}},
	}
	return web.PageStatus(w, r, d.status(), pg, formDesigner(d))
}

func (p *Pages) createForm(w http.ResponseWriter, r *http.Request) error {
	return p.saveForm(w, r, fields.Form{})
}

func (p *Pages) changeForm(w http.ResponseWriter, r *http.Request) error {
	f, err := p.findForm(r)
	if err != nil {
		return err
	}
	return p.saveForm(w, r, f)
}

// saveForm adds or changes a form; the buttons that add, move and drop a
// question only draw it anew.
func (p *Pages) saveForm(w http.ResponseWriter, r *http.Request, present fields.Form) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if _, err := authz.Require(ctx, "fieldsweb.saveForm", "fields.forms"); err != nil {
		return err
	}
	d := readDesigned(in, present)
	if do := in.Text("do"); do != "" && do != "save" {
		d.Asked = p.rearranged(ctx, d.Asked, do)
		return p.renderForm(w, r, d)
	}
	input := fields.FormInput{Name: d.Name, Description: d.Description, Roles: d.Roles, Mandatory: d.Mandatory, Version: d.Version}
	for _, a := range d.Asked {
		input.Questions = append(input.Questions, a.question(in))
	}
	if err = in.Err("fieldsweb.saveForm"); err == nil {
		if present.ID == 0 {
			_, err = p.fields.CreateForm(ctx, input)
		} else {
			_, err = p.fields.ChangeForm(ctx, present.ID, input)
		}
	}
	if err == nil {
		return goOn(w, r, formsPath, toast.Toast{Text: i18n.T(ctx, "fields.list.saved", "Name", d.Name)})
	}
	t, ok := troubleOf(ctx, err)
	if !ok {
		return err
	}
	d.trouble = t
	return p.renderForm(w, r, d)
}

func readDesigned(in *web.Form, present fields.Form) designed {
	d := designed{Form: fields.Form{
		ID: present.ID, Edition: present.Edition, Name: in.Text("name"), Description: in.Lines("description"), Mandatory: in.Flag("mandatory"), Version: in.ID("version"),
	}}
	for _, r := range in.All("role") {
		d.Roles = append(d.Roles, authz.Role(r))
	}
	for i := range fields.MaxQuestions + 1 {
		prefix := questionPrefix(i)
		if !in.Values.Has(prefix + "type") {
			break
		}
		var was *fields.Question
		slug := in.Text(prefix + "slug")
		if at := slices.IndexFunc(present.Questions, func(q fields.Question) bool { return q.Slug == slug }); at >= 0 {
			was = &present.Questions[at]
		}
		d.Asked = append(d.Asked, readAsked(in, prefix, was))
	}
	return d
}

// rearranged adds a question at the end ("add"), moves one ("up:2", "down:2"),
// drops one ("drop:2") or moves an option of one ("option-up:2:0").
func (p *Pages) rearranged(ctx context.Context, all []asked, do string) []asked {
	what, i, option := order(do)
	inside := i >= 0 && i < len(all)
	switch {
	case what == "add" && len(all) < fields.MaxQuestions:
		all = append(all, p.blank(ctx, len(all)))
	case what == "up":
		moveBy(all, i, -1)
	case what == "down":
		moveBy(all, i, 1)
	case what == "drop" && inside:
		all = slices.Delete(all, i, i+1)
	case what == "option-up" && inside:
		moveBy(all[i].Options, option, -1)
	case what == "option-down" && inside:
		moveBy(all[i].Options, option, 1)
	}
	for i := range all {
		all[i].Prefix = questionPrefix(i)
	}
	return all
}

// order reads what a button asks for: "option-up:2:0" is about the first
// option of the third question. What is not said is -1.
func order(do string) (what string, question, option int) {
	parts := append(strings.Split(do, ":"), "", "")
	number := func(s string) int {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
		return -1
	}
	return parts[0], number(parts[1]), number(parts[2])
}

func (p *Pages) archiveForm(w http.ResponseWriter, r *http.Request) error {
	f, err := p.findForm(r)
	if err != nil {
		return err
	}
	if err := p.fields.ArchiveForm(r.Context(), f.ID); err != nil {
		return err
	}
	return goOn(w, r, formsPath, toast.Toast{Text: i18n.T(r.Context(), "fields.list.archived", "Name", f.Name), UndoURL: formPath(f.ID) + "/restore"})
}

func (p *Pages) restoreForm(w http.ResponseWriter, r *http.Request) error {
	f, err := p.findForm(r)
	if err != nil {
		return err
	}
	if err := p.fields.RestoreForm(r.Context(), f.ID); err != nil {
		return err
	}
	return goOn(w, r, formsPath, toast.Toast{Text: i18n.T(r.Context(), "fields.list.saved", "Name", f.Name)})
}
