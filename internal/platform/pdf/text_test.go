package pdf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/clock"
)

func loaded(t testing.TB) fonts {
	t.Helper()
	f, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEveryAlphabetHasItsGlyphs(t *testing.T) {
	f := loaded(t)
	alphabets := map[string]string{
		"English":     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		"Bulgarian":   "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯабвгдежзийклмнопрстуфхцчшщъьюяЍѝ",
		"Russian":     "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя",
		"Georgian":    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵ",
		"Mtavruli":    "ᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰ",
		"Polish":      "AĄBCĆDEĘFGHIJKLŁMNŃOÓPRSŚTUWYZŹŻaąbcćdeęfghijklłmnńoóprsśtuwyzźż",
		"neighbours":  "ÄÖÜßäöüàâçéèêëîïôùûœæÆáčďéěíňóřšťúůýžŐőŰűĂăÂâÎîȘșȚțĞğİıŞşÅåØøÑñÕõĀāĒēĢģĪīĶķĻļŅņŪūĖėĮįŲųΑΩαωϊЂђЄєІіЇїЎўҐґӘәҒғҚқҢңӨөҰұҮүҺһЈјЉљЊњЌќЏџ",
		"currencies":  "₾₽€£$zł₴₺₼₸¥¢",
		"punctuation": ".,:;!?…-–—‐‑()[]{}<>«»„“”‚‘’‹›\"'`´/\\|@#№%‰&*+−×÷=≈≠≤≥±^~_§¶†‡•·°©®™¹²³½¼¾¿¡\u00a0\u202f\u2009",
		"marks":       "←→↑↓↗↘✓✔✕✗★☆■□●○◆▲▼▶◀☎✉⚠☐☑",
	}
	for name, signs := range alphabets {
		for _, r := range signs {
			if !f.has(r) {
				t.Errorf("%s: no glyph for %q %U", name, r, r)
			}
		}
	}
}

func TestEverySignOfTheLocalesHasAGlyph(t *testing.T) {
	f := loaded(t)
	found, err := filepath.Glob("../i18n/locales/*/*.toml")
	if err != nil || len(found) == 0 {
		t.Fatalf("no locale files: %v", err)
	}
	for _, path := range found {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(content) {
			if !unicode.IsControl(r) && !f.has(r) {
				t.Errorf("%s: no glyph for %q %U", path, r, r)
			}
		}
	}
}

func TestClean(t *testing.T) {
	f := loaded(t)
	cases := []struct{ name, text, want string }{
		{"plain stays", "Иванов & sons, ₾ 5", "Иванов & sons, ₾ 5"},
		{"control", "a\x00b\x07c\x1b[0m", "abc[0m"},
		{"line ends", "a\r\nb\rc\u2028d", "a\nb\nc\nd"},
		{"tab", "a\tb", "a b"},
		{"direction marks", "a\u202eb\u2066c\u200fd", "abcd"},
		{"joined emoji", "x 👩‍👩‍👧🏽 y", "x □□□ y"},
		{"variation", "✉\ufe0f", "✉"},
		{"foreign letters", "日本 שלום", "□□ □□□□"},
		{"composed", "e\u0301 и\u0306", "é й"},
		{"stress", "за\u0301мок", "за\u0301мок"},
		{"broken", "a\xff\xfeb", "a\ufffdb"},
		{"unknown marks", "a\u1ab0\u20ddb", "ab"},
		{"strange spaces", "a\u3000b", "a b"},
		{"georgian case stays", "თბილისი ᲗᲑᲘᲚᲘᲡᲘ", "თბილისი ᲗᲑᲘᲚᲘᲡᲘ"},
	}
	for _, c := range cases {
		if got := f.clean(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWidthsAreTheWritersWidths(t *testing.T) {
	f := loaded(t)
	d := &Document{Created: moment}
	out := d.open(f)
	for _, kind := range []typeface{bodyType, headingType} {
		out.SetFont(family, kind.style(), kind.size)
		for _, s := range []string{"Larkspur Bakeries", "Щёголев", "შესყიდვები", "Źdźbłowska", "№ 1 024 ₾ → ✓"} {
			ours, theirs := f.width(kind, s), out.GetStringWidth(s)
			if diff := ours - theirs; diff > 0.02 || diff < -0.02 {
				t.Errorf("%q: %.3f mm, the writer says %.3f", s, ours, theirs)
			}
		}
	}
	if _, ok := any(out).(*fpdf.Fpdf); !ok || out.Error() != nil {
		t.Fatal(out.Error())
	}
}

func TestWrap(t *testing.T) {
	f := loaded(t)
	cases := []struct {
		name, text string
		width      float64
		want       []string
	}{
		{"empty", "", 50, []string{""}},
		{"one line", "one line", 50, []string{"one line"}},
		{"spaces fold", "  a   b  ", 50, []string{"a b"}},
		{"line ends stay", "a\n\nb\n", 50, []string{"a", "", "b"}},
		{"at spaces", "delivery before six", 20, []string{"delivery", "before six"}},
		{"after hyphens", "Saint-Petersburg-on-Neva", 25, []string{"Saint-", "Petersburg-on-", "Neva"}},
		{"numbers hold together", "12-34-56 12-34-56", 18, []string{"12-34-56", "12-34-56"}},
		{"held spaces", "10\u00a0000\u00a0₾ 5\u00a0kg", 16, []string{"10\u00a0000\u00a0₾", "5\u00a0kg"}},
	}
	for _, c := range cases {
		got := f.wrap(bodyType, c.text, c.width)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWrapKeepsEveryWordAndTheWidth(t *testing.T) {
	f := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		width := rapid.Float64Range(12, 170).Draw(t, "width")
		var kept strings.Builder
		for _, line := range f.wrap(bodyType, text, width) {
			if f.width(bodyType, line) > width+0.01 {
				t.Fatalf("%q is wider than %.1f", line, width)
			}
			kept.WriteString(line)
		}
		if got, want := squeeze(kept.String()), squeeze(f.clean(text)); got != want {
			t.Fatalf("kept %q of %q", got, want)
		}
	})
}

// squeeze leaves only what is not space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestWrapOfAHugeWordIsQuick(t *testing.T) {
	f := loaded(t)
	started := clock.System.Now()
	lines := f.wrap(bodyType, strings.Repeat("Ж", 1_000_000), 100)
	if took := clock.System.Now().Sub(started); took > 30*time.Second {
		t.Fatalf("took %v", took)
	}
	if len(lines) < 1000 {
		t.Fatalf("%d lines", len(lines))
	}
}

func TestWrapShortShowsTheCut(t *testing.T) {
	f := loaded(t)
	if got := f.wrapShort(bodyType, "two lines of text", 20, 2); strings.Join(got, "|") != "two lines of|text" {
		t.Fatalf("%q", got)
	}
	got := f.wrapShort(bodyType, strings.Repeat("word ", 100_000), 40, 3)
	if len(got) != 3 || !strings.HasSuffix(got[2], "…") || f.width(bodyType, got[2]) > 40 {
		t.Fatalf("%q", got)
	}
	if got := f.wrapShort(bodyType, "a\nb\nc", 40, 2); strings.Join(got, "|") != "a|b c…" {
		t.Fatalf("%q", got)
	}
}

func TestFitShowsTheCut(t *testing.T) {
	f := loaded(t)
	if got := f.fit(bodyType, "short", 50); got != "short" {
		t.Fatalf("%q", got)
	}
	got := f.fit(bodyType, "A very long name, of a very long company", 40)
	if !strings.HasSuffix(got, "…") || f.width(bodyType, got) > 40 || !strings.HasPrefix(got, "A very long") {
		t.Fatalf("%q", got)
	}
}
