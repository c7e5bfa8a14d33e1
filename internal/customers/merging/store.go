package merging

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const (
	// sqlForget leaves that there was a merge, but nothing of what it changed.
	sqlForget = `UPDATE customers_merges SET chosen = '{}' WHERE from_id = $1 OR into_id = $1`

	sqlInsertMerge = `
INSERT INTO customers_merges (from_id, into_id, from_state, merged_at, by_id, by_name, chosen, undone_at)
VALUES ($1, $2, $3, $4, $5, $6, '{}', 0) RETURNING id`

	sqlKeepChosen = `UPDATE customers_merges SET chosen = $2 WHERE id = $1`

	sqlLockMerge = `UPDATE customers_merges SET undone_at = undone_at WHERE id = $1`

	sqlUndone = `UPDATE customers_merges SET undone_at = $2 WHERE id = $1`

	sqlFindMerge = `
SELECT m.id, m.from_id, m.into_id, m.from_state, m.merged_at, COALESCE(m.by_id, 0), m.by_name, m.chosen, m.undone_at, c.name, c.number
FROM customers_merges m JOIN customers_customers c ON c.id = m.from_id
WHERE m.id = $1`

	sqlStanding = `
SELECT m.id, m.from_id, m.into_id, m.from_state, m.merged_at, COALESCE(m.by_id, 0), m.by_name, m.chosen, m.undone_at, c.name, c.number
FROM customers_merges m JOIN customers_customers c ON c.id = m.from_id
WHERE m.into_id = $1 AND m.undone_at = 0 AND c.state = 'merged'
ORDER BY m.id DESC LIMIT 50`

	// sqlLater is the newest merge after one that must be undone before it.
	sqlLater = `
SELECT m.id, m.from_id, m.into_id, m.from_state, m.merged_at, COALESCE(m.by_id, 0), m.by_name, m.chosen, m.undone_at, c.name, c.number
FROM customers_merges m JOIN customers_customers c ON c.id = m.from_id
WHERE m.undone_at = 0 AND m.id > $1 AND (m.into_id = $2 OR m.from_id = $2)
ORDER BY m.id DESC LIMIT 1`

	sqlSurvivor = `SELECT COALESCE(merged_into, id) FROM customers_customers WHERE id = $1`

	sqlLock = `UPDATE customers_customers SET version = version WHERE id = $1`
)

func scanMerge(row db.Scanner) (m Merge, err error) {
	var raw []byte
	err = row.Scan(&m.ID, &m.FromID, &m.IntoID, &m.FromState, &m.At, &m.ByID, &m.ByName, &raw, &m.UndoneAt, &m.FromName, &m.FromNumber)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(raw, &m.chosen)
}

func insertMerge(ctx context.Context, tx *db.Tx, m *Merge) error {
	actor := authz.From(ctx)
	m.At, m.ByName = tx.Now(), actor.Name
	var by any
	if actor.Kind == authz.Person && actor.UserID != 0 {
		m.ByID, by = actor.UserID, actor.UserID
	}
	return tx.QueryRow(ctx, sqlInsertMerge, m.FromID, m.IntoID, m.FromState, m.At, by, m.ByName).Scan(&m.ID)
}

func keepChosen(ctx context.Context, tx *db.Tx, m *Merge) error {
	raw, err := json.Marshal(m.chosen)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlKeepChosen, m.ID, string(raw))
	return err
}

func errNoMerge(op string) error {
	return errs.New(errs.NotFound, op, "customers.merge.error-not-found")
}

// findMerge gives a merge; nobody else changes it until the transaction ends.
func findMerge(ctx context.Context, tx *db.Tx, op string, id int64) (Merge, error) {
	if _, err := tx.Exec(ctx, sqlLockMerge, id); err != nil {
		return Merge{}, err
	}
	m, err := db.One(ctx, tx, scanMerge, sqlFindMerge, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Merge{}, errNoMerge(op)
	}
	return m, err
}

// survivor gives the customer that has what was this one's: itself, unless it
// was merged.
func survivor(ctx context.Context, tx *db.Tx, op string, id int64) (int64, error) {
	into, err := db.One(ctx, tx, db.Value[int64], sqlSurvivor, id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errs.New(errs.NotFound, op, "customers.error.not-found")
	}
	return into, err
}

// lock takes both rows, always in the same order.
func lock(ctx context.Context, tx *db.Tx, a, b int64) error {
	for _, id := range []int64{min(a, b), max(a, b)} {
		if _, err := tx.Exec(ctx, sqlLock, id); err != nil {
			return err
		}
	}
	return nil
}

// Standing gives the merges into a customer that have not been undone, the
// newest first, 50 at most; with the right to see the customer.
func (s *Service) Standing(ctx context.Context, customerID int64) ([]Merge, error) {
	const op = "merging.Standing"
	if _, err := authz.Require(ctx, op, "customers.view"); err != nil {
		return nil, err
	}
	if _, err := s.Customers.Find(ctx, customerID); err != nil {
		return nil, err
	}
	var all []Merge
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, scanMerge, sqlStanding, customerID)
		return err
	})
	return all, errs.Wrap(op, err)
}

// Undoable tells whether the time to part the two has not run out.
func (m Merge) Undoable(now clock.Instant) bool {
	return m.UndoneAt == 0 && now <= m.At.Add(customers.UndoTime)
}
