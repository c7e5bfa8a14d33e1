// Package writings finds what was written about customers by its words: notes,
// and the names of files. It owns the table customers_writings, an index of
// folded words that is kept in the transaction that changes a note or a file.
// A removed note keeps its words, for it can come back.
package writings

import (
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers/lexicon"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/fold"
)

// Kind is what a text is.
type Kind string

// The kinds.
const (
	Note Kind = "note"
	File Kind = "file"
)

// Text is a note's words or a file's name.
type Text struct {
	Kind Kind
	ID   int64
	Text string
}

// mostWords bounds the different words of one text that are indexed.
const mostWords = 200

// words are the different words of a text by which it is found.
func words(text string) []string {
	var all []string
	seen := map[string]bool{}
	for _, w := range fold.Words(text) {
		if lexicon.Fits(w) && !seen[w] && len(all) < mostWords {
			seen[w] = true
			all = append(all, w)
		}
	}
	slices.Sort(all)
	return all
}

// Add indexes new texts.
func Add(ctx context.Context, tx *db.Tx, texts ...Text) error {
	rows := db.NewRows("customers_writings", "word, kind, id").IgnoreThere()
	for _, t := range texts {
		for _, w := range words(t.Text) {
			rows.Add(w, string(t.Kind), t.ID)
		}
	}
	return rows.Insert(ctx, tx)
}

const sqlRemove = `DELETE FROM customers_writings WHERE word = $1 AND kind = $2 AND id = $3`

// Change indexes a text anew that was another one before; "" for none.
func Change(ctx context.Context, tx *db.Tx, before Text, after string) error {
	was, is := words(before.Text), words(after)
	for _, w := range was {
		if slices.Contains(is, w) {
			continue
		}
		if _, err := tx.Exec(ctx, sqlRemove, w, before.Kind, before.ID); err != nil {
			return err
		}
	}
	return Add(ctx, tx, Text{before.Kind, before.ID, after})
}

const selectOf = `
SELECT 'note' AS kind, id, body AS text FROM customers_notes WHERE customer_id IN ({ids})
UNION ALL SELECT 'file', id, name FROM customers_files WHERE customer_id IN ({ids})`

// Forget takes the words of all notes and files of customers out of the index;
// call it before those are erased or deleted.
func Forget(ctx context.Context, tx *db.Tx, customerIDs ...int64) error {
	for part := range slices.Chunk(customerIDs, batch/4) {
		signs, args := listed(part)
		texts, err := db.All(ctx, tx, scanText, strings.ReplaceAll(selectOf, "{ids}", signs), args...)
		if err != nil {
			return err
		}
		for _, t := range texts {
			if err := Change(ctx, tx, t, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func scanText(s db.Scanner) (t Text, err error) {
	err = s.Scan(&t.Kind, &t.ID, &t.Text)
	return t, err
}

// listed gives the signs for ids in a statement, and the ids as its arguments.
func listed(ids []int64) (signs string, args []any) {
	all := make([]string, len(ids))
	for i, id := range ids {
		args, all[i] = append(args, id), "$"+strconv.Itoa(i+1)
	}
	return strings.Join(all, ", "), args
}

// Found is a text that has all the words, and whose it is.
type Found struct {
	Text

	CustomerID      int64
	OwnerID, TeamID int64
}

// mostRead is how many places of one word are looked at.
const mostRead = 3000

// after is the first text behind all that begin with a word.
func after(word string) string { return word + "\xf4\x8f\xbf\xbf" }

type place struct {
	kind Kind
	id   int64
}

const sqlPlaces = `SELECT kind, id FROM customers_writings WHERE word >= $1 AND word < $2 ORDER BY word, kind, id LIMIT $3`

// Find gives texts that have words beginning with all of these, the newest
// notes first, at most so many, of customers that stand. Of a word that is in
// very many texts some are looked at.
func Find(ctx context.Context, tx *db.Tx, beginnings []string, most int) ([]Found, error) {
	var common map[place]bool
	for _, w := range beginnings {
		if !lexicon.Fits(w) {
			return nil, nil
		}
		places, err := db.All(ctx, tx, func(s db.Scanner) (p place, err error) {
			err = s.Scan(&p.kind, &p.id)
			return p, err
		}, sqlPlaces, w, after(w), mostRead)
		if err != nil {
			return nil, err
		}
		next := make(map[place]bool, len(places))
		for _, p := range places {
			if common == nil || common[p] {
				next[p] = true
			}
		}
		if common = next; len(common) == 0 {
			return nil, nil
		}
	}
	var found []Found
	for kind, statement := range map[Kind]string{Note: selectNotes, File: selectFiles} {
		var ids []int64
		for p := range common {
			if p.kind == kind {
				ids = append(ids, p.id)
			}
		}
		slices.Sort(ids)
		slices.Reverse(ids)
		of, err := read(ctx, tx, kind, statement, ids[:min(len(ids), most)])
		if err != nil {
			return nil, err
		}
		for _, f := range of {
			if f.has(beginnings) {
				found = append(found, f)
			}
		}
	}
	slices.SortFunc(found, func(a, b Found) int {
		if a.Kind != b.Kind {
			return -strings.Compare(string(a.Kind), string(b.Kind))
		}
		return int(min(1, max(-1, b.ID-a.ID)))
	})
	return found, nil
}

const (
	selectNotes = `
SELECT n.id, n.body, c.id, COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0) FROM customers_notes n
JOIN customers_customers c ON c.id = n.customer_id
WHERE NOT n.removed AND c.state IN ('active', 'archived') AND n.id IN (`
	selectFiles = `
SELECT f.id, f.name, c.id, COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0) FROM customers_files f
JOIN customers_customers c ON c.id = f.customer_id
WHERE f.removed_at = 0 AND c.state IN ('active', 'archived') AND f.id IN (`
)

func read(ctx context.Context, tx *db.Tx, kind Kind, statement string, ids []int64) ([]Found, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	signs, args := listed(ids)
	return db.All(ctx, tx, func(s db.Scanner) (f Found, err error) {
		f.Kind = kind
		err = s.Scan(&f.ID, &f.Text.Text, &f.CustomerID, &f.OwnerID, &f.TeamID)
		return f, err
	}, statement+signs+")", args...)
}

// has tells whether the text has words that begin so, whatever the index says.
func (t Text) has(beginnings []string) bool {
	all := words(t.Text)
	for _, w := range beginnings {
		if !slices.ContainsFunc(all, func(have string) bool { return strings.HasPrefix(have, w) }) {
			return false
		}
	}
	return true
}

// sum is a check over rows of the index, whatever their order.
type sum struct {
	rows int
	hash uint64
}

func (s *sum) add(word string, kind Kind, id int64) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(word + "\x00" + string(kind) + "\x00" + strconv.FormatInt(id, 10)))
	s.rows++
	s.hash += h.Sum64()
}

// count adds the rows that a text should have.
func (s *sum) count(t Text) {
	for _, w := range words(t.Text) {
		s.add(w, t.Kind, t.ID)
	}
}

const (
	sqlAll   = `SELECT word, kind, id FROM customers_writings`
	sqlNone  = `DELETE FROM customers_writings`
	sqlTexts = `
SELECT 'note' AS kind, id, body AS text FROM customers_notes WHERE id > $1 AND id <= $2
UNION ALL SELECT 'file', id, name FROM customers_files WHERE id > $1 AND id <= $2`
	sqlLast = `SELECT MAX(last) FROM (SELECT COALESCE(MAX(id), 0) AS last FROM customers_notes UNION ALL SELECT COALESCE(MAX(id), 0) FROM customers_files) AS both_of_them`
)

// batch is how many ids of notes and files are read at once.
const batch = 2000

// each calls fn for all texts, some at a time.
func each(ctx context.Context, tx *db.Tx, fn func([]Text) error) error {
	last, err := db.One(ctx, tx, db.Value[int64], sqlLast)
	for from := int64(0); err == nil && from < last; from += batch {
		var texts []Text
		texts, err = db.All(ctx, tx, scanText, sqlTexts, from, from+batch)
		if err == nil {
			err = fn(texts)
		}
	}
	return err
}

// Differs tells whether the index is not what a recount of all notes and files
// gives.
func Differs(ctx context.Context, tx *db.Tx) (bool, error) {
	var have, want sum
	_, err := db.All(ctx, tx, func(s db.Scanner) (none struct{}, err error) {
		var word string
		var p place
		err = s.Scan(&word, &p.kind, &p.id)
		have.add(word, p.kind, p.id)
		return none, err
	}, sqlAll)
	if err != nil {
		return false, err
	}
	err = each(ctx, tx, func(texts []Text) error {
		for _, t := range texts {
			want.count(t)
		}
		return nil
	})
	return have != want, err
}

// Rebuild makes the index anew.
func Rebuild(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, sqlNone); err != nil {
		return err
	}
	return each(ctx, tx, func(texts []Text) error { return Add(ctx, tx, texts...) })
}

// excerptRunes is about how much of a note is shown.
const excerptRunes = 110

// Excerpt gives the part of a text around what matches a search.
func Excerpt(text, q string) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= excerptRunes {
		return text
	}
	from := 0
	for _, p := range lexicon.Pieces(text, q) {
		if p.Match {
			break
		}
		from += len([]rune(p.Text))
	}
	from = max(0, min(from-excerptRunes/3, len(runes)-excerptRunes))
	to := from + excerptRunes
	out := string(runes[from:to])
	if from > 0 {
		out = "… " + out[strings.IndexByte(out, ' ')+1:]
	}
	if to < len(runes) {
		out = out[:max(strings.LastIndexByte(out, ' '), 1)] + " …"
	}
	return out
}
