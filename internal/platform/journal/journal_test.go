package journal_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

func write(t *testing.T, d *db.DB, ctx context.Context, entries ...journal.Entry) (ids []int64) {
	t.Helper()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, e := range entries {
			id, err := journal.Write(ctx, tx, e)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func exec(t *testing.T, d *db.DB, statement string) error {
	t.Helper()
	return d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	})
}

func customer(id int64, kind string, after any) journal.Entry {
	return journal.Entry{Kind: kind, Subject: journal.Ref{Type: "customer", ID: id}, CustomerID: id, After: after}
}

func TestEntryKeepsWhoWhatAndWhen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := journal.WithRequest(authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 3, Name: "Нино"}), "req-1")
		var heard []int64
		defer d.Subscribe(func(ids []int64) { heard = append(heard, ids...) })()
		ids := write(t, d, ctx, customer(5, "customers.created", map[string]any{"name": "Ново", "sum": 12345678901234567}))
		var got journal.Record
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			got, err = journal.Find(t.Context(), tx, ids[0])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got.ActorName != "Нино" || got.ActorID != 3 || got.RequestID != "req-1" || got.CustomerID != 5 || got.At.IsZero() ||
			got.Before != nil || !strings.Contains(string(got.After), "12345678901234567") {
			t.Errorf("%+v", got)
		}
		if !slices.Equal(heard, ids) {
			t.Errorf("listeners heard %v, want %v", heard, ids)
		}
	})
}

func TestJournalIsAppendOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, t.Context(), customer(1, "customers.created", 1))
		if _, err := journal.Seal(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{
			"UPDATE platform_journal SET kind = 'x'", "DELETE FROM platform_journal",
			"UPDATE platform_journal_seals SET hash = 'x'", "DELETE FROM platform_journal_seals",
			"UPDATE platform_journal_payloads SET salt = 'x'",
		} {
			if err := exec(t, d, statement); !db.IsCheck(err) {
				t.Errorf("%s: %v, want a refusal by the trigger", statement, err)
			}
		}
	})
}

func TestListPagesBothWays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ids := write(t, d, t.Context(), customer(1, "a.b", nil), customer(2, "a.b", nil), customer(1, "a.c", nil), customer(1, "a.b", nil))
		tests := []struct {
			name string
			q    journal.Query
			want []int64
		}{
			{"all, newest first", journal.Query{}, []int64{ids[3], ids[2], ids[1], ids[0]}},
			{"one customer", journal.Query{CustomerID: 1}, []int64{ids[3], ids[2], ids[0]}},
			{"next page", journal.Query{CustomerID: 1, BeforeID: ids[3], Limit: 1}, []int64{ids[2]}},
			{"followers", journal.Query{Follow: true, AfterID: ids[1]}, []int64{ids[2], ids[3]}},
			{"kind", journal.Query{Kind: "a.c"}, []int64{ids[2]}},
			{"subject", journal.Query{Subject: journal.Ref{Type: "customer", ID: 2}}, []int64{ids[1]}},
			{"person", journal.Query{ActorID: 9}, nil},
		}
		for _, tt := range tests {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				records, err := journal.List(t.Context(), tx, tt.q)
				var got []int64
				for _, r := range records {
					got = append(got, r.ID)
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestChainHoldsAndNoticesChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 3 {
			write(t, d, t.Context(), customer(int64(i+1), "customers.created", map[string]any{"b": 1.50, "a": "ж"}))
			if n, err := journal.Seal(t.Context(), d); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}
		write(t, d, t.Context(), customer(1, "customers.changed", nil))
		verify := func() journal.Verdict {
			t.Helper()
			v, err := journal.Verify(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := verify(); v.Sealed != 3 || v.Unsealed != 1 || len(v.Broken) != 0 {
			t.Fatalf("%+v", v)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return journal.Erase(t.Context(), tx, 2) })
		if err != nil {
			t.Fatal(err)
		}
		if v := verify(); v.Sealed != 3 || v.Erased != 1 || len(v.Broken) != 0 {
			t.Fatalf("after erasure: %+v", v)
		}
		// A forger with the owner's rights: the trigger is switched off.
		forge := map[db.Engine][]string{
			db.SQLite:   {"DROP TRIGGER platform_journal_payloads_no_update", `UPDATE platform_journal_payloads SET after = '{"a":"other"}' WHERE entry_id = 1`},
			db.Postgres: {"ALTER TABLE platform_journal_payloads DISABLE TRIGGER ALL", `UPDATE platform_journal_payloads SET after = '{"a":"other"}' WHERE entry_id = 1`},
		}
		for _, statement := range forge[d.Engine()] {
			if err := exec(t, d, statement); err != nil {
				t.Fatal(err)
			}
		}
		if v := verify(); len(v.Broken) != 1 || !strings.Contains(v.Broken[0], "entry 1") {
			t.Errorf("the forgery was not noticed: %+v", v)
		}
	})
}

func TestFindOfAbsentEntryIsNotFound(t *testing.T) {
	d := dbtest.SQLite(t)
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		_, err := journal.Find(t.Context(), tx, 1)
		return err
	})
	if !errs.Is(err, errs.NotFound) {
		t.Error(err)
	}
}
