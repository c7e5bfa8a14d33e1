package duplicates

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates/matching"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Page is a page of pairs, the likeliest first. Next continues it; "" at the
// end.
type Page struct {
	Items []Pair
	Next  string
}

// Query asks for a page of pairs.
type Query struct {
	Cursor string // Next of the page before
	Limit  int    // 1 to 100; 0: 25
	Sure   bool   // only the sure ones
}

const (
	defaultPairs = 25
	mostPairs    = 100
	mostLooked   = 40 // pages that are read to fill one for somebody with a narrow reach
)

const sqlPairs = `
SELECT a_id, b_id, score, why, found_at FROM duplicates_pairs
WHERE state = 'open' AND score >= $1 AND (score < $2 OR (score = $2 AND (a_id > $3 OR (a_id = $3 AND b_id > $4))))
ORDER BY score DESC, a_id, b_id LIMIT $5`

// place is where a page goes on.
type place struct{ score, a, b int64 }

func (p place) String() string { return fmt.Sprintf("%d.%d.%d", p.score, p.a, p.b) }

func parsePlace(op, s string) (place, error) {
	p := place{score: 1 << 30}
	if s == "" {
		return p, nil
	}
	parts := strings.Split(s, ".")
	into := []*int64{&p.score, &p.a, &p.b}
	if len(parts) != len(into) {
		return p, errs.InvalidFields(op, errs.Field("cursor", "customers.timeline.error-cursor"))
	}
	for i, text := range parts {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return p, errs.InvalidFields(op, errs.Field("cursor", "customers.timeline.error-cursor"))
		}
		*into[i] = n
	}
	return p, nil
}

// List gives the pairs of which the actor may merge both.
func (s *Service) List(ctx context.Context, q Query) (page Page, err error) {
	const op = "duplicates.List"
	scope, err := authz.Require(ctx, op, merging.Right)
	if err != nil {
		return page, err
	}
	at, err := parsePlace(op, q.Cursor)
	if err != nil {
		return page, err
	}
	limit := defaultPairs
	if q.Limit > 0 {
		limit = min(q.Limit, mostPairs)
	}
	least := int64(matching.PossibleBits * 100)
	if q.Sure {
		least = matching.SureBits * 100
	}
	for range mostLooked {
		var rows []kept
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = db.All(ctx, tx, scanKept, sqlPairs, least, at.score, at.a, at.b, limit+1)
			return err
		})
		if err != nil {
			return page, errs.Wrap(op, err)
		}
		pairs, err := s.named(ctx, scope, rows)
		if err != nil {
			return page, errs.Wrap(op, err)
		}
		for i, k := range rows {
			if len(page.Items) == limit {
				page.Next = at.String()
				return page, nil
			}
			at = place{k.score, k.a, k.b}
			if pairs[i] != nil {
				page.Items = append(page.Items, *pairs[i])
			}
		}
		if len(rows) <= limit {
			return page, nil
		}
	}
	page.Next = at.String()
	return page, nil
}

// named gives the pairs with their customers; nil where one is out of reach or
// no longer at work.
func (s *Service) named(ctx context.Context, scope authz.Scope, rows []kept) ([]*Pair, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var ids []int64
	for _, k := range rows {
		ids = append(ids, k.a, k.b)
	}
	listed, err := s.Customers.List(ctx, customers.ListQuery{IDs: ids, Sort: "number", Limit: filter.MaxLimit})
	if err != nil {
		return nil, err
	}
	byID := map[int64]customers.Row{}
	for _, r := range listed.Items {
		if scope.Allows(r.OwnerID, r.TeamID) {
			byID[r.ID] = r
		}
	}
	pairs := make([]*Pair, len(rows))
	for i, k := range rows {
		a, hasA := byID[k.a]
		b, hasB := byID[k.b]
		if hasA && hasB {
			bits := float64(k.score) / 100
			pairs[i] = &Pair{A: a, B: b, Score: bits, Verdict: matching.VerdictOf(bits), Why: k.why, FoundAt: k.at}
		}
	}
	return pairs, nil
}

const sqlDismiss = `
UPDATE duplicates_pairs SET state = 'dismissed', decided_by = $3, decided_at = $4
WHERE a_id = $1 AND b_id = $2 AND state = 'open'`

const sqlReopen = `
UPDATE duplicates_pairs SET state = 'open', decided_by = '', decided_at = 0
WHERE a_id = $1 AND b_id = $2 AND state = 'dismissed'`

// Dismiss remembers that two customers are two: they are not proposed again
// until one of them changes. It needs the right to merge at both.
func (s *Service) Dismiss(ctx context.Context, a, b int64) error {
	return s.decide(ctx, "duplicates.Dismiss", "duplicates.pair_dismissed", [2]int64{a, b})
}

// Reopen takes Dismiss back, with the same right.
func (s *Service) Reopen(ctx context.Context, a, b int64) error {
	return s.decide(ctx, "duplicates.Reopen", "duplicates.pair_reopened", [2]int64{a, b})
}

func (s *Service) decide(ctx context.Context, op, kind string, ids [2]int64) error {
	scope, err := authz.Require(ctx, op, merging.Right)
	if err != nil {
		return err
	}
	a, b := min(ids[0], ids[1]), max(ids[0], ids[1])
	var names [2]string
	for i, id := range []int64{a, b} {
		c, err := s.Customers.Find(ctx, id)
		if err != nil {
			return err
		}
		if !scope.Allows(c.OwnerID, c.TeamID) {
			return errs.New(errs.Forbidden, op, "customers.error.beyond-scope")
		}
		names[i] = c.Name
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		statement, args := sqlDismiss, []any{a, b, authz.From(ctx).Name, tx.Now()}
		if kind == "duplicates.pair_reopened" {
			statement, args = sqlReopen, args[:2]
		}
		done, err := tx.Exec(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: kind, Subject: journal.Ref{Type: customers.RecordType, ID: a}, CustomerID: a,
			After: map[string]any{"merged_name": names[1], "other_id": b},
		})
		return err
	})
	return errs.Wrap(op, err)
}

// Look has the file looked through soon, and not only tonight. Needs the right
// to merge everywhere.
func (s *Service) Look(ctx context.Context) error {
	const op = "duplicates.Look"
	scope, err := authz.Require(ctx, op, merging.Right)
	if err != nil {
		return err
	}
	if scope.Level != authz.All {
		return errs.New(errs.Forbidden, op, "customers.error.beyond-scope")
	}
	if s.Jobs == nil {
		_, err := s.Find(ctx, func(int64, int64) {})
		return err
	}
	return errs.Wrap(op, s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := findJob.Enqueue(ctx, s.Jobs, tx, struct{}{}, jobs.InsertOptions{})
		return err
	}))
}
