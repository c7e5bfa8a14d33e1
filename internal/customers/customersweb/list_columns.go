package customersweb

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/phone"
	"kartoteka.dev/internal/platform/ui/table"
)

// usual are the columns of whoever has chosen none.
var usual = []string{"name", "phone", "city", "owner", "tags", "last_contact"}

// column is one the list can show. Field is the schema's that guards and
// sorts it.
type column struct {
	name  string
	class table.Class
	text  func(ctx context.Context, d *directory, r customers.Row) string
	show  func(d *directory, r customers.Row) templ.Component // instead of text
}

// columns of customers, in the order in which they are offered.
var columns = []column{
	{name: "name", class: table.Main, text: func(_ context.Context, _ *directory, r customers.Row) string { return r.Name }, show: nameCell},
	{name: "number", class: table.NoWrap, text: func(_ context.Context, d *directory, r customers.Row) string { return d.number(r.Number) }},
	{name: "kind", text: func(ctx context.Context, _ *directory, r customers.Row) string { return kindName(ctx, r.Kind) }},
	{name: "state", text: func(ctx context.Context, _ *directory, r customers.Row) string { return stateName(ctx, r.State) }},
	{name: "phone", class: table.NoWrap, text: func(_ context.Context, _ *directory, r customers.Row) string { return phoneText(r.Phone, r.Country) }, show: phoneCell},
	{name: "email", text: func(_ context.Context, _ *directory, r customers.Row) string { return r.Email }, show: emailCell},
	{name: "city", text: func(_ context.Context, _ *directory, r customers.Row) string { return r.City }},
	{name: "country", text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return orBlank(ctx, r.Country, countryName)
	}},
	{name: "language", text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return orBlank(ctx, r.Language, languageName)
	}},
	{name: "owner", text: func(_ context.Context, d *directory, r customers.Row) string { return d.person(r.OwnerID) }, show: ownerCell},
	{name: "team", text: func(_ context.Context, d *directory, r customers.Row) string { return d.team(r.TeamID) }},
	{name: "tags", text: func(_ context.Context, _ *directory, r customers.Row) string { return strings.Join(r.Tags, ", ") }, show: tagsCell},
	{name: "source", text: func(ctx context.Context, d *directory, r customers.Row) string { return d.source(ctx, r.SourceID) }},
	{name: "last_contact", class: table.NoWrap, text: func(ctx context.Context, d *directory, r customers.Row) string {
		return i18n.Ago(ctx, r.LastContactAt, d.now)
	}, show: lastContactCell},
	{name: "do_not_contact_before", class: table.NoWrap, text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return i18n.Date(ctx, r.DoNotContactBefore)
	}},
	{name: "birthday", class: table.NoWrap, text: func(ctx context.Context, _ *directory, r customers.Row) string { return birthday(ctx, r) }},
	{name: "parent", text: func(_ context.Context, _ *directory, r customers.Row) string { return r.ParentName }},
	{name: "tax_id", class: table.NoWrap, text: func(_ context.Context, _ *directory, r customers.Row) string { return r.TaxID }},
	{name: "vat_id", class: table.NoWrap, text: func(_ context.Context, _ *directory, r customers.Row) string { return r.VATID }},
	{name: "quality", class: table.Number, text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return i18n.Percent(ctx, idText(int64(r.Quality)))
	}},
	{name: "created", class: table.NoWrap, text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return i18n.DateTime(ctx, r.CreatedAt)
	}},
	{name: "changed", class: table.NoWrap, text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return i18n.DateTime(ctx, r.ChangedAt)
	}},
}

// columnsFor are the columns this person can choose from: those whose fields
// they may see, and the company's own.
func columnsFor(schema *filter.Schema, d directory) []column {
	var all []column
	for _, c := range columns {
		if _, ok := schema.Field(c.name); ok {
			all = append(all, c)
		}
	}
	for _, def := range d.fields {
		if !def.Archived {
			all = append(all, customColumn(def))
		}
	}
	return all
}

func customColumn(def fields.Definition) column {
	c := column{name: def.Name(), text: func(ctx context.Context, _ *directory, r customers.Row) string {
		return fields.Display(ctx, def.Question, r.Custom[def.Slug])
	}}
	switch def.Type {
	case fields.Number, fields.Money:
		c.class = table.Number
	case fields.Date:
		c.class = table.NoWrap
	}
	return c
}

// shown picks columns by name, in the order asked for. The name always comes
// first: it is the way to the dossier.
func shown(all []column, names []string) []column {
	picked := []column{all[0]}
	for _, name := range names {
		i := slices.IndexFunc(all, func(c column) bool { return c.name == name })
		if i > 0 && !slices.ContainsFunc(picked, func(c column) bool { return c.name == name }) {
			picked = append(picked, all[i])
		}
	}
	return picked
}

func namesOf(all []column) []string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.name
	}
	return names
}

// cell draws the column's cell of one row.
func (c column) cell(d *directory, r customers.Row) templ.Component {
	if c.show != nil {
		return c.show(d, r)
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return table.Text(c.text(ctx, d, r)).Render(ctx, w)
	})
}

func orBlank(ctx context.Context, code string, name func(context.Context, string) string) string {
	if code == "" {
		return ""
	}
	return name(ctx, code)
}

func phoneText(e164, country string) string {
	if e164 == "" {
		return ""
	}
	return phone.FormatIn(e164, country)
}

// birthday without its year where nobody knows it.
func birthday(ctx context.Context, r customers.Row) string {
	if r.Birthday == 0 {
		return ""
	}
	if year, month, day := r.Birthday.Parts(); year == 0 {
		return i18n.DayMonth(ctx, clock.Date(2000, month, day))
	}
	return i18n.Date(ctx, r.Birthday)
}
