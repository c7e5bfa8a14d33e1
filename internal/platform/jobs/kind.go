package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// The queues. Quick work never waits behind slow work.
const (
	Quick = "quick"
	Slow  = "slow"
)

// Options are what all jobs of a kind have in common.
type Options struct {
	Title       string                          // locale id of what people call it; every kind of ours has one
	Queue       string                          // Quick if empty
	Timeout     time.Duration                   // one attempt; a minute if 0
	MaxAttempts int                             // 12 if 0, which spans about 18 hours
	Unique      bool                            // at most one unfinished job with the same arguments
	Backoff     func(attempt int) time.Duration // pause after a failed attempt; attempt⁴ seconds if nil
}

const (
	defaultTimeout     = time.Minute
	defaultMaxAttempts = 12
)

// Kind is one kind of job, whose arguments are of type A and are kept as JSON.
// Make it with Define.
type Kind[A any] struct {
	name string
	opts Options
}

// Define describes a kind of job. The name is "module.verb" and must never
// change, because jobs are kept under it.
func Define[A any](name string, opts Options) Kind[A] {
	if opts.Queue == "" {
		opts.Queue = Quick
	}
	if opts.Timeout <= 0 {
		opts.Timeout = defaultTimeout
	}
	if opts.MaxAttempts <= 0 {
		opts.MaxAttempts = defaultMaxAttempts
	}
	return Kind[A]{name: name, opts: opts}
}

// Name is the kind's name.
func (k Kind[A]) Name() string { return k.name }

// Job is one job at work.
type Job[A any] struct {
	ID          int64
	Args        A
	Attempt     int // counts from 1
	MaxAttempts int
	By          Who // who enqueued it

	progress *reporter
}

// Last tells that there will be no further attempt.
func (j Job[A]) Last() bool { return j.Attempt >= j.MaxAttempts }

// Progress tells how far the work is, with a line for the person; total 0
// means that it is not known. It may be called as often as one likes, within a
// transaction too: it is kept at most twice a second, by another goroutine.
func (j Job[A]) Progress(done, total int64, text string) { j.progress.report(done, total, text) }

// Handle says how jobs of this kind are worked. Call it before Start, once for
// each kind.
func (k Kind[A]) Handle(r *Runner, work func(ctx context.Context, job Job[A]) error) error {
	return r.handle(k.name, k.opts, func(ctx context.Context, row row) error {
		job := Job[A]{
			ID: row.id, Attempt: row.attempt, MaxAttempts: row.maxAttempts, By: row.by, progress: row.progress,
		}
		if err := json.Unmarshal(row.args, &job.Args); err != nil {
			return Permanent(fmt.Errorf("jobs: arguments of %s: %w", k.name, err))
		}
		return work(ctx, job)
	})
}

// InsertOptions are for one job.
type InsertOptions struct {
	At        clock.Instant // not before; at once if 0. Exact to about five seconds
	UniqueKey string        // while an unfinished job of this kind has this key, no other is made
	Priority  int           // 1 (first) to 4; 1 if 0
}

// Enqueue adds a job within the caller's transaction and returns its id; if
// uniqueness forbids another one, the id of the one that is there.
func (k Kind[A]) Enqueue(ctx context.Context, r *Runner, tx *db.Tx, args A, opts InsertOptions) (int64, error) {
	ids, err := k.EnqueueMany(ctx, r, tx, []A{args}, opts)
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// EnqueueMany adds a job for each of the arguments, with the same options.
func (k Kind[A]) EnqueueMany(ctx context.Context, r *Runner, tx *db.Tx, all []A, opts InsertOptions) ([]int64, error) {
	if len(all) == 0 {
		return nil, nil
	}
	encoded := make([]json.RawMessage, len(all))
	for i, args := range all {
		text, err := json.Marshal(args)
		if err != nil {
			return nil, fmt.Errorf("jobs: arguments of %s: %w", k.name, err)
		}
		encoded[i] = text
	}
	return r.insert(ctx, tx, insertion{kind: k.name, opts: k.opts, insert: opts, args: encoded})
}

// Schedule has a job of this kind enqueued whenever the plan says so: once,
// however many nodes run, and once for all times missed while none ran. If the
// previous one is unfinished by then, that time is left out. Call it before
// Start, once for each kind.
func (k Kind[A]) Schedule(r *Runner, plan Plan, args A) error {
	return r.schedule(k.name, plan, func(ctx context.Context, tx *db.Tx) error {
		_, err := k.Enqueue(ctx, r, tx, args, InsertOptions{UniqueKey: "schedule"})
		return err
	})
}
