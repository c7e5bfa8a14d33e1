package imports

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// How much of a file a preview looks at, and shows.
const (
	previewScan     = 20_000
	previewRows     = 50
	previewTroubled = 100
	previewChunk    = 500
)

// Preview is what would come of an import.
type Preview struct {
	Rows     []PreviewRow // the first 50
	Troubled []PreviewRow // the first 100 behind them that have problems
	Counts   Counts
	Scanned  int64 // rows looked at
	Whole    bool  // these are all
	Kinds    []ProblemKind
}

// PreviewRow is a row of the file as it would be.
type PreviewRow struct {
	Outcome
	Cells  []string // as in the file, with corrections
	Fixed  []int    // columns that have been corrected
	Values []Shown  // as they would be kept; empty for a row that is kept out
}

// ProblemKind counts rows with the same problem in the same column.
type ProblemKind struct {
	Problem
	Rows int64
}

// FindPreview reads the first 20,000 rows of a draft and tells what would come
// of them, without keeping anything.
func (s *Service) FindPreview(ctx context.Context, id int64) (Preview, error) {
	const op = "imports.FindPreview"
	scope, err := authz.Require(ctx, op, RunImports)
	if err != nil {
		return Preview{}, errs.Wrap(op, err)
	}
	var (
		i     Import
		fixes map[int64][]Fix
	)
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if i, err = find(ctx, tx, op, id, scope); err != nil {
			return err
		}
		fixes, err = listFixes(ctx, tx, id)
		return err
	})
	if err != nil {
		return Preview{}, errs.Wrap(op, err)
	}
	target, err := s.target(op, i.Kind)
	if err != nil {
		return Preview{}, err
	}
	if _, err := s.describe(ctx, op, target); err != nil {
		return Preview{}, err
	}
	begun, err := target.Begin(ctx, i.Plan.Options)
	if err != nil {
		return Preview{}, errs.Wrap(op, err)
	}
	src, err := s.open(ctx, i)
	if err != nil {
		return Preview{}, errs.Wrap(op, err)
	}
	defer src.close()
	p := &previewer{
		reader:  &reader{src: src, plan: i.Plan, fixes: fixes, run: begun},
		decider: newDecider(begun, i.Plan.Options, true),
		kinds:   map[string]int{}, at: map[int64]*PreviewRow{},
	}
	p.Whole = true
	err = s.DB.Read(ctx, func(tx *db.Tx) error { return p.scan(ctx, tx) })
	return p.Preview, errs.Wrap(op, err)
}

// previewer makes a preview.
type previewer struct {
	Preview

	reader  *reader
	decider *decider
	kinds   map[string]int // places in Kinds
	at      map[int64]*PreviewRow
	links   []waiting
}

func (p *previewer) scan(ctx context.Context, tx *db.Tx) error {
	p.Rows = make([]PreviewRow, 0, previewRows) // never moves: at points into it
	p.Troubled = make([]PreviewRow, 0, previewTroubled)
	var chunk []item
	for it, err := range p.reader.items(ctx, 0) {
		if err != nil {
			return err
		}
		if p.Scanned+int64(len(chunk)) == previewScan {
			p.Whole = false
			break
		}
		if chunk = append(chunk, it); len(chunk) == previewChunk {
			if err := p.take(ctx, tx, chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	if err := p.take(ctx, tx, chunk); err != nil {
		return err
	}
	for len(p.links) > 0 && p.Whole { // else the other record may be further down
		n := min(len(p.links), previewChunk)
		problems, err := p.decider.link(ctx, tx, p.links[:n])
		if err != nil {
			return err
		}
		for row, more := range problems {
			p.Counts.Noted++
			p.note(more)
			if shown := p.at[row]; shown != nil {
				shown.Problems = append(shown.Problems, more...)
			}
		}
		p.links = p.links[n:]
	}
	return nil
}

func (p *previewer) take(ctx context.Context, tx *db.Tx, chunk []item) error {
	outcomes, err := p.decider.decide(ctx, tx, chunk)
	if err != nil {
		return err
	}
	for n, o := range outcomes {
		p.Scanned++
		p.Counts.count(o)
		p.note(o.Problems)
		if refs := chunk[n].prepared.Refs; refs != nil && o.Action != Rejected && o.Action != Skipped {
			p.links = append(p.links, waiting{row: o.Row, refs: refs.Refs})
		}
		switch {
		case len(p.Rows) < previewRows:
			p.Rows = append(p.Rows, p.row(ctx, chunk[n], o))
			p.at[o.Row] = &p.Rows[len(p.Rows)-1]
		case len(o.Problems) > 0 && len(p.Troubled) < previewTroubled:
			p.Troubled = append(p.Troubled, p.row(ctx, chunk[n], o))
			p.at[o.Row] = &p.Troubled[len(p.Troubled)-1]
		}
	}
	return nil
}

func (p *previewer) row(ctx context.Context, it item, o Outcome) PreviewRow {
	shown := PreviewRow{Outcome: o, Cells: it.cells}
	for _, f := range p.reader.fixes[it.row] {
		shown.Fixed = append(shown.Fixed, f.Column)
	}
	if !blocking(it.problems) {
		shown.Values = p.reader.run.Show(ctx, it.prepared)
	}
	return shown
}

// note counts problems by what they say and where.
func (p *previewer) note(all []Problem) {
	for _, one := range all {
		key := one.Text.ID + "\x00" + one.Field
		place, ok := p.kinds[key]
		if !ok {
			place = len(p.Kinds)
			p.kinds[key] = place
			p.Kinds = append(p.Kinds, ProblemKind{Problem: one})
		}
		p.Kinds[place].Rows++
	}
}
