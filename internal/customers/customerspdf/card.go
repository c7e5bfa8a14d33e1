package customerspdf

import (
	"context"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/pdf"
)

func (p Paper) card(ctx context.Context, much amounts) []pdf.Block {
	blocks := []pdf.Block{p.title(ctx, much), pdf.Space{Height: 2}, p.facts(ctx, much)}
	blocks = append(blocks, p.contacts(ctx, much)...)
	blocks = append(blocks, p.sheet(ctx, much)...)
	blocks = append(blocks, p.pinned(ctx, much)...)
	if much.lines > 0 {
		blocks = append(blocks, pdf.KeepTogether{Blocks: []pdf.Block{
			pdf.Heading{Text: i18n.T(ctx, "customers.pdf.my-notes")}, pdf.WritingLines{Count: much.lines},
		}})
	}
	return blocks
}

func (p Paper) title(ctx context.Context, much amounts) pdf.Title {
	d, c := p.Dossier, p.Dossier.Card
	kind := "customers.pdf.card-kind"
	if much.runes > 10_000 {
		kind = "customers.pdf.dossier-kind"
	}
	under := []string{}
	for _, s := range []string{c.LegalName, mainCity(c), c.Country} {
		if s != "" && s != c.Name {
			under = append(under, s)
		}
	}
	t := pdf.Title{Kind: i18n.T(ctx, kind), Text: c.Name, Under: cut(strings.Join(under, " · "), much.runes), Tab: d.Number}
	if c.State == customers.Archived {
		t.Badges = append(t.Badges, pdf.Badge{Text: i18n.T(ctx, "customers.value.archived"), Tone: pdf.Warn})
	}
	for i, tag := range c.Tags {
		if i == much.tags {
			t.Badges = append(t.Badges, pdf.Badge{Text: more(ctx, len(c.Tags)-i)})
			break
		}
		t.Badges = append(t.Badges, pdf.Badge{Text: tag.Name, Tone: pdf.Accent})
	}
	return t
}

func mainCity(c customers.Card) string {
	if len(c.Addresses) == 0 {
		return ""
	}
	return c.Addresses[0].City
}

// facts are the labelled values of the card.
func (p Paper) facts(ctx context.Context, much amounts) pdf.KeyValue {
	d, c := p.Dossier, p.Dossier.Card
	var all pdf.KeyValue
	put := func(textID, value string) {
		all = append(all, pdf.Pair{Key: i18n.T(ctx, textID), Value: cut(value, much.runes)})
	}
	wide := func(textID, value string) {
		all = append(all, pdf.Pair{Key: i18n.T(ctx, textID), Value: cut(value, much.runes), Wide: true})
	}
	all = append(all, pdf.Pair{Key: i18n.T(ctx, "customers.pdf.reach"), Value: reach(ctx, c.Points, much)})
	for i, a := range c.Addresses {
		if i < much.addresses {
			put("customers.change.addresses", address(a))
		}
	}
	put("customers.change.owner", joined(d.Owner, d.Team))
	put("customers.change.tax-id", joined(c.TaxID, c.VATID))
	if d.Parent != nil {
		put("customers.change.parent", d.Parent.Name)
	}
	put("customers.change.source", joined(d.Source, c.SourceNote))
	if d.RecommendedBy != nil {
		put("customers.change.recommended-by", d.RecommendedBy.Name)
	}
	put("customers.pdf.last-contact", i18n.DateTime(ctx, c.LastContactAt))
	put("customers.change.birthday", day(ctx, c.Birthday))
	if id, ok := channels[c.PreferredChannel]; ok {
		put("customers.change.preferred-channel", i18n.T(ctx, id))
	}
	put("customers.change.do-not-contact-before", day(ctx, c.DoNotContactBefore))
	if !much.brief {
		put("customers.change.website", c.Website)
		put("customers.change.language", c.Language)
		put("customers.change.address-form", c.AddressForm)
		put("customers.pdf.since", i18n.Date(ctx, clock.DayOf(c.CreatedAt.Time(), i18n.From(ctx).Zone)))
		put("customers.pdf.quality", i18n.Percent(ctx, strconv.Itoa(d.Quality)))
	}
	for i, one := range c.Dates {
		if i < much.values {
			all = append(all, pdf.Pair{Key: cut(one.Label, much.runes), Value: day(ctx, one.Day)})
		}
	}
	wide("customers.change.competitors", c.Competitors)
	wide("customers.change.terms", c.Terms)
	return all
}

var channels = map[customers.Channel]string{
	customers.ByPhone: "customers.value.phone", customers.ByEmail: "customers.value.email",
	customers.ByMessenger: "customers.value.messenger", customers.ByVisit: "customers.value.visit", customers.ByPost: "customers.value.post",
}

// reach lists contact points, one a line.
func reach(ctx context.Context, points []customers.Point, much amounts) string {
	var lines []string
	for i, p := range points {
		if i == much.points {
			lines = append(lines, more(ctx, len(points)-i))
			break
		}
		line := p.Value
		if p.Extension != "" {
			line += " / " + p.Extension
		}
		if p.Label != "" {
			line += " · " + p.Label
		}
		lines = append(lines, cut(line, much.runes))
	}
	return strings.Join(lines, "\n")
}

func address(a customers.Address) string {
	place := strings.TrimSpace(a.Postcode + " " + a.City)
	var lines []string
	for _, s := range []string{a.Label, a.Street, place, joined(a.Region, a.Country)} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, ", ")
}

func (p Paper) contacts(ctx context.Context, much amounts) []pdf.Block {
	c := p.Dossier.Card
	if c.Kind == customers.Person && len(c.Contacts) == 0 {
		return nil
	}
	table := pdf.Table{
		Columns: []pdf.Column{
			{Title: i18n.T(ctx, "customers.change.name")},
			{Title: i18n.T(ctx, "customers.change.position")},
			{Title: i18n.T(ctx, "customers.change.points")},
			{Title: i18n.T(ctx, "customers.change.style")},
		},
		Empty: i18n.T(ctx, "customers.pdf.no-contacts"),
	}
	for i, one := range c.Contacts {
		if i == much.contacts {
			table.Rows = append(table.Rows, []string{more(ctx, len(c.Contacts)-i)})
			break
		}
		manner := joined(one.AddressForm, one.Style, one.Mood, day(ctx, one.Birthday))
		table.Rows = append(table.Rows, []string{
			cut(one.Name, much.runes), cut(one.Position, much.runes), reach(ctx, one.Points, much), cut(manner, much.runes),
		})
	}
	return []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.change.contacts")}, table}
}

// sheet is the company's own fields under their headings.
func (p Paper) sheet(ctx context.Context, much amounts) []pdf.Block {
	var blocks []pdf.Block
	left := much.values
	for _, g := range p.Dossier.Sheet {
		var pairs pdf.KeyValue
		for _, v := range g.Values {
			if v.Text != "" && left > 0 {
				pairs = append(pairs, pdf.Pair{Key: v.Label, Value: cut(v.Text, much.runes), Wide: len(v.Text) > 200})
				left--
			}
		}
		if len(pairs) == 0 {
			continue
		}
		heading := g.Heading
		if heading == "" {
			heading = i18n.T(ctx, "customers.pdf.other-fields")
		}
		blocks = append(blocks, pdf.Heading{Text: heading}, pairs)
	}
	return blocks
}

func (p Paper) pinned(ctx context.Context, much amounts) []pdf.Block {
	if len(p.Dossier.Pinned) == 0 || much.pinned == 0 {
		return nil
	}
	blocks := []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.pdf.pinned")}}
	for i, n := range p.Dossier.Pinned {
		if i < much.pinned {
			blocks = append(blocks, touch(ctx, n, much.runes))
		}
	}
	return blocks
}

func day(ctx context.Context, d clock.Day) string {
	if d > 0 && d < 10000 { // the year is not known; any leap year will do
		return i18n.DayMonth(ctx, d+2000*10000)
	}
	return i18n.Date(ctx, d)
}

func joined(parts ...string) string {
	var all []string
	for _, s := range parts {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " · ")
}

func more(ctx context.Context, n int) string {
	return i18n.T(ctx, "customers.pdf.more", "Number", i18n.Number(ctx, int64(n)))
}

// cut ends a longer text with an ellipsis.
func cut(s string, runes int) string {
	if len(s) <= runes {
		return s
	}
	all := []rune(s)
	if len(all) <= runes {
		return s
	}
	return strings.TrimSpace(string(all[:runes])) + "…"
}
