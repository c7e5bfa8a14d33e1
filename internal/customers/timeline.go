package customers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// TouchKind is what an item of the timeline is: a NoteKind, FileTouch or
// ChangeTouch.
type TouchKind string

// The kinds besides those of notes.
const (
	FileTouch   TouchKind = "file"
	ChangeTouch TouchKind = "change"
)

// TouchKinds in the order filters offer them.
var TouchKinds = []TouchKind{
	TouchKind(PlainNote), TouchKind(CallNote), TouchKind(MeetingNote), TouchKind(EmailNote), TouchKind(MessageNote),
	TouchKind(VisitNote), FileTouch, ChangeTouch,
}

var touchLabels = map[TouchKind]string{
	FileTouch: "customers.timeline.kind-file", ChangeTouch: "customers.timeline.kind-change",
}

// Label is the locale id of the kind's name.
func (k TouchKind) Label() string {
	if id, ok := touchLabels[k]; ok {
		return id
	}
	return NoteKind(k).Label()
}

// Touch is one item of a customer's timeline, in the reader's language.
type Touch struct {
	Key      string        `json:"key"` // of the item, for anchors and ReadingPage: "n12", "f3", "e77"
	At       clock.Instant `json:"at"`
	Kind     TouchKind     `json:"kind"`
	Who      string        `json:"who"`
	WhoID    int64         `json:"who_id,omitzero"`
	Title    string        `json:"title"`
	Text     string        `json:"text,omitzero"` // a note's, with names in place of mentions
	Changes  []TouchChange `json:"changes,omitempty"`
	Note     *Note         `json:"note,omitempty"`
	File     *File         `json:"file,omitempty"`
	EntryID  int64         `json:"entry_id,omitzero"` // of the journal, for a change
	Undoable bool          `json:"undoable,omitzero"` // Undo may take it back
}

// TouchChange is one thing that changed: "Phone: a → b".
type TouchChange struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Before string `json:"before,omitzero"`
	After  string `json:"after,omitzero"`
}

// Timeline is a page of it, newest first. Next continues it; "" at the end.
type Timeline struct {
	Items []Touch `json:"items"`
	Next  string  `json:"next,omitzero"`
}

// TimelineQuery chooses what of a customer's timeline is read.
type TimelineQuery struct {
	Kinds  []TouchKind // none: all
	Cursor string      // Timeline.Next of the page before
	Limit  int         // 1 to 200; 0: 30
}

const (
	defaultTouches = 30
	maxTouches     = 200
)

// Timeline gives a page of what happened with a customer, newest first: notes
// where they happened (also when written down later), files and changes when
// they were made. Three statements, one more for each customer merged into this
// one, and another where a change names other customers or sources.
func (s *Service) Timeline(ctx context.Context, customerID int64, q TimelineQuery) (Timeline, error) {
	const op = "customers.Timeline"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Timeline{}, err
	}
	from, err := parsePosition(op, q.Cursor)
	if err != nil {
		return Timeline{}, err
	}
	sheet, err := s.sheet(ctx)
	if err != nil {
		return Timeline{}, errs.Wrap(op, err)
	}
	var (
		read  recent
		known = &knowing{sheet: sheet}
	)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err := visible(ctx, tx, op, scope, customerID)
		if err != nil {
			return err
		}
		r := q.reading(from)
		if r.former, err = db.All(ctx, tx, db.Value[int64], sqlFormerIDs, c.ID); err != nil {
			return err
		}
		if read, err = readRecent(ctx, tx, c.ID, r); err != nil {
			return err
		}
		return known.look(ctx, tx, scope, read.entries)
	})
	if err != nil {
		return Timeline{}, errs.Wrap(op, err)
	}
	if err := s.learnNames(ctx, known, &read); err != nil {
		return Timeline{}, errs.Wrap(op, err)
	}
	return read.page(ctx, known, q.limit(), s.db.Clock().Now()), nil
}

func (q TimelineQuery) limit() int {
	if q.Limit <= 0 {
		return defaultTouches
	}
	return min(q.Limit, maxTouches)
}

// position is where a page begins in each of the three streams that the
// timeline is merged of, each in an order of its own that never changes.
type position struct {
	noteAt  clock.Instant
	noteID  int64
	fileID  int64
	entryID int64
}

const farthest = 1 << 62

var newest = position{farthest, farthest, farthest, farthest}

func (p position) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", p.noteAt, p.noteID, p.fileID, p.entryID)
}

func parsePosition(op, s string) (position, error) {
	if s == "" {
		return newest, nil
	}
	var n [4]int64
	parts := strings.Split(s, ".")
	bad := len(parts) != len(n)
	for i := 0; !bad && i < len(n); i++ {
		var err error
		n[i], err = strconv.ParseInt(parts[i], 10, 64)
		bad = err != nil || n[i] < 0
	}
	if bad {
		return position{}, errs.InvalidFields(op, errs.Field("cursor", "customers.timeline.error-cursor"))
	}
	return position{clock.Instant(n[0]), n[1], n[2], n[3]}, nil
}

// reading is what is to be read of each stream.
type reading struct {
	from    position
	kinds   []NoteKind // of notes; empty: none
	files   bool
	changes bool
	limit   int
	pinned  int     // how many pinned notes besides
	former  []int64 // customers merged into this one, whose changes are told, too
}

func (q TimelineQuery) reading(from position) reading {
	r := reading{from: from, limit: q.limit() + 1}
	want := func(k TouchKind) bool { return len(q.Kinds) == 0 || slices.Contains(q.Kinds, k) }
	for _, k := range NoteKinds {
		if want(TouchKind(k)) {
			r.kinds = append(r.kinds, k)
		}
	}
	r.files, r.changes = want(FileTouch), want(ChangeTouch)
	return r
}

// recent are the rows of a page, of each stream.
type recent struct {
	from    position
	notes   []Note
	files   []File
	pinned  []Note
	entries []journal.Record
}

// sqlMarks reads notes and files as rows of one shape.
const (
	sqlMarks = `
SELECT * FROM (
  SELECT 'n' AS what, n.id, n.happened_at AS at, COALESCE(n.contact_id, 0) AS contact_id, COALESCE(n.author_id, 0) AS by_id,
    n.author_name AS by_name, n.kind, n.body, n.pinned, n.created_at, n.edited_at, n.version, 0 AS size
  FROM customers_notes n
  WHERE n.customer_id = $1 AND NOT n.removed AND (n.happened_at < $2 OR (n.happened_at = $2 AND n.id < $3))
    AND n.kind IN ($6, $7, $8, $9, $10, $11)
  ORDER BY n.happened_at DESC, n.id DESC LIMIT $5) AS notes
UNION ALL
SELECT * FROM (
  SELECT 'f' AS what, f.id, f.added_at AS at, 0 AS contact_id, COALESCE(f.added_by_id, 0) AS by_id,
    f.hash AS by_name, f.mime AS kind, f.name AS body, FALSE AS pinned, f.added_at AS created_at, 0 AS edited_at, 0 AS version, f.size
  FROM customers_files f
  WHERE f.customer_id = $1 AND f.removed_at = 0 AND f.id < $4
  ORDER BY f.id DESC LIMIT $12) AS files
UNION ALL
SELECT * FROM (
  SELECT 'p' AS what, n.id, n.happened_at AS at, COALESCE(n.contact_id, 0) AS contact_id, COALESCE(n.author_id, 0) AS by_id,
    n.author_name AS by_name, n.kind, n.body, n.pinned, n.created_at, n.edited_at, n.version, 0 AS size
  FROM customers_notes n WHERE n.customer_id = $1 AND n.pinned AND NOT n.removed
  ORDER BY n.happened_at DESC, n.id DESC LIMIT $13) AS pinned`
)

func (r *recent) scan(customerID int64) func(db.Scanner) (struct{}, error) {
	return func(row db.Scanner) (none struct{}, err error) {
		var what string
		var size int64
		n := Note{CustomerID: customerID}
		err = row.Scan(&what, &n.ID, &n.HappenedAt, &n.ContactID, &n.AuthorID, &n.AuthorName, &n.Kind, &n.Body, &n.Pinned,
			&n.CreatedAt, &n.EditedAt, &n.Version, &size)
		switch what {
		case "n":
			r.notes = append(r.notes, n)
		case "p":
			r.pinned = append(r.pinned, n)
		default:
			r.files = append(r.files, File{
				ID: n.ID, CustomerID: customerID, Hash: n.AuthorName, Name: n.Body, Size: size, MIME: string(n.Kind),
				AddedAt: n.CreatedAt, AddedByID: n.AuthorID,
			})
		}
		return none, err
	}
}

// readRecent reads the next rows of each stream: one statement for notes and
// files, one for the journal.
func readRecent(ctx context.Context, tx *db.Tx, customerID int64, r reading) (recent, error) {
	out := recent{from: r.from}
	if len(r.kinds) > 0 || r.files {
		args := []any{customerID, r.from.noteAt, r.from.noteID, r.from.fileID, r.limit}
		for i := range NoteKinds {
			kind := NoteKind("")
			if i < len(r.kinds) {
				kind = r.kinds[i]
			}
			args = append(args, kind)
		}
		fileLimit := 0
		if r.files {
			fileLimit = r.limit
		}
		if _, err := db.All(ctx, tx, out.scan(customerID), sqlMarks, append(args, fileLimit, r.pinned)...); err != nil {
			return out, err
		}
		out.sort()
	}
	if r.changes {
		return out, out.readEntries(ctx, tx, append([]int64{customerID}, r.former...), r)
	}
	return out, nil
}

const sqlFormerIDs = `SELECT id FROM customers_customers WHERE merged_into = $1 ORDER BY id`

// readEntries reads what changed, of the customer and of those merged into it:
// entries stay with whom they were written about.
func (r *recent) readEntries(ctx context.Context, tx *db.Tx, ids []int64, want reading) error {
	for _, id := range ids {
		entries, err := journal.List(ctx, tx, journal.Query{
			CustomerID: id, BeforeID: want.from.entryID, Limit: want.limit,
			Without: [2]string{"customers.note_added", "customers.file_added"},
		})
		if err != nil {
			return err
		}
		r.entries = append(r.entries, entries...)
	}
	slices.SortFunc(r.entries, func(a, b journal.Record) int { return cmp.Compare(b.ID, a.ID) })
	r.entries = r.entries[:min(len(r.entries), want.limit)]
	return nil
}

// sort orders what a union gives in no promised order.
func (r *recent) sort() {
	byTime := func(a, b Note) int {
		return cmp.Or(cmp.Compare(b.HappenedAt, a.HappenedAt), cmp.Compare(b.ID, a.ID))
	}
	slices.SortFunc(r.notes, byTime)
	slices.SortFunc(r.pinned, byTime)
	slices.SortFunc(r.files, func(a, b File) int { return cmp.Compare(b.ID, a.ID) })
}

// page merges the streams into at most limit items, the newest first.
func (r *recent) page(ctx context.Context, known *knowing, limit int, now time.Time) Timeline {
	var t Timeline
	next := r.from
	notes, files, entries := r.notes, r.files, r.entries
	for len(t.Items) < limit && len(notes)+len(files)+len(entries) > 0 {
		var noteAt, fileAt, entryAt clock.Instant = -1, -1, -1
		if len(notes) > 0 {
			noteAt = notes[0].HappenedAt
		}
		if len(files) > 0 {
			fileAt = files[0].AddedAt
		}
		if len(entries) > 0 {
			entryAt = entries[0].At
		}
		switch latest := max(noteAt, fileAt, entryAt); latest {
		case noteAt:
			t.Items = append(t.Items, known.note(ctx, notes[0]))
			next.noteAt, next.noteID, notes = notes[0].HappenedAt, notes[0].ID, notes[1:]
		case fileAt:
			t.Items = append(t.Items, known.file(ctx, files[0]))
			next.fileID, files = files[0].ID, files[1:]
		default:
			t.Items = append(t.Items, known.entry(ctx, entries[0], clock.InstantOf(now)))
			next.entryID, entries = entries[0].ID, entries[1:]
		}
	}
	if len(notes)+len(files)+len(entries) > 0 {
		t.Next = next.String()
	}
	return t
}

// sideOf is one side of an entry of the journal.
func sideOf(raw json.RawMessage) map[string]any {
	var side map[string]any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if len(raw) == 0 || d.Decode(&side) != nil {
		return nil
	}
	return side
}
