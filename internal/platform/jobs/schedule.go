package jobs

import (
	"context"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// Plan says when a scheduled job is due: given the present in the company's
// time zone, it returns the latest due time that is not after it; the zero time
// means never. It is asked again and again, so it may follow a setting.
type Plan func(now time.Time) time.Time

// Every plans a job at whole multiples of the interval: Every(time.Hour) at
// each full hour of UTC.
func Every(interval time.Duration) Plan {
	return func(now time.Time) time.Time { return now.Truncate(interval) }
}

// Daily plans a job every day at this time of the company's clock.
func Daily(hour, minute int) Plan {
	return func(now time.Time) time.Time {
		due := at(now, 0, hour, minute)
		if due.After(now) {
			due = at(now, -1, hour, minute)
		}
		return due
	}
}

// Weekly plans a job on one day of every week at this time of the company's
// clock.
func Weekly(day time.Weekday, hour, minute int) Plan {
	return func(now time.Time) time.Time {
		back := (int(now.Weekday()) - int(day) + 7) % 7
		due := at(now, -back, hour, minute)
		if due.After(now) {
			due = at(now, -back-7, hour, minute)
		}
		return due
	}
}

func at(now time.Time, days, hour, minute int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+days, hour, minute, 0, 0, now.Location())
}

type scheduled struct {
	name    string
	plan    Plan
	enqueue func(ctx context.Context, tx *db.Tx) error
	done    clock.Instant // the time that is known to be settled
}

func (r *Runner) schedule(name string, plan Plan, enqueue func(context.Context, *db.Tx) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return fmt.Errorf("jobs: schedule %s comes too late: already started", name)
	}
	for _, s := range r.schedules {
		if s.name == name {
			return fmt.Errorf("jobs: %s is scheduled twice", name)
		}
	}
	r.schedules = append(r.schedules, &scheduled{name: name, plan: plan, enqueue: enqueue})
	return nil
}

// runSchedules enqueues what has become due.
func (r *Runner) runSchedules(ctx context.Context) error {
	ctx = authz.AsSystem(ctx, "")
	now := r.db.Clock().Now().In(r.cfg.Zone())
	for _, s := range r.schedules {
		slot := s.plan(now)
		if slot.IsZero() || clock.InstantOf(slot) <= s.done {
			continue
		}
		if err := r.settle(ctx, s, clock.InstantOf(slot)); err != nil {
			return fmt.Errorf("schedule %s: %w", s.name, err)
		}
		s.done = clock.InstantOf(slot)
	}
	return nil
}

const sqlAddSchedule = `
INSERT INTO platform_job_schedules (name, slot) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`

const sqlClaimSlot = `UPDATE platform_job_schedules SET slot = $2 WHERE name = $1 AND slot < $2`

// settle claims a due time and enqueues its job; another node may have been
// faster. A schedule that is seen for the first time begins with its next time.
func (r *Runner) settle(ctx context.Context, s *scheduled, slot clock.Instant) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for _, statement := range []string{sqlAddSchedule, sqlClaimSlot} {
			result, err := tx.Exec(ctx, statement, s.name, slot)
			if err != nil {
				return err
			}
			changed, err := result.RowsAffected()
			if err != nil {
				return err
			}
			if changed == 0 {
				continue
			}
			if statement == sqlClaimSlot {
				return s.enqueue(ctx, tx)
			}
			return nil
		}
		return nil
	})
}
