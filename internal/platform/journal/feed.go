package journal

import (
	"context"
	"fmt"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/db"
)

// Feed reads the journal oldest first without ever passing over an entry. Ids
// are taken while transactions run and are seen when they end, in an order of
// their own: on PostgreSQL entry 7 can be seen before entry 5. A follower who
// went on behind 7 would never learn of 5; so a feed gives an entry only when
// all before it are settled: written, or never to come. On SQLite one
// transaction writes at a time, and nothing needs to be waited for.
//
// Safe for concurrent use; one for a database is enough.
type Feed struct {
	db   *db.DB
	wait time.Duration // at most, for transactions that run

	mu      sync.Mutex
	settled int64
}

// settleWithin is how long a reader waits for transactions that run: nearly
// all end within milliseconds.
const settleWithin = 2 * time.Second

// NewFeed makes a feed.
func NewFeed(d *db.DB) *Feed { return &Feed{db: d, wait: settleWithin} }

// Read gives the entries behind q.AfterID, oldest first, as far as they are
// settled. It does no check of rights: callers do.
func (f *Feed) Read(ctx context.Context, q Query) ([]Record, error) {
	q.Follow = true
	if q.Limit <= 0 {
		q.Limit = 50
	}
	known := f.known()
	if known > q.AfterID { // most of the past needs no second look
		all, err := f.until(ctx, q, known)
		if err != nil || len(all) >= min(q.Limit, MaxPage) {
			return all, err
		}
	}
	settled, err := f.settle(ctx)
	if err != nil {
		return nil, fmt.Errorf("journal.Feed: %w", err)
	}
	return f.until(ctx, q, settled)
}

func (f *Feed) until(ctx context.Context, q Query, id int64) (all []Record, err error) {
	if id <= q.AfterID {
		return nil, nil
	}
	q.UntilID = id
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		all, err = List(ctx, tx, q)
		return err
	})
	return all, err
}

func (f *Feed) known() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.settled
}

func (f *Feed) note(id int64) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settled = max(f.settled, id)
	return f.settled
}

// sqlTakenPostgres is the newest id that was given out, whether or not the
// transaction that took it has ended.
const sqlTakenPostgres = `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM platform_journal_id_seq`

// sqlTakersPostgres names the running transactions that took ids: each holds
// a lock on the sequence, from before its first id until it ends.
const sqlTakersPostgres = `
SELECT CONCAT(pid, ' ', virtualtransaction) FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
  AND relation = CAST('platform_journal_id_seq' AS regclass)
  AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
ORDER BY 1`

// settle gives the id up to which nothing can be added any more. It reads the
// newest id first and then waits until the transactions that had taken ids by
// that time have ended; if one takes long, the answer is what was known before.
func (f *Feed) settle(ctx context.Context) (int64, error) {
	if f.db.Engine() != db.Postgres {
		var last int64
		err := f.db.Read(ctx, func(tx *db.Tx) (err error) {
			last, err = Last(ctx, tx)
			return err
		})
		return last, err
	}
	var taken int64
	var running map[string]bool
	err := f.db.Read(ctx, func(tx *db.Tx) (err error) {
		if taken, err = db.One(ctx, tx, db.Value[int64], sqlTakenPostgres); err != nil {
			return err
		}
		running, err = takers(ctx, tx)
		return err
	})
	deadline := time.NewTimer(f.wait)
	defer deadline.Stop()
	for pause := time.Millisecond; err == nil && len(running) > 0; pause = min(2*pause, 50*time.Millisecond) {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-deadline.C:
			return f.known(), nil
		case <-time.After(pause):
		}
		var now map[string]bool
		err = f.db.Read(ctx, func(tx *db.Tx) (err error) {
			now, err = takers(ctx, tx)
			return err
		})
		for id := range running {
			if !now[id] {
				delete(running, id)
			}
		}
	}
	if err != nil {
		return 0, err
	}
	return f.note(taken), nil
}

func takers(ctx context.Context, tx *db.Tx) (map[string]bool, error) {
	all, err := db.All(ctx, tx, db.Value[string], sqlTakersPostgres)
	running := make(map[string]bool, len(all))
	for _, id := range all {
		running[id] = true
	}
	return running, err
}
