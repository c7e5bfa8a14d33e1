package fold

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestSortOrder(t *testing.T) {
	want := []string{
		"", "12 Столов", "2 Гроба", "abel", "Ąbel Z", "Abela", "Łódź", "Lodz B", "Zorro", "Żuk",
		"Абрамов", "Ёлкин", "Елкина", "Ивайлов", "Йовчев", "Яна",
		"ანა", "გიორგი", "ნინო", "ჰამლეტ",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortStableFunc(got, func(a, b string) int {
		switch x, y := Sort(a), Sort(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	if !slices.Equal(got, want) {
		t.Errorf("order:\n%q, want\n%q", got, want)
	}
}

func TestSortIgnores(t *testing.T) {
	for _, c := range [][2]string{
		{"Łódź", "lodz"},
		{"ЁЛКИН", "елкин"},
		{"O'Brien", "obrien"},
		{"Anna-Maria", "anna maria"},
		{"  «Ромашка», ЗАО ", "ромашка зао"},
		{"Straße", "strasse"},
		{"Ა", "ა"},
		{"e\u0301", "E"},
	} {
		if Sort(c[0]) != Sort(c[1]) {
			t.Errorf("%q is %q, %q is %q", c[0], Sort(c[0]), c[1], Sort(c[1]))
		}
	}
	if Sort("Иванов") == Sort("Ivanov") {
		t.Error("scripts must stay apart when sorting")
	}
}

func TestDigits(t *testing.T) {
	for s, want := range map[string]string{
		"":                   "",
		"K-000123":           "000123",
		"+359 (88) 123-4567": "359881234567",
		"٠١٢٣٤٥٦٧٨٩":         "0123456789",
		"²½":                 "",
	} {
		if got := Digits(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func FuzzSort(f *testing.F) {
	f.Add("Łódź, «Ёлкин» ნინო 12")
	f.Fuzz(func(t *testing.T, s string) {
		key := Sort(s)
		if !utf8.ValidString(key) || Sort(key) != key {
			t.Errorf("%q: %q, then %q", s, key, Sort(key))
		}
	})
}
