package jobs

import (
	"context"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/db"
)

// A job whose process was killed stays "running" in the queue. River gives it
// to others only after its timeout, which for an import is hours. So each node
// gives a sign of life; a node that the others have seen none of for a while is
// struck off, and the jobs of nodes that are not on the list are made to look
// long overdue, so that River rescues them at its next turn.

const sqlBeat = `
INSERT INTO platform_job_nodes (id, beat) VALUES ($1, 1)
ON CONFLICT (id) DO UPDATE SET beat = platform_job_nodes.beat + 1`

const (
	sqlListNodes  = `SELECT id, beat FROM platform_job_nodes ORDER BY id`
	sqlStrikeNode = `DELETE FROM platform_job_nodes WHERE id = $1 AND beat = $2`
	sqlLeave      = `DELETE FROM platform_job_nodes WHERE id = $1`
)

const sqlRescueLostPostgres = `
UPDATE river_job SET attempted_at = '2000-01-01 00:00:00'
WHERE state = 'running' AND attempted_at > '2000-01-02 00:00:00'
  AND attempted_by[array_upper(attempted_by, 1)] NOT IN (SELECT id FROM platform_job_nodes)`

const sqlRescueLostSQLite = `
UPDATE river_job SET attempted_at = '2000-01-01 00:00:00'
WHERE state = 'running' AND attempted_at > '2000-01-02 00:00:00'
  AND attempted_by ->> '$[#-1]' NOT IN (SELECT id FROM platform_job_nodes)`

type node struct {
	id   string
	beat int64
}

func scanNode(s db.Scanner) (n node, err error) {
	err = s.Scan(&n.id, &n.beat)
	return n, err
}

// beat gives this node's sign of life.
func (r *Runner) beat(ctx context.Context) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlBeat, r.node)
		return err
	})
}

// leave takes this node off the list.
func (r *Runner) leave(ctx context.Context) error {
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlLeave, r.node)
		return err
	})
	if err != nil {
		return fmt.Errorf("jobs: leave: %w", err)
	}
	return nil
}

// sighting is the last change that this node saw of another one.
type sighting struct {
	beat  int64
	since time.Time
}

// watch gives the sign of life and strikes off the nodes that give none. It
// trusts only its own clock: what counts is how long a beat stood still before
// its eyes.
func (r *Runner) watch() func(context.Context) error {
	seen := map[string]sighting{}
	rounds := 0
	return func(ctx context.Context) error {
		if err := r.beat(ctx); err != nil {
			return err
		}
		lost, err := r.lost(ctx, seen)
		if err != nil {
			return err
		}
		if err := r.strike(ctx, lost); err != nil {
			return err
		}
		if rounds++; rounds%240 != 1 { // once an hour
			return nil
		}
		return r.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, sqlForgetProgress)
			return err
		})
	}
}

func (r *Runner) lost(ctx context.Context, seen map[string]sighting) ([]node, error) {
	var nodes, lost []node
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		nodes, err = db.All(ctx, tx, scanNode, sqlListNodes)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: nodes: %w", err)
	}
	now := r.db.Clock().Now()
	for _, n := range nodes {
		last, known := seen[n.id]
		if !known || last.beat != n.beat {
			seen[n.id] = sighting{beat: n.beat, since: now}
			continue
		}
		if n.id != r.node && now.Sub(last.since) >= r.cfg.timing.lost {
			lost = append(lost, n)
			delete(seen, n.id)
		}
	}
	return lost, nil
}

func (r *Runner) strike(ctx context.Context, lost []node) error {
	if len(lost) == 0 {
		return nil
	}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		for _, n := range lost {
			if _, err := tx.Exec(ctx, sqlStrikeNode, n.id, n.beat); err != nil {
				return fmt.Errorf("jobs: strike %s: %w", n.id, err)
			}
			r.cfg.Logger.WarnContext(ctx, "jobs: a node is lost, its jobs are given to others", "node", n.id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.rescueLost(ctx)
}

func (r *Runner) rescueLost(ctx context.Context) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.Pick(tx, sqlRescueLostPostgres, sqlRescueLostSQLite))
		return err
	})
}
