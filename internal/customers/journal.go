package customers

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// JournalItem is one entry of the company's journal in words. What it says of
// a customer the actor may not see is left out; Customer is "" then.
type JournalItem struct {
	Touch
	EntryKind  string // of the journal: "customers.created"
	CustomerID int64
	Customer   string
}

// JournalQuery chooses entries; zero values choose all. BeforeID continues a
// page.
type JournalQuery struct {
	PersonID   int64
	CustomerID int64
	Kind       string    // one kind, or a module whose kinds are all meant; see package chronicle
	From, To   clock.Day // both inside, in the reader's zone
	Undoable   bool      // only what Undo may take back
	BeforeID   int64
}

// asked is the query in the words of the journal; none tells that nothing can
// satisfy it.
func (q JournalQuery) asked(ctx context.Context, now clock.Instant) (j journal.Query, none bool) {
	zone := i18n.From(ctx).Zone
	j = journal.Query{CustomerID: q.CustomerID, ActorID: q.PersonID, BeforeID: q.BeforeID, Limit: journalPage + 1, Kinds: chronicle.Kinds(q.Kind)}
	if q.From != 0 {
		j.From = clock.InstantOf(q.From.Time(zone))
	}
	if q.To != 0 {
		j.To = clock.InstantOf(q.To.AddDays(1).Time(zone))
	}
	none = q.Kind != "" && len(j.Kinds) == 0
	if q.Undoable {
		j.Kinds = chronicle.Both(j.Kinds, UndoableKinds)
		j.Kept, j.From = true, max(j.From, now.Add(-UndoTime))
		none = none || len(j.Kinds) == 0
	}
	return j, none
}

const journalPage = 50

// Journal gives a page of everything that happened in the company, newest
// first, and the id to go on before, 0 at the end.
func (s *Service) Journal(ctx context.Context, q JournalQuery) (items []JournalItem, next int64, err error) {
	const op = "customers.Journal"
	if _, err := authz.Require(ctx, op, "journal.view"); err != nil {
		return nil, 0, err
	}
	scope, _ := authz.Require(ctx, op, "customers.view") // without the right no customer is told of
	sheet, err := s.sheet(ctx)
	if err != nil {
		return nil, 0, errs.Wrap(op, err)
	}
	known := &knowing{sheet: sheet}
	var read recent
	named := map[int64]string{}
	var now clock.Instant
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		asked, none := q.asked(ctx, tx.Now())
		if none {
			return nil
		}
		if read.entries, err = journal.List(ctx, tx, asked); err != nil {
			return err
		}
		now = tx.Now()
		var ids []int64
		for _, r := range read.entries {
			if _, twice := named[r.CustomerID]; r.CustomerID != 0 && !twice {
				named[r.CustomerID] = ""
				ids = append(ids, r.CustomerID)
			}
		}
		if len(ids) > 0 {
			rows, err := readRelated(ctx, tx, around{customers: ids})
			if err != nil {
				return err
			}
			for _, r := range rows {
				if scope.Allows(r.OwnerID, r.TeamID) {
					named[r.ID] = r.Name
				}
			}
		}
		return known.look(ctx, tx, scope, read.entries)
	})
	if err == nil {
		err = s.learnNames(ctx, known, &read, subjects(read.entries)...)
	}
	if err != nil {
		return nil, 0, errs.Wrap(op, err)
	}
	items, next = journalItems(ctx, known, read.entries, named, now)
	return items, next, nil
}

// subjects are the people that entries are about.
func subjects(entries []journal.Record) []int64 {
	var ids []int64
	for _, r := range entries {
		if r.Subject.Type == "person" && !slices.Contains(ids, r.Subject.ID) {
			ids = append(ids, r.Subject.ID)
		}
	}
	return ids
}

func journalItems(ctx context.Context, known *knowing, entries []journal.Record, named map[int64]string, now clock.Instant) (items []JournalItem, next int64) {
	for i, r := range entries {
		if i == journalPage {
			return items, entries[i-1].ID
		}
		item := JournalItem{Touch: known.entry(ctx, r, now), EntryKind: r.Kind, CustomerID: r.CustomerID, Customer: named[r.CustomerID]}
		if r.CustomerID != 0 && item.Customer == "" {
			item.Touch = Touch{Key: item.Key, At: item.At, Kind: item.Kind, Who: item.Who, Title: known.title(ctx, r, nil, nil)}
		}
		items = append(items, item)
	}
	return items, 0
}

// look reads the names of customers and sources that entries speak of; no
// statement if they speak of none.
func (k *knowing) look(ctx context.Context, tx *db.Tx, scope authz.Scope, entries []journal.Record) error {
	customerIDs, sourceIDs := spokenOf(entries, "parent_id", "recommended_by_id"), spokenOf(entries, "source_id")
	if len(customerIDs)+len(sourceIDs) == 0 {
		return nil
	}
	rows, err := readRelated(ctx, tx, around{customers: customerIDs, sources: sourceIDs})
	if err != nil {
		return err
	}
	k.take(rows, scope)
	return nil
}

// take keeps the names among related rows that the actor may see.
func (k *knowing) take(rows []related, scope authz.Scope) {
	k.related, k.sources = map[int64]string{}, map[int64]Source{}
	for _, r := range rows {
		switch r.what {
		case "source":
			k.sources[r.ID] = Source{ID: r.ID, Name: r.Name, TextID: r.more}
		case "named":
			if scope.Allows(r.OwnerID, r.TeamID) {
				k.related[r.ID] = r.Name
			}
		}
	}
}

// spokenOf gives the ids that entries have in these fields.
func spokenOf(entries []journal.Record, names ...string) []int64 {
	var ids []int64
	for _, e := range entries {
		for _, raw := range []json.RawMessage{e.Before, e.After} {
			if len(raw) == 0 {
				continue
			}
			side := sideOf(raw)
			for _, name := range names {
				if n, ok := side[name].(json.Number); ok {
					if id, err := n.Int64(); err == nil && id != 0 && !slices.Contains(ids, id) {
						ids = append(ids, id)
					}
				}
			}
		}
	}
	return ids
}

// learnNames asks for the people and teams that a page speaks of.
func (s *Service) learnNames(ctx context.Context, k *knowing, r *recent, more ...int64) error {
	people := append(spokenOf(r.entries, "owner_id"), more...)
	for _, n := range r.notes {
		people = append(people, mentioned(n.Body)...)
	}
	for _, e := range r.entries {
		if strings.HasPrefix(e.Kind, "customers.note_") {
			people = append(people, mentioned(string(e.Before))...)
			people = append(people, mentioned(string(e.After))...)
		}
	}
	for _, f := range r.files {
		people = append(people, f.AddedByID)
	}
	if s.people == nil {
		return nil
	}
	var err error
	if k.people, err = s.people.Names(ctx, people...); err != nil {
		return err
	}
	k.teams, err = s.people.TeamNames(ctx, spokenOf(r.entries, "team_id")...)
	return err
}

// Tell takes out of entries what the actor may not know: of a customer they do
// not see, all but that something happened; of others what is kept in fields
// that are hidden from them. It changes copies.
func (s *Service) Tell(ctx context.Context, entries []journal.Record) ([]journal.Record, error) {
	const op = "customers.Tell"
	if _, err := authz.Require(ctx, op, "journal.view"); err != nil {
		return nil, err
	}
	scope, _ := authz.Require(ctx, op, "customers.view") // without the right no customer is told of
	seen := map[int64]bool{}
	if scope.Level != authz.All {
		var ids []int64
		for _, r := range entries {
			if _, twice := seen[r.CustomerID]; r.CustomerID != 0 && !twice {
				seen[r.CustomerID] = false
				ids = append(ids, r.CustomerID)
			}
		}
		if err := s.see(ctx, scope, ids, seen); err != nil {
			return nil, errs.Wrap(op, err)
		}
	}
	whole := !slices.ContainsFunc(Fields, func(f FieldDefinition) bool { return !Readable(ctx, f.ID) })
	told := slices.Clone(entries)
	for i := range told {
		r := &told[i]
		switch {
		case r.CustomerID == 0:
		case scope.Level != authz.All && !seen[r.CustomerID]:
			r.Before, r.After = nil, nil
		case !whole:
			r.Before, r.After = veil(ctx, r.Before), veil(ctx, r.After)
		}
	}
	return told, nil
}

// see notes which of the customers are in the scope.
func (s *Service) see(ctx context.Context, scope authz.Scope, ids []int64, seen map[int64]bool) error {
	if len(ids) == 0 || scope.Level == authz.None {
		return nil
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := readRelated(ctx, tx, around{customers: ids})
		for _, r := range rows {
			seen[r.ID] = scope.Allows(r.OwnerID, r.TeamID)
		}
		return err
	})
}

// veil takes out of what an entry says what the actor may not read; all of it
// if it cannot be understood.
func veil(ctx context.Context, raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	side := sideOf(raw)
	if side == nil {
		return nil
	}
	unveil(ctx, side)
	text, err := json.Marshal(side)
	if err != nil {
		return nil
	}
	return text
}

func unveil(ctx context.Context, v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			unveil(ctx, one)
		}
	case map[string]any:
		for name, inner := range v {
			if right := veiled(name, name); right != "" && !Readable(ctx, right) {
				delete(v, name)
				continue
			}
			unveil(ctx, inner)
		}
	}
}
