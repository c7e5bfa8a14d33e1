package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// State is where a job is in its life.
type State string

// The states. Waiting, Planned, Running and Retrying are unfinished.
const (
	Waiting   State = "available"
	Planned   State = "scheduled"
	Running   State = "running"
	Retrying  State = "retryable"
	Done      State = "completed"
	Cancelled State = "cancelled"
	Failed    State = "discarded"
)

// States in the order in which pages show them.
var States = []State{Running, Waiting, Planned, Retrying, Failed, Cancelled, Done}

var stateTexts = map[State]string{
	Waiting: "jobs.state.waiting", Planned: "jobs.state.planned", Running: "jobs.state.running",
	Retrying: "jobs.state.retrying", Done: "jobs.state.done", Cancelled: "jobs.state.cancelled",
	Failed: "jobs.state.failed",
}

// TextID is the locale id of the state's name.
func (s State) TextID() string { return stateTexts[s] }

// Finished tells that nothing more will happen with the job by itself.
func (s State) Finished() bool { return s == Done || s == Cancelled || s == Failed }

// Info is a job as the jobs page shows it.
type Info struct {
	ID          int64
	Kind        string
	Title       string // locale id of what people call the kind; "" if this program does not know it
	Queue       string
	State       State
	Attempt     int // 0 before the first
	MaxAttempts int
	By          Who
	Created     clock.Instant
	Scheduled   clock.Instant // when it is, or was, due
	Attempted   clock.Instant // when the last attempt began; 0 if none did
	Finished    clock.Instant // 0 while unfinished
	Failures    []Failure     // of its attempts, oldest first
	Progress    Progress      // zero if it has not said
}

// Failure is why an attempt failed. Trace is there after a panic.
type Failure struct {
	At      time.Time `json:"at"`
	Attempt int       `json:"attempt"`
	Text    string    `json:"error"`
	Trace   string    `json:"trace"`
}

// Filter chooses jobs; its zero value takes all.
type Filter struct {
	State  State
	Kind   string
	Before int64 // only smaller ids: the last one of the page before
	Limit  int   // 50 if 0
}

const jobColumns = `j.id, j.kind, j.queue, CAST(j.state AS TEXT), j.attempt, j.max_attempts,
  j.created_at, j.scheduled_at, j.attempted_at, j.finalized_at,
  COALESCE(p.done, 0), COALESCE(p.total, 0), COALESCE(p.text, ''), COALESCE(p.updated_at, 0)
FROM river_job j LEFT JOIN platform_job_progress p ON p.job_id = j.id
WHERE j.id < $1 AND j.id > $2 AND ($3 = '' OR CAST(j.state AS TEXT) = $3) AND ($4 = '' OR j.kind = $4)
ORDER BY j.id DESC LIMIT $5`

const (
	sqlListPostgres = `SELECT CAST(j.metadata AS TEXT), COALESCE(CAST(to_jsonb(j.errors) AS TEXT), '[]'), ` + jobColumns
	sqlListSQLite   = `SELECT json(j.metadata), COALESCE(json(j.errors), '[]'), ` + jobColumns
)

// List gives jobs, newest first.
func (r *Runner) List(ctx context.Context, f Filter) ([]Info, error) {
	if _, err := authz.Require(ctx, "jobs.List", Manage); err != nil {
		return nil, err
	}
	if f.Before <= 0 {
		f.Before = math.MaxInt64
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	var found []Info
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = list(ctx, tx, f, 0)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range found {
		found[i].Title = r.kinds[found[i].Kind].Title
	}
	return found, errs.Wrap("jobs.List", err)
}

// Find gives one job.
func (r *Runner) Find(ctx context.Context, id int64) (Info, error) {
	if _, err := authz.Require(ctx, "jobs.Find", Manage); err != nil {
		return Info{}, err
	}
	var found Info
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = find(ctx, tx, id)
		return err
	})
	return found, errs.Wrap("jobs.Find", err)
}

func find(ctx context.Context, tx *db.Tx, id int64) (Info, error) {
	found, err := list(ctx, tx, Filter{Before: id + 1, Limit: 1}, id-1)
	if err != nil {
		return Info{}, err
	}
	if len(found) == 0 {
		return Info{}, errs.New(errs.NotFound, "jobs.Find", "jobs.error.not-found")
	}
	return found[0], nil
}

func list(ctx context.Context, tx *db.Tx, f Filter, after int64) ([]Info, error) {
	found, err := db.All(ctx, tx, scanInfo, db.Pick(tx, sqlListPostgres, sqlListSQLite),
		f.Before, after, string(f.State), f.Kind, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("jobs: list: %w", err)
	}
	return found, nil
}

func scanInfo(s db.Scanner) (Info, error) {
	var i Info
	var meta, failures string
	var created, scheduled, attempted, finished sql.NullTime
	err := s.Scan(&meta, &failures, &i.ID, &i.Kind, &i.Queue, &i.State, &i.Attempt, &i.MaxAttempts,
		&created, &scheduled, &attempted, &finished,
		&i.Progress.Done, &i.Progress.Total, &i.Progress.Text, &i.Progress.At)
	if err != nil {
		return Info{}, err
	}
	i.By = originOf([]byte(meta)).Who
	i.Created, i.Scheduled = instant(created), instant(scheduled)
	i.Attempted, i.Finished = instant(attempted), instant(finished)
	return i, json.Unmarshal([]byte(failures), &i.Failures)
}

func instant(t sql.NullTime) clock.Instant {
	if !t.Valid {
		return 0
	}
	return clock.InstantOf(t.Time)
}

// Count is how many jobs of a queue are in a state.
type Count struct {
	Queue string
	State State
	Jobs  int64
}

const sqlStats = `
SELECT queue, CAST(state AS TEXT), COUNT(*) FROM river_job GROUP BY queue, state ORDER BY queue, state`

// Stats counts the jobs, for the metrics page. It asks for no permission.
func (r *Runner) Stats(ctx context.Context) ([]Count, error) {
	var counts []Count
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		counts, err = db.All(ctx, tx, scanCount, sqlStats)
		return err
	})
	return counts, errs.Wrap("jobs.Stats", err)
}

func scanCount(s db.Scanner) (c Count, err error) {
	err = s.Scan(&c.Queue, &c.State, &c.Jobs)
	return c, err
}

// Queue is one of the queues.
type Queue struct {
	Name   string
	Paused bool
}

const sqlListQueues = `SELECT name, paused_at FROM river_queue ORDER BY name`

// Queues lists the queues that have ever been worked on.
func (r *Runner) Queues(ctx context.Context) ([]Queue, error) {
	if _, err := authz.Require(ctx, "jobs.Queues", Manage); err != nil {
		return nil, err
	}
	var queues []Queue
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		queues, err = db.All(ctx, tx, scanQueue, sqlListQueues)
		return err
	})
	return queues, errs.Wrap("jobs.Queues", err)
}

func scanQueue(s db.Scanner) (q Queue, err error) {
	var paused sql.NullTime
	err = s.Scan(&q.Name, &paused)
	q.Paused = paused.Valid
	return q, err
}
