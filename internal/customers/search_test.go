package customers_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/team/teamtest"
)

// named adds persons of these names, each with the first as the oldest.
func named(t *testing.T, d *db.DB, names ...string) map[string]int64 {
	t.Helper()
	ids := map[string]int64{}
	for _, name := range names {
		ids[name] = customerstest.Create(t, d, func(in *customers.NewCustomer) {
			in.Name, in.Kind = name, customers.Person
		}).ID
	}
	return ids
}

// found gives the names that a search finds, in order.
func found(t *testing.T, s *customers.Service, ctx context.Context, q string) (names []string) {
	t.Helper()
	hits, err := s.Search(ctx, q, 50)
	if err != nil {
		t.Fatal(q, err)
	}
	for _, h := range hits {
		names = append(names, h.Name)
	}
	return names
}

// TestNamesMeetInEveryScript searches for each spelling among customers of all
// others, as the acceptance table has them.
func TestNamesMeetInEveryScript(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		for _, row := range []string{
			"Иванов Ivanov ივანოვი Iwanow", "Łódź Lodz Лодзь", "Юлия Yulia Julia Iulia", "Щербаков Shcherbakov", "Müller Mueller",
			"Ковальская Kowalska", "ნინო Nino Нино", "Piotr Пётр Петр", "Wojciech Войцех ვოიცეხი", "John Джон ჯონი",
		} {
			spellings := strings.Fields(row)
			named(t, d, spellings...)
			for _, q := range spellings {
				names := found(t, s, ctx, q)
				for _, want := range spellings {
					if !slices.Contains(names, want) {
						t.Errorf("%s does not find %s, but %q", q, want, names)
					}
				}
			}
		}
		wantIndex(t, s)
	})
}

func TestSlipsAndPartsAreFoundAfterWhatIsExact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		named(t, d, "Щербаков Антон", "Ivanov Petar", "Ivanova Petya", "ჯავახიშვილი ნინო", "Panbalkan Foods", "Konstantinov", "Ivanof")
		for q, want := range map[string]string{
			"shcherbakof":    "Щербаков Антон",
			"Щрбаков":        "Щербаков Антон",
			"Щербакво антон": "Щербаков Антон",
			"vianov petar":   "Ivanov Petar",
			"javakhishvli":   "ჯავახიშვილი ნინო",
			"akhishvili":     "ჯავახიშვილი ნინო",
			"balkan":         "Panbalkan Foods",
			"Константинво":   "Konstantinov",
			"konsatntinof":   "Konstantinov",
			"konsatn":        "Konstantinov",
		} {
			hits, err := s.Search(ctx, q, 5)
			if err != nil || len(hits) == 0 || hits[0].Name != want {
				t.Errorf("%q: %+v, %v", q, hits, err)
				continue
			}
			if why := hits[0].Why; !why.Near || why.Kind != "name" || why.Text != want || len(why.Matched) == 0 {
				t.Errorf("%q: %+v", q, why)
			}
		}
		if names := found(t, s, ctx, "ivanof"); len(names) < 2 || names[0] != "Ivanof" || !slices.Contains(names, "Ivanov Petar") {
			t.Errorf("the exact one is not first: %q", names)
		}
		if names := found(t, s, ctx, "ivanov"); len(names) < 3 || names[0] != "Ivanov Petar" {
			t.Errorf("the exact one is not first: %q", names)
		}
		for _, q := range []string{"zzzzzz", "щщщщщщ", "ivanov zzzzzz", "12345678", "ჟჟყყღღ ცცწ"} {
			if names := found(t, s, ctx, q); len(names) > 0 {
				t.Errorf("%q: %q", q, names)
			}
		}
	})
}

func TestExactThenOwnThenLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, me := customerstest.Service(t, d), teamtest.Person(t, d)
		ctx := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: me.ID, Grants: map[string]authz.Level{"customers.view": authz.All}})
		for _, c := range []struct {
			name  string
			owner int64
		}{{"Mariana Petrova", 0}, {"Maria Petrova", 0}, {"Maria", 0}, {"Marianka Ilieva", me.ID}, {"Mariangela Ilieva", 0}, {"Maria Ilieva", me.ID}} {
			customerstest.Create(t, d, func(in *customers.NewCustomer) { in.Name, in.Kind, in.OwnerID = c.name, customers.Person, c.owner })
		}
		want := []string{"Maria", "Maria Ilieva", "Maria Petrova", "Marianka Ilieva", "Mariangela Ilieva", "Mariana Petrova"}
		if names := found(t, s, ctx, "maria"); !slices.Equal(names, want) {
			t.Errorf("%q, want %q", names, want)
		}
		if names := found(t, s, ctx, "petrova maria"); len(names) < 2 || names[0] != "Maria Petrova" || names[1] != "Mariana Petrova" {
			t.Errorf("%q", names)
		}
	})
}

func TestWhatIsHiddenIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := customerstest.Service(t, d)
		c := customerstest.Create(t, d, func(in *customers.NewCustomer) {
			in.Name, in.TaxID = "Acorn", "BG123456789"
			in.Phones, in.Emails = []string{"0881234567"}, []string{"office@squirrel.example"}
		})
		if _, err := s.AddPoint(customerstest.System(), c.ID, 0, customers.Point{Kind: customers.Messenger, Value: "hazelnut"}); err != nil {
			t.Fatal(err)
		}
		wantIndex(t, s)
		grants := map[string]authz.Level{"customers.view": authz.All}
		seeing := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1, Grants: grants})
		blind := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1, Grants: grants, Fields: map[string]authz.FieldRight{
			"customers.points": authz.FieldHidden, "customers.tax_id": authz.FieldHidden,
		}})
		for q, kind := range map[string]string{
			"0881234567": "phone", "1234567": "phone", "office@sq": "email", "office": "email", "hazelnut": "messenger", "hazel": "messenger", "bg123456": "tax",
		} {
			if hits, err := s.Search(seeing, q, 5); err != nil || len(hits) != 1 || hits[0].Why.Kind != kind {
				t.Errorf("%q: %+v, %v", q, hits, err)
			}
			if hits, err := s.Search(blind, q, 5); err != nil || len(hits) != 0 {
				t.Errorf("%q is found by who may not see it: %+v, %v", q, hits, err)
			}
		}
		own := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 99, Grants: map[string]authz.Level{"customers.view": authz.Own}})
		for _, q := range []string{"acorn", "akorn", "corn"} {
			if hits, err := s.Search(own, q, 5); err != nil || len(hits) != 0 {
				t.Errorf("%q is found beyond the scope: %+v, %v", q, hits, err)
			}
		}
	})
}

func TestTheLexiconForgetsWhoIsErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		ids := named(t, d, "Ermengarda Quixley", "Ermengarda Pemberton")
		if names := found(t, s, ctx, "pembretno"); len(names) != 1 {
			t.Errorf("%q", names)
		}
		if err := s.Erase(ctx, ids["Ermengarda Pemberton"], 0); err != nil {
			t.Fatal(err)
		}
		var words []string
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			words, err = db.All(ctx, tx, db.Value[string], "SELECT word FROM customers_lexicon ORDER BY word")
			return err
		})
		if err != nil || !slices.Equal(words, []string{fold.Key("Ermengarda"), fold.Key("Quixley")}) {
			t.Errorf("%q, %v", words, err)
		}
		wantIndex(t, s)
		named(t, d, "Zacharias") // takes an id that is free again
		if names := found(t, s, ctx, "zahcarias"); len(names) != 1 {
			t.Errorf("%q", names)
		}
	})
}

func TestNotesAndFilesAreFoundByTheirWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store, err := files.OpenFolder(t.TempDir(), d.Clock())
		if err != nil {
			t.Fatal(err)
		}
		s, ctx := customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Files: store}), customerstest.System()
		ids := named(t, d, "Acorn", "Beech", "Warranty Person")
		long := strings.Repeat("Говорили о погоде и о ценах. ", 40) + "Обещали прислать договор гарантии в пятницу. " + strings.Repeat("И опять о погоде. ", 40)
		note, err := s.AddNote(ctx, customers.NewNote{CustomerID: ids["Acorn"], Body: long})
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.AttachFile(ctx, ids["Beech"], "Dogovor-2026 (podpisan).txt", strings.NewReader("text"))
		if err != nil {
			t.Fatal(err)
		}
		for q, want := range map[string]string{"договор": "Acorn Beech", "dogov": "Acorn Beech", "договор пятницу": "Acorn", "podpisan dogovor": "Beech", "договор zzzz": ""} {
			if got := strings.Join(found(t, s, ctx, q), " "); got != want {
				t.Errorf("%q: %q, want %q", q, got, want)
			}
		}
		hits, err := s.Search(ctx, "договор", 5)
		if err != nil || len(hits) != 2 {
			t.Fatal(hits, err)
		}
		why := hits[0].Why
		if why.Kind != "note" || !strings.Contains(why.Text, "прислать договор гарантии") || len([]rune(why.Text)) > 130 || !slices.Equal(why.Matched, []string{"договор"}) {
			t.Errorf("%+v", why)
		}
		if why := hits[1].Why; why.Kind != "file" || why.Text != f.Name {
			t.Errorf("%+v", why)
		}
		own := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 99, Grants: map[string]authz.Level{"customers.view": authz.Own}})
		if names := found(t, s, own, "договор"); len(names) > 0 {
			t.Errorf("found beyond the scope: %q", names)
		}
		other := "Warranty was promised"
		if _, err := s.ChangeNote(ctx, ids["Acorn"], note.ID, customers.NoteChange{Body: &other}); err != nil {
			t.Fatal(err)
		}
		if names := found(t, s, ctx, "warranty"); !slices.Equal(names, []string{"Warranty Person", "Acorn"}) {
			t.Errorf("names come before notes: %q", names)
		}
		wantIndex(t, s)
		if err := s.RemoveNote(ctx, ids["Acorn"], note.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveFile(ctx, ids["Beech"], f.ID); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{"promised", "podpisan"} {
			if names := found(t, s, ctx, q); len(names) > 0 {
				t.Errorf("%q is found when removed: %q", q, names)
			}
		}
		wantIndex(t, s)
		for _, name := range []string{"Acorn", "Beech"} {
			if err := s.Erase(ctx, ids[name], 0); err != nil {
				t.Fatal(err)
			}
		}
		wantIndex(t, s)
		left := 0
		if err := d.Read(ctx, func(tx *db.Tx) (err error) {
			left, err = db.One(ctx, tx, db.Value[int], "SELECT COUNT(*) FROM customers_writings")
			return err
		}); err != nil || left > 0 {
			t.Errorf("%d words are left of who was erased, %v", left, err)
		}
		if _, err := s.RebuildWords(ctx); err != nil {
			t.Fatal(err)
		}
		wantIndex(t, s)
	})
}
