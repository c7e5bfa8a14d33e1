package customers

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// AddNote writes a note down. A kind that is a contact becomes the customer's
// last one if it is the latest.
func (s *Service) AddNote(ctx context.Context, in NewNote) (Note, error) {
	const op = "customers.AddNote"
	scope, err := authz.Require(ctx, op, permissionNote)
	if err != nil {
		return Note{}, err
	}
	called, err := s.calledIn(ctx, in.Body)
	if err != nil {
		return Note{}, errs.Wrap(op, err)
	}
	var n Note
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if n, err = s.addNote(ctx, tx, op, scope, in); err != nil {
			return err
		}
		return keepMentions(ctx, tx, &n, called)
	})
	return n, errs.Wrap(op, err)
}

// AddNotes writes many notes down within the caller's transaction: for imports
// and the demo company. They call nobody: what they tell is past.
func (s *Service) AddNotes(ctx context.Context, tx *db.Tx, all []NewNote) ([]Note, error) {
	const op = "customers.AddNotes"
	scope, err := authz.Require(ctx, op, permissionNote)
	if err != nil {
		return nil, err
	}
	notes := make([]Note, len(all))
	for i, in := range all {
		if notes[i], err = s.addNote(ctx, tx, op, scope, in); err != nil {
			return nil, errs.Wrap(op, err)
		}
	}
	return notes, nil
}

func (s *Service) addNote(ctx context.Context, tx *db.Tx, op string, scope authz.Scope, in NewNote) (Note, error) {
	c, err := standing(ctx, tx, op, scope, in.CustomerID)
	if err != nil {
		return Note{}, err
	}
	actor := authz.From(ctx)
	n := Note{
		CustomerID: c.ID, ContactID: in.ContactID, Kind: in.Kind, Body: in.Body, Pinned: in.Pinned,
		AuthorID: actor.UserID, AuthorName: actor.Name, HappenedAt: in.HappenedAt, CreatedAt: tx.Now(), Version: 1,
	}
	if actor.Kind == authz.System && in.AuthorName != "" {
		n.AuthorID, n.AuthorName = in.AuthorID, in.AuthorName
	}
	if n.Kind == "" {
		n.Kind = PlainNote
	}
	if n.HappenedAt.IsZero() {
		n.HappenedAt = n.CreatedAt
	}
	if n, err = n.checked(op, n.CreatedAt); err != nil {
		return n, err
	}
	if err := checkContact(ctx, tx, op, &n); err != nil {
		return n, err
	}
	if err := insertNote(ctx, tx, &n); err != nil {
		return n, err
	}
	if n.Kind.IsContact() {
		if err := touch(ctx, tx, n.CustomerID, n.HappenedAt); err != nil {
			return n, err
		}
	}
	return n, tellNote(ctx, tx, "customers.note_added", nil, &n)
}

// checkContact refuses a contact of another customer.
func checkContact(ctx context.Context, tx *db.Tx, op string, n *Note) error {
	if n.ContactID == 0 {
		return nil
	}
	there, err := hasContact(ctx, tx, n.CustomerID, n.ContactID)
	if err != nil || there {
		return err
	}
	return errs.InvalidFields(op, errs.Field("contact_id", "errors.field-not-chosen"))
}

// calledIn gives the people a text mentions; what is no person is just text.
func (s *Service) calledIn(ctx context.Context, body string) ([]int64, error) {
	ids := mentioned(body)
	if len(ids) == 0 || s.people == nil {
		return nil, nil
	}
	names, err := s.people.Names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id int64) bool { return names[id] == "" }), nil
}

// noteEntry is what the journal keeps of a note.
type noteEntry struct {
	Kind       NoteKind `json:"kind,omitzero"`
	Body       string   `json:"body,omitzero"`
	ContactID  int64    `json:"contact_id,omitzero"`
	HappenedAt string   `json:"happened_at,omitzero"`
	Pinned     bool     `json:"pinned,omitzero"`
}

func (n *Note) entry() *noteEntry {
	if n == nil {
		return nil
	}
	return &noteEntry{n.Kind, n.Body, n.ContactID, n.HappenedAt.Time().Format(noteMoment), n.Pinned}
}

// noteMoment is how the journal writes when a note happened.
const noteMoment = "2006-01-02T15:04:05Z"

func tellNote(ctx context.Context, tx *db.Tx, kind string, before, after *Note) error {
	one := after
	if one == nil {
		one = before
	}
	e := journal.Entry{Kind: kind, Subject: journal.Ref{Type: "note", ID: one.ID}, CustomerID: one.CustomerID}
	if before != nil {
		e.Before = before.entry()
	}
	if after != nil {
		e.After = after.entry()
	}
	_, err := journal.Write(ctx, tx, e)
	return err
}

// ChangeNote changes what is given of a note. Authors change their own; others
// need the right to edit the customer.
func (s *Service) ChangeNote(ctx context.Context, customerID, id int64, ch NoteChange) (Note, error) {
	const op = "customers.ChangeNote"
	var called []int64
	if ch.Body != nil {
		var err error
		if called, err = s.calledIn(ctx, *ch.Body); err != nil {
			return Note{}, errs.Wrap(op, err)
		}
	}
	return s.changeNote(ctx, op, noteChange{customerID, id, ch.Version, noteChanged, called, func(n *Note) {
		if ch.Kind != nil {
			n.Kind = *ch.Kind
		}
		if ch.Body != nil {
			n.Body = *ch.Body
		}
		if ch.ContactID != nil {
			n.ContactID = *ch.ContactID
		}
		if ch.HappenedAt != nil && *ch.HappenedAt != 0 {
			n.HappenedAt = *ch.HappenedAt
		}
	}})
}

// RemoveNote takes a note away, with the same rights as ChangeNote; RestoreNote
// brings it back.
func (s *Service) RemoveNote(ctx context.Context, customerID, id int64) error {
	const op = "customers.RemoveNote"
	_, err := s.changeNote(ctx, op, noteChange{customerID, id, 0, "customers.note_removed", nil, func(n *Note) { n.Removed = true }})
	return err
}

// RestoreNote brings a removed note back, with the same rights as ChangeNote.
func (s *Service) RestoreNote(ctx context.Context, customerID, id int64) (Note, error) {
	const op = "customers.RestoreNote"
	return s.changeNote(ctx, op, restoring(customerID, id))
}

// PinNote keeps a note at the top of the dossier, or lets it go, with the same
// rights as ChangeNote.
func (s *Service) PinNote(ctx context.Context, customerID, id int64, pinned bool) (Note, error) {
	const op = "customers.PinNote"
	kind := "customers.note_pinned"
	if !pinned {
		kind = "customers.note_unpinned"
	}
	return s.changeNote(ctx, op, noteChange{customerID, id, 0, kind, nil, func(n *Note) { n.Pinned = pinned }})
}

type noteChange struct {
	customerID, id int64
	version        int64
	kind           string  // of the journal's entry
	called         []int64 // whom the new text mentions
	apply          func(*Note)
}

func (s *Service) changeNote(ctx context.Context, op string, ch noteChange) (Note, error) {
	scope, err := authz.Require(ctx, op, permissionNote)
	if err != nil {
		return Note{}, err
	}
	var after Note
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		after, err = changeNoteIn(ctx, tx, op, scope, ch)
		return err
	})
	return after, errs.Wrap(op, err)
}

func changeNoteIn(ctx context.Context, tx *db.Tx, op string, scope authz.Scope, ch noteChange) (Note, error) {
	c, err := standing(ctx, tx, op, scope, ch.customerID)
	if err != nil {
		return Note{}, err
	}
	before, err := findNote(ctx, tx, op, c.ID, ch.id)
	if err != nil {
		return Note{}, err
	}
	if before.Removed && ch.kind != "customers.note_restored" {
		return Note{}, errs.New(errs.NotFound, op, "customers.note.error-not-found")
	}
	if ch.version != 0 && ch.version != before.Version {
		return before, errs.New(errs.Conflict, op, "customers.note.error-changed")
	}
	if err := mayChangeNote(ctx, op, &c, &before); err != nil {
		return before, err
	}
	after := before
	ch.apply(&after)
	if after, err = after.checked(op, max(tx.Now(), before.HappenedAt)); err != nil {
		return before, err
	}
	if after == before {
		return before, nil
	}
	if ch.kind == noteChanged {
		after.EditedAt = tx.Now()
	}
	if after.ContactID != before.ContactID {
		if err := checkContact(ctx, tx, op, &after); err != nil {
			return before, err
		}
	}
	done, err := updateNote(ctx, tx, &after)
	if err == nil && !done {
		err = errs.New(errs.Conflict, op, "customers.note.error-changed")
	}
	if err != nil {
		return before, err
	}
	return after, followNote(ctx, tx, followed{&c, ch, &before, &after})
}

// followNote keeps what depends on a note, and tells the journal.
func followNote(ctx context.Context, tx *db.Tx, ch followed) error {
	before, after := ch.before, ch.after
	if after.Body != before.Body {
		if err := reword(ctx, tx, before, after, ch.called); err != nil {
			return err
		}
	}
	if before.lastOf(ch.customer) && (!after.Kind.IsContact() || after.Removed || after.HappenedAt < before.HappenedAt) {
		if err := recountContact(ctx, tx, after.CustomerID); err != nil {
			return err
		}
	} else if after.Kind.IsContact() && !after.Removed {
		if err := touch(ctx, tx, after.CustomerID, after.HappenedAt); err != nil {
			return err
		}
	}
	if after.Removed {
		return tellNote(ctx, tx, ch.kind, before, nil)
	}
	return tellNote(ctx, tx, ch.kind, before, after)
}

// followed is a change of a note that has been made.
type followed struct {
	customer *Customer
	noteChange
	before, after *Note
}

// lastOf tells that the customer's last contact is this note's.
func (n *Note) lastOf(c *Customer) bool {
	return !n.Removed && n.Kind.IsContact() && n.HappenedAt == c.LastContactAt
}

// mayChangeNote lets authors change their own notes, and others those of
// customers they may edit.
func mayChangeNote(ctx context.Context, op string, c *Customer, n *Note) error {
	if me := authz.From(ctx).UserID; me != 0 && me == n.AuthorID {
		return nil
	}
	scope, err := authz.Require(ctx, op, "customers.edit")
	if err != nil {
		return err
	}
	if !scope.Allows(c.OwnerID, c.TeamID) {
		return errs.New(errs.Forbidden, op, "customers.note.error-not-yours")
	}
	return nil
}

// standing gives a customer that can be written about: one the actor sees,
// within the scope of the right, and not erased.
func standing(ctx context.Context, tx *db.Tx, op string, scope authz.Scope, id int64) (Customer, error) {
	view, _ := authz.Require(ctx, op, "customers.view") // without the right it sees nothing
	c, err := visible(ctx, tx, op, view, id)
	switch {
	case err != nil:
		return c, err
	case !scope.Allows(c.OwnerID, c.TeamID):
		return c, errs.New(errs.Forbidden, op, "customers.error.beyond-scope")
	case c.State == Erased:
		return c, errs.New(errs.Conflict, op, "customers.error.erased")
	case c.State == Merged:
		return c, errMerged(op)
	}
	return c, nil
}

// noteChanged is the kind of entries that tell of a note's other words.
const noteChanged = "customers.note_changed"

// isAttached tells entries of notes and files that Undo takes back.
func isAttached(kind string) bool {
	return kind == "customers.note_removed" || kind == "customers.file_removed" || kind == noteChanged
}

// undoAttached brings back a note or a file whose removal an entry tells of,
// or the words a note had.
func undoAttached(ctx context.Context, tx *db.Tx, op string, entry journal.Record) error {
	switch {
	case entry.Before == nil:
		return errs.New(errs.Conflict, op, "customers.error.erased")
	case tx.Now() > entry.At.Add(UndoTime):
		return errs.New(errs.Conflict, op, "customers.error.undo-expired")
	case entry.Kind == "customers.file_removed":
		return moveFileIn(ctx, tx, op, entry.CustomerID, entry.Subject.ID, "customers.file_restored")
	}
	scope, err := authz.Require(ctx, op, permissionNote)
	if err != nil {
		return err
	}
	back := restoring(entry.CustomerID, entry.Subject.ID)
	if entry.Kind == noteChanged {
		if back, err = rewording(ctx, tx, op, entry); err != nil {
			return err
		}
	}
	_, err = changeNoteIn(ctx, tx, op, scope, back)
	return err
}

// rewording gives a note the words it had before an entry, unless they have
// been changed since.
func rewording(ctx context.Context, tx *db.Tx, op string, entry journal.Record) (noteChange, error) {
	var was, is noteEntry
	if json.Unmarshal(entry.Before, &was) != nil || json.Unmarshal(entry.After, &is) != nil {
		return noteChange{}, errTooLate(op)
	}
	now, err := findNote(ctx, tx, op, entry.CustomerID, entry.Subject.ID)
	if err != nil {
		return noteChange{}, err
	}
	at, err := time.Parse(noteMoment, was.HappenedAt)
	seen := now.entry()
	if seen.Pinned = is.Pinned; err != nil || *seen != is {
		return noteChange{}, errTooLate(op)
	}
	return noteChange{entry.CustomerID, now.ID, now.Version, noteChanged, mentioned(was.Body), func(n *Note) {
		n.Kind, n.Body, n.ContactID = was.Kind, was.Body, was.ContactID
		if was.HappenedAt != is.HappenedAt { // which has no fractions of a second
			n.HappenedAt = clock.InstantOf(at)
		}
	}}, nil
}

func restoring(customerID, id int64) noteChange {
	return noteChange{customerID, id, 0, "customers.note_restored", nil, func(n *Note) { n.Removed = false }}
}
