package imports

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
)

// Find gives one import.
func (s *Service) Find(ctx context.Context, id int64) (i Import, err error) {
	const op = "imports.Find"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return i, errs.Wrap(op, err)
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		i, err = find(ctx, tx, op, id, scope)
		return err
	})
	return i, errs.Wrap(op, err)
}

// List gives imports, newest first; before is the last id of the page before,
// or 0. At most 100.
func (s *Service) List(ctx context.Context, before int64, limit int) (all []Import, err error) {
	const op = "imports.List"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	var by int64
	if scope.Level != authz.All {
		by = ownerID(authz.From(ctx))
	}
	if before <= 0 {
		before = 1 << 62
	}
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, scanImport, sqlListImports, by, before, limit)
		return err
	})
	return all, errs.Wrap(op, err)
}

// ListRows tells what became of the file's rows, in their order: those behind
// the given one, of one action or, with "", of all.
func (s *Service) ListRows(ctx context.Context, id int64, action Action, behind int64, limit int) (all []Outcome, err error) {
	const op = "imports.ListRows"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	if limit <= 0 || limit > 1000 {
		limit = 100
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err = find(ctx, tx, op, id, scope); err != nil {
			return err
		}
		all, err = listRows(ctx, tx, id, action, behind, limit)
		return err
	})
	return all, errs.Wrap(op, err)
}

func listRows(ctx context.Context, tx *db.Tx, id int64, action Action, behind int64, limit int) ([]Outcome, error) {
	if action == "" {
		return db.All(ctx, tx, scanOutcome, sqlListRows, id, behind, limit)
	}
	return db.All(ctx, tx, scanOutcome, sqlListRowsOf, id, action, behind, limit)
}

// Kind is one thing that can be imported.
type Kind struct {
	Name  string
	Label string
}

// Kinds are those the actor may import.
func (s *Service) Kinds(ctx context.Context) ([]Kind, error) {
	const op = "imports.Kinds"
	if _, err := authz.Require(ctx, op, RunImports); err != nil {
		return nil, errs.Wrap(op, err)
	}
	var all []Kind
	for _, t := range s.Targets {
		d, err := t.Describe(ctx)
		if err != nil {
			return nil, errs.Wrap(op, err)
		}
		if d.Permission == "" || authz.Can(ctx, d.Permission) {
			all = append(all, Kind{t.Kind(), d.Label})
		}
	}
	return all, nil
}

// Layout is what the mapping page shows: how the file was read, and what can be
// filled.
type Layout struct {
	Import      Import
	Description Description
	Format      tabular.Format
	Encoding    string // that was found out
	Delimiter   byte
	Sheets      []string // those one sees
	Hidden      []string // and those one does not
	Sheet       string
	HasHeader   bool
	Encodings   []string // to choose from
	Sample      []tabular.Row
}

// FindLayout gives the layout of an import's file, with its first five rows.
func (s *Service) FindLayout(ctx context.Context, id int64) (Layout, error) {
	const op = "imports.FindLayout"
	i, err := s.Find(ctx, id)
	if err != nil {
		return Layout{}, errs.Wrap(op, err)
	}
	target, err := s.target(op, i.Kind)
	if err != nil {
		return Layout{}, err
	}
	d, err := s.describe(ctx, op, target)
	if err != nil {
		return Layout{}, err
	}
	src, err := s.open(ctx, i)
	if err != nil {
		return Layout{}, errs.Wrap(op, err)
	}
	defer src.close()
	sample, err := src.Sample(ctx, 5)
	if err != nil {
		return Layout{}, errs.Wrap(op, err)
	}
	return Layout{
		Import: i, Description: d, Sample: sample, Encodings: tabular.Encodings(),
		Format: src.Format, Encoding: src.Encoding, Delimiter: src.Delimiter, Sheets: src.Sheets, Hidden: src.Hidden, Sheet: src.Sheet, HasHeader: src.HasHeader,
	}, nil
}
