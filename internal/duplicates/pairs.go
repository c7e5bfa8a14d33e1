package duplicates

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates/matching"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
)

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Customers *customers.Service
	Merging   *merging.Service
	Jobs      *jobs.Runner // nil: nothing is looked for by itself
	Logger    *slog.Logger // nil keeps silent
}

// Service keeps the pairs of customers that may be one; safe for concurrent
// use.
type Service struct {
	Deps
}

var findJob = jobs.Define[struct{}]("duplicates.find", jobs.Options{
	Title: "jobs.kind.duplicates-find", Queue: jobs.Slow, Timeout: 2 * time.Hour, MaxAttempts: 3, Unique: true,
})

// New makes the service, which looks through the file every night.
func New(d Deps) (*Service, error) {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{d}
	d.Customers.OnErased(func(ctx context.Context, tx *db.Tx, c customers.Customer) error { return forget(ctx, tx, c.ID) })
	d.Merging.OnMerged(func(ctx context.Context, tx *db.Tx, m merging.Merge) error { return forget(ctx, tx, m.FromID) })
	d.Merging.OnUnmerged(s.keepApart)
	if d.Jobs == nil {
		return s, nil
	}
	return s, errors.Join(
		findJob.Handle(d.Jobs, func(ctx context.Context, job jobs.Job[struct{}]) error {
			found, err := s.Find(ctx, func(done, of int64) { job.Progress(done, of, "") })
			s.Logger.InfoContext(ctx, "duplicates looked for", "customers", found.Customers, "pairs", found.Pairs)
			return err
		}),
		findJob.Schedule(d.Jobs, jobs.Daily(2, 10), struct{}{}),
	)
}

// Pair is two customers that may be one; A is the older.
type Pair struct {
	A, B    customers.Row
	Score   float64 // bits, see matching.Model
	Verdict matching.Verdict
	Why     []Reason
	FoundAt clock.Instant
}

// Reason is what one field says: Level is equal, close, alike or different.
type Reason struct {
	Field string  `json:"field"`
	Level string  `json:"level"`
	Bits  float64 `json:"bits"`
}

// Agreeing are the fields with one of these levels, as matching calls them.
func (p Pair) Agreeing(levels ...matching.Level) []string {
	var names []string
	for _, r := range p.Why {
		for _, l := range levels {
			if r.Level == l.String() {
				names = append(names, r.Field)
			}
		}
	}
	return names
}

// kept is a row of duplicates_pairs.
type kept struct {
	a, b  int64
	score int64
	why   []Reason
	at    clock.Instant
}

func scanKept(row db.Scanner) (k kept, err error) {
	var raw []byte
	if err = row.Scan(&k.a, &k.b, &k.score, &raw, &k.at); err != nil {
		return k, err
	}
	return k, json.Unmarshal(raw, &k.why)
}

const sqlForget = `DELETE FROM duplicates_pairs WHERE a_id = $1 OR b_id = $1`

// forget takes out all pairs of a customer.
func forget(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, sqlForget, id)
	return err
}

const sqlKeepApart = `
INSERT INTO duplicates_pairs (a_id, b_id, score, state, why, print, found_at, decided_by, decided_at)
VALUES ($1, $2, 0, 'dismissed', '[]', $3, $4, $5, $4)
ON CONFLICT (a_id, b_id) DO UPDATE SET state = 'dismissed', print = excluded.print, decided_by = excluded.decided_by, decided_at = excluded.decided_at`
