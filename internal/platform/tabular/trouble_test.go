package tabular

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/errs"
)

// TestTroubles reads small files of our own, one for each way in which delimited
// text makes trouble. Where a row cannot be read, the line is the physical one.
func TestTroubles(t *testing.T) {
	type rows = [][]string
	tests := []struct {
		name, text string
		opts       Options
		want       rows
		problems   map[int]Problem // by row of want
	}{
		{"only a blank line", "\n", Options{Header: HeaderNo}, rows{{""}}, nil},
		{"blank lines in one column", "x\n\ny\n", Options{Header: HeaderNo}, rows{{"x"}, {""}, {"y"}}, nil},
		{"only delimiters", ",,\n", Options{Header: HeaderNo}, nil, nil},
		{"blank cells", "p,,r\n,q,\n", Options{Header: HeaderNo}, rows{{"p", "", "r"}, {"", "q", ""}}, nil},
		{"a header and nothing else", "name,city\n", Options{}, nil, nil},
		{"blanks are kept", " p, q ,r \n", Options{Header: HeaderNo}, rows{{" p", " q ", "r "}}, nil},
		{"blanks around quotes", "\"p\" ,\"q\"\n", Options{Header: HeaderNo}, rows{{"p", "q"}}, nil},
		{"blank before a quote", "p, \"q\"\n", Options{Header: HeaderNo}, rows{{"p", " \"q\""}}, map[int]Problem{0: {Code: BareQuote, Line: 1, Column: 2, Usable: true}}},
		{"quoted blanks", "\"\",\"\"\n\"\",q\n", Options{Header: HeaderNo}, rows{{"", "q"}}, nil},
		{"quoted delimiters", "\"p,q\",r\n", Options{Header: HeaderNo}, rows{{"p,q", "r"}}, nil},
		{"doubled quotes", "\"p \"\"q\"\"\",\"\"\"\"\n", Options{Header: HeaderNo}, rows{{"p \"q\"", "\""}}, nil},
		{"lines in cells", "\"p\nq\",r\ns,t\n", Options{Header: HeaderNo}, rows{{"p\nq", "r"}, {"s", "t"}}, nil},
		{"blank lines in cells", "\"p\n\n\nq\",r\n", Options{Header: HeaderNo}, rows{{"p\n\n\nq", "r"}}, nil},
		{"lines of two kinds", "p,q\r\nr,s\nt,u\r\n", Options{Header: HeaderNo}, rows{{"p", "q"}, {"r", "s"}, {"t", "u"}}, nil},
		{"returns only, and one in a cell", "p,q\r\"r\rs\",t\r", Options{Header: HeaderNo}, rows{{"p", "q"}, {"r\ns", "t"}}, nil},
		{"no line end at the end", "p,q\nr,s", Options{Header: HeaderNo}, rows{{"p", "q"}, {"r", "s"}}, nil},
		{"many line ends at the end", "p,q\n\n\n\n", Options{Header: HeaderNo}, rows{{"p", "q"}}, nil},
		{"a mark before a quoted header", "\xef\xbb\xbf\"name\",\"city\"\n\"p\",\"q\"\n", Options{}, rows{{"p", "q"}}, nil},
		{"sep behind a mark", "\xef\xbb\xbfsep=|\r\nname|city\r\np,q|r\r\n", Options{}, rows{{"p,q", "r"}}, nil},
		{"delimiters at the end of each row", "name;city;\np;q;\nr;s;\n", Options{}, rows{{"p", "q"}, {"r", "s"}}, nil},
		{"letters of four scripts", "name;city\nŻółć;Łódź\nЩербаков;Вѣна\nნინო;თბილისი\nΑΒΓ;日本\n", Options{}, rows{{"Żółć", "Łódź"}, {"Щербаков", "Вѣна"}, {"ნინო", "თბილისი"}, {"ΑΒΓ", "日本"}}, nil},
		{"fewer cells", "name,city,n\np,q\n", Options{}, rows{{"p", "q", ""}}, map[int]Problem{0: {Code: FewerCells, Line: 2, Usable: true}}},
		{"more cells", "name,city\n\np,q,r\n", Options{}, rows{{"p", "q", "r"}}, map[int]Problem{0: {Code: MoreCells, Line: 3, Column: 3}}},
		{"a quote that is never closed", "name,city\np,\"q\n", Options{}, rows{{"p", "\"q"}}, map[int]Problem{0: {Code: UnclosedQuote, Line: 2, Column: 2}}},
		{"a quote in a quoted cell", "name,city\n\"p\nq\",r\np,\"q\"r\"\n", Options{}, rows{{"p\nq", "r"}, {"p", "\"q\"r\""}}, map[int]Problem{1: {Code: StrayQuote, Line: 4, Column: 2}}},
		{"a quote in a bare cell", "name,city\np,q\"r\"\n", Options{}, rows{{"p", "q\"r\""}}, map[int]Problem{0: {Code: BareQuote, Line: 2, Column: 2, Usable: true}}},
		{"a zero byte", "name,city\np,\x00q\nr,s\n", Options{Encoding: UTF8, Delimiter: ','}, rows{{"p", "\uFFFDq"}, {"r", "s"}}, map[int]Problem{0: {Code: BadBytes, Line: 2}}},
		{"a guarded formula", "name,city\n'=1+1,'@x\n", Options{}, rows{{"=1+1", "@x"}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := allRows(t, openBytes(t, []byte(tt.text), tt.opts))
			if diff := cmp.Diff(tt.want, cellsOf(got), cmpEmpty); diff != "" {
				t.Fatal(diff)
			}
			for i, row := range got {
				if want, ok := tt.problems[i]; ok {
					wantProblem(t, row, want)
				} else if row.Problem != nil {
					t.Errorf("row %d: unexpected problem %+v", row.Number, row.Problem)
				}
			}
		})
	}
}

var cmpEmpty = cmp.Transformer("none", func(rows [][]string) [][]string {
	if len(rows) == 0 {
		return nil
	}
	return rows
})

// TestGarbage opens what is no table at all: it is refused with words, or, if it
// happens to look like text, read without harm.
func TestGarbage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 4000)
	for i := range noise {
		noise[i] = byte(random.IntN(256))
	}
	noZeros := bytes.ReplaceAll(noise, []byte{0}, []byte{1})
	for name, content := range map[string][]byte{
		"noise":               noise,
		"noise without zeros": noZeros,
		"packed":              append([]byte("\x1f\x8b\x08\x00"), noZeros...),
		"database":            append([]byte("SQLite format 3\x00"), noZeros...),
		"UTF-32":              []byte("\xff\xfe\x00\x00a\x00\x00\x00,\x00\x00\x00b\x00\x00\x00"),
		"program":             append([]byte("\x7fELF\x02\x01\x01"), noZeros...),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(bytes.NewReader(content), int64(len(content)), "f", Options{})
			wantText(t, err, errs.Invalid, "tabular.error.not-a-table")
		})
	}
}

// repeated is a file of one header and many equal rows that is never held.
type repeated struct {
	head, row string
	rows      int64
}

func (f repeated) size() int64 { return int64(len(f.head)) + f.rows*int64(len(f.row)) }

// ReadAt implements io.ReaderAt.
func (f repeated) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		pos := at + int64(n)
		switch head := int64(len(f.head)); {
		case pos >= f.size():
			return n, io.EOF
		case pos < head:
			n += copy(p[n:], f.head[pos:])
		default:
			n += copy(p[n:], f.row[(pos-head)%int64(len(f.row)):])
		}
	}
	return n, nil
}

// heldWhile tells how many bytes of memory reading a source holds at most.
func heldWhile(t *testing.T, s *Source, rows int) uint64 {
	t.Helper()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most, n := m.HeapAlloc, uint64(0), 0
	for row, err := range s.Rows(context.Background()) {
		if err != nil || row.Problem != nil {
			t.Fatal(err, row)
		}
		if n++; n%100_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc-min(before, m.HeapAlloc))
		}
	}
	if n != rows {
		t.Fatalf("%d rows, want %d", n, rows)
	}
	return most
}

// TestMillionsOfRowsTakeLittleMemory reads 2,000,000 rows (150 MB) of text.
func TestMillionsOfRowsTakeLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("millions of rows are for the long run")
	}
	f := repeated{"id,name,city,phone,note\n", "1,\"Rose, Oil\",Пловдив,+359 88 123 4567,\"two\nlines of it\"\n", 2_000_000}
	s, err := Open(f, f.size(), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if held := heldWhile(t, s, 2_000_000); held > 8<<20 {
		t.Errorf("%d MB held", held>>20)
	}
}

// TestWholeSheetTakesLittleMemory reads a sheet of 1,048,576 rows, all a sheet
// can have, with shared strings.
func TestWholeSheetTakesLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("whole sheets are for the long run")
	}
	name := filepath.Join(t.TempDir(), "whole.xlsx")
	size := wholeSheet(t, name)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s, err := Open(file, size, "f", Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if held := heldWhile(t, s, MaxSheetRows-1); held > 48<<20 {
		t.Errorf("%d MB held", held>>20)
	}
}

// wholeSheet writes a sheet that is full, and tells its size.
func wholeSheet(t *testing.T, name string) int64 {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	small, err := zip.NewReader(bytes.NewReader(parts(t, "", nil)), int64(len(parts(t, "", nil))))
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(file)
	write := func(part string, fill func(w *bufio.Writer)) {
		w, err := archive.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		buffered := bufio.NewWriter(w)
		fill(buffered)
		if err := buffered.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range small.File {
		if f.Name == "xl/worksheets/sheet1.xml" {
			continue
		}
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		write(f.Name, func(w *bufio.Writer) { _, _ = io.Copy(w, content) })
	}
	const texts = 100_000
	write("xl/sharedStrings.xml", func(w *bufio.Writer) {
		_, _ = w.WriteString("<sst>")
		for i := range texts {
			_, _ = fmt.Fprintf(w, "<si><t>Customer %d %s</t></si>", i*7919%texts, strings.Repeat("x", i%13))
		}
		_, _ = w.WriteString("</sst>")
	})
	write("xl/worksheets/sheet1.xml", func(w *bufio.Writer) {
		_, _ = w.WriteString(`<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><t>n</t></is></c></row>`)
		for i := 2; i <= MaxSheetRows; i++ {
			_, _ = fmt.Fprintf(w, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d"><v>%d.5</v></c></row>`, i, i, i*31%texts, i, i*7)
		}
		_, _ = w.WriteString(`</sheetData></worksheet>`)
	})
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
