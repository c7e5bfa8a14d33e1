package pdf

import (
	"bytes"
	"flag"
	"image"
	pixel "image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
)

// keep names a folder to leave the sample documents in, to be looked at:
// go test ./internal/platform/pdf -keep /somewhere
var keep = flag.String("keep", "", "folder for the sample documents")

var moment = time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC)

// words are the texts of a sample information card in one language.
type words struct {
	lang                                 i18n.Lang
	company, kind, name, under, tab      string
	note, contacts, sales, history, memo string
	badges                               Badges
	pairs                                KeyValue
	columns                              [4]string
	people                               [][]string
	salesColumns                         [4]string
	sold                                 [][]string
	events                               []TimelineItem
	text                                 string
}

var samples = []words{english, bulgarian, russian, georgian, polish}

func informationCard(t testing.TB, w words) *Document {
	d := &Document{Lang: w.lang, Title: w.kind + " · " + w.name, Company: w.company, Note: w.note, Created: moment}
	d.Add(
		Title{Kind: w.kind, Text: w.name, Under: w.under, Tab: w.tab, Badges: w.badges},
		Space{Height: 2},
		w.pairs,
		Heading{Text: w.contacts},
		Table{Columns: []Column{{Title: w.columns[0]}, {Title: w.columns[1]}, {Title: w.columns[2]}, {Title: w.columns[3]}}, Rows: w.people},
		Heading{Text: w.sales},
		Table{Columns: []Column{{Title: w.salesColumns[0]}, {Title: w.salesColumns[1]}, {Title: w.salesColumns[2], Right: true}, {Title: w.salesColumns[3], Right: true}}, Rows: w.sold, Total: true},
		Heading{Text: w.history},
	)
	for _, e := range w.events {
		d.Add(e)
	}
	d.Add(KeepTogether{Blocks: []Block{
		Heading{Text: w.memo},
		Paragraph{Text: w.text},
		Image{Picture: photo(t), Width: 60, Caption: w.name},
		WritingLines{Count: 4},
	}})
	return d
}

func photo(t testing.TB) files.Picture {
	img := image.NewRGBA(image.Rect(0, 0, 240, 140))
	for y := range 140 {
		for x := range 240 {
			img.SetRGBA(x, y, pixel.RGBA{uint8(90 + x/3), uint8(110 + y/2), uint8(150 - x/4), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	p, err := files.Thumbnail(t.Context(), &b, 240)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func render(t testing.TB, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// leave writes a document where somebody asked for it.
func leave(t testing.TB, name string, content []byte) {
	if *keep == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*keep, name+".pdf"), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSamples(t *testing.T) {
	for _, w := range samples {
		t.Run(string(w.lang), func(t *testing.T) {
			content := render(t, informationCard(t, w))
			leave(t, string(w.lang), content)
			text := textOf(t, content)
			for _, want := range []string{w.name, w.tab, w.kind, w.under, w.pairs[0].Value, w.people[0][0], w.sold[0][3], w.events[0].Title, w.events[0].Who} {
				requireText(t, text, want)
			}
			requireText(t, text, i18n.TIn(w.lang, "pdf.page.number", "Page", 2, "Pages", 2))
			if bytes.ContainsRune([]byte(text), missing) {
				t.Error("a sign is missing")
			}
		})
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	if !bytes.Equal(render(t, informationCard(t, georgian)), render(t, informationCard(t, georgian))) {
		t.Fatal("the same document gives other bytes")
	}
}
