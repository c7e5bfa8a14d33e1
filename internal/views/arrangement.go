package views

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// An arrangement is how one person likes to look at a list: it changes nothing
// for anybody else and is therefore not in the journal.

// maxOrder is how many views an order remembers.
const maxOrder = 300

// Reorder puts the acting person's views of a list in the order of keys; views
// left out follow as they were.
func (s *Service) Reorder(ctx context.Context, list string, keys []string) error {
	const op = "views.Reorder"
	personID, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	known, err := s.List(ctx, list)
	if err != nil {
		return err
	}
	var order []string
	for _, key := range keys {
		if _, ok := known.Find(key); ok && !slices.Contains(order, key) && len(order) < maxOrder {
			order = append(order, key)
		}
	}
	return s.arrange(ctx, op, sqlKeepOrder, personID, list, order)
}

// OpenFirst makes a view the one that a list opens with for the acting person;
// "" is the list's own choice.
func (s *Service) OpenFirst(ctx context.Context, list, key string) error {
	const op = "views.OpenFirst"
	personID, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	if key != "" {
		if _, err := s.Find(ctx, list, key); err != nil {
			return err
		}
	} else if _, err := s.list(op, list); err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlKeepFirst, personID, list, key)
		return errs.Wrap("first view", err)
	}))
}

// ChooseColumns keeps the acting person's columns of a list where no saved view
// is open; none are the usual ones.
func (s *Service) ChooseColumns(ctx context.Context, list string, columns []string) error {
	const op = "views.ChooseColumns"
	personID, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	if _, err := s.list(op, list); err != nil {
		return err
	}
	columns, trouble := tidyColumns(columns)
	if trouble != nil {
		return errs.InvalidFields(op, *trouble)
	}
	return s.arrange(ctx, op, sqlKeepColumns, personID, list, columns)
}

func (s *Service) arrange(ctx context.Context, op, statement string, personID int64, list string, words []string) error {
	text, err := encode(words)
	if err != nil {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, statement, personID, list, text)
		return errs.Wrap("arrangement", err)
	}))
}
