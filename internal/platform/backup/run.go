package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Run is one backup that was made by itself or asked for on the page.
type Run struct {
	ID        int64
	BegunAt   clock.Instant
	EndedAt   clock.Instant
	Path      string
	Bytes     int64
	Files     int
	Encrypted bool
	Failure   string // empty: it is good
}

// lateAfter is how old the last good backup may be before administrators are
// warned.
const lateAfter = 48 * time.Hour

// keptRuns is how many results are remembered.
const keptRuns = 200

const (
	sqlInsertRun = `
INSERT INTO platform_backup_runs (begun_at, ended_at, path, bytes, files, encrypted, failure)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`
	sqlForgetRuns = `DELETE FROM platform_backup_runs WHERE id <= $1`
	sqlListRuns   = `
SELECT id, begun_at, ended_at, path, bytes, files, encrypted, failure FROM platform_backup_runs
ORDER BY id DESC LIMIT $1`
	sqlLastGood = `SELECT COALESCE(MAX(ended_at), 0) FROM platform_backup_runs WHERE failure = ''`
)

// run is the job: make one, remember how it went, remove those that need not
// be kept.
func (s *Service) run(ctx context.Context) error {
	set, err := s.settings(ctx)
	if err != nil || !set.On() {
		return err
	}
	begun := clock.InstantOf(s.DB.Clock().Now())
	made, failed := s.make(ctx, set)
	done := Run{
		BegunAt: begun, EndedAt: clock.InstantOf(s.DB.Clock().Now()),
		Path: made.Path, Bytes: made.Bytes, Files: made.Files, Encrypted: made.Encrypted,
	}
	if failed != nil {
		done.Failure = failed.Error()
	}
	if err := s.keep(context.WithoutCancel(ctx), done); err != nil {
		return errors.Join(failed, err)
	}
	if failed != nil {
		return failed
	}
	return tidy(ctx, set.Folder, s.Zone(), set.Days, set.Weeks)
}

func (s *Service) make(ctx context.Context, set Settings) (Made, error) {
	if err := os.MkdirAll(set.Folder, 0o700); err != nil {
		return Made{}, fmt.Errorf("the folder of the backups cannot be used: %w", err)
	}
	return Make(ctx, Source{DB: s.DB, Files: s.Files, Version: s.Version}, set.Folder, s.Key, s.Prove)
}

func (s *Service) keep(ctx context.Context, r Run) error {
	defer s.forget()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(ctx, sqlInsertRun, r.BegunAt, r.EndedAt, r.Path, r.Bytes, r.Files, r.Encrypted, r.Failure).Scan(&r.ID)
		if err != nil {
			return fmt.Errorf("insert backup run: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlForgetRuns, r.ID-keptRuns); err != nil {
			return fmt.Errorf("forget backup runs: %w", err)
		}
		return nil
	})
}

// Now has a backup made at once, in the background.
func (s *Service) Now(ctx context.Context) error {
	const op = "backup.Now"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	return errs.Wrap(op, s.DB.Write(ctx, func(tx *db.Tx) error {
		set, err := findSettings(ctx, tx)
		if err != nil {
			return err
		}
		if !set.On() {
			return errs.New(errs.Conflict, op, "backup.error.off")
		}
		id, err := makeBackup.Enqueue(ctx, s.Jobs, tx, struct{}{}, jobs.InsertOptions{UniqueKey: "schedule"})
		if err != nil {
			return err
		}
		_, err = journal.Write(ctx, tx, journal.Entry{Kind: "backup.asked_for", Subject: journal.Ref{Type: "job", ID: id}})
		return err
	}))
}

// List gives the newest results.
func (s *Service) List(ctx context.Context, limit int) (all []Run, err error) {
	const op = "backup.List"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanRun, sqlListRuns, limit)
		return err
	})
	return all, errs.Wrap(op, err)
}

func scanRun(row db.Scanner) (r Run, err error) {
	err = row.Scan(&r.ID, &r.BegunAt, &r.EndedAt, &r.Path, &r.Bytes, &r.Files, &r.Encrypted, &r.Failure)
	return r, err
}

// Late tells whoever manages backups that the last good one is too old. Nobody
// else is told, and nothing is late while no backups are to be made. It is
// asked with every page, so it goes by what it found lately.
func (s *Service) Late(ctx context.Context) bool {
	if !authz.Can(ctx, Manage) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.DB.Clock().Now()
	if !s.asked.IsZero() && now.Sub(s.asked).Abs() < remembered {
		return s.late
	}
	aside, cancel := context.WithTimeout(context.Background(), 2*time.Second) // no part of what the page asks
	defer cancel()
	late, err := s.findLate(aside, now)
	if err != nil {
		return s.late // the page has its own way to say that the database is away
	}
	s.late, s.asked = late, now
	return late
}

func (s *Service) findLate(ctx context.Context, now time.Time) (late bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		set, err := findSettings(ctx, tx)
		if err != nil || !set.On() {
			return err
		}
		var last clock.Instant
		if err := tx.QueryRow(ctx, sqlLastGood).Scan(&last); err != nil {
			return fmt.Errorf("last good backup: %w", err)
		}
		from := max(last, set.Since)
		late = now.Sub(from.Time()) > lateAfter
		return nil
	})
	return late, err
}
