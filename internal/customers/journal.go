package customers

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// JournalItem is one entry of the company's journal in words. What it says of
// a customer the actor may not see is left out; Customer is "" then.
type JournalItem struct {
	Touch
	CustomerID int64
	Customer   string
}

// JournalQuery chooses entries; zero values choose all. BeforeID continues a
// page.
type JournalQuery struct {
	PersonID   int64
	CustomerID int64
	BeforeID   int64
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
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		read.entries, err = journal.List(ctx, tx, journal.Query{CustomerID: q.CustomerID, ActorID: q.PersonID, BeforeID: q.BeforeID, Limit: journalPage + 1})
		if err != nil {
			return err
		}
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
		err = s.learnNames(ctx, known, &read)
	}
	if err != nil {
		return nil, 0, errs.Wrap(op, err)
	}
	return s.journalItems(ctx, known, read.entries, named)
}

func (s *Service) journalItems(ctx context.Context, known *knowing, entries []journal.Record, named map[int64]string) (items []JournalItem, next int64, err error) {
	for i, r := range entries {
		if i == journalPage {
			return items, entries[i-1].ID, nil
		}
		item := JournalItem{Touch: known.entry(ctx, r, 0), CustomerID: r.CustomerID, Customer: named[r.CustomerID]}
		if r.CustomerID != 0 && item.Customer == "" {
			item.Touch = Touch{Key: item.Key, At: item.At, Kind: item.Kind, Who: item.Who, Title: known.title(ctx, r.Kind, nil, nil)}
		}
		items = append(items, item)
	}
	return items, 0, nil
}
