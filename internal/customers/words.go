package customers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers/lexicon"
	"kartoteka.dev/internal/customers/writings"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/phone"
)

// The kinds of words under which a customer is found.
const (
	wordName    = "name"
	wordContact = "contact"
	wordPhone   = "phone"
	wordEnding  = "ending" // digits of a phone, last one first
	wordEmail   = "email"
	wordNumber  = "number"
	wordTax     = "tax"
	wordChat    = "messenger" // who may not see points finds no such name
)

// word is a row of customers_words.
type word struct{ text, kind string }

// maxWord bounds what is indexed; longer words are found by their beginning.
const maxWord = 100

// words are all words of a customer, each once, in order. An erased or merged
// customer has none; the number of a merged one is a word of the one it was
// merged into.
func (c Card) words() []word {
	if c.State == Erased || c.State == Merged {
		return nil
	}
	var all []word
	add := func(kind string, texts ...string) {
		for _, t := range texts {
			if t = clip(t); t != "" {
				all = append(all, word{t, kind})
			}
		}
	}
	add(wordName, fold.Words(c.Name)...)
	add(wordName, fold.Words(c.LegalName)...)
	if c.Number != 0 {
		add(wordNumber, strconv.FormatInt(c.Number, 10))
	}
	for _, f := range c.Former {
		add(wordNumber, strconv.FormatInt(f.Number, 10))
	}
	add(wordTax, strings.ToLower(taxKey(c.TaxID)), strings.ToLower(taxKey(c.VATID)))
	points := slices.Clone(c.Points)
	for _, p := range c.Contacts {
		add(wordContact, fold.Words(p.Name)...)
		points = append(points, p.Points...)
	}
	for _, p := range points {
		switch p.Kind {
		case Phone:
			digits := p.key()
			add(wordPhone, digits, significant(p.Value))
			add(wordEnding, reversed(digits))
		case Email:
			add(wordEmail, p.key())
		case Messenger:
			add(wordChat, fold.Words(p.Value)...)
		case Web:
		}
	}
	slices.SortFunc(all, compareWords)
	return slices.Compact(all)
}

func clip(s string) string {
	if len(s) > maxWord {
		s = strings.ToValidUTF8(s[:maxWord], "")
	}
	return s
}

// significant are the digits of a number as dialled at home, without the trunk
// digit: "881234567" of +359881234567. "" if that is all of it.
func significant(e164 string) string {
	all, home := fold.Digits(e164), fold.Digits(phone.FormatIn(e164, phone.Country(e164)))
	for range 2 {
		if home != all && len(home) > 3 && strings.HasSuffix(all, home) {
			return home
		}
		if home != "" {
			home = home[1:]
		}
	}
	return ""
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

const wordColumns = "word, customer_id, kind"

// indexedWord is a word of a customer.
type indexedWord struct {
	word

	customerID int64
}

// insertWords writes the words of new customers in the order of the index,
// which is the fastest.
func insertWords(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	var all []indexedWord
	for _, d := range drafts {
		all = append(all, indexedWord{word{strconv.FormatInt(d.card.Number, 10), wordNumber}, d.card.ID})
		for _, w := range d.words {
			all = append(all, indexedWord{w, d.card.ID})
		}
	}
	slices.SortStableFunc(all, func(a, b indexedWord) int { return strings.Compare(a.text, b.text) })
	rows := db.NewRows("customers_words", wordColumns)
	for _, w := range all {
		rows.Add(w.text, w.customerID, w.kind)
	}
	if err := rows.Insert(ctx, tx); err != nil {
		return err
	}
	return learn(ctx, tx, all)
}

const sqlRemoveWord = `DELETE FROM customers_words WHERE word = $1 AND customer_id = $2 AND kind = $3`

// moveWords turns the words of a customer from one set into another.
func moveWords(ctx context.Context, tx *db.Tx, id int64, from, to []word) error {
	for _, w := range from {
		if !slices.Contains(to, w) {
			if _, err := tx.Exec(ctx, sqlRemoveWord, w.text, id, w.kind); err != nil {
				return err
			}
			if !w.isName() {
				continue
			}
			if err := lexicon.Forget(ctx, tx, w.text); err != nil {
				return err
			}
		}
	}
	var fresh []indexedWord
	added := rowsOf{table: "customers_words", columns: wordColumns, ignore: true}
	for _, w := range to {
		if !slices.Contains(from, w) {
			added.rows, fresh = append(added.rows, []any{w.text, id, w.kind}), append(fresh, indexedWord{w, id})
		}
	}
	if err := added.insert(ctx, tx); err != nil {
		return err
	}
	return learn(ctx, tx, fresh)
}

// isName tells the words that are in the lexicon, too.
func (w word) isName() bool { return w.kind == wordName || w.kind == wordContact }

func learn(ctx context.Context, tx *db.Tx, words []indexedWord) error {
	var names []string
	for _, w := range words {
		if w.isName() {
			names = append(names, w.text)
		}
	}
	return lexicon.Learn(ctx, tx, names)
}

// maxWritings is how many notes and files are looked at for one search.
const maxWritings = 200

// writtenAbout finds the customers, beyond those who are found already, about
// whom a note or a file's name has all the words, one reason for each.
func writtenAbout(ctx context.Context, tx *db.Tx, what sought, q string, have []candidate) ([]candidate, error) {
	var words []string
	for _, t := range what.terms {
		if t.word == "" {
			return nil, nil // digits, e-mails and numbers are those of customers
		}
		words = append(words, t.word)
	}
	found, err := writings.Find(ctx, tx, words, maxWritings)
	if err != nil {
		return nil, err
	}
	known := make(map[int64]bool, len(have))
	for _, c := range have {
		known[c.ID] = true
	}
	var more []candidate
	for _, f := range found {
		if known[f.CustomerID] || !what.scope.Allows(f.OwnerID, f.TeamID) {
			continue
		}
		known[f.CustomerID] = true
		more = append(more, candidate{
			Customer: Customer{ID: f.CustomerID},
			why:      &Why{Kind: string(f.Kind), Text: writings.Excerpt(mention.ReplaceAllString(f.Text.Text, "@"), q)},
		})
	}
	return more, nil
}

// phoneDigits are the digits of a phone as people write it, without the "00"
// before a country's code or the "0" before an area's.
func phoneDigits(s string) string {
	return strings.TrimLeft(fold.Digits(s), "0")
}

// WordsVerdict is what CheckWords found.
type WordsVerdict struct {
	Customers int      // that were looked at
	Wrong     int      // whose words or quality are not what a recount gives
	Lexicon   int      // words that the lexicon lacks, or that nobody has any more
	Writings  bool     // the words of notes and files are not what a recount gives
	Examples  []string // of what is wrong, for the administrator; at most 20
}

// recountBatch is how many customers a recount reads at once.
const recountBatch = 500

const sqlCardsAfter = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.id > $1 ORDER BY c.id LIMIT $2`

const selectWords = `SELECT customer_id, word, kind FROM customers_words WHERE customer_id`

// CheckWords compares the index of words and the quality of every customer
// with a recount, and the lexicon with the index.
func (s *Service) CheckWords(ctx context.Context) (WordsVerdict, error) {
	const op = "customers.CheckWords"
	if _, err := authz.Require(ctx, op, "customers.sources"); err != nil {
		return WordsVerdict{}, err
	}
	var v WordsVerdict
	for last := int64(0); ; {
		more := false
		err := s.db.Read(ctx, func(tx *db.Tx) error {
			cards, have, err := recount(ctx, tx, last)
			for _, c := range cards {
				last, more = c.ID, true
				v.compare(c, have[c.ID])
			}
			return err
		})
		if err != nil {
			return v, errs.Wrap(op, err)
		}
		if !more {
			break
		}
	}
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Lexicon, err = lexicon.Differs(ctx, tx); err != nil {
			return err
		}
		v.Writings, err = writings.Differs(ctx, tx)
		return err
	})
	return v, errs.Wrap(op, err)
}

func (v *WordsVerdict) compare(c *Card, have []word) {
	v.Customers++
	want, score := c.words(), c.score()
	if c.State == Erased {
		score = c.Quality
	}
	if slices.Equal(want, have) && score == c.Quality {
		return
	}
	v.Wrong++
	if len(v.Examples) < 20 {
		v.Examples = append(v.Examples, fmt.Sprintf("customer %d: words %v instead of %v, quality %d instead of %d", c.ID, have, want, c.Quality, score))
	}
}

// recount reads the next cards and the words they have.
func recount(ctx context.Context, tx *db.Tx, last int64) ([]*Card, map[int64][]word, error) {
	found, err := db.All(ctx, tx, scanCustomer, sqlCardsAfter, last, recountBatch)
	if err != nil || len(found) == 0 {
		return nil, nil, err
	}
	cards, ids := make([]*Card, len(found)), make([]any, len(found))
	for i, c := range found {
		cards[i], ids[i] = &Card{Customer: c}, c.ID
	}
	if err := fill(ctx, tx, cards); err != nil {
		return nil, nil, err
	}
	have, err := wordsOf(ctx, tx, ids)
	return cards, have, err
}

// wordsOf gives the words that customers have in the index.
func wordsOf(ctx context.Context, tx *db.Tx, ids []any) (map[int64][]word, error) {
	have := map[int64][]word{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var id int64
		var w word
		err = row.Scan(&id, &w.text, &w.kind)
		have[id] = append(have[id], w)
		return none, err
	}, selectWords+in(0, len(ids)), ids...)
	for _, words := range have {
		slices.SortFunc(words, compareWords)
	}
	return have, err
}

func compareWords(a, b word) int {
	return strings.Compare(a.text+"\x00"+a.kind, b.text+"\x00"+b.kind)
}

const sqlSetQuality = `UPDATE customers_customers SET quality = $2 WHERE id = $1 AND quality <> $2`

// RebuildWords makes the index of words and the quality of every customer
// anew, a few hundred at a time, and tells how many it has gone through.
func (s *Service) RebuildWords(ctx context.Context) (int, error) {
	const op = "customers.RebuildWords"
	if _, err := authz.Require(ctx, op, "customers.sources"); err != nil {
		return 0, err
	}
	total := 0
	for last := int64(0); ; {
		n := 0
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			cards, have, err := recount(ctx, tx, last)
			if err != nil {
				return err
			}
			for _, c := range cards {
				last, n = c.ID, n+1
				if err := moveWords(ctx, tx, c.ID, have[c.ID], c.words()); err != nil {
					return err
				}
				if c.State == Erased {
					continue
				}
				if _, err := tx.Exec(ctx, sqlSetQuality, c.ID, c.score()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, errs.Wrap(op, err)
		}
		if total += n; n == 0 {
			return total, errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
				if err := lexicon.Rebuild(ctx, tx); err != nil {
					return err
				}
				return writings.Rebuild(ctx, tx)
			}))
		}
	}
}
