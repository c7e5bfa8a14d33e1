package fields

import (
	"strings"
	"unicode"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
)

// Writing is how a column of a file writes numbers and days; the zero value is
// not known.
type Writing struct {
	Decimal tabular.DecimalMark
	Dates   tabular.DateOrder
}

// ParseText reads a cell of a file, or what someone typed, as an answer in the
// shape of the API; nil for a blank one. Options are known by slug or by name
// in any language, several are parted by ";", "|", "," or line breaks. The
// error is errs.Invalid for the field custom.SLUG.
func ParseText(q Question, text string, w Writing) (any, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	cells, bad := q.parse(text, w)
	if bad != nil {
		return nil, errs.InvalidFields("fields.ParseText", bad.field("custom."+q.Slug))
	}
	return q.value(cells), nil
}

func (q *Question) parse(text string, w Writing) ([]cell, *trouble) {
	switch q.Type {
	case Number:
		n, reading := tabular.ParseNumber(text, w.Decimal)
		if reading == tabular.Unreadable {
			return nil, wrong("errors.field-not-a-number")
		}
		return readNumber(n.String())
	case Money:
		return q.parseMoney(text, w)
	case Date:
		day, reading := tabular.ParseDate(text, w.Dates)
		if reading == tabular.Unreadable {
			return nil, wrong("errors.field-not-a-date", "Example", "2026-01-31")
		}
		return readDate(day.String())
	case YesNo:
		yes, ok := tabular.ParseBool(text)
		if !ok {
			return nil, wrong("fields.error.not-yes-no")
		}
		return readYesNo(yes)
	case Choice:
		slug, bad := q.named(text)
		if bad != nil {
			return nil, bad
		}
		return q.readChoice(slug, nil)
	case Multi:
		return q.parseMulti(text)
	}
	return q.read(text, nil)
}

// parseMoney takes the question's own currency beside the figure, by code or
// sign, and no other.
func (q *Question) parseMoney(text string, w Writing) ([]cell, *trouble) {
	figure := text
	for _, own := range []string{q.Currency, strings.ToLower(q.Currency), i18n.Symbol(q.Currency)} {
		figure = strings.ReplaceAll(figure, own, "")
	}
	if strings.ContainsFunc(figure, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) }) {
		return nil, wrong("fields.error.other-currency", "Currency", q.Currency)
	}
	n, reading := tabular.ParseNumber(figure, w.Decimal)
	if reading == tabular.Unreadable {
		return nil, wrong("errors.field-not-an-amount")
	}
	return q.readMoney(n.String())
}

// named finds the option someone means: written as it is, or else the only one
// that is alike but for case, marks and script.
func (q *Question) named(text string) (string, *trouble) {
	text = strings.TrimSpace(text)
	folded, alike := fold.Key(text), ""
	for _, o := range q.Options {
		switch {
		case o.Archived:
		case o.Slug == text || o.is(text):
			return o.Slug, nil
		case folded == "" || !o.has(folded):
		case alike != "":
			return "", wrong("fields.error.no-such-option", "Names", q.offered())
		default:
			alike = o.Slug
		}
	}
	if alike == "" {
		return "", wrong("fields.error.no-such-option", "Names", q.offered())
	}
	return alike, nil
}

func (q *Question) parseMulti(text string) ([]cell, *trouble) {
	if slug, bad := q.named(text); bad == nil { // an option may have a comma in its name
		return q.readChoice(slug, nil)
	}
	separators := ";|\n"
	if !strings.ContainsAny(text, separators) {
		separators = ","
	}
	var slugs []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		slug, bad := q.named(part)
		if bad != nil {
			return nil, bad
		}
		slugs = append(slugs, slug)
	}
	return q.readMulti(slugs, nil)
}
