package tabular

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"
	"github.com/xuri/excelize/v2"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// write writes a table with one of the writers and gives the file.
func write(t testing.TB, make func(io.Writer) (Writer, error), header []string, rows ...[]Cell) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := make(&out)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		if err := w.Header(header); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range rows {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func plainCSV(w io.Writer) (Writer, error) { return NewCSVWriter(w, CSVOptions{}) }
func plainXLSX(w io.Writer) (Writer, error) {
	return NewXLSXWriter(w, XLSXOptions{Sheet: "Клиенти [2026]"})
}

func typed() []Cell {
	return []Cell{
		Text("a;b"), Int(-42), Decimal(decimal.MustParse("-1234.50")), Money(decimal.MustParse("99.90"), "EUR"),
		Date(20260403), Moment(time.Date(2026, 4, 3, 10, 20, 30, 0, time.FixedZone("x", 7200))), Bool(true),
		{},
		Text(""), Date(0),
		Int(9007199254740993), Decimal(decimal.MustParse("12345678901234567.89")), Date(clock.Date(1850, 1, 2)),
	}
}

var typedTexts = []string{"a;b", "-42", "-1234.5", "99.9", "2026-04-03", "2026-04-03 10:20:30", "true", "", "", "", "9007199254740993", "12345678901234567.89", "1850-01-02"}

func TestWriteCSV(t *testing.T) {
	got := write(t, func(w io.Writer) (Writer, error) { return NewCSVWriter(w, CSVOptions{BOM: true, Delimiter: ';'}) },
		[]string{"name", "n"}, []Cell{Text(`say "x"`), Int(1)}, []Cell{Text(" a\nb"), {}}, typed()[:5])
	want := "\xef\xbb\xbfname;n\r\n\"say \"\"x\"\"\";1\r\n\" a\nb\";\r\n\"a;b\";-42;-1234.50;99.90;2026-04-03\r\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	_, err := NewCSVWriter(io.Discard, CSVOptions{Delimiter: '"'})
	wantText(t, err, errs.Invalid, "tabular.error.bad-delimiter")
}

func TestWriteXLSX(t *testing.T) {
	header := make([]string, len(typedTexts))
	for i := range header {
		header[i] = fmt.Sprint("column ", i)
	}
	content := write(t, plainXLSX, header, typed())
	s := openBytes(t, content, Options{})
	if s.Sheet != "Клиенти  2026" {
		t.Errorf("sheet %q", s.Sheet)
	}
	if diff := cmp.Diff(header, s.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{typedTexts}, cellsOf(allRows(t, s))); diff != "" {
		t.Error(diff)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	panes, err := f.GetPanes(s.Sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if v, err := f.GetCellValue(s.Sheet, "D2"); err != nil || v != "99.90 EUR" {
		t.Errorf("money shows as %q, %v", v, err)
	}
	if width, err := f.GetColWidth(s.Sheet, "F"); err != nil || width < 20 {
		t.Errorf("the moment's column is %v wide, %v", width, err)
	}
}

// dangerous are texts that a spreadsheet program would run, or nearly.
var dangerous = []string{
	"=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1",
	"＝1+1", "＋1a", "－1a", "＠x", "=HYPERLINK(\"http://x\";\"y\")", "'=1", "''=1", "'", "''", "'quoted'", "-", "+", "=",
	"+359 88 123 4567", "+359881234567", "-12.5", "-1 234,50", "(02) 123", "--", "-x", "plain", "a=b",
	"a;=1+1", "x,\"=1\"", "sep=;", "  blanks  ", "line\nbreak", "_x000D_", "<b>&amp;</b>", "\u00a0",
}

func TestFormulasDoNotRun(t *testing.T) {
	harmless := map[string]bool{"+359 88 123 4567": true, "+359881234567": true, "-12.5": true, "-1 234,50": true, "-": true, "--": true}
	for _, text := range dangerous {
		content := write(t, plainCSV, nil, []Cell{Text(text), Text("end")})
		records, err := csv.NewReader(bytes.NewReader(content)).Read()
		if err != nil {
			t.Fatal(err)
		}
		first, _ := utf8.DecodeRuneInString(records[0])
		if strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) != harmless[text] {
			t.Errorf("%q is written as %q", text, records[0])
		}
	}
	var formulas int
	content := write(t, plainXLSX, []string{"=1"}, []Cell{Text("=1+1")}, []Cell{Text("@x")})
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		xml, _ := io.ReadAll(r)
		formulas += bytes.Count(xml, []byte("<f>"))
	}
	if formulas != 0 {
		t.Errorf("%d formulas in the sheet", formulas)
	}
}

func TestWhatIsWrittenComesBack(t *testing.T) {
	var cells []Cell
	header := make([]string, len(dangerous))
	want := make([]string, len(dangerous))
	for i, text := range dangerous {
		cells = append(cells, Text(text))
		header[i] = fmt.Sprintf("=name %d", i)
		want[i] = text
	}
	for name, make := range map[string]func(io.Writer) (Writer, error){"CSV": plainCSV, "XLSX": plainXLSX} {
		t.Run(name, func(t *testing.T) {
			s := openBytes(t, write(t, make, header, cells), Options{Header: HeaderYes})
			if diff := cmp.Diff(header, s.Header); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([][]string{want}, cellsOf(allRows(t, s))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneColumnComesBack(t *testing.T) {
	content := write(t, plainCSV, []string{"sep=;"}, []Cell{Text("a")}, []Cell{{}}, []Cell{Text("b")})
	s := openBytes(t, content, Options{Header: HeaderYes})
	if diff := cmp.Diff([][]string{{"a"}, {""}, {"b"}}, cellsOf(allRows(t, s))); diff != "" {
		t.Error(diff)
	}
	if s.Header[0] != "sep=;" {
		t.Errorf("header %q", s.Header)
	}
}

func TestManyRowsToXLSX(t *testing.T) {
	rows := make([][]Cell, 300)
	for i := range rows {
		rows[i] = []Cell{Int(int64(i))}
	}
	got := allRows(t, openBytes(t, write(t, plainXLSX, []string{"n"}, rows...), Options{}))
	if len(got) != 300 || got[299].Cells[0] != "299" || got[299].Number != 301 {
		t.Errorf("%d rows, last %+v", len(got), got[len(got)-1])
	}
	w, err := NewXLSXWriter(io.Discard, XLSXOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x := w.(*xlsxWriter)
	if err := x.begin(); err != nil {
		t.Fatal(err)
	}
	x.row = MaxSheetRows
	wantText(t, w.Row([]Cell{Int(1)}), errs.TooLarge, "tabular.error.too-many-rows")
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestLongTextsAreShortened(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{{"abcdef", 6, "abcdef"}, {"abcdefg", 6, "abcde…"}, {"ąbcdef", 6, "ąbcdef"}, {"😎😎😎😎", 6, "😎😎…"}} {
		if got := shorten(tt.in, tt.n); got != tt.want {
			t.Errorf("%q to %d: %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
	content := write(t, plainXLSX, nil, []Cell{Text(strings.Repeat("я", 40_000)), Text("a\x00\x01b")})
	row := allRows(t, openBytes(t, content, Options{Header: HeaderNo}))[0]
	if n := utf8.RuneCountInString(row.Cells[0]); n != 32_767 || !strings.HasSuffix(row.Cells[0], "…") || row.Cells[1] != "ab" {
		t.Errorf("%d characters, %q", n, row.Cells[1])
	}
}
