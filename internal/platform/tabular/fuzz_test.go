package tabular

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"
	"github.com/xuri/excelize/v2"

	"kartoteka.dev/internal/platform/errs"
)

// readAll opens and reads anything and checks what every source promises.
func readAll(t *testing.T, content []byte, opts Options) [][]string {
	t.Helper()
	opts.TempDir = t.TempDir()
	s, err := Open(bytes.NewReader(content), int64(len(content)), "fuzz", opts)
	if err != nil {
		if errs.Is(err, errs.Internal) {
			t.Fatalf("an error without a kind: %v", err)
		}
		return nil
	}
	defer s.Close()
	var out [][]string
	last := 0
	for row, err := range s.Rows(context.Background()) {
		if err != nil {
			if errs.Is(err, errs.Internal) {
				t.Fatalf("an error without a kind: %v", err)
			}
			break
		}
		if len(row.Cells) < s.Columns || len(row.Cells) > MaxColumns {
			t.Fatalf("row %d has %d cells of %d", row.Number, len(row.Cells), s.Columns)
		}
		if s.Format == FormatText && row.Number <= last {
			t.Fatalf("row %d after %d", row.Number, last)
		}
		for _, cell := range row.Cells {
			if !utf8.ValidString(cell) {
				t.Fatalf("row %d: %q is no text", row.Number, cell)
			}
		}
		last = row.Number
		out = append(out, row.Cells)
	}
	return out
}

func FuzzOpenText(f *testing.F) {
	for _, seed := range []string{
		"name,n\nA,1\n", "a;b\r\n\"x\r\ny\";2\r\n", "sep=\t\na\tb\n", "\xef\xbb\xbfa,b\n1", "\xff\xfea\x00,\x00b\x00\n\x00", "a\x00;\x00b\x00\n\x00",
		"\xc8\xe2\xe0\xed;\xd1\n", "\"", "\"\"\"", "a,\"b\nc,d", "x\",\"z\nx\",\"z\n", "a\rb\rc", "\n\n", "1,2\n,\n", "'=1,'\n", "a|b\n\xff|\x00\n",
	} {
		f.Add([]byte(seed), byte(0), uint8(0))
	}
	f.Fuzz(func(t *testing.T, content []byte, delimiter byte, header uint8) {
		readAll(t, content, Options{Delimiter: delimiter, Header: HeaderMode(header % 3)})
	})
}

func FuzzOpenXLSX(f *testing.F) {
	good := `<worksheet><dimension ref="A1:B2"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c t="inlineStr"><is><t>b</t></is></c></row><row><c s="1"><v>45123.5</v></c></row></sheetData></worksheet>`
	f.Add(good, `<sst><si><t>a &amp; b</t></si></sst>`, `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>`)
	f.Add(`<worksheet><sheetData><row><c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c><c t="d"><v>2026-01-01</v></c></row></sheetData>`, "", "")
	f.Add(`<a b='>' c=">"/><![CDATA[x]]><!-- y --><?z?>`, "<sst", "\xff\xfe<\x00a\x00>\x00")
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		readAll(t, parts(t, sheet, map[string]string{"xl/sharedStrings.xml": texts, "xl/styles.xml": styles}), Options{})
	})
}

func FuzzOpenZip(f *testing.F) {
	f.Add(book(f, func(b *excelize.File) error { return setRows(b, "Sheet1", []any{"a", "b"}, []any{1, 2.5}) }))
	f.Add(parts(f, `<worksheet><sheetData/></worksheet>`, nil))
	f.Fuzz(func(t *testing.T, content []byte) {
		readAll(t, append([]byte("PK\x03\x04"), content[min(4, len(content)):]...), Options{})
	})
}

// FuzzAgainstStandard compares with the standard library's reader where that
// accepts the text.
func FuzzAgainstStandard(f *testing.F) {
	f.Add("a,b\n1,\"x\ny\"\n")
	f.Add("\"a\"\"b\",c\r\n\r\n,\n")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r'\uFFFD\ufeff") {
			t.Skip("bad bytes, returns and apostrophes are read in our own way")
		}
		standard := csv.NewReader(strings.NewReader(text))
		standard.FieldsPerRecord = -1
		want, err := standard.ReadAll()
		if err != nil {
			return
		}
		reader := newCSVReader(strings.NewReader(text), ',', '\n', false)
		var got [][]string
		for {
			row, err := reader.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || row.Problem != nil {
				t.Fatalf("%v %+v", err, row.Problem)
			}
			if len(row.Cells) == 1 && row.Cells[0] == "" && !strings.Contains(text, `"`) {
				continue // the standard reader leaves blank lines out
			}
			got = append(got, row.Cells)
		}
		if strings.Contains(text, `"`) && strings.Contains("\n"+text, "\n\n") {
			return // blank lines and quoted blanks cannot be told apart here
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func FuzzRoundTrip(f *testing.F) {
	for i := range dangerous[1:] {
		f.Add(dangerous[i], dangerous[i+1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.ContainsAny(a+b, "\x00\r\uFFFD") || !utf8.ValidString(a) || !utf8.ValidString(b) || strings.TrimSpace(a+b) == "" {
			t.Skip("not a text that comes back")
		}
		for _, delimiter := range delimiters {
			content := write(t, func(w io.Writer) (Writer, error) { return NewCSVWriter(w, CSVOptions{Delimiter: delimiter}) }, nil, []Cell{Text(a), Text(b)})
			got := readAll(t, content, Options{Header: HeaderNo, Encoding: UTF8, Delimiter: delimiter})
			if diff := cmp.Diff([][]string{{a, b}}, got); diff != "" {
				t.Errorf("with %q: %s", delimiter, diff)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-04-03", "3.4.26", "03/04/2026", "April 3rd, 2026", "46115.5", "2026 წლის 3 აპრილი", "1:2:3", "T:", "99999"} {
		f.Add(seed, int8(0))
	}
	f.Fuzz(func(t *testing.T, s string, order int8) {
		day, reading := ParseDate(s, DateOrder(order))
		if (reading != Unreadable) != day.Valid() {
			t.Errorf("%q: %v %d", s, day, reading)
		}
		if order != 0 && order <= 3 && order > 0 && reading == Doubtful {
			t.Errorf("%q is doubtful though the order is known", s)
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"1 234,50", "(1,000.5)", "−5", "€ 1", "1'000'000", "..", "1,,2", "- -"} {
		f.Add(seed, int8(0))
	}
	f.Fuzz(func(t *testing.T, s string, mark int8) {
		n, reading := ParseNumber(s, DecimalMark(mark))
		if reading == Unreadable {
			if n != (decimal.Decimal{}) {
				t.Errorf("%q: unreadable, but %s", s, n)
			}
			return
		}
		again, reading := ParseNumber(n.String(), MarkPoint)
		if reading != Certain || again.Cmp(n) != 0 {
			t.Errorf("%q: %s comes back as %s", s, n, again)
		}
	})
}
