package imports

import (
	"context"
	"io"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
)

// Format is what a file for download is written as.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

func writer(w io.Writer, f Format, sheet, tempDir string) (tabular.Writer, error) {
	if f == XLSX {
		return tabular.NewXLSXWriter(w, tabular.XLSXOptions{Sheet: sheet, TempDir: tempDir})
	}
	return tabular.NewCSVWriter(w, tabular.CSVOptions{BOM: true})
}

// WriteRejects writes the rows that were kept out: the file's own columns, and
// behind them why, in the reader's language. Corrected, the file can be
// imported again.
func (s *Service) WriteRejects(ctx context.Context, id int64, w io.Writer, f Format) error {
	const op = "imports.WriteRejects"
	i, err := s.Find(ctx, id)
	if err != nil {
		return errs.Wrap(op, err)
	}
	src, err := s.open(ctx, i)
	if err != nil {
		return errs.Wrap(op, err)
	}
	defer src.close()
	out, err := writer(w, f, i18n.T(ctx, "imports.rejects.sheet"), s.TempDir)
	if err != nil {
		return errs.Wrap(op, err)
	}
	header := make([]string, 0, src.Columns+1)
	for _, c := range i.Plan.Columns {
		if c.Header == "" {
			c.Header = letters(c.Index)
		}
		header = append(header, c.Header)
	}
	if err := out.Header(append(header, i18n.T(ctx, "imports.rejects.reason"))); err != nil {
		return errs.Wrap(op, err)
	}
	if err := s.rejects(ctx, i, src, out, len(header)); err != nil {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, out.Close())
}

// rejects walks through the file and the list of rejected rows side by side.
func (s *Service) rejects(ctx context.Context, i Import, src *source, out tabular.Writer, width int) error {
	var page []Outcome
	next := func(behind int64) (err error) {
		return s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			page, err = listRows(ctx, tx, i.ID, Rejected, behind, 500)
			return err
		})
	}
	if err := next(0); err != nil {
		return err
	}
	for row, err := range src.Rows(ctx) {
		if err != nil || len(page) == 0 {
			return err
		}
		if int64(row.Number) != page[0].Row {
			continue
		}
		cells := make([]tabular.Cell, width+1)
		for n, text := range row.Cells {
			if n < width {
				cells[n] = tabular.Text(text)
			}
		}
		cells[width] = tabular.Text(Reasons(ctx, page[0].Problems, i.Plan))
		if err := out.Row(cells); err != nil {
			return err
		}
		behind := page[0].Row
		if page = page[1:]; len(page) == 0 {
			if err := next(behind); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reasons says in the reader's language what is wrong with a row.
func Reasons(ctx context.Context, problems []Problem, plan Plan) string {
	var all []string
	for _, p := range problems {
		text := i18n.Text(ctx, p.Text)
		if p.Column >= 0 && p.Column < len(plan.Columns) && plan.Columns[p.Column].Header != "" {
			text = plan.Columns[p.Column].Header + ": " + text
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// WriteSample writes a file that shows what can be imported: the fields as
// columns, and one row of examples.
func (s *Service) WriteSample(ctx context.Context, kind string, w io.Writer, f Format) error {
	const op = "imports.WriteSample"
	if _, err := authz.Require(ctx, op, RunImports); err != nil {
		return errs.Wrap(op, err)
	}
	target, err := s.target(op, kind)
	if err != nil {
		return err
	}
	d, err := s.describe(ctx, op, target)
	if err != nil {
		return err
	}
	out, err := writer(w, f, d.Label, s.TempDir)
	if err != nil {
		return errs.Wrap(op, err)
	}
	var header []string
	var cells []tabular.Cell
	for _, field := range d.Fields {
		if field.Example == "" {
			continue
		}
		header = append(header, field.Label)
		if n, err := strconv.ParseInt(field.Example, 10, 32); err == nil {
			cells = append(cells, tabular.Int(n))
		} else {
			cells = append(cells, tabular.Text(field.Example))
		}
	}
	if err := out.Header(header); err != nil {
		return errs.Wrap(op, err)
	}
	if err := out.Row(cells); err != nil {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, out.Close())
}
