package tabular

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"kartoteka.dev/internal/platform/errs"
)

func cardLines(all ...string) string { return strings.Join(all, "\r\n") + "\r\n" }

// byName gives rows as maps from the column's name, without blank cells.
func byName(s *Source, rows []Row) []map[string]string {
	var all []map[string]string
	for _, row := range rows {
		one := map[string]string{}
		for i, name := range s.Header {
			if i < len(row.Cells) && row.Cells[i] != "" {
				one[name] = row.Cells[i]
			}
		}
		all = append(all, one)
	}
	return all
}

// lineOf is the line of a text in which a mark stands.
func lineOf(text, mark string) int {
	before, _, _ := strings.Cut(text, mark)
	return strings.Count(before, "\n") + 1
}

func TestReadCards(t *testing.T) {
	text := cardLines("BEGIN:VCARD", "VERSION:3.0", "N:Petrov;Ivan;;Dr.;", "FN:Dr. Ivan Petrov", "ORG:Rose Oil Ltd;Sales", "TITLE:Head of sales",
		"TEL;TYPE=FAX:+359 2 1", "TEL;TYPE=WORK:+359 2 2", "TEL;TYPE=CELL,PREF:+359 88 3", "EMAIL:ivan@rose.example", "URL:https://rose.example/",
		"ADR;TYPE=WORK:;rear;1 Rose Street;Sofia;;1000;Bulgaria", "ADR;TYPE=HOME:;;2 Hill;Varna;;;Bulgaria", "BDAY:19850412",
		"CATEGORIES:vip,partner", `NOTE:met at the fair\, asks for oil`, "UID:urn:uuid:42", "PHOTO;ENCODING=b:QUJD", "RELATED:urn:uuid:7", "END:VCARD",
		"BEGIN:VCARD", "VERSION:4.0", "KIND:org", "FN:Beta", "TEL;VALUE=uri:tel:+48-601-234-567;ext=5", "EMAIL:mailto:office@beta.example", "UID:urn:uuid:8", "IMPP:telegram:beta", "END:VCARD",
		"BEGIN:VCARD", "VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=9F=D1=91=D1=82=D1=80;;;", "BDAY:--0229", "X-TELEGRAM:petr", "END:VCARD",
		"BEGIN:VCARD", "VERSION:3.0", "FN:Gamma", "ORG:Gamma", "X-ABShowAs:COMPANY", "BDAY:1985", "TZ:Europe/Sofia", "LANG:bg", "END:VCARD",
		"BEGIN:VCARD", "VERSION:3.0", "N:;;;;", "END:VCARD",
		"BEGIN:VCARD", "VERSION:3.0", "TEL:1", "TEL:2", "TEL:3", "TEL:4", "TEL:5", "TEL:6", "TEL:7", "END:VCARD",
		"BEGIN:VCARD", "VERSION:4.0", "KIND:group", "FN:Friends", "MEMBER:urn:uuid:8", "END:VCARD",
		"BEGIN:VCARD", "VERSION:3.0", "FN:Delta")
	s := openBytes(t, []byte(text), Options{Skip: 3, Header: HeaderNo})
	if s.Format != FormatCards || !s.HasHeader || s.HeaderRow != 0 {
		t.Errorf("%+v", s)
	}
	rows := allRows(t, s)
	want := []map[string]string{
		{
			"Name": "Rose Oil Ltd", "Kind": "organisation", "Contact name": "Dr. Ivan Petrov", "Contact position": "Head of sales", "Department": "Sales",
			"Contact phone": "+359 88 3", "Contact phone 2": "+359 2 2", "Contact phone 3": "+359 2 1", "Contact email": "ivan@rose.example",
			"Website": "https://rose.example", "Street": "1 Rose Street, rear", "City": "Sofia", "Postcode": "1000", "Country": "Bulgaria",
			"Other address": "2 Hill, Varna, Bulgaria", "Contact birthday": "1985-04-12", "Tags": "vip; partner", "Note": "met at the fair, asks for oil",
		},
		{"Name": "Beta", "Kind": "organisation", "Phone": "+48-601-234-567 ext. 5", "Email": "office@beta.example", "Messenger": "telegram:beta", "External id": "8"},
		{"Name": "Пётр Иванов", "Kind": "person", "Birthday": "0000-02-29", "Messenger": "telegram:petr"},
		{"Name": "Gamma", "Kind": "organisation", "Time zone": "Europe/Sofia", "Language": "bg"},
		{"Phone": "1", "Phone 2": "2", "Phone 3": "3", "Phone 4": "4", "Phone 5": "5; 6; 7"},
		{"Name": "Friends", "Kind": "person"},
		{"Name": "Delta", "Kind": "person"},
	}
	if diff := cmp.Diff(want, byName(s, rows)); diff != "" {
		t.Error(diff)
	}
	wantProblem(t, rows[5], Problem{Code: CardGroup, Line: lineOf(text, "FN:Friends") - 3})
	wantProblem(t, rows[6], Problem{Code: CardUnfinished, Line: lineOf(text, "FN:Delta") - 2})
	for _, row := range rows[:5] {
		if row.Problem != nil {
			t.Errorf("row %d: %+v", row.Number, row.Problem)
		}
	}
	if n, known := s.TotalRows(); !known || n != 7 {
		t.Errorf("TotalRows %d %v", n, known)
	}
}

func TestCardEncodings(t *testing.T) {
	text := cardLines("BEGIN:VCARD", "VERSION:3.0", "FN:Мария Георгиева", "ORG:Розово масло ООД", "END:VCARD",
		"BEGIN:VCARD", "VERSION:3.0", "FN:Стоян Димитров", "NOTE:Пловдив\\, Варна", "END:VCARD")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"utf-8":             []byte(text),
		"utf-8 with a mark": []byte("\xef\xbb\xbf" + text),
		"utf-16":            utf16,
		"windows-1251":      encode(t, "windows-1251", text),
		"koi8-r":            encode(t, "koi8-r", text),
		"each value its own": bytes.ReplaceAll(bytes.ReplaceAll(encode(t, "windows-1251", text), []byte("FN:"), []byte("FN;CHARSET=Windows-1251:")),
			[]byte("ORG:"), []byte("ORG;CHARSET=cp1251:")),
	} {
		t.Run(name, func(t *testing.T) {
			s := openBytes(t, content, Options{Language: "bg"})
			want := []map[string]string{
				{"Name": "Розово масло ООД", "Kind": "organisation", "Contact name": "Мария Георгиева"},
				{"Name": "Стоян Димитров", "Kind": "person", "Note": "Пловдив, Варна"},
			}
			if diff := cmp.Diff(want, byName(s, allRows(t, s))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCardDays(t *testing.T) {
	for in, want := range map[string]string{
		"1985-04-12": "1985-04-12", "19850412": "1985-04-12", "19850412T101112Z": "1985-04-12", "1985-04-12T00:00:00Z": "1985-04-12",
		"--0412": "0000-04-12", "--04-12": "0000-04-12", "1604-02-29": "0000-02-29", "12.4.1985": "1985-04-12",
		"1985": "", "1985-04": "", "--04": "", "---12": "", "19851332": "", "": "", "circa 1800": "", "T102200": "", "03/04/1985": "",
	} {
		if got := cardDay(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestManyCardsTakeLittleMemory reads 100 MB of cards with pictures.
func TestManyCardsTakeLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("100 MB of cards are for the long run")
	}
	picture := strings.Repeat(" "+strings.Repeat("QUJD", 18)+"\r\n", 400)
	var text bytes.Buffer
	for i := range 3400 {
		fmt.Fprintf(&text, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna %d\r\nPHOTO;ENCODING=b:\r\n%sEND:VCARD\r\n", i, picture)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows := allRows(t, openBytes(t, text.Bytes(), Options{}))
	runtime.ReadMemStats(&after)
	if len(rows) != 3400 || rows[3399].Cells[0] != "Anna 3399" {
		t.Fatalf("%d rows", len(rows))
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 64<<20 {
		t.Errorf("reading took %d MB in all", took>>20)
	}
}

func TestCardsOfRubbish(t *testing.T) {
	text := "BEGIN:VCARD\n" + strings.Repeat("\x00\x01\xff", 100)
	_, err := Open(strings.NewReader(text), int64(len(text)), "f", Options{})
	wantText(t, err, errs.Invalid, "tabular.error.not-a-table")
	rows := allRows(t, openBytes(t, []byte("BEGIN:VCARD\nFN:Anna\nrubbish\nEND:VCARD\nmore\nEND:VCARD\n"), Options{}))
	if len(rows) != 2 {
		t.Fatalf("%+v", rows)
	}
	wantProblem(t, rows[0], Problem{Code: CardLine, Line: 3, Usable: true})
	wantProblem(t, rows[1], Problem{Code: CardStray, Line: 5})
}

func FuzzOpenCards(f *testing.F) {
	for _, seed := range []string{
		cardLines("N:a;b;c", "TEL;PREF=1:1", "ADR:;;x;y;z;1;BG", "BDAY:--0101", "CATEGORIES:a,b\\,c", "KIND:group"),
		cardLines("ORG:a;b", "FN;CHARSET=koi8-r;ENCODING=QUOTED-PRINTABLE:=C1=", "END:VCARD", "x", "BEGIN:VCARD"), "FN;CHARSET=utf-16:\xff\xfea\n", "TEL:tel:%zz;ext=\nLABEL:a\\nb",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		readAll(t, append([]byte("BEGIN:VCARD\n"), content...), Options{})
	})
}
