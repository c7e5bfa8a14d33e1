package fields

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const sqlListDefinitions = `
SELECT id, version, record_type, slug, position, archived, question FROM fields_definitions
ORDER BY record_type, position, id`

func listDefinitions(ctx context.Context, tx *db.Tx) ([]Definition, error) {
	all, err := db.All(ctx, tx, scanDefinition, sqlListDefinitions)
	if err != nil {
		return nil, fmt.Errorf("definitions: %w", err)
	}
	return all, nil
}

const sqlFindDefinition = `
SELECT id, version, record_type, slug, position, archived, question FROM fields_definitions WHERE id = $1`

func findDefinition(ctx context.Context, tx *db.Tx, op string, id int64) (Definition, error) {
	d, err := db.One(ctx, tx, scanDefinition, sqlFindDefinition, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Definition{}, errs.New(errs.NotFound, op, "fields.error.field-not-found")
	}
	if err != nil {
		return Definition{}, fmt.Errorf("definition: %w", err)
	}
	return d, nil
}

func scanDefinition(row db.Scanner) (Definition, error) {
	var d Definition
	var slug string
	var question []byte
	err := row.Scan(&d.ID, &d.Version, &d.RecordType, &slug, &d.Position, &d.Archived, &question)
	if err != nil {
		return d, err
	}
	err = json.Unmarshal(question, &d.Question)
	d.Slug = slug
	d.shapeDefault()
	return d, err
}

// shapeDefault makes what JSON knows as an object an Amount again.
func (q *Question) shapeDefault() {
	if cells, bad := q.read(q.Default, nil); bad == nil {
		q.Default = q.value(cells)
	}
}

const sqlInsertDefinition = `
INSERT INTO fields_definitions (version, record_type, slug, position, archived, question)
VALUES (1, $1, $2, $3, FALSE, $4) RETURNING id`

func insertDefinition(ctx context.Context, tx *db.Tx, op string, d Definition) (int64, error) {
	question, err := encode(d.Question)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRow(ctx, sqlInsertDefinition, d.RecordType, d.Slug, d.Position, question).Scan(&id)
	if db.IsUnique(err) {
		return 0, errs.InvalidFields(op, errs.Field("slug", "errors.field-taken"))
	}
	if err != nil {
		return 0, fmt.Errorf("insert definition: %w", err)
	}
	return id, nil
}

const sqlUpdateDefinition = `
UPDATE fields_definitions SET version = version + 1, position = $2, archived = $3, question = $4 WHERE id = $1`

func updateDefinition(ctx context.Context, tx *db.Tx, d Definition) error {
	question, err := encode(d.Question)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlUpdateDefinition, d.ID, d.Position, d.Archived, question); err != nil {
		return fmt.Errorf("update definition: %w", err)
	}
	return nil
}

const sqlDefinitionsOf = `
SELECT id, version, record_type, slug, position, archived, question FROM fields_definitions
WHERE record_type = $1 ORDER BY position, id`

func definitionsOf(ctx context.Context, tx *db.Tx, recordType string) ([]Definition, error) {
	all, err := db.All(ctx, tx, scanDefinition, sqlDefinitionsOf, recordType)
	if err != nil {
		return nil, fmt.Errorf("definitions of %s: %w", recordType, err)
	}
	return all, nil
}

func encode(v any) (string, error) {
	out, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return string(out), nil
}
