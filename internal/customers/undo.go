package customers

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/journal"
)

// undoable are the kinds of entries that Undo takes back, with the right that
// the change itself needed.
var undoable = map[string]string{
	"customers.changed": "customers.edit", "customers.tags_changed": "customers.edit",
	"customers.contact_added": "customers.edit", "customers.contact_changed": "customers.edit", "customers.contact_removed": "customers.edit",
	"customers.point_added": "customers.edit", "customers.point_changed": "customers.edit", "customers.point_removed": "customers.edit",
	"customers.address_added": "customers.edit", "customers.address_changed": "customers.edit", "customers.address_removed": "customers.edit",
	"customers.date_added": "customers.edit", "customers.date_changed": "customers.edit", "customers.date_removed": "customers.edit",
	"customers.archived": "customers.archive", "customers.restored": "customers.archive",
}

// undoOp is what errors say was attempted.
const undoOp = "customers.Undo"

// UndoTime is how long a change can be taken back.
const UndoTime = 90 * 24 * time.Hour

// Undoable tells whether Undo takes back entries of this kind.
func Undoable(kind string) bool { return undoable[kind] != "" || kind == merged }

// merged is the kind of entries of a merge, which package merging takes back.
const merged = "customers.merged"

// UndoableKinds are the kinds of entries that can be taken back: by Undo, or
// where they are about a word of the company, by the vocabulary's.
var UndoableKinds = slices.Concat(
	slices.Sorted(maps.Keys(undoable)),
	[]string{"customers.note_removed", "customers.file_removed", noteChanged, merged},
	vocabulary.UndoableKinds,
)

func errTooLate(op string) error { return errs.New(errs.Conflict, op, "customers.error.changed-since") }

// Undo takes back the change an entry of the journal tells of, within 90 days
// and unless what it changed has been changed again. Undoing is a change like
// any other: it is told to the journal and can itself be undone.
func (s *Service) Undo(ctx context.Context, entryID int64) error {
	const op = "customers.Undo"
	if _, err := authz.Require(ctx, op, "customers.view"); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		entry, err := journal.Find(ctx, tx, entryID)
		if err != nil {
			return err
		}
		if isAttached(entry.Kind) {
			if entry.CustomerID, err = whereNow(ctx, tx, entry); err != nil {
				return err
			}
			return undoAttached(ctx, tx, op, entry)
		}
		if undo := s.undoers[entry.Kind]; undo != nil && entry.After != nil {
			return undo(ctx, tx, entry)
		}
		permission := undoable[entry.Kind]
		switch {
		case permission == "" || entry.Subject.Type != RecordType:
			return errs.New(errs.Invalid, op, "customers.error.not-undoable")
		case entry.Before == nil && entry.After == nil:
			return errs.New(errs.Conflict, op, "customers.error.erased")
		case tx.Now() > entry.At.Add(UndoTime):
			return errs.New(errs.Conflict, op, "customers.error.undo-expired")
		}
		_, err = s.alter(ctx, tx, s.undoing(ctx, op, permission, entry))
		return err
	})
	return errs.Wrap(op, explain(op, err))
}

const (
	sqlNoteOf = `SELECT customer_id FROM customers_notes WHERE id = $1`
	sqlFileOf = `SELECT customer_id FROM customers_files WHERE id = $1`
)

// whereNow gives the customer who has the note or file an entry is about: it
// may have been merged, or parted, since.
func whereNow(ctx context.Context, tx *db.Tx, entry journal.Record) (int64, error) {
	statement := sqlNoteOf
	if entry.Subject.Type == "file" {
		statement = sqlFileOf
	}
	all, err := db.All(ctx, tx, db.Value[int64], statement, entry.Subject.ID)
	if err != nil || len(all) == 0 {
		return entry.CustomerID, err
	}
	return all[0], nil
}

// undoing is the alteration that takes an entry back.
func (s *Service) undoing(ctx context.Context, op, permission string, entry journal.Record) alteration {
	kind := reverse(entry.Kind)
	a := alteration{op: op, permission: permission, id: entry.Subject.ID, kind: kind, hangs: true}
	switch kind {
	case "customers.archived":
		a.handlers = &s.events.archived
	case "customers.restored":
		a.handlers = &s.events.restored
	}
	a.edit = func(tx *db.Tx, c *Card, was, is map[string]any) error {
		before, after, err := sides(entry)
		if err != nil {
			return err
		}
		switch strings.TrimPrefix(entry.Kind, "customers.") {
		case "changed":
			return s.undoChange(ctx, tx, c, before, after, was, is)
		case "archived", "restored":
			return undoState(c, before, after, was, is)
		case "tags_changed":
			return undoTags(ctx, tx, c, before, after, was, is)
		}
		return undoPart(ctx, tx, c, before, after, was, is)
	}
	return a
}

// reverse is the kind under which the journal is told of the undoing.
func reverse(kind string) string {
	switch {
	case kind == "customers.archived":
		return "customers.restored"
	case kind == "customers.restored":
		return "customers.archived"
	case strings.HasSuffix(kind, "_added"):
		return strings.TrimSuffix(kind, "_added") + "_removed"
	case strings.HasSuffix(kind, "_removed"):
		return strings.TrimSuffix(kind, "_removed") + "_added"
	}
	return kind
}

// sides are what an entry tells of before and after, by field.
func sides(entry journal.Record) (before, after map[string]json.RawMessage, err error) {
	for _, side := range []struct {
		raw  json.RawMessage
		into *map[string]json.RawMessage
	}{{entry.Before, &before}, {entry.After, &after}} {
		if side.raw != nil {
			if err := json.Unmarshal(side.raw, side.into); err != nil {
				return nil, nil, err
			}
		}
	}
	return before, after, nil
}

// undoChange puts attributes and custom values back to what they were.
func (s *Service) undoChange(ctx context.Context, tx *db.Tx, c *Card, before, after map[string]json.RawMessage, was, is map[string]any) error {
	old := c.Customer
	for _, a := range attributes {
		value, told := after[a.name]
		if !told {
			continue
		}
		if !a.equal(&old, orNothing(value)) {
			return errTooLate(undoOp)
		}
		if err := a.put(&c.Customer, orNothing(before[a.name])); err != nil {
			return err
		}
	}
	if err := s.settle(ctx, tx, undoOp, &old, &c.Customer); err != nil {
		return err
	}
	return s.undoCustom(ctx, tx, c, before, after, was, is)
}

// orNothing makes JSON's null no value at all.
func orNothing(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

func (s *Service) undoCustom(ctx context.Context, tx *db.Tx, c *Card, before, after map[string]json.RawMessage, was, is map[string]any) error {
	back := map[string]any{}
	for name := range after {
		slug, custom := strings.CutPrefix(name, "custom.")
		if !custom {
			continue
		}
		var value any
		if raw := orNothing(before[name]); raw != nil {
			if err := json.Unmarshal(raw, &value); err != nil {
				return err
			}
		}
		back[slug] = value
	}
	if len(back) == 0 || s.fields == nil {
		return nil
	}
	values, err := s.fields.Values(ctx, tx, RecordType, []int64{c.ID})
	if err != nil {
		return err
	}
	for slug := range back {
		if !bytes.Equal(canonical(asJSON(values[c.ID][slug])), canonical(after["custom."+slug])) {
			return errTooLate(undoOp)
		}
	}
	return s.writeCustom(ctx, tx, c.ID, back, was, is)
}

// canonical brings JSON to one spelling.
func canonical(raw json.RawMessage) []byte {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return raw
	}
	return asJSON(v)
}

func undoState(c *Card, before, after map[string]json.RawMessage, was, is map[string]any) error {
	var from, to State
	if json.Unmarshal(before["state"], &from) != nil || json.Unmarshal(after["state"], &to) != nil || c.State != to {
		return errTooLate(undoOp)
	}
	was["state"], is["state"] = to, from
	c.State = from
	return nil
}

func undoTags(ctx context.Context, tx *db.Tx, c *Card, before, after map[string]json.RawMessage, was, is map[string]any) error {
	var removed, added []string
	if raw := before["tags"]; raw != nil && json.Unmarshal(raw, &removed) != nil {
		return errTooLate(undoOp)
	}
	if raw := after["tags"]; raw != nil && json.Unmarshal(raw, &added) != nil {
		return errTooLate(undoOp)
	}
	var err error
	if removed, err = tagsNow(ctx, tx, removed); err != nil {
		return err
	}
	if added, err = tagsNow(ctx, tx, added); err != nil {
		return err
	}
	has := func(name string) bool {
		return slices.ContainsFunc(c.Tags, func(t Tag) bool { return fold.Key(t.Name) == fold.Key(name) })
	}
	if slices.ContainsFunc(removed, has) || slices.ContainsFunc(added, func(name string) bool { return !has(name) }) {
		return errTooLate(undoOp)
	}
	back, err := tag(ctx, tx, c, removed)
	if err != nil {
		return err
	}
	if len(back) > 0 {
		is["tags"] = back
	}
	off, err := untag(ctx, tx, c, added)
	if len(off) > 0 {
		was["tags"] = off
	}
	return err
}

// undoPart takes back what was done to one contact, point, address or date.
func undoPart(ctx context.Context, tx *db.Tx, c *Card, before, after map[string]json.RawMessage, was, is map[string]any) error {
	for name, undo := range map[string]struct {
		right string
		part  func(context.Context, *db.Tx, *Card, json.RawMessage, json.RawMessage, map[string]any) error
	}{
		points.name: {points.right, points.undo}, addresses.name: {addresses.right, addresses.undo},
		contacts.name: {contacts.right, contacts.undo}, dates.name: {dates.right, dates.undo},
	} {
		old, now := before[name], after[name]
		if old == nil && now == nil {
			continue
		}
		if err := mayWrite(ctx, undoOp, undo.right); err != nil {
			return err
		}
		if now != nil {
			was[name] = now
		}
		return undo.part(ctx, tx, c, old, now, is)
	}
	return errs.New(errs.Invalid, undoOp, "customers.error.not-undoable")
}
