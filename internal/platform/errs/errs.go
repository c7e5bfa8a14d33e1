// Package errs is how every part of Kartoteka says that something could not be
// done: a kind that decides the status, a text for the person (an id of the
// locale files with its values), the operation that was attempted, and, for
// forms, which field needs what. Texts are rendered at the edge, in the
// language of whoever reads them.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure it is; the edge maps it to a status.
type Kind int

// The kinds, from "our fault" (Internal, the zero value) to the caller's.
const (
	Internal        Kind = iota // a defect or a broken part: 500
	Invalid                     // input that cannot be accepted: 422
	Unauthenticated             // nobody is signed in: 401
	Forbidden                   // signed in, but not allowed: 403
	NotFound                    // absent, or not visible to this actor: 404
	Conflict                    // someone else changed it, or it exists already: 409
	TooLarge                    // more bytes or rows than allowed: 413
	Limited                     // too many attempts: 429
	Unavailable                 // a part is down or locked for maintenance: 503
)

var names = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not-found", "conflict", "too-large", "limited", "unavailable"}

// String returns the code used in JSON, logs and diagnostics.
func (k Kind) String() string { return names[k] }

// Text is a message for the person: a locale id and key/value pairs.
type Text struct {
	ID   string
	Args []any
}

// FieldError is what one field of a form or request needs.
type FieldError struct {
	Name string
	Text Text
}

// Error is the only error type the edge knows; anything else is Internal.
type Error struct {
	Kind   Kind
	Op     string // what was attempted: "customers.Create"
	Text   Text   // for the person; empty means the general text of the kind
	Fields []FieldError
	Err    error // the cause, for the log and the diagnostics
}

// New makes an error with a text for the person; args are key/value pairs of
// the text.
func New(kind Kind, op, textID string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Text: Text{ID: textID, Args: args}}
}

// Because adds the cause and returns the same error.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// InvalidFields makes an Invalid error naming the fields.
func InvalidFields(op string, fields ...FieldError) *Error {
	return &Error{Kind: Invalid, Op: op, Text: Text{ID: "errors.invalid-fields"}, Fields: fields}
}

// Field is one field's need, for InvalidFields.
func Field(name, textID string, args ...any) FieldError {
	return FieldError{Name: name, Text: Text{ID: textID, Args: args}}
}

// Error implements error for logs; people read Text instead.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, e.Kind)
	if e.Text.ID != "" {
		fmt.Fprintf(&b, " (%s %v)", e.Text.ID, e.Text.Args)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, f.Text.ID)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Wrap adds the operation to an error and keeps its kind and texts; nil stays
// nil.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}

// KindOf tells the kind of any error: Internal for foreign ones.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of this kind; false for nil.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// TextOf returns the text for the person, if the error carries one.
func TextOf(err error) (Text, bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Text.ID == "" {
		return Text{}, false
	}
	return e.Text, true
}

// FieldsOf returns the fields the error names.
func FieldsOf(err error) []FieldError {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}
