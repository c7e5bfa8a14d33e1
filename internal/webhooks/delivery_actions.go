package webhooks

import (
	"context"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
)

// LogQuery chooses deliveries, newest first; zero values choose all.
type LogQuery struct {
	State  State
	Before int64 // id to go on before
	Limit  int   // at most 1,000; 50 if 0
}

const maxPage = 1000

// Deliveries gives a page of what an endpoint was told, and the id to go on
// before, 0 at the end.
func (s *Service) Deliveries(ctx context.Context, endpointID int64, q LogQuery) (all []Delivery, next int64, err error) {
	const op = "webhooks.Deliveries"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return nil, 0, err
	}
	if q.State != "" && !q.State.Valid() {
		return nil, 0, errs.InvalidFields(op, errs.Field("state", "errors.field-not-chosen"))
	}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, maxPage)
	if q.Before == 0 {
		q.Before = 1 << 62
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := findEndpoint(ctx, tx, op, endpointID); err != nil {
			return err
		}
		all, err = db.All(ctx, tx, scanDelivery, sqlListDeliveries, endpointID, q.Before, q.State, q.Limit+1)
		return err
	})
	if err != nil {
		return nil, 0, errs.Wrap(op, err)
	}
	if len(all) > q.Limit {
		all = all[:q.Limit]
		next = all[q.Limit-1].ID
	}
	return all, next, nil
}

// FindDelivery gives a delivery with its attempts, the newest first and a
// hundred at most, and with what it says now; body is empty if the endpoint
// may not be told any more, or may know more than the actor.
func (s *Service) FindDelivery(ctx context.Context, endpointID, id int64) (d Delivery, attempts []Attempt, body string, err error) {
	const op = "webhooks.FindDelivery"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Delivery{}, nil, "", err
	}
	var e Endpoint
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if e, err = findEndpoint(ctx, tx, op, endpointID); err != nil {
			return err
		}
		if d, err = findDelivery(ctx, tx, op, endpointID, id); err != nil {
			return err
		}
		attempts, err = db.All(ctx, tx, scanAttempt, sqlListAttempts, id)
		return err
	})
	if err != nil {
		return Delivery{}, nil, "", errs.Wrap(op, err)
	}
	if s.readers.Admit(ctx, e.Role) != nil {
		return d, attempts, "", nil
	}
	text, err := s.body(ctx, e, d)
	if err != nil && !errors.Is(err, errWithheld) {
		return Delivery{}, nil, "", errs.Wrap(op, err)
	}
	return d, attempts, string(text), nil
}

// Test sends a test to an endpoint now, on or off, and gives what came of it.
func (s *Service) Test(ctx context.Context, endpointID int64) (Delivery, error) {
	const op = "webhooks.Test"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Delivery{}, err
	}
	d := Delivery{EndpointID: endpointID, Event: TestEvent, State: Failed} // until it is taken
	var e Endpoint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if e, err = findEndpoint(ctx, tx, op, endpointID); err != nil {
			return err
		}
		d.CreatedAt, d.giveUpAt = tx.Now(), tx.Now()
		return insertDelivery(ctx, tx, &d)
	})
	if err != nil {
		return Delivery{}, errs.Wrap(op, err)
	}
	a, out, err := s.send(ctx, e, d)
	if err != nil {
		return Delivery{}, errs.Wrap(op, err)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := insertAttempt(ctx, tx, d.ID, &a); err != nil {
			return err
		}
		d.Attempts, d.Last = 1, a
		if out != taken {
			return nil
		}
		d.State = Delivered
		if err := moveDelivery(ctx, tx, d); err != nil {
			return err
		}
		now, err := lockEndpoint(ctx, tx, op, endpointID)
		if err != nil || now.FailingSince.IsZero() {
			return err
		}
		now.judge(taken, d, tx.Now()) // there is somebody again: what waits need not wait longer
		return updateEndpoint(ctx, tx, now)
	})
	return d, errs.Wrap(op, err)
}

// begin has a delivery tried for three days from now on.
func (d *Delivery) begin(now clock.Instant) {
	d.State, d.tries, d.NextAt, d.giveUpAt = Waiting, 0, now, now.Add(triedFor)
}

// Replay sends a delivery again, whatever became of it.
func (s *Service) Replay(ctx context.Context, endpointID, id int64) (d Delivery, err error) {
	const op = "webhooks.Replay"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Delivery{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayReplay(ctx, tx, op, endpointID); err != nil {
			return err
		}
		if d, err = findDelivery(ctx, tx, op, endpointID, id); err != nil {
			return err
		}
		d.begin(tx.Now())
		if err := moveDelivery(ctx, tx, d); err != nil {
			return err
		}
		return s.sendSoon(ctx, tx, endpointID)
	})
	return d, errs.Wrap(op, err)
}

const sqlReplayFailed = `
UPDATE webhooks_deliveries SET state = 'waiting', tries = 0, next_at = $3, give_up_at = $4
WHERE endpoint_id = $1 AND state = 'failed' AND entry_id > 0 AND created_at >= $2`

// ReplayFailed sends again all that was given up since a moment, and tells how
// many that are.
func (s *Service) ReplayFailed(ctx context.Context, endpointID int64, since clock.Instant) (count int64, err error) {
	const op = "webhooks.ReplayFailed"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayReplay(ctx, tx, op, endpointID); err != nil {
			return err
		}
		now := tx.Now()
		result, err := tx.Exec(ctx, sqlReplayFailed, endpointID, since, now, now.Add(triedFor))
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		if count, err = result.RowsAffected(); err != nil || count == 0 {
			return err
		}
		return s.sendSoon(ctx, tx, endpointID)
	})
	return count, errs.Wrap(op, err)
}

// mayReplay refuses an endpoint that is off. The line of one that could not be
// reached goes on at once: whoever replays knows more than we do.
func (s *Service) mayReplay(ctx context.Context, tx *db.Tx, op string, endpointID int64) error {
	e, err := lockEndpoint(ctx, tx, op, endpointID)
	if err != nil {
		return err
	}
	if !e.Enabled {
		return errs.New(errs.Conflict, op, "webhooks.error.off")
	}
	if e.ResumeAt.IsZero() {
		return nil
	}
	e.ResumeAt = 0
	return updateEndpoint(ctx, tx, e)
}

func (s *Service) sendSoon(ctx context.Context, tx *db.Tx, endpointID int64) error {
	_, err := deliverWaiting.Enqueue(ctx, s.jobs, tx, line{endpointID}, jobs.InsertOptions{})
	return err
}
