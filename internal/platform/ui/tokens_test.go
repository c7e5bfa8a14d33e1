package ui_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every ink keeps the contrast of WCAG AA on every ground it stands on, and
// the borders of controls the 3:1 of parts that must be seen.
func TestTokensKeepContrast(t *testing.T) {
	css, err := os.ReadFile("../../../assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light := tokens(block(t, string(css), ":root {"))
	dark := tokens(block(t, string(css), `[data-theme="dark"] {`))
	automatic := tokens(block(t, string(css), `[data-theme="auto"] {`))
	for name, value := range dark {
		if automatic[name] != value {
			t.Errorf("--%s is %s in the dark theme and %s in the automatic one", name, value, automatic[name])
		}
	}
	pairs := []struct {
		inks, grounds string
		least         float64
	}{
		{"ink ink-2", "paper sheet rail hover press accent-wash good-wash warn-wash bad-wash info-wash", 4.5},
		{"ink-3", "paper sheet", 4.5},
		{"accent accent-2 bad good warn", "paper sheet", 4.5},
		{"accent accent-2", "hover accent-wash", 4.5},
		{"good", "good-wash", 4.5},
		{"warn", "warn-wash", 4.5},
		{"bad", "bad-wash", 4.5},
		{"info", "info-wash", 4.5},
		{"on-accent", "accent", 4.5},
		{"paper", "ink", 4.5},
		{"line-control focus", "paper sheet", 3},
	}
	for theme, values := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs {
			for _, ink := range strings.Fields(p.inks) {
				for _, ground := range strings.Fields(p.grounds) {
					if c := contrast(t, values[ink], values[ground]); c < p.least {
						t.Errorf("%s: --%s on --%s has contrast %.2f, needs %.1f", theme, ink, ground, c, p.least)
					}
				}
			}
		}
	}
}

func block(t *testing.T, css, head string) string {
	t.Helper()
	_, rest, found := strings.Cut(css, head)
	body, _, closed := strings.Cut(rest, "}")
	if !found || !closed {
		t.Fatalf("no block %s", head)
	}
	return body
}

func tokens(body string) map[string]string {
	values := map[string]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(body, -1) {
		values[m[1]] = m[2]
	}
	return values
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 7 {
		t.Fatalf("%q is no colour", hex)
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
