package lexicon

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// Stored is the lexicon of a database as far as this program has read it. The
// empty one is ready, and safe for concurrent use.
type Stored struct {
	mu     sync.Mutex
	words  *Lexicon
	last   int64
	recent map[int64]string // the words with the last ids
	since  clock.Instant    // when it was read from the beginning
}

const (
	// overlap is how many ids are read again, for transactions that took lower
	// ones may have been committed later.
	overlap = 2000
	// forgetting is after what time words that nobody has any more are gone.
	forgetting = time.Hour
)

const sqlWordsAfter = `SELECT id, word FROM customers_lexicon WHERE id > $1 ORDER BY id`

type row struct {
	id   int64
	word string
}

// Read gives the lexicon with all words that have been committed.
func (s *Stored) Read(ctx context.Context, tx *db.Tx) (*Lexicon, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := tx.Now()
	if s.words == nil || now < s.since || now > s.since.Add(forgetting) {
		s.words, s.last, s.recent, s.since = &Lexicon{}, 0, map[int64]string{}, now
	}
	rows, err := db.All(ctx, tx, func(from db.Scanner) (r row, err error) {
		err = from.Scan(&r.id, &r.word)
		return r, err
	}, sqlWordsAfter, max(0, s.last-overlap))
	if err != nil {
		s.words = nil
		return nil, err
	}
	fresh := make([]string, 0, len(rows))
	for _, r := range rows {
		if s.recent[r.id] != r.word {
			fresh = append(fresh, r.word)
		}
	}
	if len(rows) > 0 && rows[len(rows)-1].id >= s.last {
		s.last = rows[len(rows)-1].id
	} else if s.last > 0 {
		s.since = 0 // ids are given again: next time it is read from the beginning
	}
	for _, r := range rows[max(0, len(rows)-overlap):] {
		s.recent[r.id] = r.word
	}
	for id := range s.recent {
		if id <= s.last-overlap {
			delete(s.recent, id)
		}
	}
	s.words.Add(fresh...)
	return s.words, nil
}

const selectKnown = `SELECT word FROM customers_lexicon WHERE word IN (`

// atOnce is how many words are asked for in one statement.
const atOnce = 500

// Learn adds words that are not in the lexicon yet; those that do not fit are
// left out. It waits for nobody: if two transactions add the same word at
// once, it is there twice. If one adds a word while another takes away what
// was its last use, it may be missing until the next Rebuild: who has it is
// found by its beginning all the same.
func Learn(ctx context.Context, tx *db.Tx, words []string) error {
	all := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !Fits(w) })
	slices.Sort(all)
	rows := db.NewRows("customers_lexicon", "word")
	for part := range slices.Chunk(slices.Compact(all), atOnce) {
		statement, args := strings.Builder{}, make([]any, len(part))
		statement.WriteString(selectKnown)
		for i, w := range part {
			if args[i] = w; i > 0 {
				statement.WriteString(", ")
			}
			statement.WriteString("$" + strconv.Itoa(i+1))
		}
		known, err := db.All(ctx, tx, db.Value[string], statement.String()+")", args...)
		if err != nil {
			return err
		}
		slices.Sort(known)
		for _, w := range part {
			if _, ok := slices.BinarySearch(known, w); !ok {
				rows.Add(w)
			}
		}
	}
	return rows.Insert(ctx, tx)
}

const (
	sqlForget = `
DELETE FROM customers_lexicon WHERE word = $1
  AND NOT EXISTS (SELECT 1 FROM customers_words w WHERE w.word = $1 AND w.kind IN ('name', 'contact'))`
	sqlForgetUnused = `
DELETE FROM customers_lexicon
WHERE NOT EXISTS (SELECT 1 FROM customers_words w WHERE w.word = customers_lexicon.word AND w.kind IN ('name', 'contact'))`
	sqlLearnUnknown = `
INSERT INTO customers_lexicon (word)
SELECT DISTINCT w.word FROM customers_words w WHERE w.kind IN ('name', 'contact') AND length(w.word) BETWEEN 3 AND 40
  AND NOT EXISTS (SELECT 1 FROM customers_lexicon l WHERE l.word = w.word)`
	sqlDiffers = `
SELECT (SELECT COUNT(DISTINCT w.word) FROM customers_words w WHERE w.kind IN ('name', 'contact') AND length(w.word) BETWEEN 3 AND 40
    AND NOT EXISTS (SELECT 1 FROM customers_lexicon l WHERE l.word = w.word))
  + (SELECT COUNT(*) FROM customers_lexicon l
    WHERE NOT EXISTS (SELECT 1 FROM customers_words w WHERE w.word = l.word AND w.kind IN ('name', 'contact')))`
)

// Forget takes a word that a customer has lost out of the lexicon, if nobody
// else has it: nothing may be left of a person who is erased.
func Forget(ctx context.Context, tx *db.Tx, word string) error {
	if !Fits(word) {
		return nil
	}
	_, err := tx.Exec(ctx, sqlForget, word)
	return err
}

// Differs counts the words that the lexicon lacks, and those that nobody has.
func Differs(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], sqlDiffers)
}

// Rebuild makes the lexicon anew from the words that customers have.
func Rebuild(ctx context.Context, tx *db.Tx) error {
	for _, statement := range []string{sqlForgetUnused, sqlLearnUnknown} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
