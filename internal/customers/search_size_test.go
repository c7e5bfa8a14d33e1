package customers_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/demo"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/team/teamtest"
)

// TestSearchAtSize tells, with KARTOTEKA_TEST_SEARCH=1000000, how long searches
// take among so many customers and 200,000 different words. Without it, it
// proves on a few that copies are found as well as what they were made from.
func TestSearchAtSize(t *testing.T) {
	const made = 10_000
	first, copies := 200, 3
	if v := os.Getenv("KARTOTEKA_TEST_SEARCH"); v != "" {
		n := 0
		if _, err := fmt.Sscan(v, &n); err != nil {
			t.Fatal(err)
		}
		first, copies = made, n/made
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, me := customerstest.Service(t, d), teamtest.Person(t, d)
		started := time.Now()
		multiply(t, d, me.ID, first, copies)
		t.Logf("%d customers in %v", first*copies, time.Since(started).Round(time.Second))
		ctx := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: me.ID, Grants: map[string]authz.Level{"customers.view": authz.All}})
		rounds := 3
		if copies > 3 {
			rounds = 40
		}
		var all []time.Duration
		for _, q := range []string{
			"a", "iv", "ivan", "ivanov", "Иванов Мария", "maria ivanova", "გიორგი", "ivanof", "Щрбаков", "shvili", "petrov geor", "088", "4567", "+359 88",
			"maria@", "K-500", "ltd", "ooo ltd", "i p", "zzzzzz", "konstantinof stoyan", "договор",
		} {
			var times []time.Duration
			hits := 0
			for range rounds {
				begun := time.Now()
				found, err := s.Search(ctx, q, 20)
				if err != nil {
					t.Fatal(q, err)
				}
				times, hits = append(times, time.Since(begun)), len(found)
			}
			all = append(all, times...)
			slices.Sort(times)
			t.Logf("%-22s %3d found, p50 %10v p95 %10v", q, hits, times[len(times)/2], times[len(times)*95/100])
		}
		slices.Sort(all)
		t.Logf("all: p50 %v, p95 %v", all[len(all)/2], all[len(all)*95/100])
		if hits, err := s.Search(ctx, fmt.Sprintf("K-%d", first), 5); err != nil || len(hits) != 1 {
			t.Errorf("K-%d: %v, %v", first, hits, err)
		}
	})
}

// multiply adds the first of the demo company's customers and so many copies
// of each, all of them together with what is searched, half of the first
// thousand the person's own.
func multiply(t *testing.T, d *db.DB, owner int64, first, copies int) {
	t.Helper()
	g, err := demo.New(demo.Options{Seed: 1, Today: 20261122})
	if err != nil {
		t.Fatal(err)
	}
	var all []customers.NewCustomer
	for c := range g.Customers(first) {
		in := fromDemo(c)
		if len(all) < 1000 && len(all)%2 == 0 {
			in.OwnerID = owner
		}
		all = append(all, in)
	}
	results, err := customerstest.Service(t, d).CreateMany(customerstest.System(), all)
	if err != nil {
		t.Fatal(err)
	}
	last := results[len(results)-1].Customer.ID
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		for n := 1; n < copies; n++ {
			if err := copied(t, tx, last, int64(n)*last); err != nil {
				return err
			}
		}
		if copies <= 3 {
			return nil
		}
		r, words := rand.New(rand.NewPCG(1, 2)), db.NewRows("customers_lexicon", "word") //nolint:gosec // invented words
		for range 200_000 {
			w := make([]byte, 4+r.IntN(9))
			for i := range w {
				w[i] = "aeiounrtvksmlbdpgz"[r.IntN(18)]
			}
			words.Add(string(w))
		}
		return words.Insert(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.WritePool().ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
}

// copied copies the first customers, up to an id, with ids that are so much
// higher.
func copied(t *testing.T, tx *db.Tx, last, by int64) error {
	ctx := t.Context()
	for _, table := range []struct{ name, changed string }{
		{"customers_customers", "id number"}, {"customers_contacts", "id customer_id"}, {"customers_points", "id customer_id contact_id"},
	} {
		rows, err := tx.Query(ctx, "SELECT * FROM "+table.name+" WHERE 1 = 0")
		if err != nil {
			return err
		}
		columns, err := rows.Columns()
		_ = rows.Close()
		if err != nil {
			return err
		}
		values := slices.Clone(columns)
		changed := strings.Fields(table.changed)
		for i, c := range columns {
			if slices.Contains(changed, c) {
				values[i] = fmt.Sprintf("%s + %d", c, by*10)
			}
		}
		owner := "customer_id"
		if table.name == "customers_customers" {
			owner = "id"
		}
		statement := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s <= %d",
			table.name, strings.Join(columns, ", "), strings.Join(values, ", "), table.name, owner, last)
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(`
INSERT INTO customers_words (word, customer_id, kind)
SELECT CASE WHEN kind = 'number' THEN CAST(CAST(word AS BIGINT) + %[1]d AS TEXT) ELSE word END, customer_id + %[1]d, kind
FROM customers_words WHERE customer_id <= %[2]d ORDER BY word`, by*10, last))
	return err
}
