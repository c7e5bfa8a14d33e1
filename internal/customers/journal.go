package customers

import (
	"context"
	"slices"

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
