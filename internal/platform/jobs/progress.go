package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// Progress is how far a job is: Done of Total, with a line for the person in
// the language of whoever enqueued it. Total is 0 while unknown.
type Progress struct {
	Done, Total int64
	Text        string
	At          clock.Instant
}

// Percent is the part done, 0 to 100; 0 while the total is unknown.
func (p Progress) Percent() int {
	if p.Total <= 0 {
		return 0
	}
	return int(min(100, max(0, p.Done*100/p.Total)))
}

const sqlFindProgress = `SELECT done, total, text, updated_at FROM platform_job_progress WHERE job_id = $1`

// FindProgress tells how far a job is; the zero Progress if it has not said.
// It asks for no permission: the module that shows it knows whose job it is.
func FindProgress(ctx context.Context, tx *db.Tx, jobID int64) (Progress, error) {
	p, err := db.One(ctx, tx, scanProgress, sqlFindProgress, jobID)
	if errors.Is(err, sql.ErrNoRows) {
		return Progress{}, nil
	}
	if err != nil {
		return Progress{}, fmt.Errorf("jobs.FindProgress: %w", err)
	}
	return p, nil
}

func scanProgress(s db.Scanner) (p Progress, err error) {
	err = s.Scan(&p.Done, &p.Total, &p.Text, &p.At)
	return p, err
}

// progressInterval is the least time between two writes of one job.
const progressInterval = 500 * time.Millisecond

// reporter keeps the progress of one job: the work only leaves it in memory,
// and a goroutine, begun by the first report, writes the newest at its pace.
type reporter struct {
	runner *Runner
	jobID  int64

	mu     sync.Mutex
	newest Progress
	begun  bool
	done   chan struct{}
	ended  sync.WaitGroup
}

func (r *Runner) newReporter(jobID int64) *reporter {
	return &reporter{runner: r, jobID: jobID, done: make(chan struct{})}
}

func (p *reporter) report(done, total int64, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.newest = Progress{Done: done, Total: total, Text: text, At: clock.InstantOf(p.runner.db.Clock().Now())}
	if !p.begun {
		p.begun = true
		p.ended.Go(p.keep)
	}
}

// close writes the last report and ends the goroutine.
func (p *reporter) close() {
	close(p.done)
	p.ended.Wait()
}

func (p *reporter) keep() {
	ticker := time.NewTicker(progressInterval)
	defer ticker.Stop()
	var kept Progress
	for open := true; open; {
		kept = p.write(kept)
		select {
		case <-ticker.C:
		case <-p.done:
			open = false
		}
	}
	p.write(kept)
}

const sqlKeepProgress = `
INSERT INTO platform_job_progress (job_id, done, total, text, updated_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (job_id) DO UPDATE
SET done = excluded.done, total = excluded.total, text = excluded.text, updated_at = excluded.updated_at`

// write keeps the newest report, unless it is kept already, and returns what
// is kept. Progress is worth no failure: what could not be written is left to
// the next turn.
func (p *reporter) write(kept Progress) Progress {
	p.mu.Lock()
	n := p.newest
	p.mu.Unlock()
	if n == kept {
		return kept
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := p.runner.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlKeepProgress, p.jobID, n.Done, n.Total, n.Text, n.At)
		return err
	})
	if err != nil {
		p.runner.cfg.Logger.WarnContext(ctx, "jobs: progress is not kept", "job", p.jobID, "error", err)
		return kept
	}
	return n
}

const sqlForgetProgress = `
DELETE FROM platform_job_progress WHERE job_id NOT IN (SELECT id FROM river_job)`
