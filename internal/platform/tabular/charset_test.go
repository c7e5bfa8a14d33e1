package tabular

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func encode(t testing.TB, name, text string) []byte {
	t.Helper()
	enc := charsets[name]
	if enc == nil {
		return []byte(text)
	}
	out, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s cannot hold the text: %v", name, err)
	}
	return out
}

const (
	bulgarian = "Име;Град;Оборот\nИван Петров;София;1234,50\nМария Георгиева;Пловдив;99,90\nСтоян Димитров;Варна;15,00\n"
	russian   = "Название;Город;Сумма\nООО «Ромашка»;Москва;1234,50\nЗАО «Северный ветер»;Санкт-Петербург;99,90\nИП Щербаков;Нижний Новгород;1,00\n"
	capitals  = "ФАМИЛИЯ;ГОРОД\nИВАНОВ;МОСКВА\nПЕТРОВА;КАЗАНЬ\n"
	few       = "id;name\n1;Анна\n2;Boris\n3;Clara\n"
	polish    = "Nazwa;Miasto;Obrót\nŻabka Świętokrzyska;Kraków;10,5\nBłażej Wąs;Gdańsk;1,00\nPaździernik sp. z o.o.;Łódź;7,25\n"
	german    = "Name;Ort\nJürgen Müller;Köln\nGroß & Söhne;Düsseldorf\n"
	french    = "Nom;Ville\nÉlodie Hébert;Besançon\nFrançois Lefèvre;Orléans\n"
)

func TestEncodingIsFound(t *testing.T) {
	tests := []struct{ encoding, text, language string }{
		{"windows-1251", bulgarian, ""},
		{"windows-1251", bulgarian, "bg"},
		{"windows-1251", bulgarian, "pl"},
		{"windows-1251", russian, ""},
		{"windows-1251", russian, "ru"},
		{"windows-1251", capitals, ""},
		{"windows-1251", few, "ru"},
		{"windows-1251", few, ""},
		{"koi8-r", strings.NewReplacer("«", `"`, "»", `"`).Replace(russian), ""},
		{"koi8-r", bulgarian, ""},
		{"koi8-r", capitals, "ru"},
		{"ibm866", strings.NewReplacer("«", `"`, "»", `"`).Replace(russian), ""},
		{"ibm866", bulgarian, ""},
		{"iso-8859-5", bulgarian, ""},
		{"iso-8859-5", bulgarian, "bg"},
		{"iso-8859-5", strings.NewReplacer("«", `"`, "»", `"`).Replace(russian), "ru"},
		{"windows-1250", polish, ""},
		{"windows-1250", polish, "pl"},
		{"windows-1250", polish, "en"},
		{"iso-8859-2", polish, ""},
		{"iso-8859-2", polish, "pl"},
		{"windows-1252", german, ""},
		{"windows-1252", german, "en"},
		{"windows-1252", french, ""},
		{UTF8, bulgarian, ""},
		{UTF8, polish, "ru"},
		{UTF8, german, "bg"},
		{"utf-16le", bulgarian, ""},
		{"utf-16be", polish, ""},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s %s", i, tt.encoding, tt.language), func(t *testing.T) {
			s := openBytes(t, encode(t, tt.encoding, tt.text), Options{Language: tt.language})
			if s.Encoding != tt.encoding || s.Delimiter != ';' {
				t.Fatalf("found %s with %q", s.Encoding, s.Delimiter)
			}
			want := allRows(t, openBytes(t, []byte(tt.text), Options{}))
			rows := allRows(t, s)
			if tt.encoding == "ibm866" || tt.encoding == "koi8-r" || tt.encoding == "iso-8859-5" {
				return // the text was changed to fit
			}
			if diff := cmp.Diff(want, rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAcceptanceFiles(t *testing.T) {
	want := [][]string{{"Иванов, И.", "1,50", "one\ntwo"}}
	table := func(delimiter string) string {
		return strings.Join([]string{"Клиент", "Сумма", "Заметка"}, delimiter) + "\r\n" +
			strings.Join([]string{`"Иванов, И."`, `"1,50"`, "\"one\r\ntwo\""}, delimiter) + "\r\n"
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(table("\t")))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"windows-1251 with semicolons": encode(t, "windows-1251", table(";")),
		"UTF-16 with tabs":             utf16,
		"UTF-8 with a mark":            []byte("\xef\xbb\xbf" + table(",")),
	} {
		t.Run(name, func(t *testing.T) {
			s := openBytes(t, content, Options{Language: "ru"})
			if diff := cmp.Diff([]string{"Клиент", "Сумма", "Заметка"}, s.Header); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(want, cellsOf(allRows(t, s))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEncodingFarBehindTheSample(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("id;name\n")
	for i := range 60_000 {
		fmt.Fprintf(&text, "%d;Anna\n", i)
	}
	for i := range 100 {
		text.Write(encode(t, "windows-1251", fmt.Sprintf("%d;Иван Петров\n", i)))
	}
	s := openBytes(t, text.Bytes(), Options{})
	rows := allRows(t, s)
	if last := rows[len(rows)-1]; s.Encoding != "windows-1251" || last.Cells[1] != "Иван Петров" {
		t.Errorf("%s: %+v", s.Encoding, last)
	}
}

func TestDamagedUTF8(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("id,name\n")
	for i := range 50_000 {
		name := "Łódź"
		if i == 40_000 {
			name = "\xa3\xf3d\x9f"
		}
		fmt.Fprintf(&text, "%d,%s\n", i, name)
	}
	s := openBytes(t, text.Bytes(), Options{})
	rows := allRows(t, s)
	if s.Encoding != UTF8 || len(rows) != 50_000 {
		t.Fatalf("%s, %d rows", s.Encoding, len(rows))
	}
	wantProblem(t, rows[40_000], Problem{Code: BadBytes, Line: 40_002})
	if rows[40_001].Problem != nil {
		t.Error("the problem spread")
	}
}

func TestEncodingIsOverruled(t *testing.T) {
	s := openBytes(t, encode(t, "windows-1250", polish), Options{Encoding: "Windows-1251"})
	if s.Encoding != "windows-1251" || strings.Contains(s.Header[2], "ó") {
		t.Errorf("%s: %v", s.Encoding, s.Header)
	}
	for _, name := range Encodings() {
		if _, ok := charsets[name]; !ok {
			t.Errorf("no charset %s", name)
		}
	}
	if len(charsets) != len(Encodings()) {
		t.Error("Encodings leaves charsets out")
	}
}

func TestDecodeGivesTheTextInAnyEncoding(t *testing.T) {
	const text = "Име;Град\nИван Петров;Пловдив\nМария Иванова;Стара Загора\n"
	in1251, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"utf-8": text, "with a mark": "\xef\xbb\xbf" + text, "windows-1251": in1251} {
		if got, err := Decode([]byte(data), "bg"); err != nil || got != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := Decode([]byte("\x00\x01\x02\x03\xff\x00\x00"), "bg"); err == nil {
		t.Error("bytes are taken for a text")
	}
}
