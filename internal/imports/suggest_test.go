package imports_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
)

func contains(mark string) func(string) bool {
	return func(s string) bool { return strings.Contains(s, mark) }
}

var fields = []imports.Field{
	{Name: "name", Label: "Name", Synonyms: []string{"company", "фирма"}},
	{Name: "email", Label: "E-mail", Many: true, Synonyms: []string{"email", "имейл"}, Reads: contains("@")},
	{Name: "country", Label: "Country", Synonyms: []string{"държава"}, Reads: contains("land")},
	{Name: "day", Label: "Birthday", ByName: true, Reads: contains("-")},
}

func TestSuggest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header string
		rows   []string
		want   string
	}{
		{"names", "Country,Company,E-Mail Address", []string{"Poland,Lamp,a@b"}, "country,name,email"},
		{"another language", "Фирма,Имейл,Държава", []string{"Lamp,a@b,Poland"}, "name,email,country"},
		{"a typing mistake", "Compny,Cuontry", []string{"Lamp,Poland"}, "name,country"},
		{"values alone", "x,y,z", []string{"Lamp,a@b,Poland"}, ",email,country"},
		{"a date is no birthday", "x,since", []string{"Lamp,2026-01-02"}, ","},
		{"values that contradict", "country,email", []string{"12,Lamp"}, ","},
		{"one column to a field", "company,company name", []string{"a,b"}, "name,"},
		{"several columns to a field", "email,email 2", []string{"a@b,c@d"}, "email,email"},
		{"no header", ",", []string{"a@b,12"}, "email,"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var rows [][]string
			for _, r := range tt.rows {
				rows = append(rows, strings.Split(r, ","))
			}
			var got []string
			for _, c := range imports.Suggest(fields, strings.Split(tt.header, ","), rows) {
				got = append(got, c.Field)
			}
			if strings.Join(got, ",") != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

func TestOfferedFields(t *testing.T) {
	rows := [][]string{{"12", "3.4.2026", "yes", "https://a.example", "Lamp", "03/04/2026"}, {"1,5", "4.4.2026", "no", "https://b.example", "Desk", "05/06/2026"}}
	columns := imports.Suggest(nil, []string{"n", "d", "b", "l", "t", ""}, rows)
	want := []imports.FieldType{imports.TypeNumber, imports.TypeDate, imports.TypeYesNo, imports.TypeLink, imports.TypeText, imports.TypeDate}
	for i, c := range columns {
		if c.Offer.Type != want[i] {
			t.Errorf("column %d is offered as %s, want %s", i, c.Offer.Type, want[i])
		}
	}
	if columns[1].AsksOrder() || !columns[5].AsksOrder() || columns[5].Offer.Label != "F" {
		t.Errorf("%+v", columns[5])
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("Company,E-mail", "Lamp,a@b\n,,\n1,2,3")
	f.Add("", "\x00,\xff")
	f.Add("фирма,ДЪРЖАВА,,", "Лампа,Poland")
	f.Fuzz(func(t *testing.T, header, body string) {
		var rows [][]string
		for line := range strings.Lines(body) {
			rows = append(rows, strings.Split(line, ","))
		}
		names := strings.Split(header, ",")
		columns := imports.Suggest(fields, names, rows)
		if len(columns) < len(names) {
			t.Fatalf("%d columns for %d names", len(columns), len(names))
		}
		taken := map[string]bool{}
		for i, c := range columns {
			if c.Index != i || c.Offer == nil || c.Offer.Label == "" && strings.TrimSpace(strings.ReplaceAll(c.Header, "_", "")) != "" {
				t.Fatalf("%+v", c)
			}
			if c.Field != "" && c.Field != "email" && taken[c.Field] {
				t.Fatalf("%s twice", c.Field)
			}
			taken[c.Field] = true
		}
	})
}

func TestDraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil)
		i := w.upload("nom,grandeur\nLamp,1\n", imports.NewImport{Mapping: map[string]string{"nom": "name", "grandeur": "new:text"}})
		if i.Plan.Columns[0].Field != "name" || i.Plan.Columns[1].New == nil {
			t.Fatalf("%+v", i.Plan.Columns)
		}
		bad := func(c imports.Column, field string) {
			t.Helper()
			_, err := w.ChangeDraft(w.ctx, i.ID, imports.DraftChange{Columns: []imports.Column{c}})
			if all := errs.FieldsOf(err); len(all) != 1 || all[0].Name != field {
				t.Errorf("%+v: %v", c, err)
			}
		}
		bad(imports.Column{Index: 1, Field: "name"}, "mapping")
		bad(imports.Column{Index: 1, Field: "colour"}, "mapping")
		bad(imports.Column{Index: 1, New: &imports.NewField{Label: "x", Type: "number"}}, "mapping")
		bad(imports.Column{Index: 9, Field: "name"}, "mapping")
		if _, err := w.ChangeDraft(w.ctx, i.ID, imports.DraftChange{Columns: []imports.Column{{Index: 0}, {Index: 1, Field: "size"}}}); err != nil {
			t.Fatal(err)
		}
		if l, err := w.FindLayout(w.ctx, i.ID); err != nil || len(l.Sample) != 1 || !l.HasHeader || l.Delimiter != ',' {
			t.Errorf("%v, %+v", err, l)
		}
		if err := w.RemoveDraft(w.ctx, i.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Find(w.ctx, i.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("still there: %v", err)
		}
		used, err := w.Uses(w.ctx, []string{i.FileHash})
		if err != nil || used[i.FileHash] {
			t.Errorf("%v, %v", used, err)
		}
		if _, err := w.run("size\n5\n", imports.FileRun{}); len(errs.FieldsOf(err)) != 1 || errs.FieldsOf(err)[0].Name != "name" {
			t.Errorf("without a name: %v", err)
		}
		if _, err := w.run("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", imports.FileRun{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a picture: %v", err)
		}
	})
}

// TestMappingIsRemembered maps a file of a source by hand, and the next one
// comes mapped the same way.
func TestMappingIsRemembered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil)
		f := imports.FileRun{NewImport: imports.NewImport{Mapping: map[string]string{"nom": "name", "size": ""}}}
		if _, err := w.run("nom,size\nLamp,1\n", f); err != nil {
			t.Fatal(err)
		}
		next := w.upload("NOM,size\nDesk,2\n", imports.NewImport{})
		if next.Plan.Columns[0].Field != "" { // headers are told apart exactly
			t.Errorf("%+v", next.Plan.Columns)
		}
		next = w.upload("nom,size\nDesk,2\n", imports.NewImport{})
		if next.Plan.Columns[0].Field != "name" || next.Plan.Columns[1].Field != "" {
			t.Errorf("%+v", next.Plan.Columns)
		}
	})
}

func TestProblemsAreKept(t *testing.T) {
	all := []imports.Problem{{Column: 2, Field: "f", Value: "v", Note: true, Text: errs.Text{ID: "a.b", Args: []any{"Count", int64(3), "Name", "x", "Part", "1.5"}}}}
	back, err := imports.ReadProblems(imports.WriteProblems(all))
	if err != nil || !reflect.DeepEqual(all, back) {
		t.Errorf("%v, %+v", err, back)
	}
	if _, err := imports.ReadProblems("{"); err == nil || errors.Is(err, errCrash) {
		t.Error("nonsense was read")
	}
}

func TestPace(t *testing.T) {
	for _, tt := range []struct {
		size int
		took time.Duration
		want int
	}{
		{200, 0, 400},
		{200, 30 * time.Millisecond, 200},
		{200, 10 * time.Millisecond, 400},
		{200, time.Millisecond, 400},
		{200, 40 * time.Millisecond, 150},
		{200, time.Second, 25},
		{1800, time.Millisecond, 2000},
	} {
		if got := imports.NextSize(tt.size, tt.took); got != tt.want {
			t.Errorf("after %d rows in %s: %d, want %d", tt.size, tt.took, got, tt.want)
		}
	}
}

// TestOrderOfDates asks only where neither the values nor the person nor the
// last file of the source tell.
func TestOrderOfDates(t *testing.T) {
	far := "name,day\n" + strings.Repeat("a,03/04/2025\n", 5000)
	for name, tt := range map[string]struct {
		text  string
		dates map[string]tabular.DateOrder
		order tabular.DateOrder
		asks  bool
	}{
		"nothing tells":           {"name,day\na,03/04/2025\nb,5/6/2025\n", nil, tabular.Ambiguous, true},
		"a value tells day":       {"name,day\na,03/04/2025\nb,31/12/2025\n", nil, tabular.DMY, false},
		"a value tells month":     {"name,day\na,03/04/2025\nb,12/31/2025\n", nil, tabular.MDY, false},
		"a value far down":        {far + "b,12/31/2025\n", nil, tabular.MDY, false},
		"values contradict":       {far + "b,12/31/2025\nc,31/12/2025\n", nil, tabular.Ambiguous, true},
		"the person, all columns": {"name,day\na,03/04/2025\n", map[string]tabular.DateOrder{"": tabular.MDY}, tabular.MDY, false},
		"the person, by name":     {"name,day\na,03/04/2025\n", map[string]tabular.DateOrder{"day": tabular.MDY}, tabular.MDY, false},
		"the person, by letter":   {"name,day\na,31/12/2025\n", map[string]tabular.DateOrder{"B": tabular.MDY}, tabular.MDY, false},
		"ISO":                     {"name,day\na,2025-04-03\n", nil, tabular.YMD, false},
		"dots":                    {"name,day\na,3.4.2025\n", nil, tabular.DMY, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t), nil)
			i := w.upload(tt.text, imports.NewImport{Dates: tt.dates})
			if c := i.Plan.Columns[1]; c.Order != tt.order || c.AsksOrder() != tt.asks {
				t.Errorf("%+v", c)
			}
		})
	}
	w := newWorld(t, dbtest.SQLite(t), nil)
	n := imports.NewImport{Kind: "things", FileName: "f.csv", Content: strings.NewReader("name\na\n"), Dates: map[string]tabular.DateOrder{"x": tabular.DMY}}
	if _, err := w.Upload(w.ctx, n); len(errs.FieldsOf(err)) != 1 || errs.FieldsOf(err)[0].Name != "dates" {
		t.Errorf("a column that is not there: %v", err)
	}
}

// TestOrderIsAssumedAndRemembered runs a file nobody is asked about: day first,
// and it says so. An answer is remembered for the next file of the source.
func TestOrderIsAssumedAndRemembered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil)
		text := "name,since\nLamp,03/04/2025\n"
		n := imports.NewImport{Mapping: map[string]string{"name": "name", "since": "since"}}
		i, err := w.run(text, imports.FileRun{NewImport: n})
		if err != nil {
			t.Fatal(err)
		}
		if c := i.Plan.Columns[1]; c.Order != tabular.DMY || strings.Join(i.Plan.Assumed(), " ") != "since" {
			t.Errorf("%+v", c)
		}
		if c := w.upload(text, imports.NewImport{}).Plan.Columns[1]; !c.AsksOrder() {
			t.Errorf("what was assumed is remembered: %+v", c)
		}
		n.Dates = map[string]tabular.DateOrder{"since": tabular.MDY}
		if i, err = w.run("name,since\nDesk,03/04/2025\n", imports.FileRun{NewImport: n}); err != nil || i.Plan.Assumed() != nil {
			t.Fatalf("%v %+v", err, i.Plan)
		}
		if c := w.upload(text, imports.NewImport{}).Plan.Columns[1]; c.Order != tabular.MDY || c.AsksOrder() {
			t.Errorf("what was answered is forgotten: %+v", c)
		}
		if c := w.upload("name,since\nLamp,31/12/2025\n", imports.NewImport{}).Plan.Columns[1]; c.Order != tabular.DMY {
			t.Errorf("what values say counts for less than memory: %+v", c)
		}
	})
}
