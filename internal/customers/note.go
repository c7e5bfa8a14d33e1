package customers

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/customers/writings"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// NotePermissions are the rights over notes: whoever works with customers may
// add one to any customer they see.
var NotePermissions = []authz.Permission{
	{ID: permissionNote, Label: "customers.permission.note", Scoped: true, Default: levels(authz.All, authz.All, authz.All, authz.None)},
}

const permissionNote = "customers.note"

// NoteKind tells a thought from a contact, and contacts by their channel.
type NoteKind string

// The kinds; all but PlainNote are contacts and count as the customer's last.
const (
	PlainNote   NoteKind = "note"
	CallNote    NoteKind = "call"
	MeetingNote NoteKind = "meeting"
	EmailNote   NoteKind = "email"
	MessageNote NoteKind = "message"
	VisitNote   NoteKind = "visit"
)

// NoteKinds in the order they are offered.
var NoteKinds = []NoteKind{PlainNote, CallNote, MeetingNote, EmailNote, MessageNote, VisitNote}

var noteLabels = map[NoteKind]string{
	PlainNote: "customers.note.kind-note", CallNote: "customers.note.kind-call",
	MeetingNote: "customers.note.kind-meeting", EmailNote: "customers.note.kind-email",
	MessageNote: "customers.note.kind-message", VisitNote: "customers.note.kind-visit",
}

// Label is the locale id of the kind's name.
func (k NoteKind) Label() string { return noteLabels[k] }

// IsContact tells that the customer was spoken or written to.
func (k NoteKind) IsContact() bool { return k != PlainNote }

// MaxNote is the longest note, in runes.
const MaxNote = 20_000

// Note is what somebody wrote down about a customer. In Body, "@[7]" mentions
// the person with the id 7; see NoteParts.
type Note struct {
	ID         int64         `json:"id"`
	CustomerID int64         `json:"customer_id"`
	ContactID  int64         `json:"contact_id,omitzero"` // whom it was with; 0: nobody in particular
	AuthorID   int64         `json:"author_id,omitzero"`
	AuthorName string        `json:"author"`
	Kind       NoteKind      `json:"kind"`
	Body       string        `json:"body"`
	Pinned     bool          `json:"pinned,omitzero"`
	Removed    bool          `json:"-"`
	HappenedAt clock.Instant `json:"happened_at"`
	CreatedAt  clock.Instant `json:"created_at"`
	EditedAt   clock.Instant `json:"edited_at,omitzero"` // when its words were last changed
	Version    int64         `json:"version"`
}

// NewNote is a note to add. Without a kind it is a PlainNote, without a moment
// it happened now. AuthorID counts only when Kartoteka itself writes (imports,
// demo); otherwise the author is whoever acts.
type NewNote struct {
	CustomerID int64
	ContactID  int64
	Kind       NoteKind
	Body       string
	HappenedAt clock.Instant
	Pinned     bool
	AuthorID   int64
	AuthorName string
}

// NoteChange replaces what is given of a note; nil leaves as it is. Version is
// the one that was edited, 0 for any.
type NoteChange struct {
	Kind       *NoteKind
	Body       *string
	ContactID  *int64
	HappenedAt *clock.Instant
	Version    int64
}

// slack is how far ahead of ours a clock may go in what "has happened".
const slack = 24 * time.Hour

// checked tidies the note and names what must be corrected.
func (n Note) checked(op string, now clock.Instant) (Note, error) {
	var bad problems
	n.Body = trimLong(n.Body)
	bad.when(n.Body == "", "body", "customers.note.error-empty")
	bad.limit("body", MaxNote, n.Body)
	bad.when(!slices.Contains(NoteKinds, n.Kind), "kind", "errors.field-not-chosen")
	bad.when(n.HappenedAt < 0 || n.HappenedAt > now.Add(slack), "happened_at", "customers.note.error-ahead")
	if len(bad) > 0 {
		return n, errs.InvalidFields(op, bad...)
	}
	return n, nil
}

var mention = regexp.MustCompile(`@\[([0-9]{1,18})\]`)

// maxMentions is how many people one note calls.
const maxMentions = 50

// mentioned gives the people a text calls, each once, in order.
func mentioned(body string) []int64 {
	var ids []int64
	for _, m := range mention.FindAllStringSubmatch(body, -1) {
		id, err := strconv.ParseInt(m[1], 10, 64)
		if err == nil && id > 0 && !slices.Contains(ids, id) && len(ids) < maxMentions {
			ids = append(ids, id)
		}
	}
	return ids
}

// NotePart is a piece of a note's text: plain, or the name of a mentioned
// person.
type NotePart struct {
	Text     string
	PersonID int64 // 0: plain text
}

// NoteParts cuts a note's text at its mentions; names are those of the
// mentioned. A mention of somebody without a name stays as it was written.
func NoteParts(body string, names map[int64]string) []NotePart {
	var parts []NotePart
	from := 0
	for _, m := range mention.FindAllStringSubmatchIndex(body, -1) {
		id, err := strconv.ParseInt(body[m[2]:m[3]], 10, 64)
		name := names[id]
		if err != nil || name == "" {
			continue
		}
		if m[0] > from {
			parts = append(parts, NotePart{Text: body[from:m[0]]})
		}
		parts = append(parts, NotePart{Text: "@" + name, PersonID: id})
		from = m[1]
	}
	if from < len(body) {
		parts = append(parts, NotePart{Text: body[from:]})
	}
	return parts
}

// NoteText is a note's text with names in place of mentions.
func NoteText(body string, names map[int64]string) string {
	if !strings.Contains(body, "@[") {
		return body
	}
	var b strings.Builder
	for _, p := range NoteParts(body, names) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Mention is a note that calls somebody.
type Mention struct {
	Note         Note
	CustomerName string
	Number       int64
	Seen         bool
}

const noteColumns = `n.id, n.customer_id, COALESCE(n.contact_id, 0), COALESCE(n.author_id, 0), n.author_name, n.kind, n.body,
  n.pinned, n.removed, n.happened_at, n.created_at, n.edited_at, n.version`

func (n *Note) targets() []any {
	return []any{
		&n.ID, &n.CustomerID, &n.ContactID, &n.AuthorID, &n.AuthorName, &n.Kind, &n.Body,
		&n.Pinned, &n.Removed, &n.HappenedAt, &n.CreatedAt, &n.EditedAt, &n.Version,
	}
}

func scanNote(s db.Scanner) (n Note, err error) {
	err = s.Scan(n.targets()...)
	return n, err
}

const sqlFindNote = `SELECT ` + noteColumns + ` FROM customers_notes n WHERE n.id = $1 AND n.customer_id = $2`

// findNote gives a note of a customer, removed or not.
func findNote(ctx context.Context, tx *db.Tx, op string, customerID, id int64) (Note, error) {
	n, err := db.One(ctx, tx, scanNote, sqlFindNote, id, customerID)
	if errors.Is(err, sql.ErrNoRows) {
		return Note{}, errs.New(errs.NotFound, op, "customers.note.error-not-found")
	}
	return n, err
}

const sqlInsertNote = `
INSERT INTO customers_notes
  (customer_id, contact_id, author_id, author_name, kind, body, pinned, removed, happened_at, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $9, 1) RETURNING id`

func insertNote(ctx context.Context, tx *db.Tx, n *Note) error {
	err := tx.QueryRow(ctx, sqlInsertNote, n.CustomerID, orNull(n.ContactID), orNull(n.AuthorID), n.AuthorName, n.Kind,
		n.Body, n.Pinned, n.HappenedAt, n.CreatedAt).Scan(&n.ID)
	if err != nil {
		return err
	}
	return writings.Add(ctx, tx, writings.Text{Kind: writings.Note, ID: n.ID, Text: n.Body})
}

const sqlUpdateNote = `
UPDATE customers_notes SET contact_id = $2, kind = $3, body = $4, pinned = $5, removed = $6, happened_at = $7, edited_at = $9,
  version = version + 1
WHERE id = $1 AND version = $8`

// updateNote writes the note over the version it was read at; false if
// somebody was faster.
func updateNote(ctx context.Context, tx *db.Tx, n *Note) (bool, error) {
	done, err := tx.Exec(ctx, sqlUpdateNote, n.ID, orNull(n.ContactID), n.Kind, n.Body, n.Pinned, n.Removed, n.HappenedAt, n.Version, n.EditedAt)
	if err != nil {
		return false, err
	}
	n.Version++
	rows, err := done.RowsAffected()
	return rows == 1, err
}

// reword keeps what follows from other words of a note: by what it is found,
// and whom it calls.
func reword(ctx context.Context, tx *db.Tx, before, after *Note, called []int64) error {
	was := writings.Text{Kind: writings.Note, ID: before.ID, Text: before.Body}
	if err := writings.Change(ctx, tx, was, after.Body); err != nil {
		return err
	}
	return keepMentions(ctx, tx, after, called)
}

const sqlHasContact = `SELECT COUNT(*) FROM customers_contacts WHERE id = $1 AND customer_id = $2 AND NOT removed`

func hasContact(ctx context.Context, tx *db.Tx, customerID, contactID int64) (bool, error) {
	n, err := db.One(ctx, tx, db.Value[int], sqlHasContact, contactID, customerID)
	return n == 1, err
}

const sqlTouch = `UPDATE customers_customers SET last_contact_at = $2 WHERE id = $1 AND last_contact_at < $2`

// touch tells when a customer was last in contact, if it was later than known.
// It is no change of the customer: nobody's edit of it is in the way.
func touch(ctx context.Context, tx *db.Tx, customerID int64, at clock.Instant) error {
	_, err := tx.Exec(ctx, sqlTouch, customerID, at)
	return err
}

const sqlRecountContact = `
UPDATE customers_customers SET last_contact_at = (
  SELECT COALESCE(MAX(n.happened_at), 0) FROM customers_notes n
  WHERE n.customer_id = $1 AND NOT n.removed AND n.kind <> 'note')
WHERE id = $1`

// recountContact finds the last contact anew, after a note lost its place.
func recountContact(ctx context.Context, tx *db.Tx, customerID int64) error {
	_, err := tx.Exec(ctx, sqlRecountContact, customerID)
	return err
}

const (
	sqlListMentioned = `SELECT person_id FROM customers_mentions WHERE note_id = $1 ORDER BY person_id`
	sqlInsertMention = `
INSERT INTO customers_mentions (note_id, person_id, seen) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlRemoveMention = `DELETE FROM customers_mentions WHERE note_id = $1 AND person_id = $2`
)

// keepMentions makes the mentions of a note those of its text. Who was
// mentioned before has not to look again; nobody calls oneself.
func keepMentions(ctx context.Context, tx *db.Tx, n *Note, people []int64) error {
	had, err := db.All(ctx, tx, db.Value[int64], sqlListMentioned, n.ID)
	if err != nil {
		return err
	}
	for _, id := range had {
		if slices.Contains(people, id) {
			continue
		}
		if _, err := tx.Exec(ctx, sqlRemoveMention, n.ID, id); err != nil {
			return err
		}
	}
	for _, id := range people {
		if slices.Contains(had, id) {
			continue
		}
		if _, err := tx.Exec(ctx, sqlInsertMention, n.ID, id, id == n.AuthorID); err != nil {
			return err
		}
	}
	return nil
}

const sqlListMentions = `
SELECT ` + noteColumns + `, c.name, c.number, m.seen, COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0)
FROM customers_mentions m
JOIN customers_notes n ON n.id = m.note_id
JOIN customers_customers c ON c.id = n.customer_id
WHERE m.person_id = $1 AND m.seen = $2 AND NOT n.removed AND c.state <> 'erased'
ORDER BY m.note_id DESC LIMIT $3`

// calling is a mention and whose customer it is about.
type calling struct {
	Mention
	ownerID, teamID int64
}

func scanCalling(s db.Scanner) (c calling, err error) {
	err = s.Scan(append(c.Note.targets(), &c.CustomerName, &c.Number, &c.Seen, &c.ownerID, &c.teamID)...)
	return c, err
}

const sqlSeeMention = `UPDATE customers_mentions SET seen = TRUE WHERE person_id = $1 AND note_id = $2 AND NOT seen`

const (
	sqlEraseMentions = `
DELETE FROM customers_mentions WHERE note_id IN (SELECT id FROM customers_notes WHERE customer_id = $1)`
	sqlEraseNotes = `
UPDATE customers_notes SET body = '', contact_id = NULL, pinned = FALSE, edited_at = 0, version = version + 1 WHERE customer_id = $1`
)

// eraseNotes takes the words out of every note of a customer; that there were
// contacts, when and whose, remains.
func eraseNotes(ctx context.Context, tx *db.Tx, customerID int64) error {
	if err := writings.Forget(ctx, tx, customerID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlEraseMentions, customerID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlEraseNotes, customerID)
	return err
}

// maxMentionList is how many unseen mentions are shown at once.
const maxMentionList = 100

// UnseenMentions lists the notes that call the acting person and have not been
// looked at, newest first, as far as the person sees their customers.
func (s *Service) UnseenMentions(ctx context.Context) ([]Mention, error) {
	const op = "customers.UnseenMentions"
	me, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return nil, err
	}
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	var seen []Mention
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := db.All(ctx, tx, scanCalling, sqlListMentions, me, false, maxMentionList)
		for _, c := range all {
			if scope.Allows(c.ownerID, c.teamID) {
				seen = append(seen, c.Mention)
			}
		}
		return err
	})
	return seen, errs.Wrap(op, err)
}

// SeeMentions marks notes that call the acting person as looked at.
func (s *Service) SeeMentions(ctx context.Context, noteIDs ...int64) error {
	const op = "customers.SeeMentions"
	me, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range noteIDs {
			if _, err := tx.Exec(ctx, sqlSeeMention, me, id); err != nil {
				return err
			}
		}
		return nil
	}))
}
