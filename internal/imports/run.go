package imports

import (
	"context"
	"errors"
	"strconv"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// RecordType is how journal entries call an import.
const RecordType = "import"

// RequestID is what the journal entries of records made by an import carry as
// their request.
func RequestID(importID int64) string { return "import-" + strconv.FormatInt(importID, 10) }

// work is the job: an import from where it stands to its end.
func (s *Service) work(ctx context.Context, job jobs.Job[runArgs]) error {
	err := s.run(ctx, job.Args.ImportID, func(i Import) { job.Progress(i.DoneBytes, i.TotalBytes, "") })
	switch {
	case err == nil, errors.Is(err, errStopped):
		return nil
	case ctx.Err() != nil:
		return err
	case hopeless(err) || job.Last():
		return errors.Join(jobs.Permanent(err), s.fail(ctx, job.Args.ImportID, err))
	}
	return err
}

// hopeless tells the errors that will be the same the next time.
func hopeless(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.TooLarge, errs.NotFound, errs.Forbidden, errs.Unauthenticated:
		return true
	default:
		return false
	}
}

// fail ends an import that cannot go on; what is in stays, and it can be
// resumed.
func (s *Service) fail(ctx context.Context, id int64, cause error) error {
	text, ok := errs.TextOf(cause)
	if !ok {
		text = errs.Text{ID: "imports.error.broke-off"}
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := end(ctx, tx, id, Failed, text); err != nil {
			return err
		}
		_, err := journal.Write(ctx, tx, journal.Entry{
			Kind: "imports.failed", Subject: journal.Ref{Type: RecordType, ID: id}, After: map[string]any{"reason": text.ID},
		})
		return err
	})
	if errors.Is(err, errStopped) {
		return nil
	}
	return errs.Wrap("imports.fail", err)
}

// runner is one import being run.
type runner struct {
	*Service
	Import

	reader  *reader
	decider *decider
	tell    func(Import)
	resumed int64         // rows up to here were done before
	took    time.Duration // by the rows of this chunk, their commit not counted
	learned int64         // rows that were in when the database last looked how many there are
}

// run brings an import to its end, in the name of whoever started it.
func (s *Service) run(ctx context.Context, id int64, tell func(Import)) error {
	r := &runner{Service: s, tell: tell}
	var actor authz.Actor
	var fixes map[int64][]Fix
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if err := one(tx.Exec(ctx, sqlBegin, id, tx.Now())); err != nil {
			return err
		}
		if r.Import, err = find(ctx, tx, "imports.run", id, authz.Scope{Level: authz.All}); err != nil {
			return err
		}
		if actor, err = actorOf(ctx, tx, id); err != nil {
			return err
		}
		if fixes, err = listFixes(ctx, tx, id); err != nil || !r.DryRun {
			return err
		}
		r.Position, r.Rows, r.Counts = 0, 0, Counts{}
		return startOver(ctx, tx, id)
	})
	if err != nil {
		return errs.Wrap("imports.run", err)
	}
	ctx = journal.WithRequest(authz.With(ctx, actor), RequestID(id))
	target, err := s.target("imports.run", r.Kind)
	if err != nil {
		return err
	}
	begun, err := target.Begin(ctx, r.Plan.Options)
	if err != nil {
		return errs.Wrap("imports.run", err)
	}
	src, err := s.open(ctx, r.Import)
	if err != nil {
		return errs.Wrap("imports.run", err)
	}
	defer src.close()
	r.resumed = r.Position
	r.reader = &reader{src: src, plan: r.Plan, fixes: fixes, run: begun}
	r.decider = newDecider(begun, r.Plan.Options, r.DryRun)
	if err := r.rows(ctx); err != nil {
		return errs.Wrap("imports.run", err)
	}
	if err := r.links(ctx); err != nil {
		return errs.Wrap("imports.run", err)
	}
	if r.Rows-r.learned > firstLook/4 {
		r.learn(ctx)
	}
	return errs.Wrap("imports.run", r.finish(ctx))
}

// rows reads ahead in one goroutine while this one writes.
func (r *runner) rows(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	blocks := make(chan []item, 8)
	failed := make(chan error, 1)
	go func() {
		defer close(blocks)
		failed <- r.ahead(ctx, blocks)
	}()
	defer func() {
		cancel()
		for range blocks { // the reader must have left the file before it is closed
			continue
		}
	}()
	size := r.pace.least
	var batch []item
	for block := range blocks {
		batch = append(batch, block...)
		for len(batch) >= size {
			next, err := r.chunk(ctx, batch[:size], size)
			if err != nil {
				return err
			}
			batch, size = append([]item(nil), batch[size:]...), next
		}
	}
	if err := <-failed; err != nil {
		return err
	}
	if len(batch) == 0 {
		return nil
	}
	_, err := r.chunk(ctx, batch, size)
	return err
}

// ahead reads the file in blocks.
func (r *runner) ahead(ctx context.Context, blocks chan<- []item) error {
	const size = 50
	block := make([]item, 0, size)
	send := func() error {
		select {
		case blocks <- block:
			block = make([]item, 0, size)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for it, err := range r.reader.items(ctx, r.resumed) {
		if err != nil {
			return err
		}
		if block = append(block, it); len(block) == size {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// chunk does some rows in one transaction, and says how many the next one
// should have.
func (r *runner) chunk(ctx context.Context, items []item, size int) (next int, err error) {
	r.took = 0
	if err := r.settle(ctx, items); err != nil {
		return 0, err
	}
	r.tell(r.Import)
	if r.Rows-r.learned > max(firstLook, 4*r.learned) {
		r.learn(ctx)
	}
	if r.chunkDone != nil {
		if err := r.chunkDone(len(items)); err != nil {
			return 0, err
		}
	}
	return r.pace.next(size, r.took), nil
}

// firstLook is after how many rows the database looks for the first time how
// much is in its tables; smaller files are left to its own habits.
const firstLook = 20_000

// learn makes sure that what was quick in an empty file stays so: the plan for
// a thousand customers is not the one for a million.
func (r *runner) learn(ctx context.Context) {
	if r.DryRun {
		return
	}
	r.learned = r.Rows
	if err := r.DB.Learn(ctx); err != nil {
		r.Logger.WarnContext(ctx, "imports: the database does not know its sizes", "import", r.ID, "error", err)
	}
}

func (p pace) next(size int, took time.Duration) int {
	fit := 2 * size
	if took > 0 {
		fit = min(fit, int(int64(size)*int64(p.took)/int64(took)))
	}
	return max(p.least, min(fit, p.most))
}

// settle does some rows in one transaction. If the database refuses them, it
// tries halves, until the row that is at fault stands alone and is rejected.
func (r *runner) settle(ctx context.Context, items []item) error {
	if len(items) == 0 {
		return nil
	}
	err := r.keep(ctx, items)
	switch {
	case err == nil || !ofARow(err):
		return err
	case len(items) == 1:
		r.Logger.WarnContext(ctx, "imports: row refused", "import", r.ID, "row", items[0].row, "error", err)
		items[0].problems = append(items[0].problems, refusal(err))
		return r.keep(ctx, items)
	}
	half := len(items) / 2
	if err := r.settle(ctx, items[:half]); err != nil {
		return err
	}
	return r.settle(ctx, items[half:])
}

// ofARow tells the errors that a single row can cause.
func ofARow(err error) bool {
	if db.IsUnique(err) || db.IsCheck(err) || db.IsForeignKey(err) {
		return true
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Conflict, errs.NotFound, errs.Forbidden, errs.TooLarge:
		return !errors.Is(err, errStopped)
	default:
		return false
	}
}

func refusal(err error) Problem {
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return Problem{Column: -1, Field: fields[0].Name, Text: fields[0].Text}
	}
	if text, ok := errs.TextOf(err); ok {
		return Problem{Column: -1, Text: text}
	}
	return problem("imports.problem.refused")
}

// keep does some rows, writes down what became of them and moves the import
// on, all in one transaction.
func (r *runner) keep(ctx context.Context, items []item) error {
	var s step
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		began := r.DB.Clock().Now()
		defer func() { r.took += r.DB.Clock().Now().Sub(began) }()
		outcomes, err := r.decider.decide(ctx, tx, items)
		if err != nil {
			return err
		}
		s = step{from: r.Position, to: items[len(items)-1].row, rows: int64(len(items))}
		s.bytes, s.total = r.reader.src.Progress()
		var links []waiting
		for n, o := range outcomes {
			s.counts.count(o)
			if refs := items[n].prepared.Refs; refs != nil && (o.Action == Created || o.Action == Updated) {
				links = append(links, waiting{o.Row, o.RecordID, refs.Refs})
			}
		}
		if err := insertRows(ctx, tx, r.ID, outcomes); err != nil {
			return err
		}
		if err := insertLinks(ctx, tx, r.ID, links); err != nil {
			return err
		}
		return advance(ctx, tx, r.ID, s)
	})
	if err == nil {
		r.moved(s)
	}
	return err
}

func (r *runner) moved(s step) {
	r.Position, r.Rows = s.to, r.Rows+s.rows
	r.DoneBytes, r.TotalBytes = s.bytes, s.total
	r.Created += s.counts.Created
	r.Updated += s.counts.Updated
	r.Skipped += s.counts.Skipped
	r.Rejected += s.counts.Rejected
	r.Noted += s.counts.Noted
}

// links sets the references, now that all rows are in.
func (r *runner) links(ctx context.Context) error {
	const size = 100
	for {
		var n int
		var s step
		err := r.DB.Write(ctx, func(tx *db.Tx) error {
			rows, err := db.All(ctx, tx, scanWaiting, sqlListLinks, r.ID, size)
			if n = len(rows); err != nil || n == 0 {
				return err
			}
			problems, err := r.decider.link(ctx, tx, rows)
			if err != nil {
				return err
			}
			s = step{from: r.Position, to: r.Position, bytes: r.DoneBytes, total: r.TotalBytes}
			for row, more := range problems {
				first, err := addProblems(ctx, tx, r.ID, row, more)
				if err != nil {
					return err
				}
				if first {
					s.counts.Noted++
				}
			}
			if _, err := tx.Exec(ctx, sqlDropLink, r.ID, rows[n-1].row); err != nil {
				return err
			}
			return advance(ctx, tx, r.ID, s)
		})
		if err != nil || n == 0 {
			return err
		}
		r.moved(s)
		if r.chunkDone != nil {
			if err := r.chunkDone(n); err != nil {
				return err
			}
		}
	}
}

// finish closes the import and says so in the journal.
func (r *runner) finish(ctx context.Context) error {
	var at clock.Instant
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		at = tx.Now()
		if err := end(ctx, tx, r.ID, Done, errs.Text{}); err != nil {
			return err
		}
		if r.DryRun {
			return nil
		}
		_, err := journal.Write(ctx, tx, journal.Entry{
			Kind: "imports.finished", Subject: journal.Ref{Type: RecordType, ID: r.ID},
			After: map[string]any{
				"file": r.FileName, "kind": r.Kind, "rows": r.Rows, "created": r.Created, "updated": r.Updated,
				"skipped": r.Skipped, "rejected": r.Rejected,
			},
		})
		return err
	})
	if err != nil {
		return err
	}
	r.State, r.FinishedAt = Done, at
	r.tell(r.Import)
	return nil
}
