package imports

import (
	"context"
	"encoding/json"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// insertRows adds what became of some rows.
func insertRows(ctx context.Context, tx *db.Tx, id int64, all []Outcome) error {
	rows := db.NewRows("imports_rows", "import_id, row_number, action, record_id, problems")
	for _, o := range all {
		rows.Add(id, o.Row, o.Action, o.RecordID, writeProblems(o.Problems))
	}
	return errs.Wrap("imports.insertRows", rows.Insert(ctx, tx))
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
	sqlListLinks = `
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
	rows := db.NewRows("imports_links", "import_id, row_number, record_id, reference")
	for _, w := range all {
		rows.Add(id, w.row, w.recordID, encode(References{w.refs}))
	}
	return errs.Wrap("imports.insertLinks", rows.Insert(ctx, tx))
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
