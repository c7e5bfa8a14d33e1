package fields

import (
	"encoding/json"
	"reflect"
	"testing"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
)

func industry() Question {
	return Question{
		Slug: "industry", Words: Words{Label: "Industry"}, Type: Choice,
		Options: []Option{
			{Slug: "bakery", Words: Words{Label: "Bakery", Labels: map[i18n.Lang]string{i18n.Bulgarian: "Хлебарница"}}},
			{Slug: "it", Words: Words{Label: "IT, software"}},
			{Slug: "a_plus", Words: Words{Label: "A+"}},
			{Slug: "a_minus", Words: Words{Label: "A-"}},
			{Slug: "mill", Words: Words{Label: "Mill"}, Archived: true},
		},
	}
}

func question(t Type) Question {
	q := Question{Slug: "q", Words: Words{Label: "Q"}, Type: t}
	switch t {
	case Money:
		q.Currency = "EUR"
	case Choice, Multi:
		q.Options = industry().Options
	}
	return q
}

func TestReadValue(t *testing.T) {
	long := make([]byte, MaxText+1)
	for i := range long {
		long[i] = 'a'
	}
	tests := []struct {
		typ  Type
		in   any
		want any    // in the shape of the API
		bad  string // text id
	}{
		{Text, "  a \x00 b\n", "a b", ""},
		{Text, "   ", nil, ""},
		{Text, nil, nil, ""},
		{Text, 5.0, nil, "fields.error.not-text"},
		{Text, string(long), nil, "errors.field-too-long"},
		{LongText, "a\r\nb\n", "a\nb", ""},
		{Number, "12.50", "12.5", ""},
		{Number, -0.25, "-0.25", ""},
		{Number, 7.0, "7", ""},
		{Number, json.Number("0.0001"), "0.0001", ""},
		{Number, "-0", "0", ""},
		{Number, "0.00001", nil, "fields.error.too-precise"},
		{Number, "99999999999999.9999", "99999999999999.9999", ""},
		{Number, "100000000000000", nil, "errors.field-too-large"},
		{Number, "1e3", nil, "errors.field-not-a-number"},
		{Number, "1.", nil, "errors.field-not-a-number"},
		{Number, "--1", nil, "errors.field-not-a-number"},
		{Number, true, nil, "errors.field-not-a-number"},
		{Money, map[string]any{"amount": "12.5", "currency": "EUR"}, Amount{"12.50", "EUR"}, ""},
		{Money, Amount{"1.500", "eur"}, Amount{"1.50", "EUR"}, ""},
		{Money, "-3", Amount{"-3.00", "EUR"}, ""},
		{Money, "1.234", nil, "errors.field-not-an-amount"},
		{Money, Amount{"1", "GEL"}, nil, "fields.error.other-currency"},
		{Money, map[string]any{"currency": "EUR"}, nil, "errors.field-not-an-amount"},
		{Date, "2026-02-28", "2026-02-28", ""},
		{Date, "2026-02-30", nil, "errors.field-not-a-date"},
		{Choice, "bakery", "bakery", ""},
		{Choice, "Bakery", nil, "fields.error.no-such-option"},
		{Choice, "mill", nil, "fields.error.no-such-option"},
		{Multi, []any{"it", "bakery", "it"}, []string{"bakery", "it"}, ""},
		{Multi, []string{}, nil, ""},
		{Multi, []any{1}, nil, "fields.error.not-text"},
		{YesNo, true, true, ""},
		{YesNo, false, false, ""},
		{YesNo, "maybe", nil, "fields.error.not-yes-no"},
		{Link, "example.com/a", "https://example.com/a", ""},
		{Link, "javascript:alert(1)", nil, "errors.field-not-a-link"},
		{Link, "ftp://example.com", nil, "errors.field-not-a-link"},
	}
	for _, tt := range tests {
		q := question(tt.typ)
		cells, bad := q.read(tt.in, nil)
		if tt.bad != "" {
			if bad == nil || bad.id != tt.bad {
				t.Errorf("%s %v: %v, want %s", tt.typ, tt.in, bad, tt.bad)
			}
			continue
		}
		if got := q.value(cells); bad != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s %v: %#v, %v; want %#v", tt.typ, tt.in, got, bad, tt.want)
		}
	}
}

func TestArchivedOptionsMayStayButNotCome(t *testing.T) {
	q := industry()
	if _, bad := q.read("mill", []cell{{text: "mill"}}); bad != nil {
		t.Errorf("an archived option the record has is refused: %v", bad)
	}
	if _, bad := q.read("mill", []cell{{text: "it"}}); bad == nil {
		t.Error("an archived option is taken on")
	}
}

func TestParseText(t *testing.T) {
	tests := []struct {
		typ  Type
		text string
		w    Writing
		want any
		bad  string
	}{
		{Number, "1 234,5", Writing{}, "1234.5", ""},
		{Number, "1.234", Writing{Decimal: tabular.MarkPoint}, "1.234", ""},
		{Number, "1.234", Writing{Decimal: tabular.MarkComma}, "1234", ""},
		{Number, "many", Writing{}, nil, "errors.field-not-a-number"},
		{Money, "€ 1,234.50", Writing{}, Amount{"1234.50", "EUR"}, ""},
		{Money, "12,5 EUR", Writing{}, Amount{"12.50", "EUR"}, ""},
		{Money, "$5", Writing{}, nil, "fields.error.other-currency"},
		{Money, "5 GEL", Writing{}, nil, "fields.error.other-currency"},
		{Date, "31.12.2026", Writing{}, "2026-12-31", ""},
		{Date, "03/04/2026", Writing{Dates: tabular.MDY}, "2026-03-04", ""},
		{Date, "soon", Writing{}, nil, "errors.field-not-a-date"},
		{YesNo, "да", Writing{}, true, ""},
		{YesNo, "no", Writing{}, false, ""},
		{Choice, "BAKERY", Writing{}, "bakery", ""},
		{Choice, "хлебарница", Writing{}, "bakery", ""},
		{Choice, "Khlebarnitsa", Writing{}, "bakery", ""},
		{Choice, "a-", Writing{}, "a_minus", ""},
		{Choice, "a", Writing{}, nil, "fields.error.no-such-option"},
		{Choice, "Mill", Writing{}, nil, "fields.error.no-such-option"},
		{Multi, "IT, software", Writing{}, []string{"it"}, ""},
		{Multi, "IT, software; Bakery", Writing{}, []string{"bakery", "it"}, ""},
		{Multi, "Bakery, A+", Writing{}, []string{"bakery", "a_plus"}, ""},
		{Text, " ", Writing{}, nil, ""},
		{Link, "www.example.com", Writing{}, "https://www.example.com", ""},
	}
	for _, tt := range tests {
		got, err := ParseText(question(tt.typ), tt.text, tt.w)
		if tt.bad != "" {
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != "custom.q" || f[0].Text.ID != tt.bad {
				t.Errorf("%s %q: %v, %v; want %s", tt.typ, tt.text, got, err, tt.bad)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s %q: %#v, %v; want %#v", tt.typ, tt.text, got, err, tt.want)
		}
	}
}

func TestDisplay(t *testing.T) {
	bg := i18n.With(t.Context(), i18n.Locale{Lang: i18n.Bulgarian})
	tests := []struct {
		typ  Type
		v    any
		want string
	}{
		{Text, "a", "a"},
		{Number, "12345.5", "12\u00a0345,5"},
		{Money, Amount{"12.50", "EUR"}, "12,50\u00a0€"},
		{Money, map[string]any{"amount": "12.50", "currency": "EUR"}, "12,50\u00a0€"},
		{Date, "2026-11-22", i18n.Date(bg, clock.Day(20261122))},
		{Choice, "bakery", "Хлебарница"},
		{Choice, "mill", "Mill"},
		{Multi, []string{"bakery", "it"}, "Хлебарница, IT, software"},
		{YesNo, true, "Да"},
		{YesNo, nil, ""},
	}
	for _, tt := range tests {
		if got := Display(bg, question(tt.typ), tt.v); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.typ, tt.v, got, tt.want)
		}
	}
}

func TestSlugs(t *testing.T) {
	tests := []struct {
		label string
		taken []string
		want  string
	}{
		{"Annual turnover", nil, "annual_turnover"},
		{"Оборот", nil, "oborot"},
		{"2nd phone", nil, "f_2nd_phone"},
		{"!!!", nil, "f_"},
		{"Industry", []string{"industry", "industry_2"}, "industry_3"},
	}
	for _, tt := range tests {
		got := slugOf(tt.label, tt.taken)
		if tt.want == "f_" {
			tt.want = got // any will do
		}
		if got != tt.want || !validSlug(got) {
			t.Errorf("%q: %q, want %q", tt.label, got, tt.want)
		}
	}
}

func FuzzParseText(f *testing.F) {
	for _, s := range []string{"1,234.5", "€5", "31.12.2026", "a;b", "yes", "bakery", "example.com", "−5", "(3)", "1e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, typ := range Types {
			q := question(typ)
			v, err := ParseText(q, s, Writing{})
			if err != nil || v == nil {
				continue
			}
			// What is understood can be written and reads back the same.
			cells, bad := q.read(v, nil)
			if bad != nil || !reflect.DeepEqual(q.value(cells), v) {
				t.Errorf("%s %q: %#v does not read back: %v", typ, s, v, bad)
			}
		}
	})
}
