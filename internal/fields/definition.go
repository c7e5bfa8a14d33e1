package fields

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
)

// Definition is a custom field: a question asked of every record of a type.
type Definition struct {
	ID         int64  `json:"id"`
	RecordType string `json:"record_type"`
	Question
	Position int   `json:"position"`
	Archived bool  `json:"archived"`
	Version  int64 `json:"version"`
}

// Name is what filters, columns and errors call the field: "custom.industry".
func (d Definition) Name() string { return namePrefix + d.Slug }

const namePrefix = "custom."

// NewField is a field to create. Without a slug one is made of the label;
// options without slugs get theirs the same way.
type NewField struct {
	RecordType string
	Question
}

// FieldChange replaces what a field asks. An option without a slug is the
// present one of that name, or a new one. Version is the one that was edited,
// 0 for any.
type FieldChange struct {
	Question
	Version int64
}

// settled gives the question as it is kept, with what must be corrected; was
// is the question it replaces, or nil.
func (q Question) settled(was *Question, prefix string) (Question, []errs.FieldError) {
	var bad []errs.FieldError
	refuse := func(name, id string, args ...any) { bad = append(bad, errs.Field(prefix+name, id, args...)) }

	q.Words = q.tidy()
	q.Hint, q.Heading = tidy(q.Hint), tidy(q.Heading)
	switch n := utf8.RuneCountInString(q.Label); {
	case n == 0:
		refuse("label", "errors.field-missing")
	case n > maxLabel:
		refuse("label", "errors.field-too-long", "Max", maxLabel)
	}
	for _, l := range q.Labels {
		if utf8.RuneCountInString(l) > maxLabel {
			refuse("labels", "errors.field-too-long", "Max", maxLabel)
		}
	}
	if utf8.RuneCountInString(q.Hint) > maxHint {
		refuse("hint", "errors.field-too-long", "Max", maxHint)
	}
	if utf8.RuneCountInString(q.Heading) > maxLabel {
		refuse("heading", "errors.field-too-long", "Max", maxLabel)
	}
	if !slices.Contains(Types, q.Type) {
		refuse("type", "errors.field-not-chosen")
	}
	if q.Type != Money {
		q.Currency = ""
	} else if q.Currency = strings.ToUpper(strings.TrimSpace(q.Currency)); !money.Valid(q.Currency) {
		refuse("currency", "errors.field-not-chosen")
	}
	options, trouble := q.settledOptions(was)
	q.Options = options
	if trouble != nil {
		bad = append(bad, trouble.field(prefix+"options"))
	}
	if len(bad) == 0 {
		if trouble := q.settleDefault(); trouble != nil {
			bad = append(bad, trouble.field(prefix+"default"))
		}
	}
	return q, bad
}

func (w Words) tidy() Words {
	out := Words{Label: tidy(w.Label)}
	for lang, l := range w.Labels {
		if l = tidy(l); l != "" && lang.Valid() {
			if out.Labels == nil {
				out.Labels = map[i18n.Lang]string{}
			}
			out.Labels[lang] = l
		}
	}
	return out
}

// settledOptions gives each option its slug and checks that they differ.
func (q *Question) settledOptions(was *Question) ([]Option, *trouble) {
	if !q.Type.chosen() {
		return nil, nil
	}
	var options []Option
	var taken []string
	if was != nil {
		taken = was.slugs()
	}
	names := map[string]bool{}
	for _, o := range q.Options {
		o.Words = o.tidy()
		name := strings.ToLower(o.Label)
		switch n := utf8.RuneCountInString(o.Label); {
		case n == 0:
			continue
		case n > maxLabel:
			return nil, wrong("errors.field-too-long", "Max", maxLabel)
		case names[name]:
			return nil, wrong("fields.error.option-twice", "Name", o.Label)
		}
		names[name] = true
		if o.Slug == "" {
			o.Slug = was.slugNamed(o.Label, taken)
		}
		if !validSlug(o.Slug) {
			return nil, wrong("fields.error.slug-wrong", "Max", maxSlug)
		}
		if slices.ContainsFunc(options, func(other Option) bool { return other.Slug == o.Slug }) {
			return nil, wrong("fields.error.option-twice", "Name", o.Label)
		}
		taken = append(taken, o.Slug)
		options = append(options, o)
	}
	switch {
	case !slices.ContainsFunc(options, func(o Option) bool { return !o.Archived }):
		return nil, wrong("fields.error.options-missing")
	case len(options) > MaxChoices:
		return nil, wrong("fields.error.too-many", "Max", MaxChoices)
	}
	return options, nil
}

// slugNamed is the slug of the present option with that name, or a new one.
func (q *Question) slugNamed(label string, taken []string) string {
	if q != nil {
		for _, o := range q.Options {
			if strings.EqualFold(o.Label, label) {
				return o.Slug
			}
		}
	}
	return slugOf(label, taken)
}

// settleDefault brings the default into the shape of the API.
func (q *Question) settleDefault() *trouble {
	cells, bad := q.read(q.Default, nil)
	if bad != nil {
		return bad
	}
	q.Default = q.value(cells)
	return nil
}
