package customers_test

import (
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
)

func ptr[T any](v T) *T { return &v }

// full is a customer with something of everything.
func full() customers.NewCustomer {
	in := customerstest.New()
	in.Name, in.LegalName, in.TaxID, in.VATID = "Иванов и син", "Иванов и син ООД", "BG 123-456-789", "BG123456789"
	in.Website, in.Language = "ivanov.example.com", "bg"
	in.Phones, in.Emails = []string{"088 123 4567 ext. 12"}, []string{"Office@Ivanov.Example.com"}
	in.Addresses = []customers.Address{{City: "София", Street: "ул. Раковски 1", Postcode: "1000"}}
	in.Contacts = []customers.Contact{{Name: "Nino Maisuradze", Position: "Director", Points: []customers.Point{{Kind: customers.Phone, Value: "+995 555 12 34 56"}}}}
	in.Tags = []string{"VIP", "vip", "retail"}
	in.Dates = []customers.ImportantDate{{Label: "Contract ends", Day: 20271231}}
	return in
}

func TestCreateFindChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		c, err := s.Create(ctx, full())
		if err != nil {
			t.Fatal(err)
		}
		card, err := s.FindCard(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if card.Number != 1 || card.Version != 1 || card.Website != "https://ivanov.example.com" || card.Quality != 90 {
			t.Errorf("customer: %+v", card.Customer)
		}
		if len(card.Points) != 2 || len(card.Contacts) != 1 || len(card.Contacts[0].Points) != 1 || len(card.Addresses) != 1 || len(card.Tags) != 2 || len(card.Dates) != 1 {
			t.Errorf("card: %+v", card)
		}
		if p := card.Points[0]; p.Value != "+359881234567" || p.Extension != "12" || !p.Main {
			t.Errorf("phone: %+v", p)
		}
		changed, err := s.Change(ctx, c.ID, 1, customers.Patch{Name: ptr("Ivanov & Son"), ParentID: ptr(int64(0))})
		if err != nil || changed.Version != 2 || changed.Name != "Ivanov & Son" {
			t.Fatalf("%+v, %v", changed, err)
		}
		if same, err := s.Change(ctx, c.ID, 0, customers.Patch{Name: ptr("Ivanov & Son")}); err != nil || same.Version != 2 {
			t.Errorf("a change that changes nothing: version %d, %v", same.Version, err)
		}
		_, err = s.Change(ctx, c.ID, 1, customers.Patch{Name: ptr("Other")})
		if text, _ := errs.TextOf(err); !errs.Is(err, errs.Conflict) || text.ID != "customers.error.changed-by" || text.Args[1] != "test" {
			t.Errorf("an old version: %v", err)
		}
		if _, err := s.Find(ctx, 99); !errs.Is(err, errs.NotFound) {
			t.Errorf("an absent customer: %v", err)
		}
		if byNumber, err := s.FindByNumber(ctx, "k-000001"); err != nil || byNumber.ID != c.ID {
			t.Errorf("by number: %v, %v", byNumber.ID, err)
		}
	})
}

func TestListAndSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		c, err := s.Create(ctx, full())
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			customerstest.Create(t, d, nil)
		}
		var names []string
		cursor := ""
		for {
			counted, counter := db.WithCounter(ctx)
			page, err := s.List(counted, customers.ListQuery{Sort: "name", Limit: 4, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			if counter.Count() > 3 {
				t.Errorf("%d statements for a page", counter.Count())
			}
			for _, r := range page.Items {
				names = append(names, r.Name)
				if r.ID == c.ID && (r.Phone != "+359881234567" || r.Email != "office@ivanov.example.com" || r.City != "София" || len(r.Tags) != 2) {
					t.Errorf("row: %+v", r)
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if len(names) != 6 {
			t.Errorf("listed %v", names)
		}
		for _, text := range []string{`name ~ "ivanov"`, `phone ~ "088 123"`, `email = "OFFICE@ivanov.example.com"`, "tags in (vip)", "tax_id = \"BG 123 456 789\"", "city ~ sofia", "country = BG and name ~ ivanov", "quality > 80"} {
			n, err := filter.Parse(text)
			if err != nil {
				t.Fatal(text, err)
			}
			if got, err := s.Count(ctx, n); err != nil || got.N != 1 {
				t.Errorf("%s: %+v, %v", text, got, err)
			}
		}
		for q, why := range map[string]string{
			"ivanov": "name", "Иванов син": "name", "ივანოვი": "name", "0881234": "phone", "4567": "phone", "+359 88 123": "phone", "nino": "contact",
			"майсурадзе": "contact", "office@iv": "email", "K-1": "number", "K-000001": "number", "bg123456": "tax", "995555": "phone", "iva nin": "contact",
		} {
			hits, err := s.Search(ctx, q, 10)
			if err != nil || len(hits) == 0 || hits[0].ID != c.ID || hits[0].Why.Kind != why {
				t.Errorf("%q: %+v, %v", q, hits, err)
			}
		}
		for _, q := range []string{"", "  ", "zzz", "ivanov zzz", "@", "%", "77777", "x@y"} {
			if hits, err := s.Search(ctx, q, 10); err != nil || len(hits) != 0 {
				t.Errorf("%q: %+v, %v", q, hits, err)
			}
		}
	})
}

func TestCountriesAreThoseOfToday(t *testing.T) {
	n := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if customers.ValidCountry(string([]rune{a, b})) {
				n++
			}
		}
	}
	if n != 249 {
		t.Errorf("%d countries, want the 249 of ISO 3166-1", n)
	}
	for _, code := range []string{"UK", "DD", "CQ", "SU", "YU", "AN", "EU", "XK", "ZZ", "bg", "", "BGR"} {
		if customers.ValidCountry(code) {
			t.Errorf("%q is no country", code)
		}
	}
}
