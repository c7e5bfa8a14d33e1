package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	pixel "image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/files"
)

// everywhere is a document with the text in every place a text can have.
func everywhere(text string) *Document {
	d := &Document{Lang: "en", Title: text, Company: text, Note: text, Created: moment}
	d.Add(
		Title{Kind: text, Text: text, Under: text, Tab: text, Badges: []Badge{{text, Good}, {text, Bad}}},
		Heading{Text: text}, Heading{Text: text, Minor: true},
		Paragraph{Text: text}, Paragraph{Text: text, Soft: true},
		KeyValue{{Key: text, Value: text}, {Key: text, Value: text}, {Key: text, Value: text, Wide: true}, {Key: "k", Value: text}},
		Table{Columns: []Column{{Title: text}, {Title: text, Right: true}, {Title: "n", Width: 20}}, Rows: [][]string{{text, text, text, text}, {text}, {}}, Total: true},
		Table{Columns: []Column{{Title: text}}, Empty: text},
		Badges{{text, Plain}},
		TimelineItem{When: text, Title: text, Who: text, Text: text, Tone: Warn},
		KeepTogether{Blocks: []Block{Paragraph{Text: text}, Rule{}}},
		KeepTogether{},
		WritingLines{Count: -1},
		Image{Picture: files.Picture{}, Caption: text},
	)
	return d
}

func TestHostileTextIsPrinted(t *testing.T) {
	cases := map[string]string{
		"nothing":       "",
		"spaces":        " \n \t ",
		"control":       "\x00\x01\x1b[31m\x7f\u0080",
		"broken":        "\xff\xfe\xc3(",
		"long word":     strings.Repeat("W", 10_000),
		"many lines":    strings.Repeat("line\n", 1_000),
		"right to left": "مرحبا بالعالم שלום עולם",
		"overrides":     "\u202e\u2066abc\u2069\u202c",
		"emoji":         "🙂 👩‍👩‍👧‍👦 🇬🇪 \U0001f9d1\U0001f3fd\u200d\U0001f4bb",
		"highest":       "\U0010ffff\uffff\ufffe\ufffd\U00010000",
		"marks":         "z" + strings.Repeat("\u0301", 5_000),
		"pdf commands":  `) Tj ET BT (\) \\ endstream endobj {nb}`,
		"wide spaces":   strings.Repeat("\u00a0", 4_000),
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			started := clock.System.Now()
			content := render(t, everywhere(text))
			leave(t, "hostile-"+strings.ReplaceAll(name, " ", "-"), content)
			if took := clock.System.Now().Sub(started); took > 30*time.Second {
				t.Fatalf("took %v", took)
			}
			textOf(t, content)
		})
	}
}

func TestTextIsPrintedAsItIs(t *testing.T) {
	d := &Document{Lang: "en", Created: moment}
	want := `(brackets) \back {nb} 100 % Straße თბილისი Łódź Щука № ₾ → ✓`
	d.Add(Paragraph{Text: want})
	requireText(t, textOf(t, render(t, d)), want)
	requireText(t, drawnText(t, render(t, d)), want)
}

func TestTableHeadingIsOnEveryPage(t *testing.T) {
	table := Table{Columns: []Column{{Title: "HeadingOfTheTable"}, {Title: "Amount", Right: true}}}
	for i := range 120 {
		table.Rows = append(table.Rows, []string{fmt.Sprint("row-", i, "."), fmt.Sprint(i * 100)})
	}
	d := &Document{Lang: "pl", Created: moment}
	d.Add(Heading{Text: "Sales"}, table)
	pages := strings.Split(strings.TrimSuffix(textOf(t, render(t, d)), "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if strings.Count(page, "HeadingOfTheTable") != 1 {
			t.Errorf("page %d: %q", i+1, page)
		}
		requireText(t, page, fmt.Sprintf("Strona %d z %d", i+1, len(pages)))
	}
	for i := range 120 {
		requireText(t, strings.Join(pages, ""), fmt.Sprint("row-", i, "."))
	}
}

func TestPicturesOfBothKinds(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 1000))
	clear.SetNRGBA(3, 3, pixel.NRGBA{200, 0, 0, 120})
	var b bytes.Buffer
	if err := png.Encode(&b, clear); err != nil {
		t.Fatal(err)
	}
	transparent, err := files.Thumbnail(t.Context(), &b, 1000)
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{Lang: "ka", Created: moment}
	d.Add(Image{Picture: photo(t)}, Image{Picture: transparent, Width: 500, Caption: "taller than a page"}, Image{Picture: photo(t), Width: 20})
	content := render(t, d)
	leave(t, "pictures", content)
	if n := bytes.Count(content, []byte("/Subtype /Image")); n != 3 {
		t.Fatalf("%d pictures kept, want a photo, a transparent one and its mask", n)
	}
	requireText(t, textOf(t, content), "taller than a page")
}

func TestColumnsFillThePage(t *testing.T) {
	s := &setter{fonts: loaded(t), x: marginLeft, width: textWidth}
	long := strings.Repeat("word ", 200)
	cases := map[string]Table{
		"short":       {Columns: make([]Column, 3), Rows: [][]string{{"a", "b", "c"}}},
		"long":        {Columns: make([]Column, 3), Rows: [][]string{{long, "2 Nov 2026", long}}},
		"huge words":  {Columns: make([]Column, 5), Rows: [][]string{{strings.Repeat("W", 500), strings.Repeat("M", 500), "c", "d", "e"}}},
		"many":        {Columns: make([]Column, 30), Rows: [][]string{{long, long}}},
		"fixed":       {Columns: []Column{{Width: 30}, {}}, Rows: [][]string{{"a", "b"}}},
		"all fixed":   {Columns: []Column{{Width: 30}, {Width: 30}}},
		"fixed, wide": {Columns: []Column{{Width: 300}, {}}, Rows: [][]string{{"a", "b"}}},
	}
	for name, table := range cases {
		widths := table.widths(s)
		if total := sum(widths); total < textWidth-0.01 || total > textWidth+0.01 {
			t.Errorf("%s: %.2f wide, the page is %.2f", name, total, textWidth)
		}
		for i, w := range widths {
			if w < 2*cellPadX {
				t.Errorf("%s: column %d is %.2f wide", name, i, w)
			}
		}
	}
	if w := cases["long"].widths(s)[1]; w < s.fonts.width(cellType, "2 Nov 2026")+2*cellPadX {
		t.Errorf("the date is broken: %.2f", w)
	}
	if w := cases["fixed"].widths(s)[0]; w != 30 {
		t.Errorf("a fixed column is %.2f wide", w)
	}
}

func TestWriteEndsWithTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := everywhere("x").Write(ctx, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	lost := errors.New("connection lost")
	if err := everywhere("x").Write(t.Context(), brokenPipe{lost}); !errors.Is(err, lost) {
		t.Fatalf("got %v", err)
	}
}

type brokenPipe struct{ err error }

func (b brokenPipe) Write([]byte) (int, error) { return 0, b.err }

func BenchmarkInformationCard(b *testing.B) {
	d := informationCard(b, russian)
	for b.Loop() {
		if err := d.Write(b.Context(), &bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
