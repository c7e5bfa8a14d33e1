package merging

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Parted is a merge that was undone.
type Parted struct {
	Merge

	// Kept are the fields the merge changed in the survivor that somebody has
	// changed since: they have the newer value.
	Kept []string
}

const unmergeOp = "merging.Unmerge"

// Unmerge parts two customers again, within 90 days and the newest merge into
// the same one first.
func (s *Service) Unmerge(ctx context.Context, id int64) (out Parted, err error) {
	if _, err := authz.Require(ctx, unmergeOp, Right); err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		out, err = s.unmerge(ctx, tx, id)
		return err
	})
	return out, errs.Wrap(unmergeOp, err)
}

func (s *Service) unmerge(ctx context.Context, tx *db.Tx, id int64) (Parted, error) {
	if _, err := authz.Require(ctx, unmergeOp, Right); err != nil {
		return Parted{}, err
	}
	m, err := findMerge(ctx, tx, unmergeOp, id)
	if err != nil {
		return Parted{}, err
	}
	if err := lock(ctx, tx, m.FromID, m.IntoID); err != nil {
		return Parted{}, err
	}
	if err := undoable(ctx, tx, m); err != nil {
		return Parted{}, err
	}
	p := &parting{s: s, merge: &m}
	_, m.EntryID, err = s.Customers.Rewrite(ctx, tx, customers.Rewriting{
		Op: unmergeOp, Permission: Right, ID: m.IntoID, Kind: "customers.unmerged",
		Edit: func(tx *db.Tx, c *customers.Card, was, is map[string]any) error {
			return p.release(ctx, tx, c, was, is)
		},
	})
	if err != nil {
		return Parted{}, err
	}
	for _, id := range []int64{m.FromID, m.IntoID} {
		if err := uncircle(ctx, tx, id); err != nil {
			return Parted{}, err
		}
	}
	m.UndoneAt = tx.Now()
	if _, err := tx.Exec(ctx, sqlUndone, m.ID, m.UndoneAt); err != nil {
		return Parted{}, err
	}
	slices.Sort(p.kept)
	return Parted{m, p.kept}, tell(ctx, tx, s.unmerged, m)
}

// undoable refuses a merge that cannot be taken back, or not yet.
func undoable(ctx context.Context, tx *db.Tx, m Merge) error {
	switch {
	case m.UndoneAt != 0:
		return errs.New(errs.Conflict, unmergeOp, "customers.merge.error-undone")
	case !m.Undoable(tx.Now()):
		return errs.New(errs.Conflict, unmergeOp, "customers.error.undo-expired")
	}
	later, err := db.All(ctx, tx, scanMerge, sqlLater, m.ID, m.IntoID)
	if err != nil {
		return err
	}
	if len(later) > 0 {
		return errs.New(errs.Conflict, unmergeOp, "customers.merge.error-later", "Name", later[0].FromName)
	}
	into, err := survivor(ctx, tx, unmergeOp, m.FromID)
	if err == nil && into != m.IntoID { // erased since
		return errs.New(errs.Conflict, unmergeOp, "customers.error.erased")
	}
	return err
}

// parting is an undoing on its way.
type parting struct {
	s     *Service
	merge *Merge
	kept  []string
}

const sqlLastContact = `
SELECT COALESCE(MAX(happened_at), 0) FROM customers_notes WHERE customer_id = $1 AND NOT removed AND kind <> 'note'`

// release is what happens to the survivor: the other takes back what is its.
func (p *parting) release(ctx context.Context, tx *db.Tx, c *customers.Card, was, is map[string]any) error {
	m := p.merge
	_, _, err := p.s.Customers.Rewrite(ctx, tx, customers.Rewriting{
		Op: unmergeOp, Permission: Right, ID: m.FromID, Kind: "customers.parted", Parting: true,
		Edit: func(tx *db.Tx, f *customers.Card, was, is map[string]any) error {
			if err := p.s.giveBack(ctx, tx, m); err != nil {
				return err
			}
			last, err := db.One(ctx, tx, db.Value[clock.Instant], sqlLastContact, f.ID)
			f.LastContactAt = max(f.LastContactAt, last)
			was["state"], is["state"] = f.State, m.FromState
			is["merged_name"] = c.Name
			f.State, f.MergedIntoID = m.FromState, 0
			return err
		},
	})
	if err != nil {
		return err
	}
	if err := p.unrefuse(ctx, tx); err != nil {
		return err
	}
	is["merged_name"], is["merge_id"] = m.FromName, m.ID
	last, err := db.One(ctx, tx, db.Value[clock.Instant], sqlLastContact, c.ID)
	if err != nil {
		return err
	}
	c.LastContactAt = max(m.chosen.LastContactAt, last)
	if err := p.putBack(ctx, tx, &c.Customer); err != nil {
		return err
	}
	return p.putBackCustom(ctx, tx, was, is)
}

const sqlRemoveRefusal = `DELETE FROM customers_consents WHERE id = $1 AND customer_id = $2`

// unrefuse removes the refusals that the merge has added.
func (p *parting) unrefuse(ctx context.Context, tx *db.Tx) error {
	ids, err := db.All(ctx, tx, db.Value[int64], sqlNoted, p.merge.ID, partRefusal)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, sqlRemoveRefusal, id, p.merge.IntoID); err != nil {
			return err
		}
	}
	return nil
}

const sqlStands = `SELECT COUNT(*) FROM customers_customers WHERE id = $1 AND state IN ('active', 'archived')`

// putBack gives the survivor the values it had, where nobody has changed what
// the merge gave it.
func (p *parting) putBack(ctx context.Context, tx *db.Tx, c *customers.Customer) error {
	for _, f := range customers.PlainFields() {
		ch, changed := p.merge.chosen.Fields[f.Name()]
		if !changed {
			continue
		}
		before := *c
		if err := f.Put(&before, ch.Was); err != nil {
			return err
		}
		gone := false
		for _, id := range []int64{before.ParentID, before.RecommendedByID} {
			if id == 0 || id == c.ParentID || id == c.RecommendedByID {
				continue
			}
			n, err := db.One(ctx, tx, db.Value[int], sqlStands, id)
			if err != nil {
				return err
			}
			gone = gone || n == 0
		}
		if gone || !f.Is(c, ch.Is) {
			p.kept = append(p.kept, f.Name())
			continue
		}
		*c = before
	}
	return nil
}

func (p *parting) putBackCustom(ctx context.Context, tx *db.Tx, was, is map[string]any) error {
	if p.s.Fields == nil || len(p.merge.chosen.Custom) == 0 {
		return nil
	}
	into := p.merge.IntoID
	all, err := p.s.Fields.Values(ctx, tx, customers.RecordType, []int64{into})
	if err != nil {
		return err
	}
	for slug, ch := range p.merge.chosen.Custom {
		var value any
		if err := json.Unmarshal(ch.Was, &value); err != nil {
			return err
		}
		if !bytes.Equal(canonical(asJSON(all[into][slug])), canonical(ch.Is)) {
			p.kept = append(p.kept, "custom."+slug)
			continue
		}
		before, after, err := p.s.Fields.Write(ctx, tx, customers.RecordType, into, map[string]any{slug: value})
		if errs.Is(err, errs.Invalid) { // the field or the choice is gone
			p.kept = append(p.kept, "custom."+slug)
			continue
		}
		if err != nil {
			return err
		}
		for slug := range after {
			was["custom."+slug], is["custom."+slug] = before[slug], after[slug]
		}
	}
	return nil
}

// canonical brings JSON to one spelling.
func canonical(raw json.RawMessage) []byte {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return raw
	}
	return asJSON(v)
}
