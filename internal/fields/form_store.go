package fields

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const sqlListForms = `
SELECT f.id, f.version, f.name, f.description, f.roles, f.mandatory, f.archived, f.edition, e.questions
FROM fields_forms f JOIN fields_editions e ON e.form_id = f.id AND e.edition = f.edition
ORDER BY f.name_key, f.id`

func listForms(ctx context.Context, tx *db.Tx) ([]Form, error) {
	forms, err := db.All(ctx, tx, scanForm, sqlListForms)
	if err != nil {
		return nil, fmt.Errorf("forms: %w", err)
	}
	return forms, nil
}

const sqlFindForm = `
SELECT f.id, f.version, f.name, f.description, f.roles, f.mandatory, f.archived, f.edition, e.questions
FROM fields_forms f JOIN fields_editions e ON e.form_id = f.id AND e.edition = f.edition
WHERE f.id = $1`

func findForm(ctx context.Context, tx *db.Tx, op string, id int64) (Form, error) {
	f, err := db.One(ctx, tx, scanForm, sqlFindForm, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Form{}, errs.New(errs.NotFound, op, "fields.error.form-not-found")
	}
	if err != nil {
		return Form{}, fmt.Errorf("form: %w", err)
	}
	return f, nil
}

func scanForm(row db.Scanner) (Form, error) {
	var f Form
	var roles string
	var questions []byte
	err := row.Scan(&f.ID, &f.Version, &f.Name, &f.Description, &roles, &f.Mandatory, &f.Archived, &f.Edition, &questions)
	if err != nil {
		return f, err
	}
	for r := range strings.FieldsSeq(roles) {
		f.Roles = append(f.Roles, authz.Role(r))
	}
	f.Questions, err = decodeQuestions(questions)
	return f, err
}

func decodeQuestions(raw []byte) ([]Question, error) {
	var questions []Question
	if err := json.Unmarshal(raw, &questions); err != nil {
		return nil, fmt.Errorf("questions: %w", err)
	}
	for i := range questions {
		questions[i].shapeDefault()
	}
	return questions, nil
}

func (f Form) rolesText() string {
	words := make([]string, len(f.Roles))
	for i, r := range f.Roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

const sqlInsertForm = `
INSERT INTO fields_forms (version, name, name_key, description, roles, mandatory, archived, edition)
VALUES (1, $1, $2, $3, $4, $5, FALSE, 1) RETURNING id`

func insertForm(ctx context.Context, tx *db.Tx, op string, f Form) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, sqlInsertForm, f.Name, strings.ToLower(f.Name), f.Description, f.rolesText(), f.Mandatory).Scan(&id)
	if err != nil {
		return 0, formError(op, err)
	}
	f.ID = id
	return id, insertEdition(ctx, tx, f)
}

const sqlUpdateForm = `
UPDATE fields_forms SET version = version + 1, name = $2, name_key = $3, description = $4, roles = $5, mandatory = $6,
  archived = $7, edition = $8
WHERE id = $1`

func updateForm(ctx context.Context, tx *db.Tx, op string, f Form) error {
	_, err := tx.Exec(ctx, sqlUpdateForm, f.ID, f.Name, strings.ToLower(f.Name), f.Description, f.rolesText(), f.Mandatory,
		f.Archived, f.Edition)
	return formError(op, err)
}

func formError(op string, err error) error {
	if db.IsUnique(err) {
		return errs.InvalidFields(op, errs.Field("name", "errors.field-taken"))
	}
	return errs.Wrap("form", err)
}

const sqlInsertEdition = `INSERT INTO fields_editions (form_id, edition, questions) VALUES ($1, $2, $3)`

func insertEdition(ctx context.Context, tx *db.Tx, f Form) error {
	questions, err := encode(f.Questions)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlInsertEdition, f.ID, f.Edition, questions); err != nil {
		return fmt.Errorf("insert edition: %w", err)
	}
	return nil
}

const sqlFindEdition = `SELECT questions FROM fields_editions WHERE form_id = $1 AND edition = $2`

func findEdition(ctx context.Context, tx *db.Tx, op string, formID int64, edition int) ([]Question, error) {
	raw, err := db.One(ctx, tx, db.Value[[]byte], sqlFindEdition, formID, edition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, op, "fields.error.form-not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("edition: %w", err)
	}
	return decodeQuestions(raw)
}

const sqlInsertFilled = `
INSERT INTO fields_filled (form_id, edition, record_type, record_id, filled_at, by_id, by_name, answers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`

func insertFilled(ctx context.Context, tx *db.Tx, f Filled) (int64, error) {
	stored, err := encode(f.Answers)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRow(ctx, sqlInsertFilled, f.FormID, f.Edition, f.RecordType, f.RecordID, f.At, f.ByID, f.ByName, stored).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert filled form: %w", err)
	}
	return id, nil
}

const sqlListFilled = `
SELECT d.id, d.form_id, f.name, d.edition, d.record_type, d.record_id, d.filled_at, d.by_id, d.by_name, d.answers, e.questions
FROM fields_filled d
JOIN fields_forms f ON f.id = d.form_id
JOIN fields_editions e ON e.form_id = d.form_id AND e.edition = d.edition
WHERE d.record_type = $1 AND d.record_id = $2 AND ($3 = 0 OR d.id < $3)
ORDER BY d.id DESC LIMIT $4`

const sqlFindFilled = `
SELECT d.id, d.form_id, f.name, d.edition, d.record_type, d.record_id, d.filled_at, d.by_id, d.by_name, d.answers, e.questions
FROM fields_filled d
JOIN fields_forms f ON f.id = d.form_id
JOIN fields_editions e ON e.form_id = d.form_id AND e.edition = d.edition
WHERE d.id = $1`

func findFilled(ctx context.Context, tx *db.Tx, op string, id int64) (Filled, error) {
	f, err := db.One(ctx, tx, scanFilled, sqlFindFilled, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Filled{}, filledMissing(op)
	}
	if err != nil {
		return Filled{}, fmt.Errorf("filled form: %w", err)
	}
	return f, nil
}

func filledMissing(op string) error {
	return errs.New(errs.NotFound, op, "fields.error.filled-not-found")
}

func scanFilled(row db.Scanner) (Filled, error) {
	var f Filled
	var stored, questions []byte
	err := row.Scan(&f.ID, &f.FormID, &f.FormName, &f.Edition, &f.RecordType, &f.RecordID, &f.At, &f.ByID, &f.ByName, &stored, &questions)
	if err != nil {
		return f, err
	}
	if f.Questions, err = decodeQuestions(questions); err != nil {
		return f, err
	}
	var found map[string]any
	err = json.Unmarshal(stored, &found)
	f.Answers = shaped(f.Questions, found)
	return f, err
}

const sqlDeleteFilled = `DELETE FROM fields_filled WHERE record_type = $1 AND record_id = $2`

func deleteFilled(ctx context.Context, tx *db.Tx, recordType string, recordID int64) error {
	if _, err := tx.Exec(ctx, sqlDeleteFilled, recordType, recordID); err != nil {
		return fmt.Errorf("delete filled forms: %w", err)
	}
	return nil
}
