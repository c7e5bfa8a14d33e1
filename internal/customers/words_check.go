package customers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// WordsVerdict is what CheckWords found.
type WordsVerdict struct {
	Customers int      // that were looked at
	Wrong     int      // whose words or quality are not what a recount gives
	Examples  []string // of what is wrong, for the administrator; at most 20
}

// recountBatch is how many customers a recount reads at once.
const recountBatch = 500

const sqlCardsAfter = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.id > $1 ORDER BY c.id LIMIT $2`

const selectWords = `SELECT customer_id, word, kind FROM customers_words WHERE customer_id`

// CheckWords compares the index of words and the quality of every customer
// with a recount.
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
		if err != nil || !more {
			return v, errs.Wrap(op, err)
		}
	}
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
	have := map[int64][]word{}
	_, err = db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var id int64
		var w word
		err = row.Scan(&id, &w.text, &w.kind)
		have[id] = append(have[id], w)
		return none, err //nolint:wrapcheck // the caller names the use case
	}, selectWords+in(0, len(ids)), ids...)
	for _, words := range have {
		slices.SortFunc(words, compareWords)
	}
	return cards, have, err
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
					return err //nolint:wrapcheck // wrapped below
				}
			}
			return nil
		})
		if total += n; err != nil || n == 0 {
			return total, errs.Wrap(op, err)
		}
	}
}
