package views

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/journal"
)

// Arranged is the views of a list as a person has arranged them.
type Arranged struct {
	Views   []View   // built-in and saved ones, in the person's order
	First   string   // key of the view that opens first; "" if the list has none
	Columns []string // the person's columns where no view is open; empty: the usual ones
}

// Find gives one of the views by its key.
func (a Arranged) Find(key string) (View, bool) {
	i := slices.IndexFunc(a.Views, func(v View) bool { return v.Key == key })
	if i < 0 {
		return View{}, false
	}
	return a.Views[i], true
}

// List gives the views of a list which the actor sees, in one statement.
func (s *Service) List(ctx context.Context, list string) (Arranged, error) {
	const op = "views.List"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return Arranged{}, err
	}
	kind, err := s.list(op, list)
	if err != nil {
		return Arranged{}, err
	}
	var rows []View
	actor := authz.From(ctx)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err = db.All(ctx, tx, func(row db.Scanner) (View, error) { return scanView(row, false) }, sqlListViews, list, actor.UserID)
		return err
	})
	if err != nil {
		return Arranged{}, errs.Wrap(op, err)
	}
	var order []string
	var out Arranged
	for _, b := range kind.BuiltIn {
		out.Views = append(out.Views, View{
			Key: b.Key, List: list, Label: b.Label, Shared: Everyone, Filter: b.Filter, Sort: b.Sort, Columns: b.Columns,
		})
	}
	for _, v := range rows {
		switch {
		case v.ID == 0:
			out.First, out.Columns = v.Name, v.Columns
			if err := json.Unmarshal([]byte(v.Filter), &order); err != nil {
				return Arranged{}, errs.Wrap(op, err)
			}
		case v.visible(actor):
			v.List = list
			out.Views = append(out.Views, v)
		}
	}
	slices.SortStableFunc(out.Views, func(a, b View) int { return rank(order, a.Key) - rank(order, b.Key) })
	if _, ok := out.Find(out.First); !ok {
		out.First = kind.first()
	}
	return out, nil
}

func rank(order []string, key string) int {
	if i := slices.Index(order, key); i >= 0 {
		return i
	}
	return len(order)
}

// first is the key of the view that opens where nobody has chosen.
func (l List) first() string {
	if len(l.BuiltIn) == 0 {
		return ""
	}
	return l.BuiltIn[0].Key
}

func (s *Service) list(op, key string) (List, error) {
	for _, l := range s.lists {
		if l.Key == key {
			return l, nil
		}
	}
	return List{}, errs.New(errs.NotFound, op, "views.error.no-such-list", "List", key)
}

// Find gives one view by its key, in at most one statement.
func (s *Service) Find(ctx context.Context, list, key string) (View, error) {
	const op = "views.Find"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return View{}, err
	}
	kind, err := s.list(op, list)
	if err != nil {
		return View{}, err
	}
	for _, b := range kind.BuiltIn {
		if b.Key == key {
			return View{
				Key: b.Key, List: list, Label: b.Label, Shared: Everyone, Filter: b.Filter, Sort: b.Sort, Columns: b.Columns,
			}, nil
		}
	}
	var v View
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = findView(ctx, tx, op, idOf(key))
		return err
	})
	if err != nil {
		return View{}, errs.Wrap(op, err)
	}
	if v.List != list || !v.visible(authz.From(ctx)) {
		return View{}, missing(op)
	}
	return v, nil
}

// Create saves a view of the acting person. schema is the list's as they may
// see it; what does not fit it is errs.Invalid. To share it takes views.share.
func (s *Service) Create(ctx context.Context, list string, in Input, schema *filter.Schema) (View, error) {
	const op = "views.Create"
	personID, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return View{}, err
	}
	if _, err := s.list(op, list); err != nil {
		return View{}, err
	}
	v, err := in.settled(op, authz.From(ctx), View{List: list, OwnerID: personID, Version: 1}, schema)
	if err != nil {
		return View{}, err
	}
	if err := mayShare(ctx, op, v); err != nil {
		return View{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.One(ctx, tx, db.Value[int], sqlCountViews, list, personID)
		if err != nil {
			return fmt.Errorf("count views: %w", err)
		}
		if n >= MaxViews {
			return errs.New(errs.Conflict, op, "views.error.too-many", "Max", MaxViews)
		}
		if v.ID, err = insertView(ctx, tx, v); err != nil {
			return err
		}
		v.Key = keyOf(v.ID)
		return write(ctx, tx, "views.view_created", v.ID, nil, v)
	})
	return v, errs.Wrap(op, err)
}

// mayShare checks the right to have others see the view.
func mayShare(ctx context.Context, op string, v View) error {
	if v.Shared == Private {
		return nil
	}
	_, err := authz.Require(ctx, op, "views.share")
	return err
}

// Change replaces what is set about a view: by its owner, or, if it is shared,
// by anyone with views.share.
func (s *Service) Change(ctx context.Context, id int64, in Input, schema *filter.Schema) (View, error) {
	const op = "views.Change"
	if _, err := authz.RequirePerson(ctx, op); err != nil {
		return View{}, err
	}
	var after View
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := s.own(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if in.Version != 0 && in.Version != before.Version {
			return errs.New(errs.Conflict, op, "errors.kind-conflict-title")
		}
		actor := authz.From(ctx)
		if after, err = in.settled(op, actor, before, schema); err != nil {
			return err
		}
		// Whoever may no longer share can still take a view back.
		if after.Shared != before.Shared || after.TeamID != before.TeamID {
			if err := mayShare(ctx, op, after); err != nil {
				return err
			}
		}
		// A colleague's view stays shared: to them it would vanish.
		if before.OwnerID != actor.UserID && after.Shared == Private {
			return errs.New(errs.Forbidden, op, "views.error.of-someone-else")
		}
		if err := updateView(ctx, tx, op, after); err != nil {
			return err
		}
		after.Version++
		return write(ctx, tx, "views.view_changed", id, before, after)
	})
	return after, errs.Wrap(op, err)
}

// Remove removes a view: its owner's, or a shared one with views.share.
func (s *Service) Remove(ctx context.Context, id int64) error {
	const op = "views.Remove"
	if _, err := authz.RequirePerson(ctx, op); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := s.own(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if err := deleteView(ctx, tx, id); err != nil {
			return err
		}
		return write(ctx, tx, "views.view_removed", id, before, nil)
	})
	return errs.Wrap(op, err)
}

// own finds a view that the actor may change.
func (s *Service) own(ctx context.Context, tx *db.Tx, op string, id int64) (View, error) {
	v, err := findView(ctx, tx, op, id)
	if err != nil {
		return View{}, err
	}
	actor := authz.From(ctx)
	switch {
	case !v.visible(actor):
		return View{}, missing(op)
	case v.OwnerID != actor.UserID && !authz.Can(ctx, "views.share"):
		return View{}, errs.New(errs.Forbidden, op, "views.error.of-someone-else")
	}
	return v, nil
}

func write(ctx context.Context, tx *db.Tx, kind string, id int64, before, after any) error {
	_, err := journal.Write(ctx, tx, journal.Entry{
		Kind: kind, Subject: journal.Ref{Type: "view", ID: id}, Before: before, After: after,
	})
	return errs.Wrap(kind, err)
}
