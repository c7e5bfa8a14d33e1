package fields

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// Form is an ordered list of questions that people fill in and file with a
// record. Each change of the questions is a new edition; filled forms keep
// theirs.
type Form struct {
	ID          int64        `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Roles       []authz.Role `json:"roles,omitempty"` // who may fill it; empty: everyone with the right to fill forms
	Mandatory   bool         `json:"mandatory"`       // a stage of a process may insist on it
	Archived    bool         `json:"archived"`
	Edition     int          `json:"edition"`
	Questions   []Question   `json:"questions"` // of Edition
	Version     int64        `json:"version"`
}

// FormInput is what the designer sets. Questions and options without a slug
// keep that of the present ones of the same name, or get new ones. Version is
// the one that was edited, 0 for any.
type FormInput struct {
	Name        string
	Description string
	Roles       []authz.Role
	Mandatory   bool
	Questions   []Question
	Version     int64
}

// Filled is a form as someone filled it. Answers go by the question's slug, in
// the shapes of the API; questions left open are not in it.
type Filled struct {
	ID         int64          `json:"id"`
	FormID     int64          `json:"form_id"`
	FormName   string         `json:"form_name"`
	Edition    int            `json:"edition"`
	RecordType string         `json:"record_type"`
	RecordID   int64          `json:"record_id"`
	At         clock.Instant  `json:"at"`
	ByID       int64          `json:"by_id"`
	ByName     string         `json:"by_name"`
	Answers    map[string]any `json:"answers"`
	Questions  []Question     `json:"-"` // of its edition
}

// MaxQuestions is how much a form may ask.
const MaxQuestions = 100

const maxDescription = 2000

// opens tells whether the actor may fill the form as far as roles go.
func (f Form) opens(a authz.Actor) bool {
	return len(f.Roles) == 0 || a.Kind == authz.System ||
		slices.ContainsFunc(a.Roles, func(r authz.Role) bool { return slices.Contains(f.Roles, r) })
}

// settled gives the form as it is kept; was is the one it replaces, or nil.
func (in FormInput) settled(op string, was *Form) (Form, error) {
	f := Form{Edition: 1, Version: 1}
	if was != nil {
		f = *was
	}
	var bad []errs.FieldError
	f.Name, f.Description, f.Mandatory = tidy(in.Name), tidyLong(in.Description), in.Mandatory
	switch n := utf8.RuneCountInString(f.Name); {
	case n == 0:
		bad = append(bad, errs.Field("name", "errors.field-missing"))
	case n > maxLabel:
		bad = append(bad, errs.Field("name", "errors.field-too-long", "Max", maxLabel))
	}
	if utf8.RuneCountInString(f.Description) > maxDescription {
		bad = append(bad, errs.Field("description", "errors.field-too-long", "Max", maxDescription))
	}
	f.Roles = nil
	for _, r := range authz.Roles {
		if slices.Contains(in.Roles, r) {
			f.Roles = append(f.Roles, r)
		}
	}
	var present []Question
	if was != nil {
		present = was.Questions
	}
	questions, more := settledQuestions(in.Questions, present)
	f.Questions = questions
	if bad = append(bad, more...); len(bad) > 0 {
		return Form{}, errs.InvalidFields(op, bad...)
	}
	return f, nil
}

func settledQuestions(asked, present []Question) (questions []Question, bad []errs.FieldError) {
	switch {
	case len(asked) == 0:
		return nil, []errs.FieldError{errs.Field("questions", "fields.error.questions-missing")}
	case len(asked) > MaxQuestions:
		return nil, []errs.FieldError{errs.Field("questions", "fields.error.too-many", "Max", MaxQuestions)}
	}
	taken := make([]string, 0, len(asked)+len(present))
	for _, q := range present {
		taken = append(taken, q.Slug)
	}
	for i, q := range asked {
		prefix := fmt.Sprintf("questions.%d.", i)
		was := presentQuestion(q, present)
		settled, more := q.settled(was, prefix)
		bad = append(bad, more...)
		switch {
		case settled.Slug != "":
		case was != nil:
			settled.Slug = was.Slug
		default:
			settled.Slug = slugOf(settled.Label, taken)
		}
		switch {
		case !validSlug(settled.Slug):
			bad = append(bad, errs.Field(prefix+"slug", "fields.error.slug-wrong", "Max", maxSlug))
		case slices.ContainsFunc(questions, func(other Question) bool { return other.Slug == settled.Slug }):
			bad = append(bad, errs.Field(prefix+"label", "errors.field-taken"))
		}
		taken = append(taken, settled.Slug)
		questions = append(questions, settled)
	}
	return questions, bad
}

// presentQuestion is the one with that slug, or, without a slug, that name.
func presentQuestion(q Question, present []Question) *Question {
	for i, p := range present {
		if q.Slug == p.Slug || q.Slug == "" && strings.EqualFold(tidy(q.Label), p.Label) {
			return &present[i]
		}
	}
	return nil
}

// answers checks what was filled in and gives it in the shapes of the API.
func answers(op string, questions []Question, given map[string]any) (map[string]any, error) {
	var bad []errs.FieldError
	out := map[string]any{}
	known := map[string]bool{}
	for i := range questions {
		q := &questions[i]
		known[q.Slug] = true
		cells, trouble := q.read(given[q.Slug], nil)
		switch {
		case trouble != nil:
			bad = append(bad, trouble.field("answers."+q.Slug))
		case len(cells) > 0:
			out[q.Slug] = q.value(cells)
		case q.Required:
			bad = append(bad, errs.Field("answers."+q.Slug, "errors.field-missing"))
		}
	}
	for slug := range given {
		if !known[slug] {
			bad = append(bad, errs.Field("answers."+slug, "fields.error.no-such-field", "Slug", slug))
		}
	}
	if len(bad) > 0 {
		slices.SortFunc(bad, func(a, b errs.FieldError) int { return strings.Compare(a.Name, b.Name) })
		return nil, errs.InvalidFields(op, bad...)
	}
	return out, nil
}

// shaped gives answers read from JSON in the shapes of the API again.
func shaped(questions []Question, stored map[string]any) map[string]any {
	out := make(map[string]any, len(stored))
	for i := range questions {
		q := &questions[i]
		if cells, trouble := q.read(stored[q.Slug], anyOption(stored[q.Slug])); trouble == nil && len(cells) > 0 {
			out[q.Slug] = q.value(cells)
		}
	}
	return out
}

// anyOption lets stored answers keep options that are archived by now.
func anyOption(v any) []cell {
	switch v := v.(type) {
	case string:
		return []cell{{text: v}}
	case []any:
		var cells []cell
		for _, item := range v {
			cells = append(cells, anyOption(item)...)
		}
		return cells
	}
	return nil
}
