package imports

import (
	"context"
	"strconv"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// SetFix corrects one cell of a draft's file, with the right to run imports;
// the file itself stays as it is.
func (s *Service) SetFix(ctx context.Context, id int64, f Fix) error {
	return s.fix(ctx, "imports.SetFix", id, f, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlSetFix, id, f.Row, f.Column, f.Value)
		return err
	})
}

// RemoveFix takes a correction back, with the right to run imports.
func (s *Service) RemoveFix(ctx context.Context, id, row int64, column int) error {
	return s.fix(ctx, "imports.RemoveFix", id, Fix{Row: row, Column: column}, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlDropFix, id, row, column)
		return err
	})
}

func (s *Service) fix(ctx context.Context, op string, id int64, f Fix, do func(tx *db.Tx) error) error {
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return errs.Wrap(op, err)
	}
	i, _, err := s.draft(ctx, op, id, scope)
	if err != nil {
		return err
	}
	if f.Row < 1 || f.Column < 0 || f.Column >= len(i.Plan.Columns) {
		return errs.InvalidFields(op, errs.Field("column", "imports.error.column-unknown", "Column", strconv.Itoa(f.Column)))
	}
	return errs.Wrap(op, s.DB.Write(ctx, do))
}
