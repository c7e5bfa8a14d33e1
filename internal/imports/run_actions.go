package imports

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Start has a draft run in the background. On a dry run everything is read and
// counted, and nothing is kept; it can be started for real after that.
func (s *Service) Start(ctx context.Context, id int64, dryRun bool) (Import, error) {
	const op = "imports.Start"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return Import{}, errs.Wrap(op, err)
	}
	return s.start(ctx, op, id, scope, dryRun, s.enqueue)
}

// enqueue has the job run in the background.
func (s *Service) enqueue(ctx context.Context, tx *db.Tx, i *Import) (err error) {
	if s.Jobs == nil {
		return errs.New(errs.Unavailable, "imports.enqueue", "imports.error.no-jobs")
	}
	if i.JobID, err = runJob.Enqueue(ctx, s.Jobs, tx, runArgs{i.ID}, jobs.InsertOptions{}); err != nil {
		return fmt.Errorf("imports.enqueue: %w", err)
	}
	return one(tx.Exec(ctx, sqlSetJob, i.ID, i.JobID))
}

func (s *Service) start(ctx context.Context, op string, id int64, scope authz.Scope, dryRun bool,
	then func(context.Context, *db.Tx, *Import) error,
) (Import, error) {
	var i Import
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		i, err = find(ctx, tx, op, id, scope)
		return err
	})
	if err != nil {
		return i, errs.Wrap(op, err)
	}
	tried := i.DryRun && (i.State == Done || i.State == Failed || i.State == Cancelled)
	if i.State != Draft && !tried {
		return i, errs.New(errs.Conflict, op, "imports.error.started")
	}
	if err := s.settlePlan(ctx, op, &i, dryRun); err != nil {
		return i, err
	}
	before := i.State
	i.State, i.DryRun = Queued, dryRun
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		err := one(tx.Exec(ctx, sqlStart, id, i.State, dryRun, encode(i.Plan), encode(authz.From(ctx)), before)) // see actorOf
		if errors.Is(err, errStopped) {
			return errs.New(errs.Conflict, op, "imports.error.started")
		}
		if err != nil {
			return err
		}
		if tried {
			if err := startOver(ctx, tx, id); err != nil {
				return err
			}
			i.Position, i.Rows, i.Counts = 0, 0, Counts{}
		}
		if !dryRun {
			if err := s.note(ctx, tx, i); err != nil {
				return err
			}
		}
		return then(ctx, tx, &i)
	})
	return i, errs.Wrap(op, err)
}

// settlePlan checks the plan, and makes the new fields it asks for. A dry run
// goes without them.
func (s *Service) settlePlan(ctx context.Context, op string, i *Import, dryRun bool) error {
	target, err := s.target(op, i.Kind)
	if err != nil {
		return err
	}
	d, err := s.describe(ctx, op, target)
	if err != nil {
		return err
	}
	i.Plan.assumeOrders(d)
	if err := checkPlan(op, i.Plan, d); err != nil || dryRun {
		return err
	}
	for c := range i.Plan.Columns {
		col := &i.Plan.Columns[c]
		if col.New == nil || col.Field != "" {
			continue
		}
		if col.Field, err = target.AddField(ctx, *col.New); err != nil {
			return errs.Wrap(op, err)
		}
		col.New = nil
	}
	return nil
}

// note writes the start into the journal, and remembers the mapping for the
// next file of this source.
func (s *Service) note(ctx context.Context, tx *db.Tx, i Import) error {
	_, err := journal.Write(ctx, tx, journal.Entry{
		Kind: "imports.started", Subject: ref(i.ID),
		After: map[string]any{"file": i.FileName, "kind": i.Kind, "match": i.Plan.Options.Match, "on_match": i.Plan.Options.OnMatch},
	})
	if err != nil {
		return err
	}
	return remember(ctx, tx, i, tx.Now())
}

// Cancel stops an import after the rows that are just being done; what is in
// stays in.
func (s *Service) Cancel(ctx context.Context, id int64) error {
	const op = "imports.Cancel"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return errs.Wrap(op, err)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := find(ctx, tx, op, id, scope); err != nil {
			return err
		}
		err := end(ctx, tx, id, Cancelled, errs.Text{})
		if errors.Is(err, errStopped) {
			return errs.New(errs.Conflict, op, "imports.error.not-running")
		}
		if err != nil {
			return err
		}
		_, err = journal.Write(ctx, tx, journal.Entry{Kind: "imports.cancelled", Subject: ref(id)})
		return err
	})
	return errs.Wrap(op, err)
}

// Resume goes on with an import that was cancelled or has failed, behind the
// last row that is done.
func (s *Service) Resume(ctx context.Context, id int64) (i Import, err error) {
	const op = "imports.Resume"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return i, errs.Wrap(op, err)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if i, err = find(ctx, tx, op, id, scope); err != nil {
			return err
		}
		orphan := (i.State == Running || i.State == Queued) && i.JobID == 0 // a command that was killed
		if i.State != Failed && i.State != Cancelled && !orphan {
			return errs.New(errs.Conflict, op, "imports.error.not-stopped")
		}
		err = one(tx.Exec(ctx, sqlStart, id, Queued, i.DryRun, encode(i.Plan), encode(authz.From(ctx)), i.State)) // see actorOf
		if err != nil {
			return err
		}
		i.State = Queued
		if _, err := journal.Write(ctx, tx, journal.Entry{Kind: "imports.resumed", Subject: ref(id)}); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, &i)
	})
	return i, errs.Wrap(op, err)
}

// FileRun is a file for RunFile.
type FileRun struct {
	NewImport // without Content

	Path   string
	DryRun bool
}

// RunFile brings in a file of this machine in the foreground, telling how far
// it is, and returns what came of it. If it is interrupted, Resume goes on.
func (s *Service) RunFile(ctx context.Context, f FileRun, progress func(Import)) (Import, error) {
	const op = "imports.RunFile"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return Import{}, errs.Wrap(op, err)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return Import{}, errs.New(errs.NotFound, op, "imports.error.file-unreadable", "File", filepath.Base(f.Path)).Because(err)
	}
	defer func() { _ = file.Close() }()
	f.Content = file
	if f.FileName == "" {
		f.FileName = filepath.Base(f.Path)
	}
	i, err := s.Upload(ctx, f.NewImport)
	if err != nil {
		return i, errs.Wrap(op, err)
	}
	i, err = s.start(ctx, op, i.ID, scope, f.DryRun, func(context.Context, *db.Tx, *Import) error { return nil })
	if err != nil {
		return i, err
	}
	if progress == nil {
		progress = func(Import) {}
	}
	err = s.run(ctx, i.ID, func(now Import) {
		i = now
		progress(now)
	})
	if err != nil && hopeless(err) {
		err = errors.Join(err, s.fail(ctx, i.ID, err))
	}
	return i, errs.Wrap(op, err)
}
