package customers

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
)

// Selection is the customers a bulk edit is about: those with these ids, or,
// if there are none, all that satisfy the filter.
type Selection struct {
	IDs    []int64
	Filter filter.Node
}

// BulkChange is what to change of all of them: only what is not nil.
type BulkChange struct {
	OwnerID    *int64
	TeamID     *int64
	SourceID   *int64
	AddTags    []string
	RemoveTags []string
	Archive    bool
	Restore    bool
}

// Refusal tells why one customer was left as it is.
type Refusal struct {
	ID   int64
	Name string
	Err  error
}

// maxRefusals is how many refusals a bulk edit tells; Refused counts all.
const maxRefusals = 200

// BulkResult is what a bulk edit came to. Every change has its own entry in
// the journal and is undone by it.
type BulkResult struct {
	Changed   int
	Unchanged int
	Refused   int
	Refusals  []Refusal
	Entries   []int64
}

// bulkBatch is how many customers one transaction changes, and bulkLimit how
// many a bulk edit can be about.
const (
	bulkBatch = 100
	bulkLimit = 200_000
)

// Bulk changes many customers, in short transactions of its own: what is done
// when ctx ends stays done. One that cannot be changed does not stop the
// others. progress, if not nil, is told how many of how many are done.
func (s *Service) Bulk(ctx context.Context, sel Selection, change BulkChange, progress func(done, of int)) (BulkResult, error) {
	const op = "customers.Bulk"
	scope, err := authz.Require(ctx, op, "customers.bulk")
	if err != nil {
		return BulkResult{}, err
	}
	var bad problems
	if tidyTags(change.AddTags, &bad); len(bad) > 0 {
		return BulkResult{}, errs.InvalidFields(op, bad...)
	}
	ids, err := s.selected(ctx, scope, sel)
	if err != nil {
		return BulkResult{}, errs.Wrap(op, err)
	}
	var result BulkResult
	for done := 0; done < len(ids); {
		part := ids[done:min(len(ids), done+bulkBatch)]
		var now BulkResult
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			now, err = s.bulkSome(ctx, tx, part, change)
			return err
		})
		if err != nil {
			return result, errs.Wrap(op, explain(op, err))
		}
		result.add(now)
		done += len(part)
		if progress != nil {
			progress(done, len(ids))
		}
	}
	return result, nil
}

func (r *BulkResult) add(more BulkResult) {
	r.Changed += more.Changed
	r.Unchanged += more.Unchanged
	r.Refused += more.Refused
	r.Refusals = append(r.Refusals, more.Refusals[:min(len(more.Refusals), max(0, maxRefusals-len(r.Refusals)))]...)
	r.Entries = append(r.Entries, more.Entries...)
}

// selected are the ids of a selection that the bulk right reaches. Ids beyond
// it are kept, so that they are refused one by one.
func (s *Service) selected(ctx context.Context, scope authz.Scope, sel Selection) (ids []int64, err error) {
	if len(sel.IDs) > 0 {
		if len(sel.IDs) > bulkLimit {
			return nil, errs.New(errs.TooLarge, "customers.Bulk", "customers.error.bulk-too-large", "Max", bulkLimit)
		}
		return sel.IDs, nil
	}
	schema, err := s.Schema(ctx)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		reach, args := within(scope, nil)
		asked, err := asked(ctx, tx, sel.Filter)
		if err != nil {
			return err
		}
		where, args, err := filter.Build(schema, asked, s.env(ctx, tx, args))
		if err != nil {
			return err
		}
		q := &query{args: args}
		q.write("SELECT c.id FROM customers_customers c WHERE ", reach, " AND ", where, " ORDER BY c.id LIMIT ", q.arg(bulkLimit+1))
		ids, err = db.All(ctx, tx, db.Value[int64], q.text.String(), q.args...)
		return err
	})
	if len(ids) > bulkLimit {
		return nil, errs.New(errs.TooLarge, "customers.Bulk", "customers.error.bulk-too-large", "Max", bulkLimit)
	}
	return ids, err
}

func (s *Service) bulkSome(ctx context.Context, tx *db.Tx, ids []int64, change BulkChange) (BulkResult, error) {
	var r BulkResult
	for _, id := range ids {
		entries, name, err := s.bulkOne(ctx, tx, id, change)
		switch {
		case err != nil && errs.KindOf(err) == errs.Internal:
			return r, err
		case err != nil:
			r.Refused++
			r.Refusals = append(r.Refusals, Refusal{ID: id, Name: name, Err: err})
		case len(entries) == 0:
			r.Unchanged++
		default:
			r.Changed++
			r.Entries = append(r.Entries, entries...)
		}
	}
	return r, nil
}

// bulkOne makes each kind of change of one customer; an error of the first
// leaves the rest undone, and refusals come before anything is written.
func (s *Service) bulkOne(ctx context.Context, tx *db.Tx, id int64, change BulkChange) (entries []int64, name string, err error) {
	const op = "customers.Bulk"
	var all []alteration
	if change.OwnerID != nil || change.TeamID != nil || change.SourceID != nil {
		all = append(all, s.changing(ctx, op, id, 0, Patch{OwnerID: change.OwnerID, TeamID: change.TeamID, SourceID: change.SourceID}))
	}
	if len(change.AddTags)+len(change.RemoveTags) > 0 {
		all = append(all, tagChange(ctx, op, id, 0, change.AddTags, change.RemoveTags))
	}
	if change.Archive || change.Restore {
		to := Archived
		if change.Restore {
			to = Active
		}
		all = append(all, s.moving(op, id, 0, to))
	}
	for _, a := range all {
		// Every right is checked before the first change, so that a customer is
		// changed as a whole or not at all.
		c, err := s.reachable(ctx, tx, a)
		if err != nil {
			return nil, c.Name, err
		}
		a.permission = "customers.bulk"
		if c, err = s.reachable(ctx, tx, a); err != nil {
			return nil, c.Name, err
		}
	}
	for _, a := range all {
		out, err := s.alter(ctx, tx, a)
		if err != nil {
			return nil, out.card.Name, err
		}
		name = out.card.Name
		if out.entryID != 0 {
			entries = append(entries, out.entryID)
		}
	}
	return entries, name, nil
}
