package customers

import (
	"context"
	"encoding/json"
	"strconv"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Reading is one page of the file read like a book: an item in full, and the
// keys of its neighbours in time, "" at the ends.
type Reading struct {
	Item    Touch  `json:"item"`
	Earlier string `json:"earlier,omitzero"`
	Later   string `json:"later,omitzero"`
}

// ReadingPage gives the item of a customer's timeline with this key
// (Touch.Key), or the oldest one for "": the file is read from its beginning.
// NotFound if there is nothing to read.
func (s *Service) ReadingPage(ctx context.Context, customerID int64, key string) (Reading, error) {
	const op = "customers.ReadingPage"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Reading{}, err
	}
	sheet, err := s.sheet(ctx)
	if err != nil {
		return Reading{}, errs.Wrap(op, err)
	}
	var (
		known = &knowing{sheet: sheet}
		page  Reading
		read  recent
	)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := visible(ctx, tx, op, scope, customerID); err != nil {
			return err
		}
		places, err := db.All(ctx, tx, scanPlace, sqlPlaces, customerID)
		if err != nil {
			return err
		}
		at := find(places, key)
		if at < 0 {
			return errs.New(errs.NotFound, op, "customers.reading.error-nothing")
		}
		if at > 0 {
			page.Earlier = places[at-1].key()
		}
		if at+1 < len(places) {
			page.Later = places[at+1].key()
		}
		if read, err = places[at].read(ctx, tx, op, customerID); err != nil {
			return err
		}
		return known.look(ctx, tx, scope, read.entries)
	})
	if err != nil {
		return Reading{}, errs.Wrap(op, err)
	}
	if err := s.learnNames(ctx, known, &read); err != nil {
		return Reading{}, errs.Wrap(op, err)
	}
	page.Item = read.page(ctx, known, 1, s.db.Clock().Now()).Items[0]
	return page, nil
}

// sqlPlaces is where every item of a timeline stands, oldest first: ids and
// moments only, so that even a long file is quick to leaf through.
const sqlPlaces = `
SELECT 'n' AS what, id, happened_at AS at, 1 AS place FROM customers_notes WHERE customer_id = $1 AND NOT removed
UNION ALL
SELECT 'f', id, added_at, 2 FROM customers_files WHERE customer_id = $1 AND removed_at = 0
UNION ALL
SELECT 'e', id, at, 3 FROM platform_journal
WHERE customer_id IN (SELECT c.id FROM customers_customers c WHERE c.id = $1 OR c.merged_into = $1) AND kind NOT IN ('customers.note_added', 'customers.file_added')
ORDER BY 3, 4 DESC, 2`

// place is where an item stands.
type place struct {
	what string
	id   int64
	at   clock.Instant
}

func scanPlace(s db.Scanner) (p place, err error) {
	var order int
	err = s.Scan(&p.what, &p.id, &p.at, &order)
	return p, err
}

func (p place) key() string { return p.what + strconv.FormatInt(p.id, 10) }

// find gives the index of the item with the key, the first for "", -1 for none.
func find(places []place, key string) int {
	for i, p := range places {
		if key == "" || p.key() == key {
			return i
		}
	}
	return -1
}

func (p place) read(ctx context.Context, tx *db.Tx, op string, customerID int64) (recent, error) {
	switch p.what {
	case "n":
		n, err := findNote(ctx, tx, op, customerID, p.id)
		return recent{notes: []Note{n}}, err
	case "f":
		f, err := findFile(ctx, tx, op, customerID, p.id)
		return recent{files: []File{f}}, err
	}
	r, err := journal.Find(ctx, tx, p.id)
	return recent{entries: []journal.Record{r}}, err
}

// FindNote gives a note of a customer the actor sees; NotFound if it was
// removed.
func (s *Service) FindNote(ctx context.Context, customerID, id int64) (n Note, err error) {
	const op = "customers.FindNote"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return n, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := visible(ctx, tx, op, scope, customerID); err != nil {
			return err
		}
		n, err = findNote(ctx, tx, op, customerID, id)
		return err
	})
	if err == nil && n.Removed {
		return Note{}, errs.New(errs.NotFound, op, "customers.note.error-not-found")
	}
	return n, errs.Wrap(op, err)
}

// NoteEdition is what a note said until somebody changed it; Text has names in
// place of mentions.
type NoteEdition struct {
	Until   clock.Instant `json:"until"`
	By      string        `json:"by"` // who changed it then
	Kind    NoteKind      `json:"kind"`
	Text    string        `json:"text"`
	EntryID int64         `json:"entry_id"` // of the journal
}

// NoteEditions gives what a note said before, the newest first, 100 at most.
// Who sees the note sees them.
func (s *Service) NoteEditions(ctx context.Context, customerID, id int64) ([]NoteEdition, error) {
	const op = "customers.NoteEditions"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	var read recent
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := visible(ctx, tx, op, scope, customerID); err != nil {
			return err
		}
		n, err := findNote(ctx, tx, op, customerID, id)
		if err != nil {
			return err
		}
		if n.Removed {
			return errs.New(errs.NotFound, op, "customers.note.error-not-found")
		}
		read.entries, err = journal.List(ctx, tx, journal.Query{Subject: journal.Ref{Type: "note", ID: id}, Kind: noteChanged, Limit: 100})
		return err
	})
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	known := &knowing{}
	if err := s.learnNames(ctx, known, &read); err != nil {
		return nil, errs.Wrap(op, err)
	}
	var all []NoteEdition
	for _, r := range read.entries {
		var was noteEntry
		if len(r.Before) > 0 && json.Unmarshal(r.Before, &was) == nil {
			all = append(all, NoteEdition{r.At, r.ActorName, was.Kind, NoteText(was.Body, known.people), r.ID})
		}
	}
	return all, nil
}

// mostRead is how many items WholeTimeline gives.
const mostRead = 5_000

// WholeTimeline gives everything that happened with a customer, newest first,
// for printing; with the right to see the customer. It stops at 5,000 items.
func (s *Service) WholeTimeline(ctx context.Context, customerID int64) ([]Touch, error) {
	var all []Touch
	q := TimelineQuery{Limit: maxTouches}
	for {
		page, err := s.Timeline(ctx, customerID, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if q.Cursor = page.Next; q.Cursor == "" || len(all) >= mostRead {
			return all, nil
		}
	}
}
