package jobs

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Manage is the permission to see all jobs and to steer them.
const Manage = "jobs.manage"

// Permissions are those of this package, for the matrix.
var Permissions = []authz.Permission{{
	ID: Manage, Label: "jobs.permission.manage",
	Default: map[authz.Role]authz.Level{authz.Administrator: authz.All},
}}

// Retry has a job run again now, with one more attempt if all are used up. A
// running job is refused.
func (r *Runner) Retry(ctx context.Context, id int64) error {
	return r.steer(ctx, "jobs.Retry", "jobs.retried", id, func(ctx context.Context, j joined, was Info) error {
		if was.State == Running {
			return errs.New(errs.Conflict, "jobs.Retry", "jobs.error.running")
		}
		_, err := r.queue.JobRetryTx(ctx, j, id)
		return err
	})
}

// Cancel ends a job for good. If it is running, its context is cancelled; work
// that does not heed it goes on to its end. A finished job is refused.
func (r *Runner) Cancel(ctx context.Context, id int64) error {
	return r.steer(ctx, "jobs.Cancel", "jobs.cancelled", id, func(ctx context.Context, j joined, was Info) error {
		if was.State.Finished() {
			return errs.New(errs.Conflict, "jobs.Cancel", "jobs.error.finished")
		}
		_, err := r.queue.JobCancelTx(ctx, j, id)
		return err
	})
}

// jobChange is what the journal keeps of a steered job.
type jobChange struct {
	Kind  string `json:"kind"`
	State State  `json:"state"`
}

func (r *Runner) steer(ctx context.Context, op, event string, id int64, change func(context.Context, joined, Info) error) error {
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	return errs.Wrap(op, r.db.Write(ctx, func(tx *db.Tx) error {
		was, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		inner, j, err := join(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(inner, j, was); err != nil {
			return known(op, err)
		}
		tx.AfterCommit(r.poke)
		now, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: event, Subject: journal.Ref{Type: "job", ID: id},
			Before: jobChange{was.Kind, was.State}, After: jobChange{now.Kind, now.State},
		})
		return err
	}))
}

// Pause has a queue begin no more jobs, on all nodes, until Resume.
func (r *Runner) Pause(ctx context.Context, queue string) error {
	return r.control(ctx, "jobs.Pause", "jobs.queue_paused", queue, r.queue.QueuePauseTx)
}

// Resume ends a pause.
func (r *Runner) Resume(ctx context.Context, queue string) error {
	return r.control(ctx, "jobs.Resume", "jobs.queue_resumed", queue, r.queue.QueueResumeTx)
}

type queueChange struct {
	Queue string `json:"queue"`
}

func (r *Runner) control(ctx context.Context, op, event, queue string,
	change func(context.Context, joined, string, *river.QueuePauseOpts) error,
) error {
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	return errs.Wrap(op, r.db.Write(ctx, func(tx *db.Tx) error {
		inner, j, err := join(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(inner, j, queue, nil); err != nil {
			return known(op, err)
		}
		tx.AfterCommit(r.poke)
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: event, Subject: journal.Ref{Type: "job_queue"}, After: queueChange{queue},
		})
		return err
	}))
}

// known turns River's "not found" into ours.
func known(op string, err error) error {
	if errors.Is(err, river.ErrNotFound) {
		return errs.New(errs.NotFound, op, "jobs.error.not-found").Because(err)
	}
	return err
}
