package matching

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/fold"
)

// TestResemblanceAsPublished compares with values of the papers (Winkler 1990,
// table of the Census Bureau's string comparator).
func TestResemblanceAsPublished(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"martha", "marhta", 0.961},
		{"dwayne", "duane", 0.840},
		{"dixon", "dicksonx", 0.813},
		{"jones", "johnson", 0.832},
		{"abc", "xyz", 0},
		{"", "abc", 0},
		{"a", "a", 1},
	} {
		if got := resemblance(c.a, c.b); math.Abs(got-c.want) > 0.001 {
			t.Errorf("%s %s: %.4f, want %.3f", c.a, c.b, got, c.want)
		}
	}
}

func TestSlipsAreAsFoldCountsThem(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,9}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, limit := word.Draw(t, "a"), word.Draw(t, "b"), rapid.IntRange(0, 9).Draw(t, "limit")
		if got, want := slips(a, b, limit), fold.Distance(a, b, limit); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}

func TestTheQuickBoundHolds(t *testing.T) {
	word := rapid.StringMatching(`[abcdef]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if exact, most := resemblance(a, b), mostResemblance(a, b, commonLetters(a, b)); exact > most+1e-9 {
			t.Fatalf("%v is more than %v", exact, most)
		}
		if long := max(len(a), len(b)); slips(a, b, 2) <= 2 && long-commonLetters(a, b) > 2 {
			t.Fatal("two slips, but more letters differ")
		}
	})
}
