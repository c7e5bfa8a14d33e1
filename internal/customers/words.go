package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
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
)

// word is a row of customers_words.
type word struct{ text, kind string }

// maxWord bounds what is indexed; longer words are found by their beginning.
const maxWord = 100

// words are all words of a customer, each once, in order. An erased customer
// has none.
func (c Card) words() []word {
	if c.State == Erased {
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
	add(wordNumber, strconv.FormatInt(c.Number, 10))
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
			add(wordName, fold.Words(p.Value)...)
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

func (c Card) wordRows() [][]any {
	words := c.words()
	rows := make([][]any, len(words))
	for i, w := range words {
		rows[i] = []any{w.text, c.ID, w.kind}
	}
	return rows
}

// sortRows puts rows of words in the order of the index, which is the fastest
// to write.
func sortRows(rows [][]any) {
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
}

const sqlRemoveWord = `DELETE FROM customers_words WHERE word = $1 AND customer_id = $2 AND kind = $3`

// moveWords turns the words of a customer from one set into another.
func moveWords(ctx context.Context, tx *db.Tx, id int64, from, to []word) error {
	for _, w := range from {
		if !slices.Contains(to, w) {
			if _, err := tx.Exec(ctx, sqlRemoveWord, w.text, id, w.kind); err != nil {
				return err //nolint:wrapcheck // the caller names the use case
			}
		}
	}
	added := rowsOf{table: "customers_words", columns: wordColumns, ignore: true}
	for _, w := range to {
		if !slices.Contains(from, w) {
			added.rows = append(added.rows, []any{w.text, id, w.kind})
		}
	}
	return added.insert(ctx, tx)
}

// phoneDigits are the digits of a phone as people write it, without the "00"
// before a country's code or the "0" before an area's.
func phoneDigits(s string) string {
	return strings.TrimLeft(fold.Digits(s), "0")
}
