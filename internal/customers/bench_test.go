package customers_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/demo"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/filter"
)

// fromDemo makes a customer of one of the demo company's.
func fromDemo(c demo.Customer) customers.NewCustomer {
	in := customers.NewCustomer{
		Customer: customers.Customer{
			Kind: customers.Kind(c.Kind), Name: c.Name, LegalName: c.LegalName, Country: c.Country, Language: c.Language,
			TimeZone: c.TimeZone, Website: c.Website, TaxID: c.RegistrationID, VATID: c.VATID, Terms: c.Terms,
		},
		SourceName: "Unknown", Tags: c.Tags, Emails: c.Emails,
	}
	for _, p := range c.Phones {
		in.Phones = append(in.Phones, p.Number)
	}
	for _, a := range c.Addresses {
		in.Addresses = append(in.Addresses, customers.Address{Street: fmt.Sprint(a.Lines), City: a.City, Postcode: a.Postcode, Country: a.Country})
	}
	for _, k := range c.Contacts {
		contact := customers.Contact{Name: k.Name, Position: k.Position}
		for _, p := range k.Phones {
			contact.Points = append(contact.Points, customers.Point{Kind: customers.Phone, Value: p.Number})
		}
		for _, e := range k.Emails {
			contact.Points = append(contact.Points, customers.Point{Kind: customers.Email, Value: e})
		}
		in.Contacts = append(in.Contacts, contact)
	}
	return in
}

// TestLargeFile brings in a part of the demo company and proves the index; with
// KARTOTEKA_TEST_LARGE=100000 it brings in so many and its log tells how long
// things take. It asserts no times, which depend on what else the machine does.
func TestLargeFile(t *testing.T) {
	n := 500
	if v := os.Getenv("KARTOTEKA_TEST_LARGE"); v != "" {
		if _, err := fmt.Sscan(v, &n); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		g, err := demo.New(demo.Options{Seed: 1, Today: 20261122})
		if err != nil {
			t.Fatal(err)
		}
		var all []customers.NewCustomer
		for c := range g.Customers(n) {
			all = append(all, fromDemo(c))
		}
		started := time.Now()
		results, err := s.CreateMany(ctx, all)
		if err != nil {
			t.Fatal(err)
		}
		refused := map[string]int{}
		for _, r := range results {
			if r.Err != nil {
				refused[r.Err.Error()]++
			}
		}
		t.Logf("%d customers in %v, refused %v", n, time.Since(started), refused)
		if len(refused) > 0 {
			t.Error("some were refused")
		}
		if _, err := d.WritePool().ExecContext(ctx, "ANALYZE"); err != nil { // as the engines do by themselves in time
			t.Fatal(err)
		}
		took := func(name string, fn func() error) {
			var times []time.Duration
			for range 30 {
				started := time.Now()
				if err := fn(); err != nil {
					t.Fatal(name, err)
				}
				times = append(times, time.Since(started))
			}
			slices.Sort(times)
			t.Logf("%-40s p50 %8v p95 %8v", name, times[15], times[28])
		}
		for _, q := range []string{"a", "iv", "ivan", "ivanov", "Иванов Мария", "ivan petrov", "088", "4567", "+359 88", "maria@", "K-500", "ltd", "ooo ltd", "i p", "zzz", "1234"} {
			took("search "+q, func() error { _, err := s.Search(ctx, q, 20); return err })
		}
		for _, l := range []struct{ filter, sort string }{
			{"", "name"},
			{"country = BG", "name"},
			{"", "-changed"},
			{`name ~ "petrov"`, "name"},
			{"tags in (vip)", "name"},
			{"city ~ sofia", "name"},
			{"quality < 50", "-created"},
			{"", ""},
			{"has_units = yes", "name"},
		} {
			node, err := filter.Parse(l.filter)
			if err != nil {
				t.Fatal(err)
			}
			took("list "+l.filter+" by "+l.sort, func() error {
				_, err := s.List(ctx, customers.ListQuery{Filter: node, Sort: l.sort})
				return err
			})
			took("count "+l.filter, func() error { _, err := s.Count(ctx, node); return err })
		}
		took("card", func() error { _, err := s.FindCard(ctx, results[n/2].Customer.ID); return err })
		took("similar", func() error { _, err := s.Similar(ctx, all[n/3]); return err })
		v, err := s.CheckWords(ctx)
		if err != nil || v.Wrong != 0 || v.Customers != n {
			t.Errorf("index: %+v, %v", v, err)
		}
	})
}
