package catalogue

import (
	"context"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/badge"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/table"
)

func countries(ctx context.Context) []field.Option {
	return []field.Option{
		{Value: "BG", Label: i18n.T(ctx, "catalogue.sample.country-bg")},
		{Value: "GE", Label: i18n.T(ctx, "catalogue.sample.country-ge")},
		{Value: "PL", Label: i18n.T(ctx, "catalogue.sample.country-pl")},
	}
}

func columns(ctx context.Context) []table.Column {
	return []table.Column{
		{Label: i18n.T(ctx, "catalogue.sample.name"), Class: table.Main, SortHref: "#lists", Sorted: table.Ascending},
		{Label: i18n.T(ctx, "catalogue.sample.city-label"), SortHref: "#lists"},
		{Label: i18n.T(ctx, "catalogue.sample.state")},
		{Label: i18n.T(ctx, "catalogue.sample.class")},
		{Label: i18n.T(ctx, "catalogue.sample.next-step"), SortHref: "#lists"},
		{Label: i18n.T(ctx, "catalogue.sample.turnover"), Class: table.Number, SortHref: "#lists"},
		{Label: i18n.T(ctx, "catalogue.sample.owner"), Class: table.Away},
	}
}

func rows(ctx context.Context) []table.Row {
	name, long := i18n.T(ctx, "catalogue.sample.name-value"), i18n.T(ctx, "catalogue.sample.name-long")
	person, other := i18n.T(ctx, "catalogue.sample.person"), i18n.T(ctx, "catalogue.sample.person-two")
	regular := badge.State(badge.Good, i18n.T(ctx, "catalogue.sample.regular"))
	lost := badge.State(badge.Bad, i18n.T(ctx, "catalogue.sample.lost"))
	fresh := badge.State(badge.Info, i18n.T(ctx, "catalogue.sample.new"))
	hint := badge.State(badge.Off, i18n.T(ctx, "catalogue.sample.potential"))
	late := badge.Badge(badge.Props{Tone: badge.Bad, Icon: "clock-alert", Text: i18n.T(ctx, "catalogue.sample.overdue")})
	today := badge.Badge(badge.Props{Tone: badge.Accent, Text: i18n.T(ctx, "catalogue.sample.today")})
	return []table.Row{
		sample{"1", name, "K-000123", regular, "A · X", today, 1_284_050, person}.row(ctx),
		sample{"2", long, "K-000407", lost, "A · Z", late, 912_700, other}.row(ctx),
		sample{"3", person, "K-001188", fresh, "", table.Text("8.12."), 4_990, person}.row(ctx),
		sample{"4", other, "K-001190", hint, "", table.Text("14.12."), 0, person}.row(ctx),
		sample{"5", name + " 2", "K-001204", regular, "B · Y", table.Text("21.12."), 88_310, other}.row(ctx),
	}
}

// sample is a customer of the sample list.
type sample struct {
	id, name, number string
	state            templ.Component
	class            string
	step             templ.Component
	sum              int64
	owner            string
}

func (s sample) row(ctx context.Context) table.Row {
	cells := []templ.Component{
		table.Link("/settings/catalogue?row="+s.id, s.name, s.number),
		table.Text(i18n.T(ctx, "catalogue.sample.city")),
		s.state, table.Text(s.class), s.step, table.Text(i18n.Number(ctx, s.sum)), table.Text(s.owner),
	}
	return table.Row{ID: s.id, Name: s.name, Href: "/settings/catalogue?row=" + s.id, Cells: cells}
}
