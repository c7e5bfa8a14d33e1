package vocabulary

import (
	"context"
	"encoding/json"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// UndoableKinds are the kinds of entries that Undo takes back.
var UndoableKinds = []string{
	"customers.tag_added", "customers.tag_changed", "customers.tag_joined",
	"customers.source_added", "customers.source_changed", "customers.source_joined",
}

// ListOf tells which list an entry of the journal is about; "" for none.
func ListOf(kind string) List {
	for l := range lists {
		if strings.HasPrefix(kind, "customers."+string(l)+"_") {
			return l
		}
	}
	return ""
}

// told is what an entry says of a word, before or after.
type told struct {
	Name      string  `json:"name"`
	TextID    string  `json:"text_id"`
	Archived  *bool   `json:"archived"`
	Customers []int64 `json:"customers"`
	IntoID    int64   `json:"into_id"`
	Gained    []int64 `json:"gained"`
}

// Undo takes back what an entry of the journal tells of a word, within 90 days
// and unless the word has been changed again. It needs the right of the list.
func (s *Service) Undo(ctx context.Context, entryID int64) (List, error) {
	const op = "vocabulary.Undo"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return "", err
	}
	var entry journal.Record
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		entry, err = journal.Find(ctx, tx, entryID)
		return err
	})
	if err != nil {
		return "", errs.Wrap(op, err)
	}
	l := ListOf(entry.Kind)
	if l == "" {
		return "", errs.New(errs.Invalid, op, "customers.error.not-undoable")
	}
	_, err = s.change(ctx, op, l, func(b *book) (Done, error) {
		if b.tx.Now() > entry.At.Add(undoTime) {
			return Done{}, errs.New(errs.Conflict, op, "customers.error.undo-expired")
		}
		return Done{}, b.undo(ctx, entry)
	})
	return l, err
}

func errTooLate(op string) error { return errs.New(errs.Conflict, op, "customers.error.changed-since") }

func (b *book) undo(ctx context.Context, entry journal.Record) error {
	var before, after told
	if entry.Before != nil {
		if err := json.Unmarshal(entry.Before, &before); err != nil {
			return err
		}
	}
	if entry.After != nil {
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
	}
	id := entry.Subject.ID
	switch strings.TrimPrefix(entry.Kind, "customers."+string(b.list)+"_") {
	case "added":
		return b.undoAdded(ctx, id, after)
	case "changed":
		return b.undoChanged(ctx, id, before, after)
	case "joined":
		return b.undoJoined(ctx, id, before, after)
	}
	return errs.New(errs.Invalid, b.op, "customers.error.not-undoable")
}

// undoAdded removes a word that nobody has yet.
func (b *book) undoAdded(ctx context.Context, id int64, after told) error {
	w, err := b.find(id)
	if err != nil || w.Name != after.Name {
		return errTooLate(b.op)
	}
	has, err := db.All(ctx, b.tx, db.Value[int64], lists[b.list].has, id)
	switch {
	case err != nil:
		return err
	case len(has) > 0:
		return errTooLate(b.op)
	}
	if _, err := b.tx.Exec(ctx, lists[b.list].remove, id); err != nil {
		return err
	}
	_, err = b.tell(ctx, "removed", id, map[string]any{"name": w.Name}, nil)
	return err
}

func (b *book) undoChanged(ctx context.Context, id int64, before, after told) error {
	w, err := b.find(id)
	if err != nil || w.Name != after.Name {
		return errTooLate(b.op)
	}
	if before.Archived != nil && after.Archived != nil {
		if w.Archived != *after.Archived {
			return errTooLate(b.op)
		}
		_, err = b.archive(ctx, *w, *before.Archived)
		return err
	}
	_, err = b.rename(ctx, *w, before.Name, before.TextID)
	return err
}

func (b *book) undoJoined(ctx context.Context, id int64, before, after told) error {
	var w *Word
	for i := range b.words {
		if b.words[i].ID == id {
			w = &b.words[i]
		}
	}
	if w == nil || w.into != after.IntoID || w.Name != before.Name {
		return errTooLate(b.op)
	}
	other, err := b.find(after.IntoID)
	if err != nil {
		return errTooLate(b.op)
	}
	back := *w
	back.into, back.Archived = 0, before.Archived != nil && *before.Archived
	if err := b.keep(ctx, back); err != nil {
		return err
	}
	if err := b.part(ctx, id, after.IntoID, before.Customers, after.Gained); err != nil {
		return err
	}
	_, err = b.tell(ctx, "parted", id, map[string]any{"name": back.Name}, map[string]any{"from": other.Name})
	return err
}
