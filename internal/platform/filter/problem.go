package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/errs"
)

// position is the cause kept by errors which know the column.
type position struct{ column int }

func (p position) Error() string { return fmt.Sprintf("column %d", p.column) }

// Column tells at which character of the text an error of Parse, Check or
// Build was found, counted from 1; 0 if it is not known.
func Column(err error) int {
	if p, ok := errors.AsType[position](err); ok {
		return p.column
	}
	return 0
}

// problem is an Invalid error for the person, which also names the request's
// part ("filter", "sort", "cursor") for programs.
func problem(part, id string, args ...any) *errs.Error {
	e := errs.New(errs.Invalid, "filter."+part, id, args...)
	e.Fields = []errs.FieldError{errs.Field(part, id, args...)}
	return e
}

// syntax is what Parse could not read at a column.
func syntax(id string, column int, args ...any) error {
	return problem("filter", id, append([]any{"Column", column}, args...)...).Because(position{column})
}

func tooLong() error { return problem("filter", "filter.error.too-long", "Limit", MaxText) }

// wrong is what Check holds against a condition.
func wrong(c Condition, id string, args ...any) error {
	e := problem("filter", id, append([]any{"Field", clip(c.Field), "Column", c.At}, args...)...)
	if c.At > 0 {
		e = e.Because(position{c.At})
	}
	return e
}

// unknownField says so, with the name that was probably meant or those there
// are.
func unknownField(s *Schema, c Condition) error {
	if near := nearest(c.Field, s.names()); near != "" {
		return wrong(c, "filter.error.field-unknown-near", "Near", near)
	}
	return wrong(c, "filter.error.field-unknown", "Names", some(s.names()))
}

// some joins names and cuts a long list short.
func some(names []string) string {
	const enough = 12
	if len(names) > enough {
		return strings.Join(names[:enough], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// nearest gives the candidate that was probably meant, or "".
func nearest(typed string, candidates []string) string {
	typed = strings.ToLower(typed)
	best, bestAt := "", 1+min(2, len([]rune(typed))/3)
	for _, c := range candidates {
		if d := distance(typed, strings.ToLower(c)); d < bestAt {
			best, bestAt = c, d
		}
	}
	if best != "" || len(typed) < 3 {
		return best
	}
	i := slices.IndexFunc(candidates, func(c string) bool {
		return strings.HasPrefix(strings.ToLower(c), typed) || strings.HasSuffix(strings.ToLower(c), "."+typed)
	})
	if i < 0 {
		return ""
	}
	return candidates[i]
}

// distance counts the letters to insert, remove or replace to come from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			cost := diagonal
			if r != s {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
