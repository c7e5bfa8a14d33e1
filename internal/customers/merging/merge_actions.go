package merging

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

// Side is one of the two customers of a merge.
type Side string

// The sides.
const (
	From Side = "from"
	Into Side = "into"
)

// Order is what to merge. Choices say whose value a field has afterwards: by
// the names of customers.PlainFields, and custom.SLUG. A field that is not
// chosen keeps the survivor's value, or takes the other's where it has none.
type Order struct {
	From, Into               int64
	FromVersion, IntoVersion int64 // that the caller has seen; 0: whatever it is
	Choices                  map[string]Side
}

const mergeOp = "merging.Merge"

// Merge merges one customer into another; both must be within the reach of the
// right. Where Into was itself merged, the one that has what was its takes its
// place.
func (s *Service) Merge(ctx context.Context, o Order) (m Merge, err error) {
	if _, err := authz.Require(ctx, mergeOp, Right); err != nil {
		return m, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		m, err = s.merge(ctx, tx, o)
		return err
	})
	return m, errs.Wrap(mergeOp, err)
}

func (s *Service) merge(ctx context.Context, tx *db.Tx, o Order) (m Merge, err error) {
	if o.Into, err = survivor(ctx, tx, mergeOp, o.Into); err != nil {
		return m, err
	}
	if o.From == o.Into {
		return m, errs.InvalidFields(mergeOp, errs.Field("into", "customers.merge.error-same"))
	}
	if err := o.check(); err != nil {
		return m, err
	}
	if err := lock(ctx, tx, o.From, o.Into); err != nil {
		return m, err
	}
	m = Merge{FromID: o.From, IntoID: o.Into}
	p := &passing{s: s, order: o, merge: &m}
	_, m.EntryID, err = s.Customers.Rewrite(ctx, tx, customers.Rewriting{
		Op: mergeOp, Permission: Right, ID: o.Into, Version: o.IntoVersion, Kind: "customers.merged",
		Edit: func(tx *db.Tx, c *customers.Card, was, is map[string]any) error {
			return p.receive(ctx, tx, c, was, is)
		},
	})
	if err != nil {
		return m, err
	}
	if err := deepEnough(ctx, tx, o.Into); err != nil {
		return m, err
	}
	if err := keepChosen(ctx, tx, &m); err != nil {
		return m, err
	}
	return m, tell(ctx, tx, s.merged, m)
}

// check sees that choices name what can be chosen.
func (o Order) check() error {
	var bad []errs.FieldError
	for name, side := range o.Choices {
		known := strings.HasPrefix(name, "custom.") ||
			slices.ContainsFunc(customers.PlainFields(), func(f customers.PlainField) bool { return f.Name() == name })
		if !known || side != From && side != Into {
			bad = append(bad, errs.Field("choices."+name, "errors.field-not-chosen"))
		}
	}
	if len(bad) > 0 {
		return errs.InvalidFields(mergeOp, bad...)
	}
	return nil
}

// passing is a merge on its way.
type passing struct {
	s     *Service
	order Order
	merge *Merge
	from  customers.Customer
}

// receive is what happens to the survivor: first the other gives it all that
// hangs on it.
func (p *passing) receive(ctx context.Context, tx *db.Tx, c *customers.Card, was, is map[string]any) error {
	if err := p.refuseBelow(ctx, tx, &c.Customer); err != nil {
		return err
	}
	refused, err := refusals(ctx, tx, p.order.From, p.order.Into)
	if err != nil {
		return err
	}
	_, _, err = p.s.Customers.Rewrite(ctx, tx, customers.Rewriting{
		Op: mergeOp, Permission: Right, ID: p.order.From, Version: p.order.FromVersion, Kind: "customers.merged_away",
		Edit: func(tx *db.Tx, f *customers.Card, was, is map[string]any) error {
			if err := p.give(ctx, tx, f, c); err != nil {
				return err
			}
			was["state"], is["state"] = p.merge.FromState, customers.Merged
			is["merged_name"] = c.Name
			return nil
		},
	})
	if err != nil {
		return err
	}
	if err := p.refuse(ctx, tx, refused); err != nil {
		return err
	}
	is["merged_name"], is["merge_id"] = p.from.Name, p.merge.ID
	p.merge.chosen.LastContactAt = c.LastContactAt
	c.LastContactAt = max(c.LastContactAt, p.from.LastContactAt)
	if err := p.choose(ctx, tx, &c.Customer); err != nil {
		return err
	}
	return p.chooseCustom(ctx, tx, was, is)
}

// give is what happens to the other: its row stays, without what hung on it.
func (p *passing) give(ctx context.Context, tx *db.Tx, f, into *customers.Card) error {
	p.from = f.Customer
	p.merge.FromState, p.merge.FromName, p.merge.FromNumber = f.State, f.Name, f.Number
	if err := insertMerge(ctx, tx, p.merge); err != nil {
		return err
	}
	if err := p.s.move(ctx, tx, p.merge); err != nil {
		return err
	}
	f.State, f.MergedIntoID = customers.Merged, into.ID
	return nil
}

// choose sets the plain fields of the survivor and keeps what they were.
func (p *passing) choose(ctx context.Context, tx *db.Tx, c *customers.Customer) error {
	before := *c
	c.ParentID, c.RecommendedByID = p.notItself(c.ParentID, p.from.ParentID), p.notItself(c.RecommendedByID, 0)
	given := p.from
	given.ParentID, given.RecommendedByID = p.notItself(given.ParentID, 0), p.notItself(given.RecommendedByID, 0)
	if below, err := within(ctx, tx, given.ParentID, c.ID); err != nil || below {
		given.ParentID = 0 // it would stand below itself
		if err != nil {
			return err
		}
	}
	if c.Kind == customers.Organisation {
		given.Birthday = 0
	}
	for _, f := range customers.PlainFields() {
		side := p.order.Choices[f.Name()]
		if side == Into || side == "" && (!f.Empty(c) || f.Empty(&given)) || f.Same(c, &given) {
			continue
		}
		if side == From && !f.Writable(ctx) {
			return errs.New(errs.Forbidden, mergeOp, "customers.error.field-closed", "Field", f.Name())
		}
		if err := f.Take(c, &given); err != nil {
			return err
		}
	}
	p.merge.chosen.Fields = map[string]change{}
	for _, f := range customers.PlainFields() {
		if !f.Same(&before, c) {
			p.merge.chosen.Fields[f.Name()] = change{f.JSON(&before), f.JSON(c)}
		}
	}
	return nil
}

// notItself is who stands above, or who recommended, if that is neither of the
// two; otherwise it is other, under the same condition.
func (p *passing) notItself(id, other int64) int64 {
	for _, id := range []int64{id, other} {
		if id != p.order.From && id != p.order.Into {
			return id
		}
	}
	return 0
}

// chooseCustom sets the custom values of the survivor. A value that is filled
// in by itself and no longer fits its field is left out.
func (p *passing) chooseCustom(ctx context.Context, tx *db.Tx, was, is map[string]any) error {
	if p.s.Fields == nil {
		return nil
	}
	from, into := p.order.From, p.order.Into
	all, err := p.s.Fields.Values(ctx, tx, customers.RecordType, []int64{from, into})
	if err != nil {
		return err
	}
	slugs := map[string]bool{}
	for slug := range all[from] {
		slugs[slug] = true
	}
	for name := range p.order.Choices {
		if slug, custom := strings.CutPrefix(name, "custom."); custom {
			slugs[slug] = true
		}
	}
	p.merge.chosen.Custom = map[string]change{}
	for slug := range slugs {
		side := p.order.Choices["custom."+slug]
		if side == Into || side == "" && all[into][slug] != nil {
			continue
		}
		before, after, err := p.s.Fields.Write(ctx, tx, customers.RecordType, into, map[string]any{slug: all[from][slug]})
		if side == "" && errs.Is(err, errs.Invalid) {
			continue
		}
		if err != nil {
			return err
		}
		for slug := range after {
			was["custom."+slug], is["custom."+slug] = before[slug], after[slug]
			p.merge.chosen.Custom[slug] = change{asJSON(before[slug]), asJSON(after[slug])}
		}
	}
	return nil
}

func asJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}

const sqlOwnConsents = `
SELECT customer_id, purpose, given FROM customers_consents
WHERE customer_id IN ($1, $2) AND contact_id IS NULL ORDER BY id DESC`

// refusals are the purposes for which one of two customers refused, and the
// newer word of the other would count once they are one.
func refusals(ctx context.Context, tx *db.Tx, from, into int64) ([]string, error) {
	type word struct {
		customer int64
		purpose  string
		given    bool
	}
	all, err := db.All(ctx, tx, func(row db.Scanner) (w word, err error) {
		err = row.Scan(&w.customer, &w.purpose, &w.given)
		return w, err
	}, sqlOwnConsents, from, into)
	if err != nil {
		return nil, err
	}
	newest := map[string]word{}
	spoken := map[string]map[int64]bool{}
	var refused []string
	for _, w := range all {
		key := fold.Key(w.purpose)
		if spoken[key] == nil {
			newest[key], spoken[key] = w, map[int64]bool{}
		}
		if !spoken[key][w.customer] && !w.given && newest[key].given {
			refused = append(refused, w.purpose)
		}
		spoken[key][w.customer] = true
	}
	return refused, nil
}

// refuse notes anew, for the survivor, what one of the two refused: the
// stricter counts.
func (p *passing) refuse(ctx context.Context, tx *db.Tx, purposes []string) error {
	lang := i18n.Lang(p.s.Company.Defaults(ctx).Language)
	var ids []int64
	for _, purpose := range purposes {
		id, err := insertRefusal(ctx, tx, p.merge, purpose, i18n.TIn(lang, "customers.merge.refusal"))
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	return noted(ctx, tx, p.merge.ID, partRefusal, ids)
}

const sqlInsertRefusal = `
INSERT INTO customers_consents (customer_id, contact_id, purpose, given, how, at, by_id)
VALUES ($1, NULL, $2, FALSE, $3, $4, $5) RETURNING id`

func insertRefusal(ctx context.Context, tx *db.Tx, m *Merge, purpose, how string) (id int64, err error) {
	var by any
	if m.ByID != 0 {
		by = m.ByID
	}
	err = tx.QueryRow(ctx, sqlInsertRefusal, m.IntoID, purpose, how, m.At, by).Scan(&id)
	return id, err
}
