package i18n

import (
	"context"
	"strconv"
	"strings"

	"github.com/go-playground/locales"
)

// countName is the value that chooses the plural and is written with the
// language's thousands.
const countName = "Count"

// T gives the text with this id in the language of the context; kv are the
// values of its placeholders by turns: T(ctx, "hello", "Name", name). "Count"
// (int, int64, or a string for a fraction such as "1.5") selects the plural
// and is written as the language writes numbers; other values are written as
// they are.
func T(ctx context.Context, id string, kv ...any) string {
	return TIn(from(ctx).Lang, id, kv...)
}

// TIn is T for a language known otherwise than by the context: a document in
// the recipient's language, a job.
func TIn(lang Lang, id string, kv ...any) string {
	all := texts()
	m, ok := all[lang][id]
	if !ok {
		lang = English
		if m, ok = all[lang][id]; !ok {
			return id
		}
	}
	if !m.plural {
		if m.other.parts == nil {
			return m.other.plain
		}
		return m.other.fill(grammarOf(lang), kv)
	}
	g := grammarOf(lang)
	count, _ := find(kv, countName)
	return m.form(g.rule(count)).fill(g, kv)
}

// Known tells whether the id is a text, for ids that come from data such as
// stored errors.
func Known(id string) bool {
	_, ok := texts()[English][id]
	return ok
}

// rule chooses the plural form for a count.
func (g *grammar) rule(count any) locales.PluralRule {
	switch n := count.(type) {
	case int:
		return g.whole(int64(n))
	case int64:
		return g.whole(n)
	case int32:
		return g.whole(int64(n))
	case string:
		number, err := strconv.ParseFloat(n, 64)
		if err != nil {
			return locales.PluralRuleOther
		}
		_, fraction, _ := strings.Cut(n, ".")
		return g.CardinalPluralRule(number, uint64(len(fraction)))
	}
	return locales.PluralRuleOther
}

// whole keeps the last digits only, because the library counts in float64 and
// no rule looks further; 1 itself must not be confused with 10001.
func (g *grammar) whole(n int64) locales.PluralRule {
	const enough = 1_000_000
	if n >= enough || n <= -enough {
		n = n%enough + enough
	}
	return g.CardinalPluralRule(float64(n), 0)
}

// count writes the value of Count.
func (g *grammar) count(value any) string {
	switch n := value.(type) {
	case int:
		return g.number(int64(n))
	case int64:
		return g.number(n)
	case int32:
		return g.number(int64(n))
	case string:
		return g.decimal(n)
	}
	return text(value)
}
