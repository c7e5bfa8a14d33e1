package customerspdf_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerspdf"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
)

// keep names a folder to leave the documents in, to be looked at:
// go test ./internal/customers/customerspdf -keep /somewhere
var keep = flag.String("keep", "", "folder for the documents")

var moment = time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC)

var at = clock.InstantOf(moment)

func in(t *testing.T, lang i18n.Lang) context.Context {
	return i18n.With(t.Context(), i18n.Locale{Lang: lang})
}

// paper is a customer with something of everything; the texts are repeated so
// many times.
func paper(ctx context.Context, times int) customerspdf.Paper {
	long := func(s string) string { return strings.TrimSpace(strings.Repeat(s+" ", times)) }
	c := customers.Customer{
		ID: 1, Number: 123, Kind: customers.Organisation, Name: long("Иванов и син"), LegalName: long("Ivanov & Son Ltd"), Country: "BG",
		Language: "bg", TaxID: "BG123456789", Website: "https://ivanov.example.com", Terms: long("Плащане до 14 дни. გადახდა 14 დღეში."),
		PreferredChannel: customers.ByPhone, AddressForm: "Господин Иванов", Competitors: long("Konkurencja Łódź"), DoNotContactBefore: 20270110,
		CreatedAt: at, LastContactAt: at, Quality: 85,
	}
	d := customers.Dossier{
		Card: customers.Card{Customer: c}, Number: "K-000123", Owner: "Nino Maisuradze", Team: "Юг", Source: i18n.T(ctx, "customers.note.kind-visit"),
		Quality: 85, UnitCount: 1, Units: []customers.Relation{{Name: "Склад Пловдив", Country: "BG"}},
		Consents: []customers.Consent{{Purpose: "Newsletter", Given: true, How: "phone", At: at}},
		Forms: []customers.FormOnFile{
			{Name: "Second talk", By: "Nino Maisuradze", At: at, Filled: talk("Sieć sklepów", "Да")},
			{Name: "First talk", By: "Nino Maisuradze", At: at, Filled: talk("", "კი, სიამოვნებით")},
		},
		Sheet: []customers.SheetGroup{{Heading: "Търговия", Values: []customers.SheetValue{{Label: "Обекти", Type: fields.Number, Text: "12"}}}},
	}
	for i := range times {
		d.Card.Contacts = append(d.Card.Contacts, customers.Contact{
			Name: fmt.Sprint("ნინო მაისურაძე ", i), Position: "Dyrektor zakupów", Style: long("Говорит коротко и по делу."),
			Points: []customers.Point{{Kind: customers.Phone, Value: "+995555123456"}, {Kind: customers.Email, Value: "nino@example.com"}},
		})
		d.Card.Addresses = append(d.Card.Addresses, customers.Address{Street: "ул. Раковски 1", City: "София", Postcode: "1000", Country: "BG"})
		d.Card.Points = append(d.Card.Points, customers.Point{Kind: customers.Phone, Value: "+359881234567", Label: "office"})
		d.Card.Tags = append(d.Card.Tags, customers.Tag{Name: fmt.Sprint("tag ", i)})
		d.Card.Dates = append(d.Card.Dates, customers.ImportantDate{Label: long("Договор"), Day: 1231})
		d.Pinned = append(d.Pinned, note(ctx, i, long("Prosi o kontakt po południu.")))
		d.Files = append(d.Files, customers.File{Name: fmt.Sprint("оферта ", i, ".pdf"), Size: 1_500_000, AddedAt: at})
		d.Timeline.Items = append(d.Timeline.Items, note(ctx, i, long("ზარი: შეთავაზება მიიღო.")))
	}
	d.Timeline.Items = append(d.Timeline.Items, customers.Touch{
		At: at, Kind: customers.ChangeTouch, Who: "Elena Petrova", Title: i18n.T(ctx, "customers.timeline.changed"),
		Changes: []customers.TouchChange{{Label: i18n.T(ctx, "customers.change.country"), After: "GE"}},
	})
	return customerspdf.Paper{Company: "Рила Трейд ООД", At: moment, Dossier: d}
}

// talk is a filled form of two questions, the first with a label in each language.
func talk(chain, agreed string) fields.Filled {
	return fields.Filled{
		Questions: []fields.Question{
			{Slug: "chain", Type: fields.Text, Words: fields.Words{Label: "What they sell", Labels: map[i18n.Lang]string{i18n.Bulgarian: "Какво продават", i18n.Georgian: "რას ყიდიან"}}},
			{Slug: "agreed", Type: fields.Text, Words: fields.Words{Label: "May we come again?"}},
		},
		Answers: map[string]any{"chain": chain, "agreed": agreed},
	}
}

func note(ctx context.Context, i int, text string) customers.Touch {
	kind := customers.NoteKinds[i%len(customers.NoteKinds)]
	return customers.Touch{
		At: at.Add(-time.Duration(i) * time.Hour), Kind: customers.TouchKind(kind), Who: "Piotr Kowalski", Title: i18n.T(ctx, kind.Label()), Text: text,
	}
}

type printer func(context.Context, io.Writer, customerspdf.Paper) error

func printed(t *testing.T, ctx context.Context, name string, write printer, p customerspdf.Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(ctx, &b, p); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, name+".pdf"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestCardAndDossierInFiveLanguages(t *testing.T) {
	for _, lang := range i18n.Langs {
		t.Run(string(lang), func(t *testing.T) {
			ctx := in(t, lang)
			card := text(t, printed(t, ctx, "card-"+string(lang), customerspdf.Card, paper(ctx, 1)))
			whole := text(t, printed(t, ctx, "dossier-"+string(lang), customerspdf.Dossier, paper(ctx, 3)))
			both := []string{
				"K-000123", "Иванов", "Рила", "BG123456789", "+359881234567", "მაისურაძე", "tag 0", "Търговия",
				i18n.TIn(lang, "customers.change.contacts"), i18n.TIn(lang, "customers.change.owner"), "Nino Maisuradze",
				i18n.TIn(lang, "customers.pdf.pinned"),
			}
			contains(t, card, append(both, i18n.TIn(lang, "customers.pdf.card-kind"))...)
			contains(t, whole, append(both, i18n.TIn(lang, "customers.pdf.dossier-kind"), i18n.TIn(lang, "customers.pdf.history"),
				"შეთავაზება", "оферта", "Newsletter", "First talk", "Склад", i18n.TIn(lang, "customers.timeline.changed"))...)
			if strings.ContainsRune(card+whole, '□') {
				t.Error("a sign is missing")
			}
		})
	}
}

func TestFormsArePrintedWithTheirAnswersInTheOrderOfTime(t *testing.T) {
	for lang, label := range map[i18n.Lang]string{
		i18n.English: "What they sell", i18n.Russian: "What they sell", i18n.Polish: "What they sell",
		i18n.Bulgarian: "Какво продават", i18n.Georgian: "რას ყიდიან",
	} {
		ctx := in(t, lang)
		whole := text(t, printed(t, ctx, "forms-"+string(lang), customerspdf.Dossier, paper(ctx, 1)))
		contains(t, whole, label, "Sieć sklepów", "სიამოვნებით", "May we come again?", i18n.TIn(lang, "customers.pdf.filled-by"))
		if n := strings.Count(whole, label); n != 1 {
			t.Errorf("%s: the question without an answer is printed: %d", lang, n)
		}
		if strings.Index(whole, "First talk") > strings.Index(whole, "Second talk") {
			t.Errorf("%s: not in the order of time", lang)
		}
	}
}

func TestCardIsOnePageHoweverMuchThereIs(t *testing.T) {
	for _, times := range []int{0, 1, 5, 40, 400} {
		ctx := in(t, i18n.Georgian)
		out := printed(t, ctx, fmt.Sprint("long-", times), customerspdf.Card, paper(ctx, times))
		if n := bytes.Count(out, []byte("/Type /Page\n")); n != 1 {
			t.Errorf("%d times as much: %d pages", times, n)
		}
		if !bytes.Contains(out, []byte("/MediaBox [0 0 595.28 841.89]")) {
			t.Errorf("%d times as much: not A4", times)
		}
	}
}

func TestCardSaysHowMuchIsLeftOut(t *testing.T) {
	ctx := in(t, i18n.English)
	contains(t, text(t, printed(t, ctx, "more", customerspdf.Card, paper(ctx, 40))), "more")
}

func TestPersonWithoutAnythingIsPrinted(t *testing.T) {
	ctx := in(t, i18n.Polish)
	p := customerspdf.Paper{At: moment, Dossier: customers.Dossier{Number: "K-000001", Card: customers.Card{Customer: customers.Customer{
		Kind: customers.Person, Name: "Łucja Żak", Birthday: 229,
	}}}}
	contains(t, text(t, printed(t, ctx, "person", customerspdf.Card, p)), "Łucja", "29 lut", i18n.TIn(i18n.Polish, "customers.pdf.my-notes"))
	if out := text(t, printed(t, ctx, "person-dossier", customerspdf.Dossier, p)); strings.Contains(out, i18n.TIn(i18n.Polish, "customers.pdf.history")) {
		t.Error("a heading over nothing")
	}
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(text), " ")
	for _, want := range wanted {
		for word := range strings.FieldsSeq(want) {
			if !strings.Contains(flat, word) {
				t.Errorf("%q is not in the document", want)
				break
			}
		}
	}
}

var (
	streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown   = regexp.MustCompile(`(?s)\(((?:[^\\)]|\\.)*)\) Tj`)
	escaped = regexp.MustCompile(`(?s)\\(.)`)
)

// text unpacks the pages and collects what their commands print.
func text(t *testing.T, document []byte) string {
	t.Helper()
	var out strings.Builder
	for _, m := range streams.FindAllSubmatch(document, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue // not a packed stream
		}
		page, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shown.FindAllSubmatch(page, -1) {
			raw := escaped.ReplaceAllFunc(s[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte("\r")
				}
				return e[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = binary.BigEndian.Uint16(raw[2*i:])
			}
			out.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	return out.String()
}
