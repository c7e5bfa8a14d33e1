package lexicon_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/customers/lexicon"
	"kartoteka.dev/internal/platform/fold"
)

func of(words ...string) *lexicon.Lexicon {
	l := &lexicon.Lexicon{}
	l.Add(words...)
	return l
}

func TestNear(t *testing.T) {
	l := of("ivanov", "ivanova", "petrov", "sherbakov", "kovalska", "anna", "ana", "alexander", "konstantinov", "12345678", "maria", "maria")
	for _, c := range []struct {
		word string
		want string
	}{
		{"ivanof", "ivanov ivanova"},
		{"vianov", "ivanov ivanova"},
		{"ivnov", "ivanov"},
		{"ivanovv", "ivanov ivanova"},
		{"sherbakof", "sherbakov"},
		{"scherbakof", "sherbakov"},
		{"konstnatinof", "konstantinov"},
		{"konstnt", "konstantinov"}, // the beginning of it
		{"anna", "ana"},
		{"ana", ""}, // too short for a slip
		{"mraia", "maria"},
		{"maria", ""},
		{"12345679", ""}, // another number is another thing
		{"petrovich", ""},
		{"zzzzzz", ""},
		{"", ""},
		{strings.Repeat("a", 41), ""},
	} {
		if got := strings.Join(l.Near(c.word, 2), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.word, got, c.want)
		}
	}
}

func TestContaining(t *testing.T) {
	l := of("javahishvili", "shvilidze", "vil", "vilnus", "shvilidze", "ab", "kvili")
	for part, want := range map[string]string{
		"vil":   "kvili shvilidze javahishvili",
		"hvili": "shvilidze javahishvili",
		"vi":    "",
		"zzz":   "",
		"lus":   "",
	} {
		if got := strings.Join(l.Containing(part, 5), " "); got != want {
			t.Errorf("%q: %q, want %q", part, got, want)
		}
	}
	if got := l.Containing("vil", 1); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

// TestNearFindsWhatComparingAllFinds holds the short ways of Near against a
// comparison with every word.
func TestNearFindsWhatComparingAllFinds(t *testing.T) {
	word := rapid.StringMatching(`[abc]{3,10}`)
	rapid.Check(t, func(t *rapid.T) {
		words, q := rapid.SliceOfN(word, 0, 30).Draw(t, "words"), word.Draw(t, "q")
		got := of(words...).Near(q, 100)
		for _, w := range words {
			d := fold.Distance(q, w, 3)
			if want := d > 0 && d <= lexicon.Slips(len(q)); want && !slices.Contains(got, w) {
				t.Fatalf("%q is %d from %q, but not among %q", w, d, q, got)
			}
		}
		for _, w := range got {
			least := 99
			for n := range len(w) + 1 {
				least = min(least, fold.Distance(q, w[:n], 99))
			}
			if !slices.Contains(words, w) || w == q || fold.Distance(q, w, 9) > lexicon.Slips(len(q)) && (least > 1 || len(q) < 6) {
				t.Fatalf("%q for %q among %q", w, q, words)
			}
		}
	})
}

func TestPieces(t *testing.T) {
	for _, c := range []struct{ text, q, want string }{
		{"Иван Иванов", "ivan", "[Иван] [Иванов]"},
		{"Ivan Ivanov", "iva", "[Iva]n [Iva]nov"},
		{"Нино Маисурадзе", "nino", "[Нино] Маисурадзе"},
		{"ნინო", "nino", "[ნინო]"},
		{"Ivanov", "ivanof", "[Ivanov]"},
		{"Panbalkan Foods", "balkan", "Pan[balkan] Foods"},
		{"Wojciech Nowak", "Войцех", "[Wojciech] Nowak"},
		{"+359881234567", "088 123", "+359[88123]4567"},
		{"phone 088 123 4567", "+359 88 123", "phone 0[88 123] 4567"},
		{"phone 088 123 4567", "4567", "phone 088 123 [4567]"},
		{"office@acme.example", "office@ac", "[office@ac]me.example"},
		{"K-000123 · 088", "123", "K-000[123] · 088"},
		{"<b>Иван</b>", "b", "<[b]>Иван</[b]>"},
		{"", "a", ""},
		{"Acorn", "", "Acorn"},
		{"İstanbul", "ist", "[İstanbul]"},
	} {
		var b strings.Builder
		for _, p := range lexicon.Pieces(c.text, c.q) {
			if p.Match {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("%q in %q: %q, want %q", c.q, c.text, b.String(), c.want)
		}
	}
}

func FuzzPieces(f *testing.F) {
	f.Add("Иван Iv @ K-12 +359 88", "ივა 88 a@b")
	f.Add("\xff\xfeİ", "i\xff")
	f.Fuzz(func(t *testing.T, text, q string) {
		var whole strings.Builder
		for _, p := range lexicon.Pieces(text, q) {
			whole.WriteString(p.Text)
		}
		if whole.String() != text {
			t.Errorf("%q became %q", text, whole.String())
		}
	})
}

// large is a lexicon of as many words as a million customers may have.
func large(b *testing.B) *lexicon.Lexicon {
	b.Helper()
	l, r := &lexicon.Lexicon{}, rand.New(rand.NewPCG(1, 2)) //nolint:gosec // invented words
	for range 300_000 {
		w := make([]byte, 4+r.IntN(9))
		for i := range w {
			w[i] = "aeiounrtvksmlbdpgz"[r.IntN(18)]
		}
		l.Add(string(w))
	}
	return l
}

func BenchmarkNear(b *testing.B) {
	l := large(b)
	for _, q := range []string{"ivan", "ivanov", "konstantinov"} {
		b.Run(fmt.Sprint(len(q), " letters"), func(b *testing.B) {
			for b.Loop() {
				l.Near(q, 12)
			}
		})
	}
}

func BenchmarkContaining(b *testing.B) {
	l := large(b)
	for b.Loop() {
		l.Containing("anov", 12)
	}
}
