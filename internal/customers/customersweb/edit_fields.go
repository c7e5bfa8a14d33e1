package customersweb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

// editable is one plain field of a customer that is edited where it stands.
type editable struct {
	name, label string // label is a locale id
	right       string
	kind        field.Kind
	only        customers.Kind // "" for both
	choices     string         // list the input asks for, see showChoices
	value       func(d dossierPage) string
	show        func(ctx context.Context, d dossierPage) string // instead of value
	options     func(ctx context.Context, d dossierPage) []field.Option
	put         func(in *web.Form, name string, p *customers.Patch)
}

// editables in the order of the card.
var editables = []editable{
	{name: "name", label: "customers.change.name", value: func(d dossierPage) string { return d.Card.Name }, put: putText(func(p *customers.Patch) **string { return &p.Name })},
	{name: "legal_name", label: "customers.change.legal-name", only: customers.Organisation, value: func(d dossierPage) string { return d.Card.LegalName }, put: putText(func(p *customers.Patch) **string { return &p.LegalName })},
	{name: "owner_id", label: "customers.change.owner", kind: field.Select, value: func(d dossierPage) string { return idOrNone(d.Card.OwnerID) }, show: func(_ context.Context, d dossierPage) string { return d.Owner }, options: ownerOptions, put: putRecord(func(p *customers.Patch) **int64 { return &p.OwnerID })},
	{name: "team_id", label: "customers.change.team", kind: field.Select, value: func(d dossierPage) string { return idOrNone(d.Card.TeamID) }, show: func(_ context.Context, d dossierPage) string { return d.Team }, options: func(_ context.Context, d dossierPage) []field.Option { return d.dir.teamOptions() }, put: putRecord(func(p *customers.Patch) **int64 { return &p.TeamID })},
	{name: "preferred_channel", label: "customers.change.preferred-channel", kind: field.Select, value: func(d dossierPage) string { return string(d.Card.PreferredChannel) }, show: func(ctx context.Context, d dossierPage) string { return channelName(ctx, d.Card.PreferredChannel) }, options: channelOptions, put: func(in *web.Form, name string, p *customers.Patch) {
		p.PreferredChannel = new(customers.Channel(in.Text(name)))
	}},
	{name: "do_not_contact_before", label: "customers.change.do-not-contact-before", kind: field.Date, value: func(d dossierPage) string { return d.Card.DoNotContactBefore.String() }, show: func(ctx context.Context, d dossierPage) string { return dayText(ctx, d.Card.DoNotContactBefore) }, put: putDay(func(p *customers.Patch) **clock.Day { return &p.DoNotContactBefore })},
	{name: "address_form", label: "customers.change.address-form", value: func(d dossierPage) string { return d.Card.AddressForm }, put: putText(func(p *customers.Patch) **string { return &p.AddressForm })},
	{name: "birthday", label: "customers.change.birthday", right: "customers.birthday", kind: field.Date, only: customers.Person, value: func(d dossierPage) string { return d.Card.Birthday.String() }, show: func(ctx context.Context, d dossierPage) string { return dayText(ctx, d.Card.Birthday) }, put: putDay(func(p *customers.Patch) **clock.Day { return &p.Birthday })},
	{name: "language", label: "customers.change.language", kind: field.Combobox, choices: "languages", value: func(d dossierPage) string { return d.Card.Language }, show: func(ctx context.Context, d dossierPage) string { return languageName(ctx, d.Card.Language) }, put: putText(func(p *customers.Patch) **string { return &p.Language })},
	{name: "country", label: "customers.change.country", kind: field.Combobox, choices: "countries", value: func(d dossierPage) string { return d.Card.Country }, show: func(ctx context.Context, d dossierPage) string { return countryName(ctx, d.Card.Country) }, put: putText(func(p *customers.Patch) **string { return &p.Country })},
	{name: "time_zone", label: "customers.change.time-zone", kind: field.Combobox, choices: "zones", value: func(d dossierPage) string { return d.Card.TimeZone }, show: func(_ context.Context, d dossierPage) string { return zoneName(d.Card.TimeZone) }, put: putText(func(p *customers.Patch) **string { return &p.TimeZone })},
	{name: "website", label: "customers.change.website", kind: field.URL, value: func(d dossierPage) string { return d.Card.Website }, put: putText(func(p *customers.Patch) **string { return &p.Website })},
	{name: "tax_id", label: "customers.change.tax-id", right: "customers.tax_id", value: func(d dossierPage) string { return d.Card.TaxID }, put: putText(func(p *customers.Patch) **string { return &p.TaxID })},
	{name: "vat_id", label: "customers.change.vat-id", right: "customers.tax_id", value: func(d dossierPage) string { return d.Card.VATID }, put: putText(func(p *customers.Patch) **string { return &p.VATID })},
	{name: "source_id", label: "customers.change.source", kind: field.Combobox, choices: "sources", value: func(d dossierPage) string { return idOrNone(d.Card.SourceID) }, show: func(_ context.Context, d dossierPage) string { return d.Source }, put: putRecord(func(p *customers.Patch) **int64 { return &p.SourceID })},
	{name: "source_note", label: "customers.change.source-note", value: func(d dossierPage) string { return d.Card.SourceNote }, put: putText(func(p *customers.Patch) **string { return &p.SourceNote })},
	{name: "parent_id", label: "customers.change.parent", kind: field.Combobox, choices: "customers", value: func(d dossierPage) string { return idOrNone(d.Card.ParentID) }, show: func(_ context.Context, d dossierPage) string { return relationName(d.Parent) }, put: putRecord(func(p *customers.Patch) **int64 { return &p.ParentID })},
	{name: "recommended_by_id", label: "customers.change.recommended-by", kind: field.Combobox, choices: "customers", value: func(d dossierPage) string { return idOrNone(d.Card.RecommendedByID) }, show: func(_ context.Context, d dossierPage) string { return relationName(d.RecommendedBy) }, put: putRecord(func(p *customers.Patch) **int64 { return &p.RecommendedByID })},
	{name: "terms", label: "customers.change.terms", right: "customers.terms", kind: field.Textarea, value: func(d dossierPage) string { return d.Card.Terms }, put: putLines(func(p *customers.Patch) **string { return &p.Terms })},
	{name: "competitors", label: "customers.change.competitors", right: "customers.competitors", kind: field.Textarea, value: func(d dossierPage) string { return d.Card.Competitors }, put: putLines(func(p *customers.Patch) **string { return &p.Competitors })},
}

func putText(at func(*customers.Patch) **string) func(*web.Form, string, *customers.Patch) {
	return func(in *web.Form, name string, p *customers.Patch) { *at(p) = new(in.Text(name)) }
}

func putLines(at func(*customers.Patch) **string) func(*web.Form, string, *customers.Patch) {
	return func(in *web.Form, name string, p *customers.Patch) { *at(p) = new(in.Lines(name)) }
}

func putRecord(at func(*customers.Patch) **int64) func(*web.Form, string, *customers.Patch) {
	return func(in *web.Form, name string, p *customers.Patch) { *at(p) = new(in.ID(name)) }
}

func putDay(at func(*customers.Patch) **clock.Day) func(*web.Form, string, *customers.Patch) {
	return func(in *web.Form, name string, p *customers.Patch) { *at(p) = new(in.Day(name)) }
}

// edit is how the field is drawn; ok is false where it has no place.
func (e editable) edit(ctx context.Context, d dossierPage) (props page.EditProps, ok bool) {
	if e.only != "" && e.only != d.Card.Kind || e.right != "" && !customers.Readable(ctx, e.right) {
		return props, false
	}
	label, value := i18n.T(ctx, e.label), e.value(d)
	f := field.Props{Name: e.name, Label: label, HideLabel: true, Kind: e.kind, Value: value, Complete: "off"}
	show := value
	if e.show != nil {
		show = e.show(ctx, d)
	}
	if e.options != nil {
		f.Options, f.Blank = e.options(ctx, d), i18n.T(ctx, "common.none")
	}
	if e.choices != "" {
		f.Source, f.ValueLabel = d.at("/choices/"+e.choices), show
	}
	return d.inPlace(ctx, f, show, d.locked(ctx, e.right)), true
}

// inPlace draws a field of this customer as one that saves itself. Its version
// is of the field alone: who edits another one is in nobody's way.
func (d dossierPage) inPlace(_ context.Context, f field.Props, show, locked string) page.EditProps {
	f.ID = "f-" + f.Name + "-" + idText(d.Card.ID)
	return page.EditProps{Field: f, Show: show, Save: d.at("/fields/" + f.Name), Version: fieldVersion(f.Value, f.Values), Locked: locked}
}

func fieldVersion(value string, values []string) string {
	sum := sha256.Sum256([]byte(value + "\x00" + strings.Join(values, "\x00")))
	return hex.EncodeToString(sum[:6])
}

const customPrefix = "custom."

// customEdit is how one of the company's own fields is drawn.
func (d dossierPage) customEdit(ctx context.Context, v customers.SheetValue) page.EditProps {
	def, _ := d.dir.custom(customPrefix + v.Slug)
	f := questionField(ctx, def.Question, v.Value)
	f.Name, f.HideLabel = customPrefix+v.Slug, true
	return d.inPlace(ctx, f, v.Text, d.locked(ctx, ""))
}

// editOf finds how a field is drawn by its name.
func (d dossierPage) editOf(ctx context.Context, name string) (page.EditProps, bool) {
	for _, e := range editables {
		if e.name == name {
			return e.edit(ctx, d)
		}
	}
	for _, g := range d.Sheet {
		for _, v := range g.Values {
			if customPrefix+v.Slug == name {
				return d.customEdit(ctx, v), true
			}
		}
	}
	return page.EditProps{}, false
}

// changeField saves one field and answers it as it is now, or a line that says
// what it needs.
func (p *Pages) changeField(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	d, err := p.dossier(ctx, id)
	if err != nil {
		return err
	}
	name := r.PathValue("field")
	now, ok := d.editOf(ctx, name)
	if !ok {
		return errs.New(errs.NotFound, "customersweb.changeField", "errors.page-not-found")
	}
	if seen := r.Header.Get("If-Match"); seen != "" && seen != now.Version {
		w.Header().Set("X-Field-Version", now.Version)
		return refuse(w, http.StatusConflict, i18n.T(ctx, "customers.dossier-edit.changed-since", "Value", now.Show))
	}
	if err := p.saveField(r, d, name); err != nil {
		problem := web.ProblemOf(ctx, err)
		if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.Conflict && kind != errs.Forbidden {
			return err
		}
		for _, text := range problem.Fields {
			problem.Detail = text
		}
		return refuse(w, problem.Status, problem.Detail)
	}
	if d, err = p.dossier(ctx, id); err != nil {
		return err
	}
	now, _ = d.editOf(ctx, name)
	return web.Render(w, r, page.Edit(now))
}

// saveField reads the field from the form and changes the customer by it.
func (p *Pages) saveField(r *http.Request, d dossierPage, name string) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	var patch customers.Patch
	if i := slices.IndexFunc(editables, func(e editable) bool { return e.name == name }); i >= 0 {
		editables[i].put(in, name, &patch)
	} else if def, ok := d.dir.custom(name); ok {
		value, err := fields.ParseText(def.Question, strings.Join(in.Values[name], "\n"), typed)
		if err != nil {
			return err
		}
		patch.Custom = map[string]any{def.Slug: value}
	}
	if err := in.Err("customersweb.saveField"); err != nil {
		return err
	}
	_, err = p.customers.Change(r.Context(), d.id(), 0, patch)
	return err
}

// refuse answers an edit in place with the line it shows.
func refuse(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a reader who left needs no answer
	return nil
}
