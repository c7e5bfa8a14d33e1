package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// Permanent says that trying again is of no use: the job ends as cancelled,
// with err as the reason.
func Permanent(err error) error {
	return river.JobCancel(err)
}

// Later asks for the job to be run again after a pause, as if this attempt had
// not been: for work that finds that its time has not come.
func Later(pause time.Duration) error {
	return river.JobSnooze(pause)
}

// row is a job as it comes from the queue.
type row struct {
	id                   int64
	args                 []byte
	attempt, maxAttempts int
	by                   Who
	progress             *reporter
}

// worker is the work of one kind, as River calls it.
type worker struct {
	river.WorkerDefaults[payload]

	runner *Runner
	opts   Options
	work   func(context.Context, row) error
}

// Timeout is when River counts the job as stuck; Work ends it earlier.
func (w *worker) Timeout(*river.Job[payload]) time.Duration {
	return w.opts.Timeout + w.runner.cfg.timing.margin
}

// NextRetry is when a failed job is tried again; zero leaves it to River.
func (w *worker) NextRetry(job *river.Job[payload]) time.Time {
	if w.opts.Backoff == nil {
		return time.Time{}
	}
	return w.runner.db.Clock().Now().Add(w.opts.Backoff(job.Attempt))
}

// Work runs one attempt.
func (w *worker) Work(ctx context.Context, job *river.Job[payload]) error {
	from := originOf(job.Metadata)
	inner, cancel := context.WithTimeout(from.context(ctx), w.opts.Timeout)
	defer cancel()
	progress := w.runner.newReporter(job.ID)
	defer progress.close()
	err := w.work(inner, row{
		id: job.ID, args: job.Args.raw, attempt: job.Attempt, maxAttempts: job.MaxAttempts,
		by: from.Who, progress: progress,
	})
	if err == nil {
		return nil
	}
	if ctx.Err() != nil { // stopped or cancelled from outside, whatever the work made of it
		return fmt.Errorf("%w: %w", context.Canceled, err)
	}
	if snooze := (*river.JobSnoozeError)(nil); errors.As(err, &snooze) {
		return err
	}
	w.runner.cfg.Logger.WarnContext(inner, "jobs: attempt failed", "kind", job.Kind, "job", job.ID,
		"attempt", job.Attempt, "of", job.MaxAttempts, "error", err)
	return err
}
