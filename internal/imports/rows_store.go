package imports

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const insertOutcomes = `INSERT INTO imports_rows (import_id, row_number, action, record_id, problems) VALUES `

// insertRows adds what became of some rows in one statement.
func insertRows(ctx context.Context, tx *db.Tx, id int64, all []Outcome) error {
	const width = 5
	if len(all) == 0 {
		return nil
	}
	args := make([]any, 0, len(all)*width)
	for _, o := range all {
		args = append(args, id, o.Row, o.Action, o.RecordID, writeProblems(o.Problems))
	}
	_, err := tx.Exec(ctx, insertOutcomes+placeholders(len(all), width), args...)
	return errs.Wrap("imports.insertRows", err)
}

// placeholders are "($1, $2), ($3, $4)" for so many rows of this width.
func placeholders(rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%width == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(")")
	return b.String()
}

const (
	sqlListRows = `
SELECT row_number, action, record_id, problems FROM imports_rows
WHERE import_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3`
	sqlListRowsOf = `
SELECT row_number, action, record_id, problems FROM imports_rows
WHERE import_id = $1 AND action = $2 AND row_number > $3 ORDER BY row_number LIMIT $4`
)

func scanOutcome(row db.Scanner) (o Outcome, err error) {
	var problems string
	if err := row.Scan(&o.Row, &o.Action, &o.RecordID, &problems); err != nil {
		return o, err
	}
	o.Problems, err = readProblems(problems)
	return o, err
}

const (
	sqlInsertLink = `INSERT INTO imports_links (import_id, row_number, record_id, reference) VALUES ($1, $2, $3, $4)`
	sqlListLinks  = `
SELECT row_number, record_id, reference FROM imports_links WHERE import_id = $1 ORDER BY row_number LIMIT $2`
	sqlDropLink = `DELETE FROM imports_links WHERE import_id = $1 AND row_number <= $2`
	sqlFindRow  = `
SELECT row_number, action, record_id, problems FROM imports_rows WHERE import_id = $1 AND row_number = $2`
	sqlSetProblems = `UPDATE imports_rows SET problems = $3 WHERE import_id = $1 AND row_number = $2`
)

// waiting is a row whose references wait for all rows to be in.
type waiting struct {
	row      int64
	recordID int64
	refs     []Reference
}

func insertLinks(ctx context.Context, tx *db.Tx, id int64, all []waiting) error {
	for _, w := range all {
		if _, err := tx.Exec(ctx, sqlInsertLink, id, w.row, w.recordID, encode(References{w.refs})); err != nil {
			return errs.Wrap("imports.insertLinks", err)
		}
	}
	return nil
}

func scanWaiting(row db.Scanner) (w waiting, err error) {
	var text string
	if err := row.Scan(&w.row, &w.recordID, &text); err != nil {
		return w, err
	}
	var refs References
	err = json.Unmarshal([]byte(text), &refs)
	w.refs = refs.Refs
	return w, err
}

// addProblems adds remarks to a row that is done; it tells whether it had none
// before.
func addProblems(ctx context.Context, tx *db.Tx, id, row int64, more []Problem) (first bool, err error) {
	o, err := db.One(ctx, tx, scanOutcome, sqlFindRow, id, row)
	if err != nil {
		return false, errs.Wrap("imports.addProblems", err)
	}
	_, err = tx.Exec(ctx, sqlSetProblems, id, row, writeProblems(append(o.Problems, more...)))
	return len(o.Problems) == 0, errs.Wrap("imports.addProblems", err)
}

// Fix is a correction of one cell, made in the preview.
type Fix struct {
	Row    int64 // line of the text file, or row of the sheet
	Column int   // of the file, from 0
	Value  string
}

const (
	sqlListFixes = `
SELECT row_number, column_index, value FROM imports_fixes WHERE import_id = $1 ORDER BY row_number, column_index`
	sqlSetFix = `
INSERT INTO imports_fixes (import_id, row_number, column_index, value) VALUES ($1, $2, $3, $4)
ON CONFLICT (import_id, row_number, column_index) DO UPDATE SET value = excluded.value`
	sqlDropFix = `DELETE FROM imports_fixes WHERE import_id = $1 AND row_number = $2 AND column_index = $3`
)

func scanFix(row db.Scanner) (f Fix, err error) {
	err = row.Scan(&f.Row, &f.Column, &f.Value)
	return f, err
}

// fixes by row.
func listFixes(ctx context.Context, tx *db.Tx, id int64) (map[int64][]Fix, error) {
	all, err := db.All(ctx, tx, scanFix, sqlListFixes, id)
	if err != nil {
		return nil, errs.Wrap("imports.listFixes", err)
	}
	byRow := map[int64][]Fix{}
	for _, f := range all {
		byRow[f.Row] = append(byRow[f.Row], f)
	}
	return byRow, nil
}
