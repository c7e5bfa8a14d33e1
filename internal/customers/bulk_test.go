package customers_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

func TestCreateManyLeavesOutWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		all := make([]customers.NewCustomer, 300)
		for i := range all {
			all[i] = customerstest.New()
			all[i].ExternalSource, all[i].ExternalID = "old", fmt.Sprint(i)
		}
		wrong := map[int]errs.Kind{3: errs.Invalid, 5: errs.Invalid, 7: errs.Invalid, 9: errs.Conflict, 299: errs.Invalid}
		all[3].Name = " "
		all[5].Phones = []string{"12"}
		all[7].ParentID = 424242
		all[9].ExternalID = "8" // taken by the one before
		all[299].OwnerID = 424242
		results, err := s.CreateMany(ctx, all)
		if err != nil || len(results) != len(all) {
			t.Fatal(len(results), err)
		}
		numbers := map[int64]bool{}
		for i, r := range results {
			if kind, bad := wrong[i]; bad {
				if !errs.Is(r.Err, kind) {
					t.Errorf("row %d: %v", i, r.Err)
				}
				continue
			}
			if r.Err != nil || numbers[r.Customer.Number] || r.EntryID == 0 {
				t.Errorf("row %d: %+v", i, r)
			}
			numbers[r.Customer.Number] = true
			if c, err := s.FindByExternalID(ctx, "old", fmt.Sprint(i)); err != nil || c.ID != r.Customer.ID || c.Name != all[i].Name {
				t.Errorf("row %d is %q, %v", i, c.Name, err)
			}
		}
		wantIndex(t, s)
	})
}

func TestBulk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		for i := range 230 {
			customerstest.Create(t, d, func(in *customers.NewCustomer) { in.Country = []string{"BG", "PL"}[i%2] })
		}
		var told []int
		result, err := s.Bulk(ctx, customers.Selection{Filter: filter.Where("country", filter.Is, "PL")},
			customers.BulkChange{AddTags: []string{"spring"}, Archive: true}, func(done, of int) { told = append(told, done, of) })
		if err != nil || result.Changed != 115 || len(result.Entries) != 230 || result.Refused != 0 {
			t.Fatalf("%+v, %v", result, err)
		}
		if fmt.Sprint(told) != "[100 115 115 115]" {
			t.Errorf("progress %v", told)
		}
		if n, err := s.Count(ctx, filter.Where("country", filter.Is, "PL")); err != nil || n.N != 0 {
			t.Errorf("still listed: %+v, %v", n, err)
		}
		for i := len(result.Entries) - 1; i >= 0; i-- {
			if err := s.Undo(ctx, result.Entries[i]); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := s.Count(ctx, filter.Where("tags", filter.In, "spring")); err != nil || n.N != 0 {
			t.Errorf("still tagged: %+v, %v", n, err)
		}
		if n, err := s.Count(ctx, nil); err != nil || n.N != 230 {
			t.Errorf("back: %+v, %v", n, err)
		}
		_, err = s.Bulk(ctx, customers.Selection{}, customers.BulkChange{OwnerID: ptr(int64(424242))}, nil)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("an owner who is not there: %v", err)
		}
	})
}

func TestEventsShareTheTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		refuse := errors.New("no")
		var heard []string
		hear := func(name string) customers.Handler {
			return func(_ context.Context, _ *db.Tx, c customers.Customer) error {
				heard = append(heard, name)
				if c.Name == "Refused" {
					return refuse
				}
				return nil
			}
		}
		s.OnCreated(hear("created"))
		s.OnChanged(hear("changed"))
		s.OnArchived(hear("archived"))
		s.OnRestored(hear("restored"))
		in := customerstest.New()
		c, err := s.Create(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.ChangeTags(ctx, c.ID, 0, []string{"a"}, nil), s.Archive(ctx, c.ID, 0), s.Restore(ctx, c.ID, 0)); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(heard) != "[created changed archived restored]" {
			t.Errorf("heard %v", heard)
		}
		if _, err := s.Change(ctx, c.ID, 0, customers.Patch{Name: ptr("Refused")}); !errors.Is(err, refuse) {
			t.Errorf("a refusal: %v", err)
		}
		if now, err := s.Find(ctx, c.ID); err != nil || now.Name != in.Name {
			t.Errorf("kept all the same: %q, %v", now.Name, err)
		}
	})
}

// TestIndexFollowsEveryChange makes changes at random and compares the index
// and the quality with a recount.
func TestIndexFollowsEveryChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		var ids []int64
		for range 4 {
			c, err := s.Create(ctx, full())
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, c.ID)
		}
		words := rapid.SampledFrom([]string{"Иван", "Ivan", "ნინო", "Rila 2000", "O'Neil", "x", "Łódź", "😀 Sun"})
		rapid.Check(t, func(rt *rapid.T) {
			id := rapid.SampledFrom(ids).Draw(rt, "id")
			card := current(t, s, id)
			var err error
			switch rapid.IntRange(0, 7).Draw(rt, "what") {
			case 0:
				_, err = s.Change(ctx, id, 0, customers.Patch{Name: ptr(words.Draw(rt, "name"))})
			case 1:
				_, err = s.Change(ctx, id, 0, customers.Patch{TaxID: ptr(rapid.StringMatching(`[0-9]{0,9}`).Draw(rt, "tax"))})
			case 2:
				_, err = s.AddContact(ctx, id, 0, customers.Contact{Name: words.Draw(rt, "contact"), Points: []customers.Point{{Kind: customers.Phone, Value: "+48 601 234 567"}}})
			case 3:
				if len(card.Contacts) > 0 {
					err = s.RemoveContact(ctx, id, 0, card.Contacts[0].ID)
				}
			case 4:
				_, err = s.AddPoint(ctx, id, 0, customers.Point{Kind: customers.Email, Value: rapid.StringMatching(`[a-c]{1,3}@example\.com`).Draw(rt, "mail"), Main: true})
				if errs.Is(err, errs.Invalid) {
					err = nil // it is there already
				}
			case 5:
				if len(card.Points) > 0 {
					err = s.RemovePoint(ctx, id, 0, card.Points[0].ID)
				}
			case 6:
				err = s.Archive(ctx, id, 0)
			case 7:
				err = s.Restore(ctx, id, 0)
			}
			if err != nil {
				rt.Fatal(err)
			}
			if v, err := s.CheckWords(ctx); err != nil || v.Wrong != 0 || v.Lexicon != 0 || v.Writings {
				rt.Fatalf("%+v, %v", v, err)
			}
		})
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM customers_words WHERE kind = 'name'")
			return err
		})
		if v, checked := s.CheckWords(ctx); err != nil || checked != nil || v.Wrong != len(ids) {
			t.Errorf("a broken index: %+v, %v, %v", v, err, checked)
		}
		if n, err := s.RebuildWords(ctx); err != nil || n != len(ids) {
			t.Errorf("rebuilt %d, %v", n, err)
		}
		wantIndex(t, s)
	})
}

func TestSourcesAreKnownInEveryLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		before, err := s.Sources(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range before {
			for _, lang := range i18n.Langs {
				in := customerstest.New()
				in.SourceName = i18n.TIn(lang, src.TextID)
				if c, err := s.Create(ctx, in); err != nil || c.SourceID != src.ID {
					t.Errorf("%q: source %d, not %d: %v", in.SourceName, c.SourceID, src.ID, err)
				}
			}
			err := d.Read(ctx, func(tx *db.Tx) error {
				key, err := db.One(ctx, tx, db.Value[string], "SELECT name_key FROM customers_sources WHERE id = $1", src.ID)
				if key != fold.Key(src.Name) {
					t.Errorf("the key of %q is %q, not %q", src.Name, key, fold.Key(src.Name))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		if after, err := s.Sources(ctx); err != nil || len(after) != len(before) {
			t.Errorf("%d sources became %d: %v", len(before), len(after), err)
		}
		unsourced := customerstest.New()
		unsourced.SourceName = ""
		if _, err := s.Create(ctx, unsourced); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a source: %v", err)
		}
	})
}

func TestChecksNameTheField(t *testing.T) {
	d := dbtest.SQLite(t)
	s, ctx := customerstest.Service(t, d), customerstest.System()
	for field, edit := range map[string]func(*customers.NewCustomer){
		"name": func(in *customers.NewCustomer) { in.Name = "" }, "country": func(in *customers.NewCustomer) { in.Country = "ZZ" },
		"language": func(in *customers.NewCustomer) { in.Language = "english" }, "website": func(in *customers.NewCustomer) { in.Website = "javascript:alert(1)" },
		"phones.0": func(in *customers.NewCustomer) { in.Phones = []string{"hello"} }, "emails.1": func(in *customers.NewCustomer) { in.Emails = []string{"a@example.com", "a@@b"} },
		"birthday": func(in *customers.NewCustomer) { in.Kind, in.Birthday = customers.Person, 20260230 }, "source": func(in *customers.NewCustomer) { in.SourceID = 999 },
		"time_zone": func(in *customers.NewCustomer) { in.TimeZone = "Mars/Base" }, "kind": func(in *customers.NewCustomer) { in.Kind = "thing" },
		"contacts.0.name": func(in *customers.NewCustomer) { in.Contacts = []customers.Contact{{Position: "x"}} },
		"dates.0.day": func(in *customers.NewCustomer) {
			in.Dates = []customers.ImportantDate{{Label: "x", Day: 229}, {Label: "y", Day: 230}}
			in.Dates = in.Dates[1:]
		},
		"addresses.0": func(in *customers.NewCustomer) { in.Addresses = []customers.Address{{Label: "x"}} },
	} {
		in := customerstest.New()
		edit(&in)
		_, err := s.Create(ctx, in)
		if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	in := customerstest.New()
	in.Emails = []string{"Info@Пример.БГ"}
	c, err := s.Create(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := current(t, s, c.ID).Points[0].Value; got != "info@пример.бг" {
		t.Errorf("an address in Cyrillic: %q", got)
	}
}

func FuzzSearch(f *testing.F) {
	d := dbtest.SQLite(f)
	s, ctx := customerstest.Service(f, d), customerstest.System()
	if _, err := s.Create(ctx, full()); err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{"ivan", "K-1", "+359 88", "a@b", "%_'\"", "ნინო", "\x00", "1 2 3 4 5 6 7 8", "K-999999999999999999"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		hits, err := s.Search(ctx, q, 5)
		if err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		for _, h := range hits {
			if h.Why.Kind == "" || !utf8.ValidString(h.Why.Text) {
				t.Errorf("%q: found without a reason: %+v", q, h.Why)
			}
		}
	})
}
