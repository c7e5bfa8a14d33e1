package fields_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/fields/fieldstest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/fold"
)

func system(t *testing.T) context.Context { return authz.AsSystem(t.Context(), "test") }

func actor(role authz.Role) authz.Actor {
	a := authz.Actor{Kind: authz.Person, UserID: 7, Name: "Maria", Roles: []authz.Role{role}, Grants: map[string]authz.Level{}}
	for _, p := range fields.Permissions() {
		a.Grants[p.ID] = p.Default[role]
	}
	return a
}

func keep(t *testing.T, d *db.DB, s *fields.Service, id int64, values map[string]any) (before, after map[string]any, err error) {
	t.Helper()
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		before, after, err = s.Write(system(t), tx, "customer", id, values)
		return err
	})
	return before, after, err
}

func read(t *testing.T, d *db.DB, s *fields.Service, ids ...int64) map[int64]map[string]any {
	t.Helper()
	var out map[int64]map[string]any
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = s.Values(system(t), tx, "customer", ids)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func names(err error) []string {
	var out []string
	for _, f := range errs.FieldsOf(err) {
		out = append(out, f.Name+" "+f.Text.ID)
	}
	return out
}

func TestWriteGivesWhatChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := fieldstest.Service(t, d, nil)
		fieldstest.OneOfEach(t, s, "customer")
		before, after, err := keep(t, d, s, 1, map[string]any{
			"text": "Old mill", "number": 2.5, "multi_choice": []any{"mill", "it"}, "yes_no": false, "link": nil,
		})
		want := map[string]any{"text": "Old mill", "number": "2.5", "multi_choice": []string{"it", "mill"}, "yes_no": false}
		if err != nil || !reflect.DeepEqual(after, want) || len(before) != 4 || before["text"] != nil {
			t.Fatalf("first: %v → %v, %v", before, after, err)
		}
		before, after, err = keep(t, d, s, 1, map[string]any{"text": "Old mill", "number": "3", "yes_no": nil})
		if err != nil || !reflect.DeepEqual(before, map[string]any{"number": "2.5", "yes_no": false}) ||
			!reflect.DeepEqual(after, map[string]any{"number": "3", "yes_no": nil}) {
			t.Fatalf("second: %v → %v, %v", before, after, err)
		}
		if before, after, err = keep(t, d, s, 1, map[string]any{"number": 3.0}); before != nil || after != nil || err != nil {
			t.Fatalf("nothing changed, but: %v → %v, %v", before, after, err)
		}
		_, _, err = keep(t, d, s, 1, map[string]any{"number": "x", "text": "new", "ghost": 1})
		if got := names(err); !slices.Equal(got, []string{"custom.ghost fields.error.no-such-field", "custom.number errors.field-not-a-number"}) {
			t.Errorf("refused: %v", got)
		}
		if got := read(t, d, s, 1)[1]; got["text"] != "Old mill" {
			t.Errorf("a refused write changed %v", got)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return s.Erase(system(t), tx, "customer", 1) })
		if got := read(t, d, s, 1); err != nil || len(got) != 0 {
			t.Errorf("erased: %v, %v", got, err)
		}
	})
}

func TestDefinitionsKeepTheirPromises(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := system(t)
		s := fieldstest.Service(t, d, nil)
		made, err := s.CreateField(ctx, fields.NewField{RecordType: "customer", Question: fields.Question{
			Words: fields.Words{Label: "Отрасъл"}, Type: fields.Choice, Required: true, Default: "pekarna",
			Options: []fields.Option{{Words: fields.Words{Label: "Пекарна"}}, {Words: fields.Words{Label: "Мелница"}}},
		}})
		if err != nil || made.Slug != "otrasal" {
			t.Fatalf("%+v, %v", made, err)
		}
		started, err := s.Start(ctx, "customer", nil)
		if err != nil || started[made.Slug] != "pekarna" {
			t.Fatalf("start: %v, %v", started, err)
		}
		if _, _, err := keep(t, d, s, 1, started); err != nil {
			t.Fatal(err)
		}
		if _, _, err := keep(t, d, s, 1, map[string]any{made.Slug: nil}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a required field was emptied: %v", err)
		}
		q := made.Question
		q.Type, q.Slug = fields.Text, "other"
		if _, err := s.ChangeField(ctx, made.ID, fields.FieldChange{Question: q}); !slices.Equal(names(err),
			[]string{"slug fields.error.slug-fixed", "type fields.error.type-in-use"}) {
			t.Errorf("slug and type: %v", err)
		}
		q = made.Question
		q.Default, q.Options = nil, []fields.Option{{Words: fields.Words{Label: "Хотел"}}}
		changed, err := s.ChangeField(ctx, made.ID, fields.FieldChange{Question: q, Version: made.Version})
		if err != nil || len(changed.Options) != 2 || changed.Options[1].Slug != "pekarna" || !changed.Options[1].Archived {
			t.Fatalf("options: %+v, %v", changed.Options, err)
		}
		if _, err := s.ChangeField(ctx, made.ID, fields.FieldChange{Question: q, Version: made.Version}); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old version was changed: %v", err)
		}
		if _, _, err := keep(t, d, s, 1, map[string]any{made.Slug: "pekarna"}); err != nil {
			t.Errorf("an archived option cannot stay: %v", err)
		}
		if _, _, err := keep(t, d, s, 2, map[string]any{made.Slug: "pekarna"}); err == nil {
			t.Error("an archived option can be taken")
		}
		if err := s.ArchiveField(ctx, made.ID); err != nil {
			t.Fatal(err)
		}
		if got := read(t, d, s, 1); len(got) != 0 {
			t.Errorf("archived, but read: %v", got)
		}
		if err := s.RestoreField(ctx, made.ID); err != nil {
			t.Fatal(err)
		}
		if got := read(t, d, s, 1)[1][made.Slug]; got != "pekarna" {
			t.Errorf("restored, but %v", got)
		}
	})
}

func TestReorderAndOtherNodesLearn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := system(t)
		here, there := fieldstest.Service(t, d, nil), fieldstest.Service(t, d, nil)
		all := fieldstest.OneOfEach(t, here, "customer")
		if err := here.ReorderFields(ctx, "customer", []int64{all["yes_no"].ID, all["date"].ID}); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*fields.Service{here, there} {
			defs, err := s.Fields(ctx, "customer")
			if err != nil || len(defs) != len(all) || defs[0].Slug != "yes_no" || defs[1].Slug != "date" || defs[2].Slug != "text" {
				t.Errorf("%v, %v", defs, err)
			}
		}
		if defs, err := here.Fields(ctx, "contact"); err != nil || len(defs) != 0 {
			t.Errorf("contacts got %v, %v", defs, err)
		}
	})
}

// TestFiltersMeanWhatGoMeans tries filters over random values against plain
// Go, on both engines, and that values come back as they went in.
func TestFiltersMeanWhatGoMeans(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := fieldstest.Service(t, d, nil)
		fieldstest.OneOfEach(t, s, "customer")
		r := rand.New(rand.NewPCG(1, 2))
		const n = 60
		kept := map[int64]map[string]any{}
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = int64(i + 1)
			kept[ids[i]] = someValues(r)
			if _, _, err := keep(t, d, s, ids[i], kept[ids[i]]); err != nil {
				t.Fatal(err)
			}
		}
		got := read(t, d, s, ids...)
		for _, id := range ids {
			if want := kept[id]; len(want) > 0 && !reflect.DeepEqual(got[id], want) {
				t.Errorf("%d: %v, want %v", id, got[id], want)
			}
		}
		list, err := s.FilterFields(system(t), "customer", "c.id")
		if err != nil {
			t.Fatal(err)
		}
		schema := filter.MustSchema("c.id", list...)
		for text, suits := range conditions {
			var want []int64
			for _, id := range ids {
				if suits(kept[id]) {
					want = append(want, id)
				}
			}
			if len(want) == 0 || len(want) == n {
				t.Errorf("%q suits %d of %d: it proves nothing", text, len(want), n)
			}
			if got := find(t, d, schema, filter.Request{Filter: parse(t, text)}, ids); !slices.Equal(got, want) {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
			if got := find(t, d, schema, filter.Request{Filter: parse(t, "not ("+text+")")}, ids); len(got) != n-len(want) {
				t.Errorf("not %q: %d, want %d", text, len(got), n-len(want))
			}
		}
		for _, f := range list {
			if !f.Sortable() {
				continue
			}
			up := find(t, d, schema, filter.Request{Sort: f.Name}, ids)
			down := find(t, d, schema, filter.Request{Sort: "-" + f.Name}, ids)
			slug := strings.TrimPrefix(f.Name, "custom.")
			if !ordered(kept, up, slug, 1) || !ordered(kept, down, slug, -1) {
				t.Errorf("%s: %v and %v are no orders", f.Name, up, down)
			}
		}
	})
}

func parse(t *testing.T, text string) filter.Node {
	t.Helper()
	n, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// find lists the ids that satisfy the request, from a table made of ids.
func find(t *testing.T, d *db.DB, schema *filter.Schema, r filter.Request, ids []int64) []int64 {
	t.Helper()
	r.Limit = 1000
	rows := make([]string, len(ids))
	for i, id := range ids {
		rows[i] = "(CAST(" + strconv.FormatInt(id, 10) + " AS BIGINT))"
	}
	var page filter.Page[int64]
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		st, err := filter.Prepare(schema, r, filter.Env{Engine: tx.Engine(), Today: 20261122})
		if err != nil {
			return err
		}
		found, err := tx.Query(t.Context(), "WITH c (id) AS (VALUES "+strings.Join(rows, ", ")+") SELECT c.id, "+st.Columns+
			" FROM c WHERE "+st.Where+" "+st.Tail, st.Args...)
		if err != nil {
			return err
		}
		defer func() { _ = found.Close() }()
		page, err = filter.Collect(found, st, func(into func(...any) error) (int64, error) {
			var id int64
			err := into(&id)
			return id, err
		})
		return err
	})
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return page.Items
}

var (
	someTexts   = []string{"Иван и синове", "Ivanov & Co", "Żubr", "მარიამი", "50% off_now!", "zebra"}
	someNumbers = []string{"0", "-3.5", "2.25", "1000", "99999999999999.9999"}
	someDays    = []string{"2026-11-22", "2026-11-01", "2025-01-31", "2030-12-31"}
	someOptions = []string{"bakery", "it", "mill"}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func someValues(r *rand.Rand) map[string]any {
	v := map[string]any{}
	maybe := func(slug string, value any) {
		if r.IntN(3) > 0 {
			v[slug] = value
		}
	}
	maybe("text", pick(r, someTexts))
	maybe("long_text", pick(r, someTexts)+"\n"+pick(r, someTexts))
	maybe("number", pick(r, someNumbers))
	maybe("money", fields.Amount{Amount: fmt.Sprintf("%d.%02d", r.IntN(100), r.IntN(100)), Currency: "EUR"})
	maybe("date", pick(r, someDays))
	maybe("choice", pick(r, someOptions))
	some := slices.DeleteFunc(slices.Clone(someOptions), func(string) bool { return r.IntN(2) == 0 })
	if len(some) > 0 {
		maybe("multi_choice", some)
	}
	maybe("yes_no", r.IntN(2) == 0)
	maybe("link", "https://example.com/"+strconv.Itoa(r.IntN(9)))
	return v
}

func has(slug string) func(map[string]any) bool {
	return func(v map[string]any) bool { return v[slug] != nil }
}

func number(v map[string]any, slug string) (float64, bool) {
	s, ok := v[slug].(string)
	if m, isMoney := v[slug].(fields.Amount); isMoney {
		s, ok = m.Amount, true
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, ok && err == nil
}

var conditions = map[string]func(v map[string]any) bool{
	`custom.text ~ "ivan"`: func(v map[string]any) bool {
		s, ok := v["text"].(string)
		return ok && strings.Contains(fold.Key(s), fold.Key("ivan"))
	},
	`custom.text is empty`:       func(v map[string]any) bool { return v["text"] == nil },
	`custom.text is not empty`:   has("text"),
	`custom.text != zebra`:       func(v map[string]any) bool { return v["text"] != "zebra" },
	`custom.long_text ~ "zebra"`: func(v map[string]any) bool { s, _ := v["long_text"].(string); return strings.Contains(s, "zebra") },
	`custom.number = -3.5`:       func(v map[string]any) bool { return v["number"] == "-3.5" },
	`custom.number > 2.2499`:     func(v map[string]any) bool { f, ok := number(v, "number"); return ok && f > 2.2499 },
	`custom.number between -4 and 0`: func(v map[string]any) bool {
		f, ok := number(v, "number")
		return ok && f >= -4 && f <= 0
	},
	`custom.number is empty`:        func(v map[string]any) bool { return v["number"] == nil },
	`custom.money < 40.5`:           func(v map[string]any) bool { f, ok := number(v, "money"); return ok && f < 40.5 },
	`custom.date during this-month`: func(v map[string]any) bool { s, _ := v["date"].(string); return strings.HasPrefix(s, "2026-11") },
	`custom.date < 2026-01-01`:      func(v map[string]any) bool { s, ok := v["date"].(string); return ok && s < "2026-01-01" },
	`custom.choice in (it, mill)`:   func(v map[string]any) bool { return v["choice"] == "it" || v["choice"] == "mill" },
	`custom.choice not in (it)`:     func(v map[string]any) bool { return v["choice"] != "it" },
	`custom.multi_choice has it`:    func(v map[string]any) bool { s, _ := v["multi_choice"].([]string); return slices.Contains(s, "it") },
	`custom.multi_choice is empty`:  func(v map[string]any) bool { return v["multi_choice"] == nil },
	`custom.yes_no = yes`:           func(v map[string]any) bool { return v["yes_no"] == true },
	`custom.yes_no = no`:            func(v map[string]any) bool { return v["yes_no"] != true },
	`custom.link ~ "example.com/7"`: func(v map[string]any) bool { return v["link"] == "https://example.com/7" },
	`custom.link is empty`:          func(v map[string]any) bool { return v["link"] == nil },
	`custom.multi_choice has (it, mill)`: func(v map[string]any) bool {
		s, _ := v["multi_choice"].([]string)
		return slices.Contains(s, "it") && slices.Contains(s, "mill")
	},
}

// ordered tells whether ids are in the order of a field's values, those
// without one last.
func ordered(kept map[int64]map[string]any, ids []int64, slug string, direction int) bool {
	return slices.IsSortedFunc(ids, func(a, b int64) int {
		x, y := kept[a][slug], kept[b][slug]
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return direction * compare(slug, kept[a], kept[b])
	})
}

func compare(slug string, a, b map[string]any) int {
	switch slug {
	case "number", "money":
		x, _ := number(a, slug)
		y, _ := number(b, slug)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	case "yes_no":
		x, y := a[slug] == true, b[slug] == true
		return map[[2]bool]int{{false, true}: -1, {true, false}: 1}[[2]bool{x, y}]
	case "choice":
		return slices.Index(someOptions, a[slug].(string)) - slices.Index(someOptions, b[slug].(string))
	case "date":
		return strings.Compare(a[slug].(string), b[slug].(string))
	}
	return strings.Compare(fold.Sort(a[slug].(string)), fold.Sort(b[slug].(string)))
}
