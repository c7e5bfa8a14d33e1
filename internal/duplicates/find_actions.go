package duplicates

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"math"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates/matching"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Found is what a look through the file came to.
type Found struct {
	Customers int
	Pairs     int
}

// How many customers are read, and pairs written, at once.
const (
	readAtOnce  = 500
	writeAtOnce = 100
)

// Find looks through all customers at work and keeps the pairs that may be
// one. It reads a page of customers at a time and writes a page of pairs at a
// time, so nobody waits for it. A pair that was said to be two stays so until
// one of them changes. Needs the right to merge everywhere.
func (s *Service) Find(ctx context.Context, progress func(done, of int64)) (Found, error) {
	const op = "duplicates.Find"
	scope, err := authz.Require(ctx, op, merging.Right)
	if err != nil {
		return Found{}, err
	}
	if scope.Level != authz.All {
		return Found{}, errs.New(errs.Forbidden, op, "customers.error.beyond-scope")
	}
	began := clock.InstantOf(s.DB.Clock().Now())
	f, err := findIn(ctx, s.records(ctx))
	if err != nil {
		return Found{}, errs.Wrap(op, err)
	}
	for done := 0; done < len(f.pairs); done += writeAtOnce {
		part := f.pairs[done:min(len(f.pairs), done+writeAtOnce)]
		if err := s.keep(ctx, f, part, began); err != nil {
			return Found{}, errs.Wrap(op, err)
		}
		progress(int64(done+len(part)), int64(len(f.pairs)))
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlNotSeen, began)
		return err
	})
	return Found{f.index.Len(), len(f.pairs)}, errs.Wrap(op, err)
}

// sqlNotSeen takes out the pairs that a run has not seen again.
const sqlNotSeen = `DELETE FROM duplicates_pairs WHERE state = 'open' AND found_at < $1`

const sqlKeepPair = `
INSERT INTO duplicates_pairs (a_id, b_id, score, state, why, print, found_at, decided_by, decided_at)
VALUES ($1, $2, $3, 'open', $4, $5, $6, '', 0)
ON CONFLICT (a_id, b_id) DO UPDATE SET
  score = excluded.score, why = excluded.why, found_at = excluded.found_at, print = excluded.print,
  state = CASE WHEN duplicates_pairs.state = 'dismissed' AND duplicates_pairs.print = excluded.print THEN 'dismissed' ELSE 'open' END`

// keep writes some pairs, as their customers are now.
func (s *Service) keep(ctx context.Context, f *finding, pairs []matching.Pair, at clock.Instant) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		var ids []int64
		for _, p := range pairs {
			ids = append(ids, f.index.ID(p.A), f.index.ID(p.B))
		}
		cards, err := s.Customers.CardsIn(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			a, b := cards[f.index.ID(p.A)], cards[f.index.ID(p.B)]
			if a == nil || b == nil || a.State != customers.Active || b.State != customers.Active {
				continue // gone meanwhile
			}
			if a.ID > b.ID {
				a, b = b, a
			}
			why := f.model.Explain(recordOf(a), recordOf(b))
			if why.Verdict == matching.Unlikely {
				continue
			}
			raw, err := json.Marshal(reasonsOf(why))
			if err != nil {
				return err
			}
			score := int64(math.Round(why.Bits * 100))
			if _, err := tx.Exec(ctx, sqlKeepPair, a.ID, b.ID, score, string(raw), printOf(a, b), at); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepApart remembers that two who were parted are two.
func (s *Service) keepApart(ctx context.Context, tx *db.Tx, m merging.Merge) error {
	a, b := min(m.FromID, m.IntoID), max(m.FromID, m.IntoID)
	cards, err := s.Customers.CardsIn(authz.AsSystem(ctx, "duplicates"), tx, []int64{a, b})
	if err != nil || cards[a] == nil || cards[b] == nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlKeepApart, a, b, printOf(cards[a], cards[b]), tx.Now(), authz.From(ctx).Name)
	return err
}

func reasonsOf(e matching.Explanation) []Reason {
	all := make([]Reason, 0, len(e.Fields))
	for _, w := range e.Fields {
		all = append(all, Reason{w.Field.String(), w.Level.String(), math.Round(w.Bits*10) / 10})
	}
	return all
}

// records are all customers at work, a page at a time.
func (s *Service) records(ctx context.Context) iter.Seq2[matching.Record, error] {
	return func(yield func(matching.Record, error) bool) {
		for last := int64(0); ; {
			var page []*customers.Card
			err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
				page, err = s.Customers.CardsAfterIn(ctx, tx, last, readAtOnce)
				return err
			})
			if err != nil {
				yield(matching.Record{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, c := range page {
				last = c.ID
				if c.State == customers.Active && !yield(recordOf(c), nil) {
					return
				}
			}
		}
	}
}

// recordOf is a customer as it is compared.
func recordOf(c *customers.Card) matching.Record {
	r := matching.Record{ID: c.ID, Root: c.ParentID, Kind: matching.Organisation, Name: c.Name, TaxID: c.TaxID, VATID: c.VATID}
	if c.Kind == customers.Person {
		r.Kind = matching.Person
		if c.Birthday != 0 {
			r.Born = fmt.Sprintf("%08d", int(c.Birthday))
		}
	}
	for _, p := range c.Points {
		switch p.Kind {
		case customers.Phone:
			r.Phones = append(r.Phones, p.Value)
		case customers.Email:
			r.Emails = append(r.Emails, p.Value)
		case customers.Messenger, customers.Web:
		}
	}
	if len(c.Addresses) > 0 {
		a := c.Addresses[0]
		r.Address = matching.Address{Line: a.Street, City: a.City, Postcode: a.Postcode, Region: a.Region, Country: a.Country}
	}
	if r.Address.Country == "" {
		r.Address.Country = c.Country
	}
	return r
}

// printOf tells whether two are as they were when they were compared.
func printOf(a, b *customers.Card) string {
	raw, err := json.Marshal([]matching.Record{recordOf(a), recordOf(b)})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}
