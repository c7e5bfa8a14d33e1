package fields

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
)

// row is a cell with where it belongs.
type row struct {
	recordID, fieldID int64
	cell              cell
}

func scanRow(s db.Scanner) (row, error) {
	var r row
	err := s.Scan(&r.recordID, &r.fieldID, &r.cell.text, &r.cell.word, &r.cell.sortKey, &r.cell.longKey,
		&r.cell.number, &r.cell.day)
	return r, err
}

const sqlListValues = `
SELECT record_id, field_id, text, word, sort_key, long_key, number, day FROM fields_values
WHERE record_type = $1 AND record_id = $2 ORDER BY field_id, position`

// valuesOf gives the rows of one record by field.
func valuesOf(ctx context.Context, tx *db.Tx, recordType string, recordID int64) (map[int64][]cell, error) {
	rows, err := db.All(ctx, tx, scanRow, sqlListValues, recordType, recordID)
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	byField := map[int64][]cell{}
	for _, r := range rows {
		byField[r.fieldID] = append(byField[r.fieldID], r.cell)
	}
	return byField, nil
}

const sqlListManyValues = `
SELECT record_id, field_id, text, word, NULL, NULL, number, day FROM fields_values
WHERE record_type = $1 AND record_id IN ($2)`

// listValues gives the rows of several records, a field's rows in their order;
// the keys texts are found by are left out.
func listValues(ctx context.Context, tx *db.Tx, recordType string, ids []int64) ([]row, error) {
	args := make([]any, 0, len(ids)+1)
	args = append(args, recordType)
	marks := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, id)
		marks[i] = "$" + strconv.Itoa(i+2)
	}
	statement := strings.Replace(sqlListManyValues, "$2", strings.Join(marks, ", "), 1) + " ORDER BY record_id, field_id, position"
	rows, err := db.All(ctx, tx, scanRow, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	return rows, nil
}

func newValueRows() *db.Rows {
	return db.NewRows("fields_values", "record_type, record_id, field_id, position, text, word, sort_key, long_key, number, day")
}

func addCells(rows *db.Rows, d Definition, recordID int64, cells []cell) {
	for i, c := range cells {
		rows.Add(d.RecordType, recordID, d.ID, i, c.text, c.word, c.sortKey, c.longKey, c.number, c.day)
	}
}

const sqlDeleteValue = `DELETE FROM fields_values WHERE record_type = $1 AND record_id = $2 AND field_id = $3`

func deleteValue(ctx context.Context, tx *db.Tx, recordType string, recordID, fieldID int64) error {
	if _, err := tx.Exec(ctx, sqlDeleteValue, recordType, recordID, fieldID); err != nil {
		return fmt.Errorf("delete value: %w", err)
	}
	return nil
}

const sqlDeleteValues = `DELETE FROM fields_values WHERE record_type = $1 AND record_id = $2`

func deleteValues(ctx context.Context, tx *db.Tx, recordType string, recordID int64) error {
	if _, err := tx.Exec(ctx, sqlDeleteValues, recordType, recordID); err != nil {
		return fmt.Errorf("delete values: %w", err)
	}
	return nil
}

const sqlHasValues = `SELECT EXISTS (SELECT 1 FROM fields_values WHERE record_type = $1 AND field_id = $2)`

func hasValues(ctx context.Context, tx *db.Tx, d Definition) (bool, error) {
	used, err := db.One(ctx, tx, db.Value[bool], sqlHasValues, d.RecordType, d.ID)
	if err != nil {
		return false, fmt.Errorf("values of a field: %w", err)
	}
	return used, nil
}

const sqlOptionUsed = `SELECT EXISTS (SELECT 1 FROM fields_values WHERE field_id = $1 AND word = $2)`

func optionUsed(ctx context.Context, tx *db.Tx, fieldID int64, slug string) (bool, error) {
	used, err := db.One(ctx, tx, db.Value[bool], sqlOptionUsed, fieldID, slug)
	if err != nil {
		return false, fmt.Errorf("values with an option: %w", err)
	}
	return used, nil
}
