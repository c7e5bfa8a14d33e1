package fields

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/money"
)

// Amount is a value of a Money question: {"amount": "12.50", "currency": "EUR"}.
type Amount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// cell is one row of a value.
type cell struct {
	text    string
	word    *string
	sortKey *string
	longKey *string
	number  *int64
	day     *clock.Day
}

// trouble is what is wrong with a value; nil for nothing.
type trouble struct {
	id   string
	args []any
}

func (t *trouble) field(name string) errs.FieldError { return errs.Field(name, t.id, t.args...) }

func wrong(id string, args ...any) *trouble { return &trouble{id, args} }

// maxKey is the longest folded text, in bytes, that indexes of both engines
// hold.
const maxKey = 2000

func key(s string) *string {
	s = s[:min(len(s), maxKey)]
	return &s
}

// read checks a value in the shape of the API, or as decoded from JSON, and
// makes rows of it; none for no value. Options in had may be kept although
// they are archived.
func (q *Question) read(v any, had []cell) ([]cell, *trouble) {
	if s, ok := v.(string); ok && strings.TrimSpace(s) == "" {
		return nil, nil
	}
	if v == nil {
		return nil, nil
	}
	switch q.Type {
	case Number:
		return readNumber(v)
	case Money:
		return q.readMoney(v)
	case YesNo:
		return readYesNo(v)
	case Multi:
		return q.readMulti(v, had)
	}
	s, ok := v.(string)
	if !ok {
		return nil, wrong("fields.error.not-text")
	}
	switch q.Type {
	case LongText:
		return readLongText(s)
	case Date:
		return readDate(s)
	case Choice:
		return q.readChoice(s, had)
	case Link:
		return readLink(s)
	}
	return readText(s)
}

func readText(s string) ([]cell, *trouble) {
	s = tidy(s)
	switch {
	case s == "":
		return nil, nil
	case utf8.RuneCountInString(s) > MaxText:
		return nil, wrong("errors.field-too-long", "Max", MaxText)
	}
	return []cell{{text: s, word: key(fold.Key(s)), sortKey: key(fold.Sort(s))}}, nil
}

func readLongText(s string) ([]cell, *trouble) {
	s = tidyLong(s)
	switch {
	case s == "":
		return nil, nil
	case utf8.RuneCountInString(s) > MaxLongText:
		return nil, wrong("errors.field-too-long", "Max", MaxLongText)
	}
	folded := fold.Key(s)
	return []cell{{text: s, longKey: &folded}}, nil
}

func readDate(s string) ([]cell, *trouble) {
	day, err := clock.ParseDay(strings.TrimSpace(s))
	if err != nil || !day.Valid() {
		return nil, wrong("errors.field-not-a-date", "Example", "2026-01-31")
	}
	return []cell{{text: day.String(), day: &day}}, nil
}

// readLink takes web addresses; without a scheme, https is meant.
func readLink(s string) ([]cell, *trouble) {
	s = tidy(s)
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.Contains(s, " ") {
		return nil, wrong("errors.field-not-a-link")
	}
	if utf8.RuneCountInString(s) > MaxLink {
		return nil, wrong("errors.field-too-long", "Max", MaxLink)
	}
	return []cell{{text: s, word: key(fold.Key(s)), sortKey: key(fold.Sort(s))}}, nil
}

func readYesNo(v any) ([]cell, *trouble) {
	n := int64(0)
	switch v {
	case true, "true":
		n = 1
	case false, "false":
	default:
		return nil, wrong("fields.error.not-yes-no")
	}
	return []cell{{number: &n}}, nil
}

// plain gives a number, however Go or JSON carries it, as text.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

// numberScale is how many digits behind the point numbers keep.
const numberScale = 4

func readNumber(v any) ([]cell, *trouble) {
	s, ok := plain(v)
	if !ok {
		return nil, wrong("errors.field-not-a-number")
	}
	n, bad := scaled(s)
	if bad != nil {
		return nil, bad
	}
	return []cell{{number: &n}}, nil
}

// scaled reads "-12.5" as -125000.
func scaled(s string) (int64, *trouble) {
	const maxWhole = 14
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if whole == "" || point && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, wrong("errors.field-not-a-number")
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	switch {
	case len(whole) > maxWhole:
		return 0, wrong("errors.field-too-large", "Max", strings.Repeat("9", maxWhole))
	case len(fraction) > numberScale:
		return 0, wrong("fields.error.too-precise", "Digits", numberScale)
	}
	n, err := strconv.ParseInt("0"+whole+fraction+strings.Repeat("0", numberScale-len(fraction)), 10, 64)
	if err != nil {
		return 0, wrong("errors.field-not-a-number")
	}
	if negative {
		n = -n
	}
	return n, nil
}

// unscaled writes what scaled reads, without needless zeros.
func unscaled(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n, 10)
	if len(s) <= numberScale {
		s = strings.Repeat("0", numberScale+1-len(s)) + s
	}
	cut := len(s) - numberScale
	return sign + strings.TrimSuffix(s[:cut]+"."+strings.TrimRight(s[cut:], "0"), ".")
}

// readMoney takes an Amount, its JSON, or the bare figure.
func (q *Question) readMoney(v any) ([]cell, *trouble) {
	currency := ""
	switch m := v.(type) {
	case Amount:
		v, currency = m.Amount, m.Currency
	case map[string]any:
		v = m["amount"]
		currency, _ = m["currency"].(string)
	}
	if currency != "" && !strings.EqualFold(currency, q.Currency) {
		return nil, wrong("fields.error.other-currency", "Currency", q.Currency)
	}
	s, ok := plain(v)
	if !ok || strings.Trim(s, "-.0123456789") != "" {
		return nil, wrong("errors.field-not-an-amount")
	}
	if whole, fraction, point := strings.Cut(s, "."); point && len(fraction) == 3 {
		s = whole + "." + fraction + "0" // or else the point would part thousands
	}
	a, err := money.Parse(s, q.Currency)
	if err != nil {
		return nil, wrong("errors.field-not-an-amount")
	}
	return []cell{{number: &a.Minor}}, nil
}

func (q *Question) readChoice(s string, had []cell) ([]cell, *trouble) {
	s = strings.TrimSpace(s)
	o, ok := q.Option(s)
	if !ok || o.Archived && !holds(had, s) {
		return nil, wrong("fields.error.no-such-option", "Names", q.offered())
	}
	return []cell{{text: s, word: &s}}, nil
}

// readMulti keeps the options in the question's order, each once.
func (q *Question) readMulti(v any, had []cell) ([]cell, *trouble) {
	var slugs []string
	switch list := v.(type) {
	case string:
		slugs = []string{list}
	case []string:
		slugs = list
	case []any:
		for _, item := range list {
			s, ok := item.(string)
			if !ok {
				return nil, wrong("fields.error.not-text")
			}
			slugs = append(slugs, s)
		}
	default:
		return nil, wrong("fields.error.no-such-option", "Names", q.offered())
	}
	for _, s := range slugs {
		if _, bad := q.readChoice(s, had); bad != nil {
			return nil, bad
		}
	}
	var cells []cell
	for _, o := range q.Options {
		if slices.ContainsFunc(slugs, func(s string) bool { return strings.TrimSpace(s) == o.Slug }) {
			slug := o.Slug
			cells = append(cells, cell{text: slug, word: &slug})
		}
	}
	return cells, nil
}

func holds(cells []cell, slug string) bool {
	return slices.ContainsFunc(cells, func(c cell) bool { return c.text == slug })
}

// value gives rows back in the shape of the API; nil for no value.
func (q *Question) value(cells []cell) any {
	if len(cells) == 0 {
		return nil
	}
	first := cells[0]
	switch q.Type {
	case Number, Money, YesNo:
		return q.figure(first.number)
	case Date:
		if first.day == nil {
			return nil
		}
		return first.day.String()
	case Multi:
		slugs := make([]string, len(cells))
		for i, c := range cells {
			slugs[i] = c.text
		}
		return slugs
	}
	return first.text
}

func (q *Question) figure(n *int64) any {
	switch {
	case n == nil:
		return nil
	case q.Type == YesNo:
		return *n == 1
	case q.Type == Money:
		return Amount{Amount: money.Of(*n, q.Currency).Plain(), Currency: q.Currency}
	}
	return unscaled(*n)
}
