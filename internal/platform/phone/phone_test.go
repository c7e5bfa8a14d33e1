package phone

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ raw, country, e164, display, ext string }{
		// The acceptance table.
		{"+359 88 123 4567", "BG", "+359881234567", "088 123 4567", ""},
		{"0881234567", "BG", "+359881234567", "088 123 4567", ""},
		{"00359881234567", "BG", "+359881234567", "088 123 4567", ""},
		{"00359881234567", "PL", "+359881234567", "+359 88 123 4567", ""},
		{"+995 555 12 34 56", "BG", "+995555123456", "+995 555 12 34 56", ""},
		{"+48 601 234 567", "BG", "+48601234567", "+48 601 234 567", ""},
		{"+7 916 123-45-67", "BG", "+79161234567", "+7 916 123-45-67", ""},
		{"8 (916) 123-45-67", "RU", "+79161234567", "8 (916) 123-45-67", ""},
		// As people write them.
		{"8-(916)-123-45-67", "RU", "+79161234567", "8 (916) 123-45-67", ""},
		{"(916) 123 45 67", "RU", "+79161234567", "8 (916) 123-45-67", ""},
		{"7 916 123 45 67", "RU", "+79161234567", "8 (916) 123-45-67", ""},
		{"359881234567", "BG", "+359881234567", "088 123 4567", ""},
		{"tel. 02 987 65 43", "BG", "+35929876543", "02 987 6543", ""},
		{"Тел.: 02/987-65-43", "bg", "+35929876543", "02 987 6543", ""},
		{"моб. 0888 123 456", "BG", "+359888123456", "088 812 3456", ""},
		{"GSM: 0888.123.456", "BG", "+359888123456", "088 812 3456", ""},
		{"mob 601-234-567", "PL", "+48601234567", "601 234 567", ""},
		{"tel. kom. 601 234 567", "PL", "+48601234567", "601 234 567", ""},
		{"tel:+48601234567", "BG", "+48601234567", "+48 601 234 567", ""},
		{"22 123 45 67 w. 12", "PL", "+48221234567", "22 123 45 67", "12"},
		{"22 123 45 67 wew. 12", "PL", "+48221234567", "22 123 45 67", "12"},
		{"+7 495 123-45-67 доб. 123", "RU", "+74951234567", "8 (495) 123-45-67", "123"},
		{"+7 (495) 123-45-67, доп.123", "RU", "+74951234567", "8 (495) 123-45-67", "123"},
		{"+7 (495) 123-45-67 (вн. 5)", "RU", "+74951234567", "8 (495) 123-45-67", "5"},
		{"020 7946 0958 ext 77", "GB", "+442079460958", "020 7946 0958", "77"},
		{"020 7946 0958x77", "GB", "+442079460958", "020 7946 0958", "77"},
		{"020 7946 0958 #77", "GB", "+442079460958", "020 7946 0958", "77"},
		{"+44 (0)20 7946 0958", "BG", "+442079460958", "+44 20 7946 0958", ""},
		{"მობ: 555 12 34 56", "GE", "+995555123456", "555 12 34 56", ""},
		{"ტელ. 032 2 12 34 56", "GE", "+995322123456", "032 212 34 56", ""},
		{"＋３５９ ８８ １２３ ４５６７", "BG", "+359881234567", "088 123 4567", ""},
		{"+359\u00a088\u2011123\u20134567", "BG", "+359881234567", "088 123 4567", ""},
		{"\u202a+359881234567\u202c", "BG", "+359881234567", "088 123 4567", ""},
	} {
		got, err := Parse(c.raw, c.country)
		if want := (Number{c.e164, c.display, c.ext}); err != nil || got != want {
			t.Errorf("%q in %s: %+v, %v; want %+v", c.raw, c.country, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, raw := range []string{
		"", "+", "00", "tel.", "abc", "12", "088", "+359", "+359 88 123 456", "+359 88 123 4567 8", "0000000000",
		"+999 123 456 789", "0881234567 или 0881234568", "0881234567, 0881234568", "name@example.com", "++359881234567",
		"+3598812+34567", strings.Repeat("1", 101), "ext. 12", "\xff\xfe",
	} {
		if got, err := Parse(raw, "BG"); !errors.Is(err, ErrNotANumber) {
			t.Errorf("%q: %+v, %v", raw, got, err)
		}
	}
	if got, err := Parse("0881234567", ""); err == nil {
		t.Errorf("a national number of no country: %+v", got)
	}
}

func TestFormat(t *testing.T) {
	for e164, want := range map[string]string{
		"+359881234567": "+359 88 123 4567",
		"+995555123456": "+995 555 12 34 56",
		"+48601234567":  "+48 601 234 567",
		"+79161234567":  "+7 916 123-45-67",
		"":              "",
		"nonsense":      "nonsense",
		"+":             "+",
	} {
		if got := Format(e164); got != want {
			t.Errorf("%q: %q, want %q", e164, got, want)
		}
	}
	if got := FormatIn("+359881234567", "bg"); got != "088 123 4567" {
		t.Errorf("at home: %q", got)
	}
	if got := FormatIn("x", "bg"); got != "x" {
		t.Errorf("not a number: %q", got)
	}
}

func TestCountryAndExample(t *testing.T) {
	for _, country := range []string{"BG", "GE", "PL", "RU", "GB"} {
		example := Example(country)
		n, err := Parse(example, "US")
		if err != nil || Country(n.E164) != country {
			t.Errorf("%s: example %q is %+v, %v", country, example, n, err)
		}
	}
	if Example("XX") != "" || Country("x") != "" {
		t.Error("an unknown country has no numbers")
	}
}

// TestRemembered reads more numbers than are remembered, and all of them again:
// what is remembered is what is read.
func TestRemembered(t *testing.T) {
	for i := range young + 300 { // two answers each: the first are forgotten
		raw := fmt.Sprintf("0888 %06d ext. %d", i, i%7+1)
		n, err := Parse(raw, "BG")
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		if i%50 != 0 {
			continue
		}
		for range 2 {
			again, err := Parse(raw, "BG")
			if fresh, wrong := parse(raw, "BG"); err != nil || wrong != nil || n != fresh || again != fresh {
				t.Fatalf("%q: %+v, %+v, %v; read anew %+v, %v", raw, n, again, err, fresh, wrong)
			}
			if again, err := Parse(n.E164, "BG"); err != nil || again != (Number{E164: n.E164, Display: n.Display}) {
				t.Fatalf("%q: %+v, %v", n.E164, again, err)
			}
		}
	}
	if len(parsed.new) > young+1 || len(parsed.old) > young+1 {
		t.Fatalf("%d and %d are remembered", len(parsed.new), len(parsed.old))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"+359 88 123 4567", "tel. 8 (916) 123-45-67 доб. 1", "+44 (0)20 7946 0958x77", "w. 5", "т.м."} {
		f.Add(s, "BG")
		f.Add(s, "RU")
	}
	f.Fuzz(func(t *testing.T, raw, country string) {
		n, err := Parse(raw, country)
		if err != nil {
			return
		}
		again, err := Parse(n.E164, "")
		if err != nil || again.E164 != n.E164 {
			t.Errorf("%q in %q: %q read back as %q, %v", raw, country, n.E164, again.E164, err)
		}
	})
}
