package views

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// sqlListViews gives a person's arrangement first, as a row of id 0 whose
// order of views stands for the filter, and then the views they may see by
// owner or sharing; which teams are theirs is decided afterwards.
const sqlListViews = `
SELECT CAST(0 AS BIGINT) AS id, CAST(0 AS BIGINT) AS version, first_view AS name, person_id AS owner_id, '' AS shared,
  CAST(0 AS BIGINT) AS team_id, CAST(view_order AS TEXT) AS filter, '' AS sort, columns
FROM views_arrangements WHERE list = $1 AND person_id = $2
UNION ALL
SELECT id, version, name, owner_id, shared, COALESCE(team_id, 0), filter, sort, columns
FROM views_views WHERE list = $1 AND (owner_id = $2 OR shared <> 'private')
ORDER BY id`

const sqlFindView = `
SELECT id, version, name, owner_id, shared, COALESCE(team_id, 0), filter, sort, columns, list FROM views_views WHERE id = $1`

func findView(ctx context.Context, tx *db.Tx, op string, id int64) (View, error) {
	v, err := db.One(ctx, tx, func(row db.Scanner) (View, error) { return scanView(row, true) }, sqlFindView, id)
	if errors.Is(err, sql.ErrNoRows) {
		return View{}, missing(op)
	}
	if err != nil {
		return View{}, fmt.Errorf("view: %w", err)
	}
	return v, nil
}

func missing(op string) error { return errs.New(errs.NotFound, op, "views.error.not-found") }

func scanView(row db.Scanner, withList bool) (View, error) {
	var v View
	var columns []byte
	dest := []any{&v.ID, &v.Version, &v.Name, &v.OwnerID, &v.Shared, &v.TeamID, &v.Filter, &v.Sort, &columns}
	if withList {
		dest = append(dest, &v.List)
	}
	if err := row.Scan(dest...); err != nil {
		return v, err
	}
	v.Key = keyOf(v.ID)
	return v, json.Unmarshal(columns, &v.Columns)
}

const sqlCountViews = `SELECT COUNT(*) FROM views_views WHERE list = $1 AND owner_id = $2`

const sqlInsertView = `
INSERT INTO views_views (version, list, name, owner_id, shared, team_id, filter, sort, columns)
VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`

func insertView(ctx context.Context, tx *db.Tx, v View) (int64, error) {
	columns, err := encode(v.Columns)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRow(ctx, sqlInsertView, v.List, v.Name, v.OwnerID, v.Shared, orNull(v.TeamID), v.Filter, v.Sort, columns).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert view: %w", err)
	}
	return id, nil
}

const sqlUpdateView = `
UPDATE views_views SET version = version + 1, name = $2, shared = $3, team_id = $4, filter = $5, sort = $6, columns = $7
WHERE id = $1 AND version = $8`

// updateView stores a view whose version is still the one it was read with.
func updateView(ctx context.Context, tx *db.Tx, op string, v View) error {
	columns, err := encode(v.Columns)
	if err != nil {
		return err
	}
	res, err := tx.Exec(ctx, sqlUpdateView, v.ID, v.Name, v.Shared, orNull(v.TeamID), v.Filter, v.Sort, columns, v.Version)
	if err != nil {
		return fmt.Errorf("update view: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errs.New(errs.Conflict, op, "errors.kind-conflict-title").Because(err)
	}
	return nil
}

const sqlDeleteView = `DELETE FROM views_views WHERE id = $1`

func deleteView(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, sqlDeleteView, id); err != nil {
		return fmt.Errorf("delete view: %w", err)
	}
	return nil
}

const sqlKeepOrder = `
INSERT INTO views_arrangements (person_id, list, first_view, view_order, columns) VALUES ($1, $2, '', $3, '[]')
ON CONFLICT (person_id, list) DO UPDATE SET view_order = excluded.view_order`

const sqlKeepFirst = `
INSERT INTO views_arrangements (person_id, list, first_view, view_order, columns) VALUES ($1, $2, $3, '[]', '[]')
ON CONFLICT (person_id, list) DO UPDATE SET first_view = excluded.first_view`

const sqlKeepColumns = `
INSERT INTO views_arrangements (person_id, list, first_view, view_order, columns) VALUES ($1, $2, '', '[]', $3)
ON CONFLICT (person_id, list) DO UPDATE SET columns = excluded.columns`

func encode(list []string) (string, error) {
	if list == nil {
		list = []string{}
	}
	out, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return string(out), nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
