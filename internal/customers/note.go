package customers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
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
