package webhooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Paces of Run: what is committed at once is looked at once, and while
// endpoints are behind they are looked at again.
const (
	gather = 200 * time.Millisecond
	again  = time.Second
)

// feedPage is how many entries are looked at in one go.
const feedPage = 500

// Run has endpoints told moments after something was committed by this
// program, until ctx ends. What others commit, and what Run misses, is found
// by a job every minute.
func (s *Service) Run(ctx context.Context) {
	heard := make(chan struct{}, 1)
	cancel := s.db.Subscribe(func(ids []int64) {
		if len(ids) == 0 {
			return
		}
		select {
		case heard <- struct{}{}:
		default: // it is going to look anyway
		}
	})
	defer cancel()
	ctx = authz.AsSystem(ctx, "")
	for {
		select {
		case <-ctx.Done():
			return
		case <-heard:
		}
		for pause := gather; wait(ctx, pause); pause = again {
			behind, err := s.nudge(ctx)
			if err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "webhooks are delayed", "error", err.Error())
			}
			if !behind {
				break
			}
		}
	}
}

// wait tells whether the pause went by before ctx ended.
func wait(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

const sqlCountBehind = `SELECT COUNT(*) FROM webhooks_endpoints WHERE enabled AND cursor_id < $1`

// nudge has the feed run if some endpoint is behind.
func (s *Service) nudge(ctx context.Context) (behind bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		last, err := journal.Last(ctx, tx)
		if err != nil {
			return err
		}
		n, err := db.One(ctx, tx, db.Value[int64], sqlCountBehind, last)
		behind = n > 0
		return err
	})
	if err != nil || !behind {
		return false, err
	}
	return true, s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := feedEndpoints.Enqueue(ctx, s.jobs, tx, struct{}{}, jobs.InsertOptions{UniqueKey: "schedule"})
		return err
	})
}

// follow adds deliveries for new entries and has what is due sent.
func (s *Service) follow(ctx context.Context) error {
	var all []Endpoint
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = listEndpoints(ctx, tx)
		return err
	})
	var failures []error
	for _, e := range all {
		for more := e.Enabled; more && err == nil; {
			if more, err = s.advance(ctx, &e); err != nil { // the others are told all the same
				failures = append(failures, fmt.Errorf("endpoint %d: %w", e.ID, err))
			}
		}
		err = nil
	}
	return errors.Join(append(failures, err, s.sendDue(ctx))...)
}

const sqlAdvance = `UPDATE webhooks_endpoints SET cursor_id = $3 WHERE id = $1 AND cursor_id = $2 AND enabled`

// advance looks at the next entries; more tells that there may be others.
func (s *Service) advance(ctx context.Context, e *Endpoint) (more bool, err error) {
	entries, err := s.feed.Read(ctx, journal.Query{AfterID: e.cursor, Limit: feedPage})
	if err != nil || len(entries) == 0 {
		return false, err
	}
	var wanted []journal.Record
	for _, r := range entries {
		if e.wants(r.Kind) {
			wanted = append(wanted, r)
		}
	}
	if len(wanted) > 0 {
		if wanted, err = s.readers.Tell(ctx, e.Role, wanted); err != nil {
			return false, err
		}
	}
	last := entries[len(entries)-1].ID
	moved := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		result, err := tx.Exec(ctx, sqlAdvance, e.ID, e.cursor, last)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil || n == 0 { // somebody else was faster, or turned it off
			return err
		}
		moved = true
		return s.add(ctx, tx, e.ID, wanted)
	})
	e.cursor = last
	return err == nil && moved && len(entries) == feedPage, err
}

func (s *Service) add(ctx context.Context, tx *db.Tx, endpointID int64, entries []journal.Record) error {
	now := tx.Now()
	rows := db.NewRows("webhooks_deliveries", "endpoint_id, entry_id, event, state, tries, next_at, give_up_at, created_at")
	for _, r := range entries {
		rows.Add(endpointID, r.ID, r.Kind, Waiting, 0, now, now.Add(triedFor), now)
	}
	if err := rows.Insert(ctx, tx); err != nil {
		return fmt.Errorf("add deliveries: %w", err)
	}
	return nil
}

const sqlListDue = `
SELECT DISTINCT e.id FROM webhooks_endpoints e JOIN webhooks_deliveries d ON d.endpoint_id = e.id
WHERE e.enabled AND e.resume_at <= $1 AND d.state = 'waiting' AND d.next_at <= $1 ORDER BY e.id`

// sendDue enqueues a job for every endpoint that something waits for.
func (s *Service) sendDue(ctx context.Context) error {
	var due []int64
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All(ctx, tx, db.Value[int64], sqlListDue, tx.Now())
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	lines := make([]line, len(due))
	for i, id := range due {
		lines[i] = line{id}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := deliverWaiting.EnqueueMany(ctx, s.jobs, tx, lines, jobs.InsertOptions{})
		return err
	})
}

const sqlSweep = `DELETE FROM webhooks_deliveries WHERE created_at < $1`

// sweep forgets what was told long ago.
func (s *Service) sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlSweep, clock.InstantOf(s.clock.Now().Add(-keptFor))); err != nil {
			return fmt.Errorf("sweep deliveries: %w", err)
		}
		return nil
	})
}
