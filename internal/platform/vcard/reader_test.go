package vcard_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"kartoteka.dev/internal/platform/vcard"
)

func read(t testing.TB, text string, opts vcard.Options) []vcard.Card {
	t.Helper()
	r := vcard.NewReader(strings.NewReader(text), opts)
	var all []vcard.Card
	for {
		card, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, card)
	}
}

// told writes the properties of a card in one way, whatever its version.
func told(c vcard.Card) []string {
	var all []string
	for _, p := range c.Properties {
		line := p.Name
		if kinds := p.All("TYPE"); kinds != nil {
			line += "[" + strings.ToLower(strings.Join(kinds, " ")) + "]"
		}
		all = append(all, line+" "+strings.Join(p.Parts(';'), "|"))
	}
	return all
}

func lines(all ...string) string { return strings.Join(all, "\r\n") + "\r\n" }

func TestVersions(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"2.1": {
			lines("BEGIN:VCARD", "VERSION:2.1", "N:Ivanova;Maria", "TEL;WORK;VOICE;PREF:+359 2 123 4567",
				"ADR;HOME:;;1 Rose Street;Sofia;;1000;Bulgaria",
				"NOTE;ENCODING=QUOTED-PRINTABLE:first line=0D=0Asecond =", "line", "END:VCARD"),
			[]string{
				"VERSION 2.1", "N Ivanova|Maria", "TEL[work voice pref] +359 2 123 4567", "ADR[home] ||1 Rose Street|Sofia||1000|Bulgaria",
				"NOTE first line\nsecond line",
			},
		},
		"3.0": {
			lines("BEGIN:VCARD", "VERSION:3.0", `FN:Rose\, Thorn \& Sons`, `item1.TEL;type=WORK,CELL;type=pref:+48 601 234 567`, "item1.X-ABLabel:_$!<Other>!$_",
				`NOTE:a folded`, `  line\nand the next\; C:\\new`, "END:VCARD"),
			[]string{
				"VERSION 3.0", `FN Rose, Thorn \& Sons`, "TEL[work cell pref] +48 601 234 567", "X-ABLABEL _$!<Other>!$_",
				"NOTE a folded line\nand the next; C:\\new",
			},
		},
		"4.0": {
			lines("BEGIN:VCARD", "VERSION:4.0", "KIND:org", `TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+1-555-555-5555;ext=5555`,
				`ADR;LABEL="12 Mill Lane: rear^nLondon":;;12 Mill Lane;London;;;GB`, "END:VCARD"),
			[]string{"VERSION 4.0", "KIND org", "TEL[voice home] tel:+1-555-555-5555|ext=5555", "ADR ||12 Mill Lane|London|||GB"},
		},
		"lines of old": {
			"BEGIN:VCARD\rFN:Anna\rEND:VCARD\r", []string{"FN Anna"},
		},
		"blanks and case": {
			"\xef\xbb\xbf begin: vcard\nfn:Anna\n\nend:vcard", []string{"FN Anna"},
		},
		"a card inside a card": {
			lines("BEGIN:VCARD", "FN:Anna", "AGENT:", "BEGIN:VCARD", "FN:Boris", "END:VCARD", "TITLE:Head", "END:VCARD"),
			[]string{"FN Anna", "AGENT ", "TITLE Head"},
		},
		"base64 that is not folded": {
			lines("BEGIN:VCARD", "PHOTO;ENCODING=BASE64;TYPE=JPEG:", "/9j/4AAQSkZJRgABAQ", "AQABAAD/2wBDAAMC", "", "FN;ENCODING=b:QW5uYQ==", "END:VCARD"),
			[]string{"FN Anna"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cards := read(t, tt.text, vcard.Options{Keep: func(name string) bool { return name != "PHOTO" }})
			if len(cards) != 1 || len(cards[0].Faults) != 0 {
				t.Fatalf("%+v", cards)
			}
			if diff := cmp.Diff(tt.want, told(cards[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultsDoNotSpread(t *testing.T) {
	good := lines("BEGIN:VCARD", "FN:Next", "END:VCARD")
	long := strings.Repeat("x", vcard.MaxValue+10)
	for name, tt := range map[string]struct {
		text  string
		fault vcard.Fault
		cards int
	}{
		"no end":            {lines("BEGIN:VCARD", "FN:Anna"), vcard.Fault{Code: vcard.Unfinished, Line: 1}, 2},
		"no beginning":      {lines("FN:Anna", "END:VCARD"), vcard.Fault{Code: vcard.Stray, Line: 1}, 2},
		"no property":       {lines("BEGIN:VCARD", "FN:Anna", "rubbish", "END:VCARD"), vcard.Fault{Code: vcard.BadLine, Line: 3}, 2},
		"a long value":      {lines("BEGIN:VCARD", "NOTE:"+long, "END:VCARD"), vcard.Fault{Code: vcard.TooLong, Line: 2}, 2},
		"a long fold":       {lines("BEGIN:VCARD", "NOTE:") + strings.Repeat(" "+long[:60]+"\r\n", 20_000) + lines("END:VCARD"), vcard.Fault{Code: vcard.TooLong, Line: 2}, 2},
		"too many":          {lines("BEGIN:VCARD") + strings.Repeat("TEL:1\r\n", vcard.MaxProperties+1) + lines("END:VCARD"), vcard.Fault{Code: vcard.TooLong, Line: 2002}, 2},
		"a break into END":  {lines("BEGIN:VCARD", "rubbish", "N;ENCODING=QUOTED-PRINTABLE:=41=", "END:VCARD"), vcard.Fault{Code: vcard.BadLine, Line: 2}, 2},
		"a quote left open": {lines("BEGIN:VCARD", `TEL;TYPE="home:1`, "-", "END:VCARD"), vcard.Fault{Code: vcard.BadLine, Line: 3}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			cards := read(t, tt.text+good, vcard.Options{})
			if len(cards) != tt.cards || len(cards[0].Faults) != 1 || cards[0].Faults[0] != tt.fault {
				t.Fatalf("%d cards, faults %+v", len(cards), cards[0].Faults)
			}
			if last := cards[len(cards)-1]; len(last.Faults) != 0 || told(last)[0] != "FN Next" {
				t.Errorf("the fault spread: %+v", last)
			}
		})
	}
}

func TestCharsets(t *testing.T) {
	decode := func(charset string, raw []byte) string {
		if charset == "windows-1251" {
			raw, _ = charmap.Windows1251.NewDecoder().Bytes(raw)
		}
		return string(raw)
	}
	cards := read(t, lines("BEGIN:VCARD", "VERSION:2.1",
		"FN;CHARSET=windows-1251:\xc0\xed\xed\xe0", "ORG;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=D0=EE=EC=E0=F8=EA=E0", "TITLE:Шеф", "END:VCARD"), vcard.Options{Decode: decode})
	if diff := cmp.Diff([]string{"VERSION 2.1", "FN Анна", "ORG Ромашка", "TITLE Шеф"}, told(cards[0])); diff != "" {
		t.Error(diff)
	}
}

// TestPicturesAreNotHeld reads cards with pictures far over the limits.
func TestPicturesAreNotHeld(t *testing.T) {
	picture := "PHOTO;ENCODING=b;TYPE=JPEG:" + strings.Repeat("QUJD", 300_000) + "\r\n" + strings.Repeat(" "+strings.Repeat("QUJD", 18)+"\r\n", 50_000)
	text := lines("BEGIN:VCARD", "FN:Anna") + picture + lines("TITLE:Head", "END:VCARD")
	cards := read(t, strings.Repeat(text, 3), vcard.Options{Keep: func(name string) bool { return name != "PHOTO" }})
	if len(cards) != 3 {
		t.Fatalf("%d cards", len(cards))
	}
	for _, c := range cards {
		if diff := cmp.Diff([]string{"FN Anna", "TITLE Head"}, told(c)); diff != "" || len(c.Faults) != 0 {
			t.Errorf("%s %+v", diff, c.Faults)
		}
	}
}

func TestPreference(t *testing.T) {
	card := read(t, lines("BEGIN:VCARD", "TEL:1", "TEL;PREF=20:2", "TEL;PREF:3", "TEL;TYPE=pref:4", "TEL;PREF=no:5", "END:VCARD"), vcard.Options{})[0]
	var got []int
	for _, p := range card.Properties {
		got = append(got, p.Preference())
	}
	if diff := cmp.Diff([]int{101, 20, 1, 1, 101}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		lines("BEGIN:VCARD", "VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=", "=D0=B2;x", "END:VCARD"),
		lines("BEGIN:VCARD", "AGENT:", "BEGIN:VCARD", "BEGIN:VCARD", "END:VCARD", "END:VCARD", "END:VCARD"),
		"BEGIN:VCARD\nTEL;TYPE=\"a:b;c\",d:^n\\n\\", "x\rBEGIN:VCARD\rPHOTO;B:\rAAAA\r\r  \rEND:VCARD", "\xef\xbb\xbf\n\nBEGIN:VCARD\n a:b\n.:\n;=:\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		total := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for i, card := range read(t, text, vcard.Options{}) {
			if card.Line <= last || card.Line > total {
				t.Fatalf("card %d on line %d behind %d of %d", i, card.Line, last, total)
			}
			last = card.Line
			for _, p := range card.Properties {
				if p.Line < card.Line || p.Line > total || !utf8.ValidString(p.Value) || strings.ContainsAny(p.Value, "\r\x00") {
					t.Fatalf("%+v", p)
				}
				if whole := strings.Join(p.Parts(';'), ""); len(whole) > len(p.Value) {
					t.Fatalf("%q came of %q", whole, p.Value)
				}
			}
			for _, fault := range card.Faults {
				if fault.Line < 1 || fault.Line > total {
					t.Fatalf("%+v of %d", fault, total)
				}
			}
		}
	})
}
