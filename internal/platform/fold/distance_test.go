package fold

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 2, 0},
		{"ivanov", "ivanov", 0, 0},
		{"ivanov", "ivanof", 2, 1},
		{"ivanov", "ivnov", 2, 1},
		{"ivanov", "ivvanov", 2, 1},
		{"ivanov", "vianov", 2, 1},
		{"ivanov", "viano", 2, 2},
		{"ivanov", "petrov", 2, 3},
		{"ivanov", "petrov", 9, 4},
		{"", "abc", 2, 3},
		{"abc", "", 5, 3},
	} {
		if got := Distance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("%q %q up to %d: %d, want %d", c.a, c.b, c.limit, got, c.want)
		}
	}
}

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b    string
		similar bool
	}{
		{"nino", "nino", true},
		{"nino", "nono", false}, // too short for a mistake
		{"marta", "marfa", true},
		{"marta", "marfi", false},
		{"shcherbakov", "sherbakof", false},
		{"sherbakov", "scherbakof", true},
		{"ivanov", "ivanova", true},
		{"ivanov", "stoyanov", false},
	} {
		got := Similarity(c.a, c.b)
		if (got > 0) != c.similar || got < 0 || got > 1 {
			t.Errorf("%q %q: %v", c.a, c.b, got)
		}
	}
	if near, far := Similarity("stoianov", "stoiamov"), Similarity("stoianov", "stoianov"); near >= far {
		t.Errorf("a mistake must rank below none: %v, %v", near, far)
	}
}

func TestDistanceIsSymmetricAndBounded(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, limit := word.Draw(t, "a"), word.Draw(t, "b"), rapid.IntRange(0, 9).Draw(t, "limit")
		full, bounded := Distance(a, b, 99), Distance(b, a, limit)
		if bounded != min(full, limit+1) || (full == 0) != (a == b) {
			t.Fatalf("%d in full, %d up to %d", full, bounded, limit)
		}
	})
}
