package filter

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
)

// Resolver gives the words for codes and ids: the owner's name, the choice's
// label, the country. It may answer false for what it does not know, which is
// then shown as it was written.
type Resolver interface {
	NameOf(ctx context.Context, f Field, value string) (string, bool)
}

// Phrase is one condition of a filter in words, in reading order.
type Phrase struct {
	Join      string // "and", "or" before it; "" for the first
	Before    string // "not" and brackets that open before it
	Field     string // the field's label
	Operator  string // "is any of", "before"
	Values    []string
	After     string    // brackets that close after it
	Condition Condition // what it describes, to change or remove it
	between   string    // stands between the values
}

// String is the phrase as one reads it.
func (p Phrase) String() string {
	parts := make([]string, 0, 4)
	if p.Join != "" {
		parts = append(parts, p.Join)
	}
	parts = append(parts, p.Before+p.Field, p.Operator)
	if len(p.Values) > 0 {
		parts = append(parts, strings.Join(p.Values, p.between))
	}
	return strings.Join(parts, " ") + p.After
}

// Describe puts a filter into words of the reader's language. A field the
// schema does not have is shown by its name.
func Describe(ctx context.Context, s *Schema, n Node, names Resolver) []Phrase {
	d := &describer{ctx: ctx, schema: s, names: names}
	d.node(Simplify(n), loose)
	return d.phrases
}

// Sentence joins the phrases of Describe into one text.
func Sentence(phrases []Phrase) string {
	parts := make([]string, len(phrases))
	for i, p := range phrases {
		parts[i] = p.String()
	}
	return strings.Join(parts, " ")
}

type describer struct {
	ctx     context.Context
	schema  *Schema
	names   Resolver
	phrases []Phrase
	pending Phrase // what stands before the next condition
}

func (d *describer) node(n Node, around int) {
	switch n := n.(type) {
	case Condition:
		p := d.pending
		d.pending = Phrase{}
		d.condition(&p, n)
		d.phrases = append(d.phrases, p)
	case Not:
		d.pending.Before += i18n.T(d.ctx, "filter.word.not") + " "
		d.node(n.Node, tight)
	case Group:
		d.group(n, around)
	}
}

func (d *describer) group(g Group, around int) {
	word, inner := i18n.T(d.ctx, "filter.word.and"), joined
	if g.Any {
		word, inner = i18n.T(d.ctx, "filter.word.or"), loose
	}
	brackets := around == tight || g.Any && around == joined
	if brackets {
		d.pending.Before += "("
	}
	for i, child := range g.Nodes {
		if i > 0 {
			d.pending.Join = word
		}
		d.node(child, inner)
	}
	if brackets {
		d.phrases[len(d.phrases)-1].After += ")"
	}
}

func (d *describer) condition(p *Phrase, c Condition) {
	p.Condition = c
	p.Field, p.Operator, p.Values, p.between = c.Field, c.Op.text(), c.Values, ", "
	if c.Op == Between {
		p.between = " " + i18n.T(d.ctx, "filter.word.between-and") + " "
	}
	f, ok := d.schema.Field(c.Field)
	if !ok {
		return
	}
	p.Field = f.Label.In(d.ctx)
	p.Operator = c.Op.Words(d.ctx, f.Type)
	p.Values = make([]string, len(c.Values))
	for i, v := range c.Values {
		p.Values[i] = d.value(f, c.Op, v)
	}
}

// value puts one value into words.
func (d *describer) value(f Field, op Op, value string) string {
	switch f.Type {
	case Number, Money:
		return i18n.Decimal(d.ctx, value)
	case Bool:
		if boolWords[strings.ToLower(value)] == 1 {
			return i18n.T(d.ctx, "filter.word.yes")
		}
		return i18n.T(d.ctx, "filter.word.no")
	case Day, Instant:
		return d.moment(op, value)
	case Text:
		return "“" + value + "”"
	case Ref:
		if strings.EqualFold(value, "me") {
			return i18n.T(d.ctx, "filter.word.me")
		}
	}
	if d.names != nil {
		if name, ok := d.names.NameOf(d.ctx, f, value); ok {
			return name
		}
	}
	return value
}

// periodWords are the texts of Periods.
var periodWords = map[string]string{
	"today": "filter.period.today", "yesterday": "filter.period.yesterday", "tomorrow": "filter.period.tomorrow",
	"this-week": "filter.period.this-week", "last-week": "filter.period.last-week", "next-week": "filter.period.next-week",
	"this-month": "filter.period.this-month", "last-month": "filter.period.last-month", "next-month": "filter.period.next-month",
	"this-quarter": "filter.period.this-quarter", "last-quarter": "filter.period.last-quarter", "next-quarter": "filter.period.next-quarter",
	"this-year": "filter.period.this-year", "last-year": "filter.period.last-year", "next-year": "filter.period.next-year",
}

// spanWords are the texts of span units, by their count.
var spanWords = map[byte]string{
	'd': "filter.span.days", 'w': "filter.span.weeks", 'm': "filter.span.months", 'y': "filter.span.years",
}

func (d *describer) moment(op Op, value string) string {
	switch op {
	case Last, Next, Older:
		if s, ok := spanOf(value); ok {
			return i18n.T(d.ctx, spanWords[s.unit], "Count", s.n)
		}
		return value
	}
	if id, ok := periodWords[strings.ToLower(value)]; ok {
		return i18n.T(d.ctx, id)
	}
	if day, err := clock.ParseDay(value); err == nil {
		return i18n.Date(d.ctx, day)
	}
	if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
		return i18n.DateTime(d.ctx, clock.InstantOf(t))
	}
	if t, err := time.Parse("2006-01", value); err == nil && op == During {
		return i18n.MonthYear(d.ctx, t.Year()*100+int(t.Month()))
	}
	if year, err := strconv.Atoi(value); err == nil && op == During {
		return strconv.Itoa(year)
	}
	return value
}
