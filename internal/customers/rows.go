package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
)

// maxArgs is how many arguments one statement is given; SQLite takes 32,766.
const maxArgs = 15_000

// in writes " IN ($1, $2, …)" for so many arguments, numbered after those the
// statement has already.
func in(have, count int) string {
	var b strings.Builder
	b.WriteString(" IN (")
	list(&b, have, count)
	b.WriteString(")")
	return b.String()
}

func list(b *strings.Builder, have, count int) {
	for i := range count {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(have + i + 1))
	}
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// rowsOf are rows to insert into a table.
type rowsOf struct {
	table   string
	columns string // separated by ", "
	rows    [][]any
	ignore  bool // rows that are there already stay as they are
}

// insert writes the rows, many in one statement.
func (r rowsOf) insert(ctx context.Context, tx *db.Tx) error {
	return r.each(tx, func(statement string, args []any) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err //nolint:wrapcheck // the caller names the use case
	})
}

// insertIDs writes the rows and gives their ids in the order of the rows: ids
// are given out rising, whatever order the statement returns them in.
func (r rowsOf) insertIDs(ctx context.Context, tx *db.Tx) ([]int64, error) {
	var all []int64
	err := r.each(tx, func(statement string, args []any) error {
		ids, err := db.All(ctx, tx, db.Value[int64], statement+" RETURNING id", args...)
		slices.Sort(ids)
		all = append(all, ids...)
		return err
	})
	return all, err
}

// each runs a statement for as many rows at a time as fit. SQLite takes "$1" for
// a name and compares every one with all before it, which thousands of them
// make slow.
func (r rowsOf) each(tx *db.Tx, run func(statement string, args []any) error) error {
	width := strings.Count(r.columns, ",") + 1
	sign := db.Pick(tx, "$", "?")
	for chunk := range slices.Chunk(r.rows, max(1, maxArgs/width)) {
		var b strings.Builder
		b.WriteString("INSERT INTO " + r.table + " (" + r.columns + ") VALUES ")
		args := make([]any, 0, len(chunk)*width)
		for i, row := range chunk {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('(')
			if sign == "$" {
				list(&b, len(args), width)
			} else {
				b.WriteString(strings.TrimPrefix(strings.Repeat(", ?", width), ", "))
			}
			b.WriteByte(')')
			args = append(args, row...)
		}
		if r.ignore {
			b.WriteString(" ON CONFLICT DO NOTHING")
		}
		if err := run(b.String(), args); err != nil {
			return err
		}
	}
	return nil
}

// orNull makes the id 0 a NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
