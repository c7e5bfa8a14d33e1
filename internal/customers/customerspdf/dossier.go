package customerspdf

import (
	"context"
	"slices"
	"unicode/utf8"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/pdf"
)

func (p Paper) units(ctx context.Context) []pdf.Block {
	d := p.Dossier
	if len(d.Units) == 0 {
		return nil
	}
	table := pdf.Table{Columns: []pdf.Column{{Title: i18n.T(ctx, "customers.change.name")}, {Title: i18n.T(ctx, "customers.change.country")}}}
	for _, u := range d.Units {
		table.Rows = append(table.Rows, []string{u.Name, u.Country})
	}
	if n := d.UnitCount - len(d.Units); n > 0 {
		table.Rows = append(table.Rows, []string{more(ctx, n)})
	}
	return []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.pdf.units")}, table}
}

func (p Paper) consents(ctx context.Context) []pdf.Block {
	if len(p.Dossier.Consents) == 0 {
		return nil
	}
	table := pdf.Table{Columns: []pdf.Column{
		{Title: i18n.T(ctx, "customers.change.purpose")},
		{Title: i18n.T(ctx, "customers.change.given")},
		{Title: i18n.T(ctx, "customers.change.how")},
		{Title: i18n.T(ctx, "customers.change.day")},
	}}
	for _, c := range p.Dossier.Consents {
		answer := "customers.pdf.refused"
		if c.Given {
			answer = "customers.pdf.agreed"
		}
		table.Rows = append(table.Rows, []string{c.Purpose, i18n.T(ctx, answer), c.How, date(ctx, c.At)})
	}
	return []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.pdf.consents")}, table}
}

// forms are the filled forms in the order of time, each with what was answered.
func (p Paper) forms(ctx context.Context) []pdf.Block {
	all := p.Forms
	if all == nil {
		all = p.Dossier.Forms
	}
	if len(all) == 0 {
		return nil
	}
	blocks := []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.pdf.forms")}}
	for _, f := range slices.Backward(all) {
		pairs := pdf.KeyValue{
			{Key: i18n.T(ctx, "customers.pdf.filled-by"), Value: f.By}, {Key: i18n.T(ctx, "customers.change.day"), Value: date(ctx, f.At)},
		}
		for _, q := range f.Filled.Questions {
			if text := fields.Display(ctx, q, f.Filled.Answers[q.Slug]); text != "" {
				pairs = append(pairs, pdf.Pair{Key: q.In(ctx), Value: text, Wide: wide(text) || wide(q.In(ctx))})
			}
		}
		blocks = append(blocks, pdf.Heading{Text: f.Name, Minor: true}, pairs)
	}
	return blocks
}

// wide tells that a text is better read over the whole width.
func wide(s string) bool { return utf8.RuneCountInString(s) > 60 }

func (p Paper) files(ctx context.Context) []pdf.Block {
	all := p.Files
	if all == nil {
		all = p.Dossier.Files
	}
	if len(all) == 0 {
		return nil
	}
	table := pdf.Table{Columns: []pdf.Column{
		{Title: i18n.T(ctx, "customers.pdf.file-name")},
		{Title: i18n.T(ctx, "customers.change.size"), Right: true},
		{Title: i18n.T(ctx, "customers.pdf.added")},
	}}
	for _, f := range all {
		table.Rows = append(table.Rows, []string{f.Name, i18n.Bytes(ctx, f.Size), date(ctx, f.AddedAt)})
	}
	return []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.pdf.files")}, table}
}

// history is every touch in the order in which it happened.
func (p Paper) history(ctx context.Context) []pdf.Block {
	all := p.History
	if all == nil {
		all = p.Dossier.Timeline.Items
	}
	if len(all) == 0 {
		return nil
	}
	blocks := []pdf.Block{pdf.Heading{Text: i18n.T(ctx, "customers.pdf.history")}}
	const whole = 1 << 30
	for _, t := range slices.Backward(all) {
		blocks = append(blocks, touch(ctx, t, whole))
	}
	return blocks
}

func touch(ctx context.Context, t customers.Touch, runes int) pdf.TimelineItem {
	item := pdf.TimelineItem{When: i18n.DateTime(ctx, t.At), Title: t.Title, Who: t.Who, Text: cut(t.Text, runes)}
	switch t.Kind {
	case customers.ChangeTouch:
		for i, c := range t.Changes {
			if i > 0 {
				item.Text += "\n"
			}
			item.Text += c.Label + ": " + side(c.Before) + " → " + side(c.After)
		}
	case customers.FileTouch:
		item.Tone = pdf.Warn
	default:
		item.Tone = pdf.Accent
	}
	return item
}

// side shows that there was nothing.
func side(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func date(ctx context.Context, at clock.Instant) string {
	return i18n.Date(ctx, clock.DayOf(at.Time(), i18n.From(ctx).Zone))
}
