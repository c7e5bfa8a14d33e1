package imports

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
)

const importColumns = `
SELECT id, kind, state, dry_run, file_name, file_hash, file_size, signature, plan, by_id, by_name, job_id,
  position, row_count, created, updated, skipped, rejected, noted, done_bytes, total_bytes, failure,
  created_at, started_at, finished_at
FROM imports_imports `

const (
	sqlFindImport  = importColumns + `WHERE id = $1`
	sqlListImports = importColumns + `WHERE ($1 = 0 OR by_id = $1) AND id < $2 ORDER BY id DESC LIMIT $3`
)

func scanImport(row db.Scanner) (Import, error) {
	var (
		i             Import
		plan, failure string
	)
	err := row.Scan(&i.ID, &i.Kind, &i.State, &i.DryRun, &i.FileName, &i.FileHash, &i.FileSize, &i.Signature, &plan,
		&i.ByID, &i.ByName, &i.JobID, &i.Position, &i.Rows, &i.Created, &i.Updated, &i.Skipped, &i.Rejected, &i.Noted,
		&i.DoneBytes, &i.TotalBytes, &failure, &i.CreatedAt, &i.StartedAt, &i.FinishedAt)
	if err != nil {
		return Import{}, err
	}
	if err := json.Unmarshal([]byte(plan), &i.Plan); err != nil {
		return Import{}, err
	}
	i.Failure, err = readText(failure)
	return i, err
}

// find gives an import within the scope.
func find(ctx context.Context, tx *db.Tx, op string, id int64, scope authz.Scope) (Import, error) {
	i, err := db.One(ctx, tx, scanImport, sqlFindImport, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !scope.Allows(i.ByID, 0) && i.ByID != ownerID(authz.From(ctx)) {
		return Import{}, errs.New(errs.NotFound, op, "imports.error.not-found")
	}
	return i, errs.Wrap(op, err)
}

// ownerID is whose an import is: the person's id, or, for a token without a
// person, the token's as a negative number; 0 for Kartoteka itself.
func ownerID(a authz.Actor) int64 {
	if a.Kind == authz.Token && a.UserID == 0 {
		return -a.TokenID
	}
	return a.UserID
}

const sqlInsertImport = `
INSERT INTO imports_imports (kind, state, dry_run, file_name, file_hash, file_size, signature, plan, actor, by_id,
  by_name, job_id, position, row_count, created, updated, skipped, rejected, noted, done_bytes, total_bytes, failure,
  created_at, started_at, finished_at)
VALUES ($1, 'draft', FALSE, $2, $3, $4, $5, $6, '{}', $7, $8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', $9, 0, 0)
RETURNING id`

func insert(ctx context.Context, tx *db.Tx, i Import) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], sqlInsertImport, i.Kind, i.FileName, i.FileHash, i.FileSize,
		i.Signature, encode(i.Plan), i.ByID, i.ByName, tx.Now())
}

const sqlSetPlan = `UPDATE imports_imports SET plan = $2, signature = $3 WHERE id = $1 AND state = 'draft'`

func setPlan(ctx context.Context, tx *db.Tx, i Import) error {
	return one(tx.Exec(ctx, sqlSetPlan, i.ID, encode(i.Plan), i.Signature))
}

const sqlStart = `
UPDATE imports_imports SET state = $2, dry_run = $3, plan = $4, actor = $5, failure = '{}', finished_at = 0
WHERE id = $1 AND state = $6`

const sqlSetJob = `UPDATE imports_imports SET job_id = $2 WHERE id = $1`

const sqlEnd = `
UPDATE imports_imports SET state = $2, failure = $3, finished_at = $4
WHERE id = $1 AND state IN ('queued', 'running')`

// end closes an import; it tells whether it was open.
func end(ctx context.Context, tx *db.Tx, id int64, state State, failure errs.Text) error {
	return one(tx.Exec(ctx, sqlEnd, id, state, writeText(failure), tx.Now()))
}

const sqlBegin = `
UPDATE imports_imports SET state = 'running', started_at = CASE WHEN started_at = 0 THEN $2 ELSE started_at END
WHERE id = $1 AND state IN ('queued', 'running')`

const sqlAdvance = `
UPDATE imports_imports SET position = $3, row_count = row_count + $4, created = created + $5, updated = updated + $6,
  skipped = skipped + $7, rejected = rejected + $8, noted = noted + $9, done_bytes = $10, total_bytes = $11
WHERE id = $1 AND state = 'running' AND position = $2`

// step is what one transaction adds to an import.
type step struct {
	from, to     int64
	rows         int64
	counts       Counts
	bytes, total int64
}

// advance moves the import on; errStopped if it was cancelled, or if another
// process works on it.
func advance(ctx context.Context, tx *db.Tx, id int64, s step) error {
	return one(tx.Exec(ctx, sqlAdvance, id, s.from, s.to, s.rows, s.counts.Created, s.counts.Updated,
		s.counts.Skipped, s.counts.Rejected, s.counts.Noted, s.bytes, s.total))
}

const sqlStartOver = `
UPDATE imports_imports SET position = 0, row_count = 0, created = 0, updated = 0, skipped = 0, rejected = 0, noted = 0
WHERE id = $1`

const (
	sqlForgetRows  = `DELETE FROM imports_rows WHERE import_id = $1`
	sqlForgetLinks = `DELETE FROM imports_links WHERE import_id = $1`
	sqlForgetFixes = `DELETE FROM imports_fixes WHERE import_id = $1`
	sqlForget      = `DELETE FROM imports_imports WHERE id = $1`
)

// startOver forgets what a trial run has counted so far.
func startOver(ctx context.Context, tx *db.Tx, id int64) error {
	for _, statement := range []string{sqlForgetRows, sqlForgetLinks, sqlStartOver} {
		if _, err := tx.Exec(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

const sqlActor = `SELECT actor FROM imports_imports WHERE id = $1`

// actorOf is who started the import, with their rights as they were then.
func actorOf(ctx context.Context, tx *db.Tx, id int64) (a authz.Actor, err error) {
	text, err := db.One(ctx, tx, db.Value[string], sqlActor, id)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(text), &a) // the actor's own shape, read and written here only
}

const sqlReferenced = `SELECT COUNT(*) FROM imports_imports WHERE file_hash = $1`

// errStopped says that an import is not running (any more).
var errStopped = errors.New("imports: stopped")

// one makes sure that a statement touched a row.
func one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errStopped)
	}
	return nil
}

const (
	sqlMapping    = `SELECT columns FROM imports_mappings WHERE kind = $1 AND signature = $2`
	sqlSetMapping = `
INSERT INTO imports_mappings (kind, signature, columns, used_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, signature) DO UPDATE SET columns = excluded.columns, used_at = excluded.used_at`
)

// memory is how columns of a header were mapped and read the last time, by
// header.
type memory struct {
	Fields map[string]string            `json:"fields"`
	Orders map[string]tabular.DateOrder `json:"orders,omitempty"` // of dates that can be read in two ways
}

// remembered is the last time of this header; nothing if there was none.
func remembered(ctx context.Context, tx *db.Tx, kind, signature string) (m memory, err error) {
	text, err := db.One(ctx, tx, db.Value[string], sqlMapping, kind, signature)
	if errors.Is(err, sql.ErrNoRows) {
		return m, nil
	}
	if err != nil {
		return m, errs.Wrap("imports.remembered", err)
	}
	err = json.Unmarshal([]byte(text), &m)
	return m, errs.Wrap("imports.remembered", err)
}

func remember(ctx context.Context, tx *db.Tx, i Import, at clock.Instant) error {
	m := memory{Fields: map[string]string{}, Orders: map[string]tabular.DateOrder{}}
	for _, c := range i.Plan.Columns {
		m.Fields[c.Header] = c.Field
		if c.Dates && !c.Assumed && c.Order != tabular.Ambiguous {
			m.Orders[c.Header] = c.Order
		}
	}
	_, err := tx.Exec(ctx, sqlSetMapping, i.Kind, i.Signature, encode(m), at)
	return errs.Wrap("imports.remember", err)
}
