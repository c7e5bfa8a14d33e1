package imports

import (
	"context"
	"hash/maphash"
	"slices"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// decider says what becomes of rows: it matches them with what is there, and
// has the target create and change records, or, on trial, only counts.
type decider struct {
	run     Run
	options Options
	trial   bool

	// On trial, what earlier rows would have made: hashes of keys and names.
	seed maphash.Seed
	keys map[uint64]struct{}
	refs map[uint64]struct{}
}

func newDecider(run Run, o Options, trial bool) *decider {
	return &decider{
		run: run, options: o, trial: trial,
		seed: maphash.MakeSeed(), keys: map[uint64]struct{}{}, refs: map[uint64]struct{}{},
	}
}

// made stands for the id of a record that a trial run would have created.
const made = -1

// decide settles all items, in outcomes of the same order.
func (d *decider) decide(ctx context.Context, tx *db.Tx, items []item) ([]Outcome, error) {
	found, err := d.match(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(items))
	open := make([]int, 0, len(items))
	for i, it := range items {
		outcomes[i] = Outcome{Row: it.row, Problems: slices.Clip(it.problems)}
		if blocking(it.problems) {
			outcomes[i].Action = Rejected
			continue
		}
		open = append(open, i)
	}
	for len(open) > 0 {
		if open, err = d.round(ctx, tx, items, outcomes, open, found); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// round settles the open items but those which share a key with one that is
// created in this round; they are left for the next.
func (d *decider) round(ctx context.Context, tx *db.Tx, items []item, outcomes []Outcome, open []int, found map[string]int64) (left []int, err error) {
	fresh := map[string]bool{}
	var changes []Change
	var changing []int
	for _, i := range open {
		it := &items[i]
		id, key, waits := look(it.prepared.Keys, found, fresh)
		switch {
		case waits:
			left = append(left, i)
			continue
		case id != 0 && key.Identity && d.options.OnMatch == CreateAnyway:
			outcomes[i].Action = Rejected
			outcomes[i].Problems = append(outcomes[i].Problems, problem("imports.problem.identity-taken"))
			continue
		case id != 0 && d.options.OnMatch != Update && d.options.OnMatch != CreateAnyway:
			outcomes[i].Action, outcomes[i].RecordID = Skipped, max(id, 0)
			continue
		case id != 0 && d.options.OnMatch == CreateAnyway:
			id = 0
		}
		for _, k := range it.prepared.Keys {
			if id == 0 && (d.options.OnMatch != CreateAnyway || k.Identity) {
				fresh[k.Text] = true
			}
		}
		for _, k := range it.prepared.Also {
			if id == 0 && d.options.OnMatch != CreateAnyway {
				fresh[k] = true
			}
		}
		changes, changing = append(changes, Change{RecordID: id, Record: it.prepared.Record}), append(changing, i)
	}
	results, err := d.apply(ctx, tx, changes)
	if err != nil {
		return nil, err
	}
	for n, i := range changing {
		d.settle(&outcomes[i], items[i], changes[n], results[n], found)
	}
	return left, nil
}

// look finds the record a row is about; waits tells that an earlier row is
// about to create it.
func look(keys []Key, found map[string]int64, fresh map[string]bool) (id int64, by Key, waits bool) {
	for _, k := range keys {
		if fresh[k.Text] {
			return 0, k, true
		}
		if id := found[k.Text]; id != 0 {
			return id, k, false
		}
	}
	return 0, Key{}, false
}

func (d *decider) apply(ctx context.Context, tx *db.Tx, changes []Change) ([]Result, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	if d.trial {
		results := make([]Result, len(changes))
		for i, c := range changes {
			if results[i].ID = c.RecordID; c.RecordID == 0 {
				results[i].ID = made
			}
		}
		return results, nil
	}
	return d.run.Apply(ctx, tx, changes)
}

// settle writes down what became of a row, and lets later rows know of it.
func (d *decider) settle(o *Outcome, it item, c Change, r Result, found map[string]int64) {
	o.Problems = append(o.Problems, r.Problems...)
	switch {
	case blocking(r.Problems):
		o.Action = Rejected
		return
	case c.RecordID == 0:
		o.Action = Created
	case r.Unchanged:
		o.Action = Skipped
	default:
		o.Action = Updated
	}
	o.RecordID = max(r.ID, 0)
	for _, k := range it.prepared.Keys {
		d.known(k.Text, r.ID, found)
	}
	for _, k := range it.prepared.Also {
		d.known(k, r.ID, found)
	}
	if d.trial {
		for _, name := range it.prepared.Names {
			d.refs[maphash.String(d.seed, name)] = struct{}{}
		}
	}
}

// known lets later rows find a record by a key.
func (d *decider) known(key string, id int64, found map[string]int64) {
	if found[key] == 0 {
		found[key] = id
	}
	if d.trial {
		d.keys[maphash.String(d.seed, key)] = struct{}{}
	}
}

// match finds which of the items' keys are known.
func (d *decider) match(ctx context.Context, tx *db.Tx, items []item) (map[string]int64, error) {
	var keys []string
	asked := map[string]bool{}
	for _, it := range items {
		for _, k := range it.prepared.Keys {
			if !asked[k.Text] {
				asked[k.Text] = true
				keys = append(keys, k.Text)
			}
		}
	}
	found := map[string]int64{}
	if len(keys) > 0 {
		known, err := d.run.Match(ctx, tx, keys)
		if err != nil {
			return nil, errs.Wrap("imports.match", err)
		}
		for k, id := range known {
			found[k] = id
		}
	}
	for k := range asked {
		if _, ok := d.keys[maphash.String(d.seed, k)]; ok && found[k] == 0 {
			found[k] = made
		}
	}
	return found, nil
}

// link sets the references of rows, or on trial only looks whether it could.
// The problems are by row.
func (d *decider) link(ctx context.Context, tx *db.Tx, rows []waiting) (map[int64][]Problem, error) {
	var keys []string
	for _, w := range rows {
		for _, r := range w.refs {
			keys = append(keys, r.Keys...)
		}
	}
	known, err := d.run.Match(ctx, tx, keys)
	if err != nil {
		return nil, errs.Wrap("imports.link", err)
	}
	problems := map[int64][]Problem{}
	var links []Link
	var of []int64
	for _, w := range rows {
		for _, r := range w.refs {
			other := d.resolve(r, known)
			if other == 0 {
				problems[w.row] = append(problems[w.row], Problem{
					Column: r.Column, Field: r.Field, Value: r.Text, Note: true,
					Text: errs.Text{ID: "imports.problem.reference-unknown", Args: []any{"Value", r.Text}},
				})
				continue
			}
			links, of = append(links, Link{RecordID: w.recordID, Field: r.Field, OtherID: other, Ref: r}), append(of, w.row)
		}
	}
	if d.trial || len(links) == 0 {
		return problems, nil
	}
	results, err := d.run.Link(ctx, tx, links)
	if err != nil {
		return nil, errs.Wrap("imports.link", err)
	}
	for i, r := range results {
		for _, p := range r.Problems {
			p.Note = true // the row itself is in
			problems[of[i]] = append(problems[of[i]], p)
		}
	}
	return problems, nil
}

func (d *decider) resolve(r Reference, known map[string]int64) int64 {
	for _, k := range r.Keys {
		if id := known[k]; id != 0 {
			return id
		}
		if _, ok := d.refs[maphash.String(d.seed, k)]; ok {
			return made
		}
	}
	return 0
}

// problem is one of a row as a whole.
func problem(textID string, args ...any) Problem {
	return Problem{Column: -1, Text: errs.Text{ID: textID, Args: args}}
}
