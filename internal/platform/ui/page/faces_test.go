package page

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/web/assets"
)

func TestAPageBringsTheLettersItHas(t *testing.T) {
	const latinOnly = "latin-400 latin-500 latin-600"
	cases := map[string]struct{ lang, body, want string }{
		"plain Latin":         {"en", "<h1>Café “Ink” — 3 × 4 €, 5 ₽, 6 ₾</h1>", latinOnly},
		"a Polish name":       {"en", "<td>Łódź</td>", latinOnly + " latin-ext-400 latin-ext-500"},
		"a Cyrillic heading":  {"en", `<h1 class="x">Щърбанов</h1><p>и син</p>`, latinOnly + " cyrillic-400 cyrillic-500 cyrillic-600"},
		"after the heading":   {"en", "<h1>Plain</h1><p>Щърбанов</p>", latinOnly + " cyrillic-400 cyrillic-500"},
		"a value of a field":  {"en", `<input value="ქართული">`, latinOnly + " georgian-400"},
		"a choice":            {"en", "<option>ქართული</option><p>text</p>", latinOnly + " georgian-400"},
		"header is no h1":     {"en", "<header>ქართული</header>", latinOnly + " georgian-400 georgian-500"},
		"a page in Georgian":  {"ka", "", latinOnly + " georgian-400 georgian-500 georgian-600"},
		"a page in Bulgarian": {"bg", "", latinOnly + " cyrillic-400 cyrillic-500 cyrillic-600"},
	}
	for name, c := range cases {
		got := faces(c.lang, []byte(c.body))
		if short := strings.NewReplacer("fonts/firago-", "", ".woff2", "").Replace(strings.Join(got, " ")); short != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
		for _, font := range got {
			if assets.Bytes(font) == nil {
				t.Errorf("%s: there is no %s", name, font)
			}
		}
	}
}

func TestTheLettersOfTheBodyAreInTheHead(t *testing.T) {
	var b strings.Builder
	body := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>ქართული</p>")
		return err
	})
	if err := document(Page{Title: "A"}).Render(templ.WithChildren(t.Context(), body), &b); err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(b.String(), "</head>")
	if !strings.Contains(head, assets.URL("fonts/firago-georgian-400.woff2")) || !strings.Contains(rest, "<p>ქართული</p>") {
		t.Errorf("got %s", b.String())
	}
	broken := templ.ComponentFunc(func(context.Context, io.Writer) error { return io.ErrUnexpectedEOF })
	if err := document(Page{}).Render(templ.WithChildren(t.Context(), broken), io.Discard); err == nil {
		t.Error("a body that cannot be drawn is passed over")
	}
}

func TestLettersAreReadWithoutAHeap(t *testing.T) {
	html := []byte(strings.Repeat("<p>Щърбанов и син</p>", 100))
	if n := testing.AllocsPerRun(10, func() { lettersOf(html) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if l := lettersOf([]byte("\xe1")); slices.Contains(l.any[latinExt:], true) {
		t.Errorf("half a letter: %v", l)
	}
}
