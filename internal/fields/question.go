package fields

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

// Type is what kind of value answers a question.
type Type string

// The types.
const (
	Text     Type = "text"
	LongText Type = "long-text"
	Number   Type = "number" // up to 14 digits before the point and 4 behind it
	Money    Type = "money"  // in the question's currency
	Date     Type = "date"
	Choice   Type = "choice"
	Multi    Type = "multi-choice"
	YesNo    Type = "yes-no"
	Link     Type = "link"
)

// Types in the order they are offered.
var Types = []Type{Text, LongText, Number, Money, Date, Choice, Multi, YesNo, Link}

var typeLabels = map[Type]string{
	Text: "fields.type.text", LongText: "fields.type.long-text", Number: "fields.type.number",
	Money: "fields.type.money", Date: "fields.type.date", Choice: "fields.type.choice",
	Multi: "fields.type.multi-choice", YesNo: "fields.type.yes-no", Link: "fields.type.link",
}

// Label is the locale id of the type's name.
func (t Type) Label() string { return typeLabels[t] }

// chosen tells that answers are picked from a list.
func (t Type) chosen() bool { return t == Choice || t == Multi }

// Limits, in characters and pieces.
const (
	MaxText     = 500
	MaxLongText = 10_000
	MaxLink     = 1_000
	MaxChoices  = 300
	MaxFields   = 200 // of a record type, archived ones included
	maxLabel    = 120
	maxHint     = 500
	maxSlug     = 40
)

// Words is a name in the company's own words, and how it reads in other
// languages, where someone has said so.
type Words struct {
	Label  string               `json:"label"`
	Labels map[i18n.Lang]string `json:"labels,omitempty"`
}

// In gives the name in the language of the context.
func (w Words) In(ctx context.Context) string {
	if own, ok := w.Labels[i18n.From(ctx).Lang]; ok {
		return own
	}
	return w.Label
}

// is tells whether text is the name in any language.
func (w Words) is(text string) bool {
	return w.any(func(name string) bool { return strings.EqualFold(name, text) })
}

// has tells whether the name in any language folds to key.
func (w Words) has(key string) bool {
	return w.any(func(name string) bool { return fold.Key(name) == key })
}

func (w Words) any(suits func(string) bool) bool {
	if suits(w.Label) {
		return true
	}
	for _, l := range w.Labels {
		if suits(l) {
			return true
		}
	}
	return false
}

// Option is one answer of a choice. Its slug never changes; archived ones stay
// on the records that have them and are no longer offered.
type Option struct {
	Slug string `json:"slug"`
	Words
	Archived bool `json:"archived,omitempty"`
}

// Question is what is asked. Default is in the shape of the API.
type Question struct {
	Slug string `json:"slug"` // a-z, 0-9, "_"; never changes
	Words
	Hint     string   `json:"hint,omitempty"`
	Type     Type     `json:"type"`
	Currency string   `json:"currency,omitempty"` // of Money: all values are in it, so that they can be compared
	Required bool     `json:"required,omitempty"`
	Heading  string   `json:"heading,omitempty"` // the group it is shown in
	Options  []Option `json:"options,omitempty"` // of Choice and Multi, in order
	Default  any      `json:"default,omitempty"`
}

// Option finds an option by its slug.
func (q *Question) Option(slug string) (Option, bool) {
	for _, o := range q.Options {
		if o.Slug == slug {
			return o, true
		}
	}
	return Option{}, false
}

// slugs lists the options' slugs, archived ones included.
func (q *Question) slugs() []string {
	all := make([]string, len(q.Options))
	for i, o := range q.Options {
		all[i] = o.Slug
	}
	return all
}

// offered lists the names of the options one can pick.
func (q *Question) offered() string {
	var names []string
	for _, o := range q.Options {
		if !o.Archived {
			names = append(names, o.Label)
		}
	}
	const enough = 12
	if len(names) > enough {
		return strings.Join(names[:enough], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// validSlug tells whether s can name a field or an option.
func validSlug(s string) bool {
	if s == "" || len(s) > maxSlug || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// hardSign is a vowel in Bulgarian; in Russian it is rare. What stands for
// soft and ejective letters is no end of a word.
var (
	hardSign    = strings.NewReplacer("ъ", "a", "Ъ", "a")
	apostrophes = strings.NewReplacer("'", "", "`", "", `"`, "")
)

// slugOf makes a slug of a label that is not among taken.
func slugOf(label string, taken []string) string {
	latin := strings.ToLower(unidecode.Unidecode(hardSign.Replace(label)))
	words := strings.FieldsFunc(apostrophes.Replace(latin), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	base := strings.Join(words, "_")
	if base == "" || base[0] < 'a' || base[0] > 'z' {
		base = "f_" + base
	}
	base = strings.TrimRight(base[:min(len(base), maxSlug-4)], "_")
	slug := base
	for n := 2; slices.Contains(taken, slug); n++ {
		slug = base + "_" + strconv.Itoa(n)
	}
	return slug
}

// tidy trims a one-line text and drops what cannot be shown.
func tidy(s string) string {
	return strings.Join(strings.Fields(strings.Map(printable, norm.NFC.String(strings.ToValidUTF8(s, "")))), " ")
}

// tidyLong is tidy for texts of several lines.
func tidyLong(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return printable(r)
	}, norm.NFC.String(s)))
}

func printable(r rune) rune {
	if unicode.IsControl(r) && !unicode.IsSpace(r) {
		return -1
	}
	return r
}
