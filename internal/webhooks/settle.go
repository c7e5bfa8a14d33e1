package webhooks

import (
	"context"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// failingFor is how long an endpoint may fail before it is turned off.
const failingFor = 5 * 24 * time.Hour

// settle keeps an attempt and what follows from it.
func (s *Service) settle(ctx context.Context, endpointID int64, d Delivery, a Attempt, out outcome) error {
	const op = "webhooks.settle"
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := lockEndpoint(ctx, tx, op, endpointID)
		if err != nil {
			return err
		}
		if err := insertAttempt(ctx, tx, d.ID, &a); err != nil {
			return err
		}
		e := before
		d.judge(out, tx.Now())
		e.judge(out, d, tx.Now())
		if err := moveDelivery(ctx, tx, d); err != nil {
			return err
		}
		why := WhyNot
		switch {
		case out == gone:
			why = WhyGone
		case !e.FailingSince.IsZero() && tx.Now() >= e.FailingSince.Add(failingFor):
			why = WhyFailing
		}
		if why != WhyNot && e.Enabled {
			if err := turnOff(ctx, tx, &e, why); err != nil {
				return err
			}
			if _, err := s.note(ctx, tx, "webhooks.endpoint_disabled", &before, &e); err != nil {
				return err
			}
		}
		if e.Enabled == before.Enabled && e.FailingSince == before.FailingSince && e.ResumeAt == before.ResumeAt {
			return nil
		}
		return updateEndpoint(ctx, tx, e)
	})
	if errs.Is(err, errs.NotFound) {
		return nil // the endpoint was removed meanwhile, and its log with it
	}
	return errs.Wrap(op, err)
}

// judge moves a delivery on after an attempt.
func (d *Delivery) judge(out outcome, now clock.Instant) {
	switch out {
	case taken:
		d.State, d.NextAt = Delivered, 0
	case gone, withheld:
		d.State, d.NextAt = Failed, 0
	default:
		d.tries++
		pause := pauseAfter(d.tries)
		if out == unreachable {
			pause = min(pause, longestStop)
		}
		d.NextAt = now.Add(pause)
		if d.NextAt > d.giveUpAt {
			d.State, d.NextAt = Failed, 0
		}
	}
}

// judge remembers since when an endpoint fails, and holds its line while there
// is nobody to be reached; d is the delivery as it was moved on.
func (e *Endpoint) judge(out outcome, d Delivery, now clock.Instant) {
	switch out {
	case taken:
		e.FailingSince, e.ResumeAt = 0, 0
	case refused, unreachable:
		if e.FailingSince.IsZero() {
			e.FailingSince = now
		}
		e.ResumeAt = 0
		if out == unreachable {
			e.ResumeAt = max(d.NextAt, now.Add(shortestPause))
		}
	}
}
