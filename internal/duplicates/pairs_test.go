package duplicates_test

import (
	"context"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
)

// bureau is a file in which duplicates are looked for.
type bureau struct {
	*testing.T
	ctx        context.Context
	file       *customers.Service
	merging    *merging.Service
	duplicates *duplicates.Service
}

func eachBureau(t *testing.T, test func(b *bureau)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &bureau{T: t, ctx: customerstest.System(), file: customerstest.Service(t, d)}
		b.merging = merging.New(merging.Deps{DB: d, Customers: b.file, Company: customerstest.Company{}})
		var err error
		b.duplicates, err = duplicates.New(duplicates.Deps{DB: d, Customers: b.file, Merging: b.merging})
		b.must(err)
		test(b)
	})
}

func (b *bureau) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bureau) person(name, phone, city string) customers.Customer {
	b.Helper()
	in := customers.NewCustomer{Customer: customers.Customer{Kind: customers.Person, Name: name, Country: "GE"}, SourceName: "Unknown"}
	if phone != "" {
		in.Phones = []string{phone}
	}
	if city != "" {
		in.Addresses = []customers.Address{{City: city, Street: "Rustaveli Ave 12"}}
	}
	c, err := b.file.Create(b.ctx, in)
	b.must(err)
	return c
}

func (b *bureau) look() []duplicates.Pair {
	b.Helper()
	_, err := b.duplicates.Find(b.ctx, func(int64, int64) {})
	b.must(err)
	return b.list()
}

func (b *bureau) list() []duplicates.Pair {
	b.Helper()
	page, err := b.duplicates.List(b.ctx, duplicates.Query{})
	b.must(err)
	return page.Items
}

// crowd is people with nothing in common, so that something can be learned.
func (b *bureau) crowd() {
	b.Helper()
	for i, name := range []string{
		"Petar Dimitrov", "Elena Georgieva", "Giorgi Beridze", "Ana Kapanadze", "Tomasz Nowak", "Katarzyna Wiśniewska",
		"Ivan Petrov", "Olga Smirnova", "David Lomidze", "Stefan Todorov", "Marek Zielinski", "Vera Kuznetsova",
	} {
		b.person(name, "+99555520"+string(rune('0'+i/10))+string(rune('0'+i%10))+"17", []string{"Sofia", "Tbilisi", "Warsaw", "Batumi"}[i%4])
	}
}

func TestTheSamePersonInThreeAlphabetsIsFoundMergedAndParted(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		b.crowd()
		first := b.person("Nino Maisuradze", "+995 555 12 34 56", "Kutaisi")
		second := b.person("Нино Майсурадзе", "+995 555 12 34 56", "Kutaisi")
		third := b.person("ნინო მაისურაძე", "+995 555 12 34 56", "Kutaisi")
		pairs := b.look()
		if len(pairs) != 3 {
			b.Fatalf("%d pairs: %+v", len(pairs), pairs)
		}
		for _, p := range pairs {
			if p.A.ID < first.ID || p.B.ID > third.ID || p.A.ID >= p.B.ID || len(p.Why) == 0 || p.Verdict.String() == "unlikely" {
				b.Errorf("pair: %+v", p)
			}
		}
		m, err := b.merging.Merge(b.ctx, merging.Order{From: second.ID, Into: first.ID})
		b.must(err)
		if left := b.list(); len(left) != 1 || left[0].A.ID != first.ID || left[0].B.ID != third.ID {
			b.Errorf("after a merge: %+v", left)
		}
		if again := b.look(); len(again) != 1 {
			b.Errorf("looked again: %+v", again)
		}
		_, err = b.merging.Unmerge(b.ctx, m.ID)
		b.must(err)
		if again := b.look(); len(again) != 2 {
			b.Errorf("two who were parted are proposed again: %+v", again)
		}
	})
}

func TestWhatIsDismissedStaysSoUntilSomethingChanges(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		b.crowd()
		first := b.person("Nino Maisuradze", "+995 555 12 34 56", "Kutaisi")
		second := b.person("Нино Майсурадзе", "+995 555 12 34 56", "Kutaisi")
		if got := b.look(); len(got) != 1 {
			b.Fatalf("pairs: %+v", got)
		}
		b.must(b.duplicates.Dismiss(b.ctx, second.ID, first.ID))
		if got := b.look(); len(got) != 0 {
			b.Errorf("dismissed: %+v", got)
		}
		b.must(b.duplicates.Reopen(b.ctx, first.ID, second.ID))
		if got := b.list(); len(got) != 1 {
			b.Errorf("reopened: %+v", got)
		}
		b.must(b.duplicates.Dismiss(b.ctx, first.ID, second.ID))
		_, err := b.file.AddPoint(b.ctx, second.ID, 0, customers.Point{Kind: customers.Email, Value: "nino@example.ge"})
		b.must(err)
		if got := b.look(); len(got) != 1 {
			b.Errorf("one has changed: %+v", got)
		}
		b.must(b.file.Archive(b.ctx, second.ID, 0))
		if got := b.list(); len(got) != 0 {
			b.Errorf("one is archived: %+v", got)
		}
	})
}

func TestPairsAreListedWithinReachAndPageByPage(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		b.crowd()
		for _, phone := range []string{"+995555123456", "+995555223456", "+995555323456"} {
			b.person("Nino Maisuradze "+phone[7:8], phone, "Kutaisi")
			b.person("Нино Майсурадзе "+phone[7:8], phone, "Kutaisi")
		}
		all := b.look()
		if len(all) < 3 {
			b.Fatalf("%d pairs", len(all))
		}
		var seen int
		for cursor, pages := "", 0; pages < 20; pages++ {
			page, err := b.duplicates.List(b.ctx, duplicates.Query{Cursor: cursor, Limit: 2})
			b.must(err)
			for _, p := range page.Items {
				if p.A.ID != all[seen].A.ID || p.B.ID != all[seen].B.ID {
					b.Errorf("pair %d differs", seen)
				}
				seen++
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if seen != len(all) {
			b.Errorf("paged %d of %d", seen, len(all))
		}
		own := authz.With(context.Background(), authz.Actor{Kind: authz.Person, UserID: 9, Grants: map[string]authz.Level{"customers.view": authz.All, merging.Right: authz.Own}})
		page, err := b.duplicates.List(own, duplicates.Query{})
		b.must(err)
		if len(page.Items) != 0 {
			b.Errorf("beyond the reach: %+v", page.Items)
		}
		if err := b.duplicates.Dismiss(own, all[0].A.ID, all[0].B.ID); !errs.Is(err, errs.Forbidden) {
			b.Errorf("dismissed beyond the reach: %v", err)
		}
		if err := b.duplicates.Look(own); !errs.Is(err, errs.Forbidden) {
			b.Errorf("looked beyond the reach: %v", err)
		}
		if _, err := b.duplicates.List(b.ctx, duplicates.Query{Cursor: "x"}); !errs.Is(err, errs.Invalid) {
			b.Errorf("a wrong cursor: %v", err)
		}
	})
}
