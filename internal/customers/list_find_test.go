package customers_test

import (
	"fmt"
	"slices"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/team/teamtest"
)

// TestEveryWayFindsTheSame lists some customers by every way there is, page by
// page and in both directions, and compares with the same filter in an order
// that knows one way alone.
func TestEveryWayFindsTheSame(t *testing.T) {
	for _, walk := range []int{4_000, 10} { // all of them, or few enough that the rest is collected
		customers.Walk(t, walk)
		everyWayFindsTheSame(t)
	}
}

func everyWayFindsTheSame(t *testing.T) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		var all []customers.NewCustomer
		for i := range 60 {
			in := customerstest.New()
			in.Name = fmt.Sprintf("%c%d Trade", 'a'+i*7%26, i)
			in.Country, in.Language = []string{"BG", "GE", "PL"}[i%3], []string{"bg", "ka"}[i%2]
			in.Phones, in.Emails = []string{fmt.Sprintf("+35988123%04d", i)}, []string{fmt.Sprintf("%d@mail.example", i)}
			if i%4 == 0 {
				in.Tags = []string{"vip"}
			}
			if i%5 == 0 {
				in.Tags = append(in.Tags, "export")
			}
			in.Addresses = []customers.Address{{City: []string{"Sofia", "Tbilisi"}[i%2]}}
			all = append(all, in)
		}
		made, err := s.CreateMany(ctx, all)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Archive(ctx, made[7].Customer.ID, 0); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			"", "country = GE", "country in (BG, GE)", "language = ka", "kind = organisation", "state = archived", "state in (archived, active)",
			"name ~ trade", "name starts a", "quality < 90", "tags has vip", "tags has (vip, export)", "tags not in (vip)", "tags is empty",
			"phone starts +359", "phone starts +35988123000", "phone ~ 88123", "email ~ mail", "email !~ mail", "city ~ sof", "city = Sofia",
			"has_units = no", "tags has vip and country = BG", "tags has vip or email ~ 1@mail", "not tags has vip",
		} {
			n, err := filter.Parse(text)
			if err != nil {
				t.Fatal(text, err)
			}
			want := ids(t, s, customers.ListQuery{Filter: n, Sort: "number"})
			if text != "not tags has vip" && text != "email !~ mail" && len(want) == 0 {
				t.Errorf("%s finds nothing", text)
			}
			forth, back := ids(t, s, customers.ListQuery{Filter: n, Sort: "name"}), ids(t, s, customers.ListQuery{Filter: n, Sort: "-name"})
			slices.Reverse(back)
			if !slices.Equal(forth, back) {
				t.Errorf("%s: forth %v, back %v", text, forth, back)
			}
			slices.Sort(forth)
			slices.Sort(want)
			if !slices.Equal(forth, want) {
				t.Errorf("%s: by name %v, by number %v", text, forth, want)
			}
		}
	})
}

// ids are those of a whole list, read in pages, each within its budget of
// statements.
func ids(t *testing.T, s *customers.Service, q customers.ListQuery) (all []int64) {
	t.Helper()
	for q.Limit = 7; ; {
		ctx, counter := db.WithCounter(customerstest.System())
		page, err := s.List(ctx, q)
		if err != nil {
			t.Fatal(filter.Format(q.Filter), err)
		}
		if counter.Count() > 3 {
			t.Errorf("%s: %d statements", filter.Format(q.Filter), counter.Count())
		}
		for _, r := range page.Items {
			all = append(all, r.ID)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return all
		}
	}
}

func TestOnlyNamedCustomersAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := customerstest.Service(t, d)
		var made []int64
		for range 5 {
			made = append(made, customerstest.Create(t, d, nil).ID)
		}
		got := ids(t, s, customers.ListQuery{IDs: made[1:3]})
		if slices.Sort(got); !slices.Equal(got, made[1:3]) {
			t.Errorf("%v", got)
		}
	})
}

// TestFirstDossierStaysInBudget counts what the first dossier of a program asks
// that has just started: as serve does, it knows the fields and the people, and
// nothing else.
func TestFirstDossierStaysInBudget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner := teamtest.Person(t, d, authz.Manager)
		ctx := customerstest.System()
		c := customerstest.Create(t, d, func(in *customers.NewCustomer) { in.OwnerID, in.Tags = owner.ID, []string{"vip"} })
		f := fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}, Records: records{}})
		people := teamtest.Service(t, d)
		s := customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: f, Sheets: f, People: people})
		if _, err := f.Fields(ctx, customers.RecordType); err != nil {
			t.Fatal(err)
		}
		if _, err := people.Settings(ctx); err != nil {
			t.Fatal(err)
		}
		counted, counter := db.WithCounter(ctx)
		if _, err := s.Dossier(counted, c.ID); err != nil {
			t.Fatal(err)
		}
		if counter.Count() > 12 {
			t.Errorf("%d statements", counter.Count())
		}
		t.Logf("%d statements", counter.Count())
	})
}
