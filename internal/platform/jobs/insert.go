package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"kartoteka.dev/internal/platform/db"
)

// payload is a job's arguments on their way through River.
type payload struct {
	kind   string
	raw    json.RawMessage
	unique []byte
}

// Kind implements river.JobArgs.
func (p payload) Kind() string { return p.kind }

// MarshalJSON gives the arguments as the module wrote them.
func (p payload) MarshalJSON() ([]byte, error) { return p.raw, nil }

// UnmarshalJSON keeps the arguments for the module to read.
func (p *payload) UnmarshalJSON(text []byte) error {
	p.raw = append(json.RawMessage(nil), text...)
	return nil
}

// insertion is a number of jobs of one kind.
type insertion struct {
	kind   string
	opts   Options
	insert InsertOptions
	args   []json.RawMessage
}

func (r *Runner) insert(ctx context.Context, tx *db.Tx, in insertion) ([]int64, error) {
	meta, err := metadataOf(ctx)
	if err != nil {
		return nil, err
	}
	opts := &river.InsertOpts{
		Queue: in.opts.Queue, MaxAttempts: in.opts.MaxAttempts, Priority: in.insert.Priority, Metadata: meta,
	}
	if !in.insert.At.IsZero() {
		opts.ScheduledAt = in.insert.At.Time()
	}
	params := make([]river.InsertManyParams, len(in.args))
	for i, args := range in.args {
		params[i] = river.InsertManyParams{
			Args:       payload{kind: in.kind, raw: args, unique: in.uniqueKey(args)},
			InsertOpts: opts,
		}
	}
	ctx, j, err := join(ctx, tx)
	if err != nil {
		return nil, err
	}
	results, err := r.queue.InsertManyTx(ctx, j, params)
	if err != nil {
		return nil, fmt.Errorf("jobs: enqueue %s: %w", in.kind, err)
	}
	tx.AfterCommit(r.poke)
	ids := make([]int64, len(results))
	for i, result := range results {
		ids[i] = result.Job.ID
	}
	return ids, nil
}

// uniqueKey is nil if any number of such jobs may wait.
func (in insertion) uniqueKey(args json.RawMessage) []byte {
	if in.insert.UniqueKey == "" && !in.opts.Unique {
		return nil
	}
	h := sha256.New()
	for _, part := range []string{in.kind, in.insert.UniqueKey} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // a hash never fails
	}
	if in.insert.UniqueKey == "" {
		_, _ = h.Write(args)
	}
	return h.Sum(nil)
}

// unfinished are the states in which a job stands in the way of another one
// with the same key, as the bits that River keeps: available, pending,
// retryable, running and scheduled.
const unfinished = 1<<0 | 1<<4 | 1<<5 | 1<<6 | 1<<7

// hooks have River use our own unique keys.
func hooks() []rivertype.Hook {
	return []rivertype.Hook{river.HookInsertBeginFunc(func(_ context.Context, params *rivertype.JobInsertParams) error {
		if p, ok := params.Args.(payload); ok && p.unique != nil {
			params.UniqueKey, params.UniqueStates = p.unique, unfinished
		}
		return nil
	})}
}

// poke has the listener of this process look for new jobs now.
func (r *Runner) poke() {
	select {
	case r.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}
