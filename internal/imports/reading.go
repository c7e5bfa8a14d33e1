package imports

import (
	"context"
	"iter"
	"strings"

	"kartoteka.dev/internal/platform/tabular"
)

// item is one row of the file on its way.
type item struct {
	row      int64
	cells    []string
	prepared Prepared
	problems []Problem
}

// reader turns rows of a file into items.
type reader struct {
	src   *source
	plan  Plan
	fixes map[int64][]Fix
	run   Run
}

// items reads the rows behind the one given. It stops at the first error.
func (r *reader) items(ctx context.Context, behind int64) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for row, err := range r.src.Rows(ctx) {
			if err != nil {
				yield(item{}, err)
				return
			}
			if int64(row.Number) > behind && !yield(r.item(ctx, row), nil) {
				return
			}
		}
	}
}

func (r *reader) item(ctx context.Context, row tabular.Row) item {
	it := item{row: int64(row.Number), cells: row.Cells}
	for i, cell := range it.cells {
		it.cells[i] = clean(cell)
	}
	fixes := r.fixes[it.row]
	for _, f := range fixes {
		for len(it.cells) <= f.Column {
			it.cells = append(it.cells, "")
		}
		it.cells[f.Column] = f.Value
	}
	if p := row.Problem; p != nil {
		it.problems = append(it.problems, Problem{Column: p.Column - 1, Text: p.Text, Note: p.Usable || len(fixes) > 0})
		if blocking(it.problems) {
			return it
		}
	}
	prepared, problems := r.run.Prepare(ctx, Row{Number: row.Number, Values: r.values(it.cells)})
	it.prepared, it.problems = prepared, append(it.problems, problems...)
	return it
}

// values are the cells by field, and what is given for all rows where a row
// has nothing of its own.
func (r *reader) values(cells []string) []Value {
	values := make([]Value, 0, len(r.plan.Columns)+len(r.plan.Options.Defaults))
	for _, c := range r.plan.Columns {
		if c.Field == "" || c.Index >= len(cells) {
			continue
		}
		if text := strings.TrimSpace(cells[c.Index]); text != "" {
			values = append(values, Value{Field: c.Field, Text: text, Column: c.Index, Order: c.Order, Mark: c.Mark})
		}
	}
	own := len(values)
	for field, text := range r.plan.Options.Defaults {
		if text = strings.TrimSpace(text); text != "" && !has(values[:own], field) {
			values = append(values, Value{Field: field, Text: text, Column: -1})
		}
	}
	return values
}

func has(values []Value, field string) bool {
	for _, v := range values {
		if v.Field == field {
			return true
		}
	}
	return false
}

// clean takes out what no database keeps.
func clean(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "")
}
