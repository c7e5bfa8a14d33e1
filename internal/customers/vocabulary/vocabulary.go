// Package vocabulary keeps the words a company has of its own in the customer
// file: its tags, and its answers to "how did they find us". Both lists are
// kept in the same way: words are added, renamed everywhere at once, archived
// (no longer offered, but kept by the customers who have them) and joined.
//
// A word that was joined into another, and the name a word had before, stay
// known: imports and saved filters that use the old name find the new word.
//
// It works on the tables customers_tags and customers_sources of the customer
// file, and writes customers_tag… and customers_source… entries to the journal.
package vocabulary

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// List names one of the company's lists of words.
type List string

// The lists.
const (
	Tags    List = "tag"
	Sources List = "source"
)

// Right is the permission that changing the list needs.
func (l List) Right() string { return lists[l].right }

// Longest is how many characters a word of the list has at most.
func (l List) Longest() int { return lists[l].longest }

// Word is a tag, or an answer to "how did they find us".
type Word struct {
	ID        int64
	Name      string // the company's own word, or that of a seeded one in English
	TextID    string // locale id of a seeded one that was never renamed
	Archived  bool
	Customers int64 // at work, not archived, who have it
	into      int64 // the word it was joined into, 0: it is a word itself
}

// Label is the word in the language of the context.
func (w Word) Label(ctx context.Context) string {
	if w.TextID == "" {
		return w.Name
	}
	return i18n.T(ctx, w.TextID)
}

// Permissions are the rights over tags; those over sources go with the file.
var Permissions = []authz.Permission{{
	ID: "customers.tags", Label: "customers.permission.tags",
	Default: map[authz.Role]authz.Level{authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: authz.All},
}}

// Service is the use cases; safe for concurrent use.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// undoTime is how long a change can be taken back.
const undoTime = 90 * 24 * time.Hour

// Read gives the words of a list by name, archived ones last, with how many
// customers have each. Everybody who sees customers may read them.
func (s *Service) Read(ctx context.Context, l List) ([]Word, error) {
	const op = "vocabulary.Read"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	var all []Word
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, scanCounted, lists[l].count)
		return err
	})
	all = slices.DeleteFunc(all, func(w Word) bool { return w.into != 0 })
	slices.SortStableFunc(all, func(a, b Word) int {
		if a.Archived != b.Archived {
			if a.Archived {
				return 1
			}
			return -1
		}
		return strings.Compare(fold.Sort(a.Label(ctx)), fold.Sort(b.Label(ctx)))
	})
	return all, errs.Wrap(op, err)
}

// book is a list within a transaction, with all its words: a company has some
// dozens of them.
type book struct {
	tx    *db.Tx
	list  List
	op    string
	words []Word
}

// open reads a list and holds it for the rest of the transaction.
func open(ctx context.Context, tx *db.Tx, op string, l List) (*book, error) {
	if _, err := tx.Exec(ctx, lists[l].hold); err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, scanWord, lists[l].read)
	return &book{tx, l, op, all}, err
}

// find gives a word that is still one.
func (b *book) find(id int64) (*Word, error) {
	i := slices.IndexFunc(b.words, func(w Word) bool { return w.ID == id && w.into == 0 })
	if i < 0 {
		return nil, errs.New(errs.NotFound, b.op, lists[b.list].missing)
	}
	return &b.words[i], nil
}

// called gives the word or former word of this name, nil if there is none.
func (b *book) called(name string) *Word {
	key := fold.Key(name)
	i := slices.IndexFunc(b.words, func(w Word) bool { return fold.Key(w.Name) == key })
	if i < 0 {
		return nil
	}
	return &b.words[i]
}

// keep writes a word down.
func (b *book) keep(ctx context.Context, w Word) error {
	return b.keepAs(ctx, w, fold.Key(w.Name))
}

func (b *book) keepAs(ctx context.Context, w Word, key string) error {
	args := []any{w.ID, w.Name, key, w.Archived, w.into}
	if b.list == Sources {
		args = append(args, w.TextID)
	}
	_, err := b.tx.Exec(ctx, lists[b.list].change, args...)
	return err
}

func (b *book) insert(ctx context.Context, w Word) (int64, error) {
	return db.One(ctx, b.tx, db.Value[int64], lists[b.list].insert, w.Name, fold.Key(w.Name), w.Archived, w.into)
}

// tell writes what was done with a word to the journal.
func (b *book) tell(ctx context.Context, what string, id int64, before, after map[string]any) (int64, error) {
	e := journal.Entry{Kind: "customers." + string(b.list) + "_" + what, Subject: journal.Ref{Type: "customers_" + string(b.list), ID: id}}
	if before != nil {
		e.Before = before
	}
	if after != nil {
		e.After = after
	}
	return journal.Write(ctx, b.tx, e)
}

// tidy brings a name to its form: one line, single spaces.
func tidy(op string, l List, name string) (string, error) {
	longest := lists[l].longest
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(name, "")))), " ")
	switch {
	case fold.Key(name) == "":
		return "", errs.InvalidFields(op, errs.Field("name", "errors.field-missing"))
	case utf8.RuneCountInString(name) > longest:
		return "", errs.InvalidFields(op, errs.Field("name", "errors.field-too-long", "Max", longest))
	}
	return name, nil
}
