package fieldsweb

import (
	"net/http"
	"slices"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

func (p *Pages) showFields(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "fieldsweb.showFields", "fields.manage"); err != nil {
		return err
	}
	all, err := p.fields.Fields(ctx, recordType)
	if err != nil {
		return err
	}
	pg := page.Page{
		Title: i18n.T(ctx, "fields.list.title"), Subtitle: i18n.T(ctx, "fields.list.text"), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{settingsCrumb(ctx)}, Actions: addButton(fieldsPath+"/new", i18n.T(ctx, "fields.list.add")),
	}
	return web.Page(w, r, pg, fieldList(all))
}

// definitionForm is a field as typed; ID 0 is one to be added.
type definitionForm struct {
	trouble
	asked
	ID      int64
	Version int64
}

func (p *Pages) showNewField(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "fieldsweb.showNewField", "fields.manage"); err != nil {
		return err
	}
	f := definitionForm{}
	f.Type, f.Currency = fields.Text, p.currency(ctx)
	return p.renderField(w, r, f)
}

func (p *Pages) showField(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "fieldsweb.showField", "fields.manage"); err != nil {
		return err
	}
	d, err := p.find(r)
	if err != nil {
		return err
	}
	f := definitionForm{asked: askedOf(d.Question, ""), ID: d.ID, Version: d.Version}
	if f.Currency == "" {
		f.Currency = p.currency(ctx)
	}
	return p.renderField(w, r, f)
}

func (p *Pages) find(r *http.Request) (fields.Definition, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return fields.Definition{}, err
	}
	return p.fields.FindField(r.Context(), id)
}

func (p *Pages) renderField(w http.ResponseWriter, r *http.Request, f definitionForm) error {
	ctx := r.Context()
	title := i18n.T(ctx, "fields.list.new")
	if f.ID != 0 {
		title = f.In(ctx)
	}
	pg := page.Page{
		Title: orWord(title, i18n.T(ctx, "fields.list.new")), Width: page.Narrow, Failed: f.any(),
		Breadcrumbs: []page.Crumb{settingsCrumb(ctx), {Label: i18n.T(ctx, "fields.list.title"), Href: fieldsPath}},
	}
	return web.PageStatus(w, r, f.status(), pg, fieldForm(f))
}

func (p *Pages) createField(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := definitionForm{asked: readAsked(in, "", nil)}
	if in.Text("do") == "type" {
		if _, err := authz.Require(r.Context(), "fieldsweb.createField", "fields.manage"); err != nil {
			return err
		}
		return p.renderField(w, r, f)
	}
	q := f.question(in)
	if err = in.Err("fieldsweb.createField"); err == nil {
		_, err = p.fields.CreateField(r.Context(), fields.NewField{RecordType: recordType, Question: q})
	}
	return p.saved(w, r, f, err)
}

func (p *Pages) changeField(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	d, err := p.find(r)
	if err != nil {
		return err
	}
	f := definitionForm{asked: readAsked(in, "", &d.Question), ID: d.ID, Version: in.ID("version")}
	f.Slug = d.Slug
	if do := in.Text("do"); do != "" && do != "save" {
		if _, err := authz.Require(r.Context(), "fieldsweb.changeField", "fields.manage"); err != nil {
			return err
		}
		f.asked = p.rearranged(r.Context(), []asked{f.asked}, do)[0]
		f.Prefix = ""
		return p.renderField(w, r, f)
	}
	q := f.question(in)
	if err = in.Err("fieldsweb.changeField"); err == nil {
		_, err = p.fields.ChangeField(r.Context(), d.ID, fields.FieldChange{Question: q, Version: f.Version})
	}
	return p.saved(w, r, f, err)
}

// saved leads back to the list, or shows the form again with what it needs.
func (p *Pages) saved(w http.ResponseWriter, r *http.Request, f definitionForm, err error) error {
	ctx := r.Context()
	if err == nil {
		return goOn(w, r, fieldsPath, toast.Toast{Text: i18n.T(ctx, "fields.list.saved", "Name", f.Label)})
	}
	t, ok := troubleOf(ctx, err)
	if !ok {
		return err
	}
	f.trouble = t
	return p.renderField(w, r, f)
}

func (p *Pages) archiveField(w http.ResponseWriter, r *http.Request) error {
	d, err := p.find(r)
	if err != nil {
		return err
	}
	if err := p.fields.ArchiveField(r.Context(), d.ID); err != nil {
		return err
	}
	return goOn(w, r, fieldsPath, toast.Toast{Text: i18n.T(r.Context(), "fields.list.archived", "Name", d.In(r.Context())), UndoURL: fieldPath(d.ID) + "/restore"})
}

func (p *Pages) restoreField(w http.ResponseWriter, r *http.Request) error {
	d, err := p.find(r)
	if err != nil {
		return err
	}
	if err := p.fields.RestoreField(r.Context(), d.ID); err != nil {
		return err
	}
	return goOn(w, r, fieldsPath, toast.Toast{Text: i18n.T(r.Context(), "fields.list.saved", "Name", d.In(r.Context()))})
}

func (p *Pages) raiseField(w http.ResponseWriter, r *http.Request) error {
	return p.moveField(w, r, -1)
}

func (p *Pages) lowerField(w http.ResponseWriter, r *http.Request) error { return p.moveField(w, r, 1) }

// moveField moves a field by a place within its group.
func (p *Pages) moveField(w http.ResponseWriter, r *http.Request, step int) error {
	ctx := r.Context()
	d, err := p.find(r)
	if err != nil {
		return err
	}
	all, err := p.fields.Fields(ctx, recordType)
	if err != nil {
		return err
	}
	groups, _ := grouped(all)
	var ids []int64
	for _, g := range groups {
		moveBy(g.Fields, slices.IndexFunc(g.Fields, func(other fields.Definition) bool { return other.ID == d.ID }), step)
		for _, f := range g.Fields {
			ids = append(ids, f.ID)
		}
	}
	if err := p.fields.ReorderFields(ctx, recordType, ids); err != nil {
		return err
	}
	return web.Redirect(w, r, fieldsPath)
}

// group is the fields under one heading, in order.
type group struct {
	Heading string
	Fields  []fields.Definition
}

// grouped gives the fields in use as records show them, and those archived.
func grouped(all []fields.Definition) (groups []group, archived []fields.Definition) {
	for _, d := range all {
		if d.Archived {
			archived = append(archived, d)
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.Heading == d.Heading })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{Heading: d.Heading})
		}
		groups[i].Fields = append(groups[i].Fields, d)
	}
	return groups, archived
}
