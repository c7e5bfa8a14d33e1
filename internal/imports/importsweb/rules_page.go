package importsweb

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// offered are the fields for which one value for all rows can be given here.
var offered = []string{"source", "kind", "country", "owner"}

// mandatory are those of them that every row must have from somewhere.
const mandatory = "source"

// rulesPage is what holds for all rows.
type rulesPage struct {
	Import      imports.Import
	Description imports.Description
	Options     imports.Options
	orders      map[int]string // of dates, as just answered, by column
	trouble
}

func (p *Pages) showRules(w http.ResponseWriter, r *http.Request, i imports.Import) error {
	d, err := p.describe(r.Context(), i.Kind)
	if err != nil {
		return err
	}
	page := rulesPage{Import: i, Description: d, Options: i.Plan.Options}
	if page.Options.Match == "" {
		page.Options.Match = page.likelyMatch()
	}
	return p.renderRules(w, r, page)
}

func (p *Pages) renderRules(w http.ResponseWriter, r *http.Request, page rulesPage) error {
	pg := importPage(r.Context(), page.Import)
	pg.Failed = page.any()
	return web.PageStatus(w, r, page.status(), pg, rulesBody(page))
}

// mapped tells that a column goes to the field.
func (p rulesPage) mapped(name string) bool {
	return slices.ContainsFunc(p.Import.Plan.Columns, func(c imports.Column) bool { return c.Field == name })
}

// defaults are the fields to ask one value for: those no column fills, and of
// those a column fills, what its blank cells get.
func (p rulesPage) defaults() []imports.Field {
	var all []imports.Field
	for _, name := range offered {
		for _, f := range p.Description.Fields {
			if f.Name == name {
				all = append(all, f)
			}
		}
	}
	return all
}

// defaultField asks for the value of one field.
func (p rulesPage) defaultField(ctx context.Context, f imports.Field) field.Props {
	props := field.Props{
		Name: "default-" + f.Name, Label: f.Label, Value: p.Options.Defaults[f.Name], Error: p.of(f.Name), MaxLength: 200,
		Required: f.Name == mandatory && !p.mapped(f.Name), Hint: i18n.T(ctx, "imports.rules.default-hint"),
	}
	switch {
	case props.Required:
		props.Hint = i18n.T(ctx, "imports.rules.source-hint")
	case p.mapped(f.Name):
		props.Hint = i18n.T(ctx, "imports.rules.blank-hint")
	}
	for _, c := range f.Choices {
		props.Options = append(props.Options, field.Option{Value: c.Value, Label: c.Label})
	}
	switch {
	case f.Name == mandatory:
		props.Kind, props.ValueLabel = field.Combobox, props.Value
	case len(f.Choices) > 0:
		props.Kind, props.Blank = field.Select, i18n.T(ctx, "imports.rules.nothing")
	}
	return props
}

// needs are the fields a rule compares; one of them must be mapped.
var needs = map[imports.MatchRule][]string{
	imports.MatchExternal:    {"external_id", "number"},
	imports.MatchNameCountry: {"name", "first_name", "last_name"},
	imports.MatchEmail:       {"email", "contact_email"},
	imports.MatchPhone:       {"phone", "contact_phone"},
}

func (p rulesPage) possible(rule imports.MatchRule) bool {
	return rule == imports.MatchNone || slices.ContainsFunc(needs[rule], p.mapped)
}

// likelyMatch is the rule that suits the columns. People share names, so these
// only identify organisations.
func (p rulesPage) likelyMatch() imports.MatchRule {
	order := []imports.MatchRule{imports.MatchExternal, imports.MatchNameCountry}
	if p.mapped("first_name") || p.mapped("last_name") {
		order = []imports.MatchRule{imports.MatchExternal, imports.MatchEmail, imports.MatchPhone}
	}
	for _, rule := range order {
		if slices.Contains(p.Description.Rules, rule) && p.possible(rule) {
			return rule
		}
	}
	return imports.MatchNone
}

func (p rulesPage) matchOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, rule := range p.Description.Rules {
		o := field.Option{Value: string(rule), Label: i18n.T(ctx, rule.Label()), Off: !p.possible(rule)}
		if o.Off {
			o.Hint = i18n.T(ctx, "imports.rules.not-mapped")
		}
		all = append(all, o)
	}
	return all
}

func (p rulesPage) onMatch() string {
	if p.Options.OnMatch == "" {
		return string(imports.Skip)
	}
	return string(p.Options.OnMatch)
}

func onMatchOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, o := range []imports.OnMatch{imports.Skip, imports.Update, imports.CreateAnyway} {
		all = append(all, field.Option{Value: string(o), Label: i18n.T(ctx, o.Label())})
	}
	return all
}

// changeRules keeps the rules and goes on to the preview.
func (p *Pages) changeRules(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	i, err := p.find(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	page := rulesPage{Import: i}
	if page.Description, err = p.describe(ctx, i.Kind); err != nil {
		return err
	}
	page.Options = page.read(in)
	columns := page.readOrders(in)
	if err = in.Err("importsweb.changeRules"); err == nil {
		_, err = p.imports.ChangeDraft(ctx, i.ID, imports.DraftChange{Options: &page.Options, Columns: columns})
	}
	if err == nil {
		return web.Redirect(w, r, stepPath(i.ID, stepPreview))
	}
	var told bool
	if page.trouble, told = troubleOf(ctx, err); !told || errs.KindOf(err) == errs.Conflict {
		return err
	}
	return p.renderRules(w, r, page)
}

// read reads the form. What this page does not ask for stays as it is.
func (p rulesPage) read(in *web.Form) imports.Options {
	o := p.Import.Plan.Options
	o.Match, o.OnMatch = imports.MatchRule(in.Text("match")), imports.OnMatch(in.Text("on-match"))
	o.Lenient, o.Source = in.Flag("lenient"), in.Text("system")
	if o.Defaults = maps.Clone(o.Defaults); o.Defaults == nil {
		o.Defaults = map[string]string{}
	}
	for _, f := range p.defaults() {
		name := "default-" + f.Name
		value := in.Text(name)
		if value == "" {
			value = in.Text(name + "-text") // a word that is no choice yet
		}
		delete(o.Defaults, f.Name)
		switch {
		case value == "" && f.Name == mandatory && !p.mapped(f.Name):
			in.Fail(f.Name, "imports.rules.source-missing")
			continue
		case value == "":
			continue
		case f.Reads != nil && !f.Reads(value):
			in.Fail(f.Name, "imports.rules.unreadable", "Value", value, "Field", f.Label)
		}
		o.Defaults[f.Name] = value
	}
	return o
}
