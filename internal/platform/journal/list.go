package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// MaxPage is the largest page List gives.
const MaxPage = 1000

// Query chooses entries; zero values choose all. Newest first, unless Follow is
// set: then oldest first from AfterID on, which is how followers read.
type Query struct {
	CustomerID int64
	Subject    Ref
	Kind       string        // exactly this kind
	Kinds      []string      // one of these
	From, To   clock.Instant // From is inside, To is not; 0: without end; newest first only, as is Kept
	Kept       bool          // only what still says what was before and after
	Without    [2]string     // kinds left out; of one customer's entries only
	ActorID    int64         // persons only
	Follow     bool          // entries after AfterID, oldest first; Feed reads so
	AfterID    int64
	UntilID    int64 // and not behind this one; 0: to the end
	BeforeID   int64 // entries before this one, newest first
	Limit      int   // at most MaxPage; 0 means 50
}

const recordColumns = `
SELECT j.id, j.at, j.kind, j.actor_kind, j.actor_id, j.actor_name,
  j.subject_type, j.subject_id, j.customer_id, j.request_id, j.digest, p.before, p.after
FROM platform_journal j LEFT JOIN platform_journal_payloads p ON p.entry_id = j.id `

const conditions = `
WHERE ($1 = 0 OR j.customer_id = $1) AND ($2 = '' OR (j.subject_type = $2 AND j.subject_id = $3))
  AND ($4 = '' OR j.kind = $4) AND ($5 = 0 OR (j.actor_kind = 'person' AND j.actor_id = $5)) `

const (
	sqlListAll = recordColumns + conditions + `
  AND j.id < $6 ORDER BY j.id DESC LIMIT $7`
	sqlListAfter = recordColumns + conditions + `
  AND j.id > $6 AND j.id <= $8 ORDER BY j.id LIMIT $7`
	sqlListCustomer = recordColumns + `
WHERE j.customer_id = $1 AND j.id < $2 AND j.kind NOT IN ($4, $5) ORDER BY j.id DESC LIMIT $3`
	sqlFind = recordColumns + `WHERE j.id = $1`
	sqlLast = `SELECT COALESCE(MAX(id), 0) FROM platform_journal`
)

// List gives a page of entries. It does no check of rights: callers do.
func List(ctx context.Context, tx *db.Tx, q Query) ([]Record, error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, MaxPage)
	before := q.BeforeID
	if before == 0 {
		before = 1 << 62
	}
	until := q.UntilID
	if until == 0 {
		until = 1 << 62
	}
	var (
		all []Record
		err error
	)
	switch {
	case q.Follow && len(q.Kinds) > 0:
		all, err = followKinds(ctx, tx, q, until)
	case q.Follow:
		all, err = db.All(ctx, tx, scanRecord, sqlListAfter, q.CustomerID, q.Subject.Type, q.Subject.ID, q.Kind, q.ActorID, q.AfterID, q.Limit, until)
	case len(q.Kinds) > 0 || q.From != 0 || q.To != 0 || q.Kept || q.ActorID != 0 && q.Kind == "" && q.Subject == Ref{}:
		all, err = listChosen(ctx, tx, q, before)
	case q.CustomerID != 0 && q.Subject == Ref{} && q.Kind == "" && q.ActorID == 0: // the timeline's way, straight down the index
		all, err = db.All(ctx, tx, scanRecord, sqlListCustomer, q.CustomerID, before, q.Limit, q.Without[0], q.Without[1])
	default:
		all, err = db.All(ctx, tx, scanRecord, sqlListAll, q.CustomerID, q.Subject.Type, q.Subject.ID, q.Kind, q.ActorID, before, q.Limit)
	}
	if err != nil {
		return nil, fmt.Errorf("journal.List: %w", err)
	}
	return all, nil
}

// Find gives one entry.
func Find(ctx context.Context, tx *db.Tx, id int64) (Record, error) {
	r, err := db.One(ctx, tx, scanRecord, sqlFind, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, errs.New(errs.NotFound, "journal.Find", "errors.journal-entry-not-found", "ID", id)
	}
	return r, errs.Wrap("journal.Find", err)
}

// Last is the id of the newest entry, 0 when there is none.
func Last(ctx context.Context, tx *db.Tx) (int64, error) {
	id, err := db.One(ctx, tx, db.Value[int64], sqlLast)
	return id, errs.Wrap("journal.Last", err)
}

func scanRecord(s db.Scanner) (Record, error) {
	var r Record
	var before, after sql.NullString
	err := s.Scan(&r.ID, &r.At, &r.Kind, &r.ActorKind, &r.ActorID, &r.ActorName,
		&r.Subject.Type, &r.Subject.ID, &r.CustomerID, &r.RequestID, &r.Digest, &before, &after)
	r.Before, r.After = raw(before), raw(after)
	return r, err
}

const sqlErase = `
DELETE FROM platform_journal_payloads
WHERE entry_id IN (SELECT id FROM platform_journal WHERE customer_id = $1)`

// Erase destroys the payloads of every entry about a customer, for the erasure
// of a person; that the events happened, when and by whom, remains.
func Erase(ctx context.Context, tx *db.Tx, customerID int64) error {
	_, err := tx.Exec(ctx, sqlErase, customerID)
	return errs.Wrap("journal.Erase", err)
}
