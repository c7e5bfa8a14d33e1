package journal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/journal"
)

// past writes entries of different days, in another order than that of time: kinds a.x, a.y, b.z in turn, by two people.
func past(t *testing.T, d *db.DB, count int) {
	t.Helper()
	kinds := []string{"a.x", "a.y", "b.z"}
	var rows []string
	for i := range count {
		at := clock.InstantOf(time.Date(2026, 1, 1+(i*7)%count, 12, 0, 0, 0, time.UTC))
		rows = append(rows, fmt.Sprintf("(%d, '%s', 'person', %d, 'N', 'customer', %d, %d, '', '')", at, kinds[i%3], 1+i%2, i%5, i%5))
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO platform_journal
  (at, kind, actor_kind, actor_id, actor_name, subject_type, subject_id, customer_id, request_id, digest) VALUES `+strings.Join(rows, ", "))
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `INSERT INTO platform_journal_payloads (entry_id, salt, after) SELECT id, '', '{}' FROM platform_journal WHERE kind = 'a.x'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestChosenEntriesAreThoseAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		past(t, d, 60)
		read := func(ctx context.Context, q journal.Query) (all []journal.Record) {
			t.Helper()
			err := d.Read(ctx, func(tx *db.Tx) (err error) {
				all, err = journal.List(ctx, tx, q)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		ctx := authz.AsSystem(t.Context(), "test")
		everything := read(ctx, journal.Query{Limit: 100})
		day := func(n int) clock.Instant { return clock.InstantOf(time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC)) }
		for name, q := range map[string]journal.Query{
			"kinds":                 {Kinds: []string{"a.x", "b.z"}},
			"one kind of a person":  {Kinds: []string{"a.y"}, ActorID: 2},
			"kinds of a customer":   {Kinds: []string{"a.x", "a.y"}, CustomerID: 3},
			"a period":              {From: day(10), To: day(20)},
			"since":                 {From: day(50)},
			"until":                 {To: day(5)},
			"before there was any":  {To: day(1)},
			"after all":             {From: day(300)},
			"a period and a kind":   {From: day(10), To: day(40), Kinds: []string{"a.x"}},
			"what still has detail": {Kept: true, Kinds: []string{"a.x", "a.y"}},
			"and before an entry":   {Kinds: []string{"a.x"}, BeforeID: everything[20].ID},
		} {
			var want, got []int64
			for _, r := range everything {
				fits := (len(q.Kinds) == 0 || slices.Contains(q.Kinds, r.Kind)) && (q.From == 0 || r.At >= q.From) && (q.To == 0 || r.At < q.To) &&
					(q.ActorID == 0 || r.ActorID == q.ActorID) && (q.CustomerID == 0 || r.CustomerID == q.CustomerID) &&
					(q.BeforeID == 0 || r.ID < q.BeforeID) && (!q.Kept || r.After != nil)
				if fits && len(want) < 7 {
					want = append(want, r.ID)
				}
			}
			q.Limit = 7
			for _, r := range read(ctx, q) {
				got = append(got, r.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	})
}

// TestKindsAreReadByTheirIndex looks at the plan: nothing passes over the
// whole journal.
func TestKindsAreReadByTheirIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		past(t, d, 60)
		var plan strings.Builder
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			explain := db.Pick(tx, "EXPLAIN ", "EXPLAIN QUERY PLAN ")
			if explain == "EXPLAIN " {
				if _, err := tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off"); err != nil {
					return err
				}
			}
			for _, statement := range journal.ChosenStatements() {
				rows, err := tx.Query(t.Context(), explain+statement.Text, statement.Args...)
				if err != nil {
					return err
				}
				for rows.Next() {
					line := make([]any, 4)
					into := make([]any, 4)
					columns, err := rows.Columns()
					if err != nil {
						return err
					}
					for i := range into {
						into[i] = &line[i]
					}
					if err := rows.Scan(into[:len(columns)]...); err != nil {
						return err
					}
					fmt.Fprintln(&plan, line...)
				}
				if err := rows.Close(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, index := range []string{"platform_journal_kind", "platform_journal_person", "platform_journal_customer", "platform_journal_at"} {
			if !strings.Contains(plan.String(), index) {
				t.Errorf("%s is not used:\n%s", index, plan.String())
			}
		}
	})
}
