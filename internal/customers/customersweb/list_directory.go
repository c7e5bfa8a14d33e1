package customersweb

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/calendar"
)

// directory knows what ids and codes stand for, as of one request: what the
// team and the fields keep in memory, and the small lists of the file.
type directory struct {
	company team.Company
	people  []team.Colleague
	teams   []team.Team
	sources []customers.Source
	tags    []customers.Tag
	fields  []fields.Definition
	named   map[int64]string // customers that a filter names
	now     clock.Instant
}

func (p *Pages) directory(ctx context.Context) (d directory, err error) {
	d.now = clock.InstantOf(p.clock.Now())
	if d.company, err = p.team.Settings(ctx); err != nil {
		return d, err
	}
	if d.people, err = p.team.People(ctx); err != nil {
		return d, err
	}
	if d.teams, err = p.team.Teams(ctx); err != nil {
		return d, err
	}
	if p.fields != nil {
		if d.fields, err = p.fields.Fields(ctx, customers.RecordType); err != nil {
			return d, err
		}
	}
	return d, nil
}

// wordsFor reads the small lists a filter or a form needs.
func (p *Pages) wordsFor(ctx context.Context, d *directory, want ...string) (err error) {
	for _, name := range want {
		switch {
		case name == "source" && d.sources == nil:
			d.sources, err = p.customers.Sources(ctx)
		case name == "tags" && d.tags == nil:
			d.tags, err = p.customers.Tags(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nameCustomers finds the customers a filter names, as far as the person may
// see them.
func (p *Pages) nameCustomers(ctx context.Context, d *directory, conditions []filter.Condition) {
	d.named = map[int64]string{}
	for _, c := range conditions {
		if c.Field != "parent" && c.Field != "recommended_by" {
			continue
		}
		for _, v := range firstOf(c.Values, 5) {
			id, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				continue
			}
			if found, err := p.customers.Find(ctx, id); err == nil {
				d.named[id] = found.Name
			}
		}
	}
}

func (d directory) person(id int64) string {
	i := slices.IndexFunc(d.people, func(c team.Colleague) bool { return c.ID == id })
	if i < 0 {
		return ""
	}
	return d.people[i].Name
}

func (d directory) team(id int64) string {
	i := slices.IndexFunc(d.teams, func(t team.Team) bool { return t.ID == id })
	if i < 0 {
		return ""
	}
	return d.teams[i].Name
}

func (d directory) source(ctx context.Context, id int64) string {
	i := slices.IndexFunc(d.sources, func(s customers.Source) bool { return s.ID == id })
	if i < 0 {
		return ""
	}
	return d.sources[i].Label(ctx)
}

func (d directory) number(n int64) string { return customers.FormatNumber(d.company.NumberPrefix, n) }

// custom finds a field of the company by the name lists use: custom.SLUG.
func (d directory) custom(name string) (fields.Definition, bool) {
	i := slices.IndexFunc(d.fields, func(f fields.Definition) bool { return f.Name() == name && !f.Archived })
	if i < 0 {
		return fields.Definition{}, false
	}
	return d.fields[i], true
}

// NameOf implements filter.Resolver.
func (d directory) NameOf(ctx context.Context, f filter.Field, value string) (string, bool) {
	if def, ok := d.custom(f.Name); ok {
		o, ok := def.Option(value)
		return o.In(ctx), ok
	}
	name := ""
	switch id, _ := strconv.ParseInt(value, 10, 64); f.Name {
	case "kind":
		name = kindName(ctx, customers.Kind(value))
	case "state":
		name = stateName(ctx, customers.State(value))
	case "owner":
		name = d.person(id)
	case "team":
		name = d.team(id)
	case "source":
		name = d.source(ctx, id)
	case "parent", "recommended_by":
		name = d.named[id]
	case "country":
		name = countryName(ctx, value)
	case "language":
		name = languageName(ctx, value)
	}
	return name, name != ""
}

func kindName(ctx context.Context, k customers.Kind) string {
	switch k {
	case customers.Organisation:
		return i18n.T(ctx, "customers.list-kind.organisation")
	case customers.Person:
		return i18n.T(ctx, "customers.list-kind.person")
	}
	return string(k)
}

func stateName(ctx context.Context, s customers.State) string {
	switch s {
	case customers.Active:
		return i18n.T(ctx, "customers.list-state.active")
	case customers.Archived:
		return i18n.T(ctx, "customers.list-state.archived")
	case customers.Erased:
		return i18n.T(ctx, "customers.list-state.erased")
	case customers.Merged:
		return i18n.T(ctx, "customers.list-state.merged")
	}
	return string(s)
}

// countryName is what a country is called in the language of the context.
func countryName(ctx context.Context, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(string(i18n.From(ctx).Lang))).Name(region); name != "" {
		return name
	}
	return code
}

// languageName is what a language is called in the language of the context.
func languageName(ctx context.Context, code string) string {
	tag, err := language.Parse(code)
	if err != nil || code == "" {
		return code
	}
	if name := display.Languages(language.Make(string(i18n.From(ctx).Lang))).Name(tag); name != "" {
		return name
	}
	return code
}

// countryOptions are all countries by name; those of the neighbourhood come
// first.
func countryOptions(ctx context.Context) []field.Option {
	near := map[string]bool{}
	for _, c := range calendar.Countries() {
		near[c.Code] = true
	}
	var first, rest []field.Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if !customers.ValidCountry(code) {
				continue
			}
			o := field.Option{Value: code, Label: countryName(ctx, code)}
			if near[code] {
				o.Group = i18n.T(ctx, "customers.list-country.near")
				first = append(first, o)
			} else {
				o.Group = i18n.T(ctx, "customers.list-country.others")
				rest = append(rest, o)
			}
		}
	}
	byLabel(first)
	byLabel(rest)
	return append(first, rest...)
}

// languages people are written to in, besides those of the program.
var languages = strings.Fields("en bg ru ka pl ar az be cs da de el es et fi fr he hr hu hy it kk lt lv mk nl no pt ro sk sl sq sr sv tr uk zh")

func languageOptions(ctx context.Context) []field.Option {
	all := make([]field.Option, len(languages))
	for i, code := range languages {
		all[i] = field.Option{Value: code, Label: languageName(ctx, code)}
	}
	byLabel(all)
	return all
}

func byLabel(all []field.Option) {
	slices.SortStableFunc(all, func(a, b field.Option) int { return cmp.Compare(fold.Sort(a.Label), fold.Sort(b.Label)) })
}

// peopleOptions are the colleagues at work, and those already chosen.
func (d directory) peopleOptions(chosen ...string) []field.Option {
	var all []field.Option
	for _, c := range d.people {
		if id := idText(c.ID); c.Active || slices.Contains(chosen, id) {
			all = append(all, field.Option{Value: id, Label: c.Name})
		}
	}
	return all
}

func (d directory) teamOptions() []field.Option {
	all := make([]field.Option, len(d.teams))
	for i, t := range d.teams {
		all[i] = field.Option{Value: idText(t.ID), Label: t.Name}
	}
	return all
}

// sourceOptions are the sources still offered, and those already chosen.
func (d directory) sourceOptions(ctx context.Context, chosen ...string) []field.Option {
	var all []field.Option
	for _, s := range d.sources {
		if id := idText(s.ID); !s.Archived || slices.Contains(chosen, id) {
			all = append(all, field.Option{Value: id, Label: s.Label(ctx)})
		}
	}
	return all
}
