package jobs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"kartoteka.dev/internal/platform/db"
)

// Config is what a Runner needs beside the database.
type Config struct {
	Logger  *slog.Logger          // of failed attempts and lost nodes; nil keeps silent
	Zone    func() *time.Location // the company's, for schedules; UTC if nil
	Workers map[string]int        // jobs at work at once in this process, by queue; 8 quick and 2 slow ones by default
	Grace   time.Duration         // how long Stop lets running jobs finish; 10 s if 0

	timing timing
}

// timing holds the paces that tests quicken.
type timing struct {
	margin time.Duration // from a job's timeout to its rescue
	beat   time.Duration // between two signs of life of a node
	lost   time.Duration // without a sign of life a node is dead
	tick   time.Duration // between two looks at the schedules
	poll   time.Duration // between two looks for jobs that no notification told of
	test   bool          // no random pauses at start
}

var usual = timing{
	margin: 30 * time.Second, beat: 15 * time.Second, lost: time.Minute,
	tick: 10 * time.Second, poll: 2 * time.Second,
}

// Least pause between two fetches of jobs: it limits how fast a queue is
// emptied, and how often an empty one is asked for.
const fetchPause = 10 * time.Millisecond

// Kept for the jobs page: what is done for a day, what failed for good for a
// month.
const (
	keepDone   = 24 * time.Hour
	keepFailed = 30 * 24 * time.Hour
)

// Runner enqueues jobs and, once started, works on them. A process that only
// enqueues (a command) does not start it.
type Runner struct {
	db    *db.DB
	cfg   Config
	node  string
	wake  chan struct{}
	queue *river.Client[joined] // for what happens in our transactions; works on nothing

	workers   *river.Workers
	kinds     map[string]Options
	schedules []*scheduled

	mu      sync.Mutex
	started bool
	client  *river.Client[joined] // works; nil until started
	stop    context.CancelFunc
	loops   sync.WaitGroup
}

// New makes a runner. It does not work on anything before Start.
func New(d *db.DB, cfg Config) (*Runner, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Zone == nil {
		cfg.Zone = func() *time.Location { return time.UTC }
	}
	if cfg.Grace <= 0 {
		cfg.Grace = 10 * time.Second
	}
	if cfg.timing == (timing{}) {
		cfg.timing = usual
	}
	r := &Runner{
		db: d, cfg: cfg, node: nodeName(), wake: make(chan struct{}, 1),
		workers: river.NewWorkers(), kinds: map[string]Options{},
	}
	queue, err := river.NewClient(driverFor(d, r.wake), &river.Config{
		ID: r.node + "-queue", Logger: r.riverLogger(), SkipUnknownJobCheck: true,
		FetchCooldown: river.FetchCooldownMin, // so that River tells of each new job
		Hooks:         hooks(),
	})
	if err != nil {
		return nil, fmt.Errorf("jobs.New: %w", err)
	}
	r.queue = queue
	return r, nil
}

// Node is the name of this process among those on the same database.
func (r *Runner) Node() string { return r.node }

func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return host[:min(len(host), 40)] + "-" + hex.EncodeToString(b[:])
}

// handle registers the work of a kind.
func (r *Runner) handle(kind string, opts Options, work func(context.Context, row) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return fmt.Errorf("jobs: kind %s comes too late: already started", kind)
	}
	if _, known := r.kinds[kind]; known {
		return fmt.Errorf("jobs: kind %s is handled twice", kind)
	}
	r.kinds[kind] = opts
	river.AddWorkerArgs(r.workers, payload{kind: kind}, &worker{runner: r, opts: opts, work: work})
	return nil
}

// Start begins to work on jobs and returns. Only Stop ends it, not ctx.
func (r *Runner) Start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return errors.New("jobs: started twice")
	}
	if len(r.kinds) == 0 {
		return errors.New("jobs: no kind is handled")
	}
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	client, err := river.NewClient(driverFor(r.db, r.wake), r.riverConfig())
	if err == nil {
		err = r.beat(ctx) // before the first job, lest another node thinks it lost
	}
	if err == nil {
		err = r.rescueLost(ctx)
	}
	if err == nil {
		err = client.Start(context.WithoutCancel(ctx))
	}
	if err != nil {
		r.stop()
		return fmt.Errorf("jobs.Start: %w", err)
	}
	r.client, r.started = client, true
	r.loops.Go(func() { r.every(ctx, r.cfg.timing.beat, r.watch()) })
	r.loops.Go(func() { r.every(ctx, r.cfg.timing.tick, r.runSchedules) })
	return nil
}

func (r *Runner) riverConfig() *river.Config {
	queues, least := map[string]river.QueueConfig{}, time.Duration(0)
	for _, opts := range r.kinds {
		queues[opts.Queue] = river.QueueConfig{MaxWorkers: r.workersOf(opts.Queue)}
		if least == 0 || opts.Timeout < least {
			least = opts.Timeout
		}
	}
	return &river.Config{
		ID: r.node, Logger: r.riverLogger(), Workers: r.workers, Queues: queues, Hooks: hooks(),
		// While nodes are upgraded one by one, an old one leaves new kinds alone.
		FetchOnlyKnownKinds: true,
		FetchCooldown:       fetchPause, FetchPollInterval: r.cfg.timing.poll,
		// Each kind's own timeout is longer or equal: the rescuer waits for it.
		JobTimeout: least + r.cfg.timing.margin, RescueStuckJobsAfter: least + r.cfg.timing.margin,
		SoftStopTimeout:             r.cfg.Grace,
		CompletedJobRetentionPeriod: keepDone, CancelledJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepFailed,
		TestOnly:                    r.cfg.timing.test,
	}
}

func (r *Runner) workersOf(queue string) int {
	if n := r.cfg.Workers[queue]; n > 0 {
		return n
	}
	if queue == Quick {
		return 8
	}
	return 2
}

// Stop takes no more jobs and lets those at work finish. After the grace time
// their contexts are cancelled, and those that then return an error are put
// back without counting the attempt. Stop waits for all of them, but no longer
// than ctx; a job that does not heed its context is rescued later.
func (r *Runner) Stop(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client == nil {
		return nil
	}
	r.stop()
	r.loops.Wait()
	if err := r.client.Stop(ctx); err != nil {
		return fmt.Errorf("jobs.Stop: %w", err)
	}
	r.client = nil
	return r.leave(ctx)
}

// every calls what once per interval until ctx ends.
func (r *Runner) every(ctx context.Context, interval time.Duration, what func(context.Context) error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := what(ctx); err != nil && ctx.Err() == nil {
			r.cfg.Logger.WarnContext(ctx, "jobs: upkeep failed, trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// riverLogger leaves out what River tells of its everyday life; failures of
// jobs are logged by this package.
func (r *Runner) riverLogger() *slog.Logger {
	return slog.New(quieter{r.cfg.Logger.Handler()})
}

type quieter struct{ slog.Handler }

func (q quieter) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

func (q quieter) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quieter{q.Handler.WithAttrs(attrs)}
}
func (q quieter) WithGroup(name string) slog.Handler { return quieter{q.Handler.WithGroup(name)} }
