package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// Form reads the fields of a request. Text comes back without control
// characters and outer blanks; what cannot be read is noted as a FieldError.
type Form struct {
	Values url.Values
	Errors []errs.FieldError
}

// ReadForm parses the request's form, query included.
func ReadForm(r *http.Request) (*Form, error) {
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, errs.New(errs.TooLarge, "web.ReadForm", "errors.kind-too-large-title").Because(err)
		}
		return nil, errs.New(errs.Invalid, "web.ReadForm", "errors.form-unreadable").Because(err)
	}
	return &Form{Values: r.Form}, nil
}

// Text is a single line.
func (f *Form) Text(name string) string {
	return strings.TrimSpace(clean(f.Values.Get(name), false))
}

// Lines is a text of several lines.
func (f *Form) Lines(name string) string {
	return strings.TrimSpace(clean(strings.ReplaceAll(f.Values.Get(name), "\r\n", "\n"), true))
}

// Secret is a password: exactly as typed.
func (f *Form) Secret(name string) string { return f.Values.Get(name) }

// Flag tells whether a box is ticked.
func (f *Form) Flag(name string) bool {
	v := f.Values.Get(name)
	return v != "" && v != "0" && v != "false"
}

// All gives every value of a repeated field, cleaned, without empty ones.
func (f *Form) All(name string) []string {
	var all []string
	for _, v := range f.Values[name] {
		if v = strings.TrimSpace(clean(v, false)); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// ID is a record's id; 0 when the field is empty.
func (f *Form) ID(name string) int64 {
	v := f.Text(name)
	if v == "" {
		return 0
	}
	id, err := strconv.ParseInt(v, 10, 64)
	if err != nil || id < 0 {
		f.Fail(name, "errors.field-not-chosen")
		return 0
	}
	return id
}

// IDs are the ids of a repeated field.
func (f *Form) IDs(name string) []int64 {
	var ids []int64
	for _, v := range f.All(name) {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil || id <= 0 {
			f.Fail(name, "errors.field-not-chosen")
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

// Day is a date as browsers send it (2006-01-02); 0 when the field is empty.
func (f *Form) Day(name string) clock.Day {
	v := f.Text(name)
	if v == "" {
		return 0
	}
	d, err := clock.ParseDay(v)
	if err != nil {
		f.Fail(name, "errors.field-not-a-date", "Example", "2026-12-31")
		return 0
	}
	return d
}

// Fail notes what a field needs.
func (f *Form) Fail(name, textID string, args ...any) {
	f.Errors = append(f.Errors, errs.Field(name, textID, args...))
}

// Err is an Invalid error naming all noted fields, or nil.
func (f *Form) Err(op string) error {
	if len(f.Errors) == 0 {
		return nil
	}
	return errs.InvalidFields(op, f.Errors...)
}

// clean drops control and direction-override characters, which only serve to
// hide what a text really says.
func clean(s string, lines bool) string {
	s = strings.ToValidUTF8(s, "�")
	return strings.Map(func(r rune) rune {
		switch {
		case lines && (r == '\n' || r == '\t'):
			return r
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}

// PathID reads the {name} part of the path as a record's id; anything that is
// not one is not found.
func PathID(r *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.NotFound, "web.PathID", "errors.page-not-found")
	}
	return id, nil
}
