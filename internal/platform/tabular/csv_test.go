package tabular

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/errs"
)

func TestReadText(t *testing.T) {
	tests := []struct {
		name, text string
		opts       Options
		delimiter  byte
		header     []string
		rows       [][]string
	}{
		{"commas", "name,city\nAnna,Sofia\n", Options{}, ',', []string{"name", "city"}, [][]string{{"Anna", "Sofia"}}},
		{"semicolons and decimal commas", "name;price;qty\nA;1,50;2,5\nB;3,20;1,0\n", Options{}, ';', []string{"name", "price", "qty"}, [][]string{{"A", "1,50", "2,5"}, {"B", "3,20", "1,0"}}},
		{"decimal commas without header", "1,5;2,5\n3,5;4,5\n", Options{}, ';', nil, [][]string{{"1,5", "2,5"}, {"3,5", "4,5"}}},
		{"tabs with commas in texts", "name\taddress\nA\tSofia, Vitosha 1\nB\tVarna, Centre\n", Options{}, '\t', []string{"name", "address"}, [][]string{{"A", "Sofia, Vitosha 1"}, {"B", "Varna, Centre"}}},
		{"bars", "a|b\n1|2\n", Options{}, '|', []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"delimiters inside quotes", "name;note\nA;\"x, y; z, w\"\nB;\"q, r\"\n", Options{}, ';', []string{"name", "note"}, [][]string{{"A", "x, y; z, w"}, {"B", "q, r"}}},
		{"directive", "sep=;\nname;n\nA;1\n", Options{}, ';', []string{"name", "n"}, [][]string{{"A", "1"}}},
		{"CRLF inside quotes", "name,note\r\nA,\"one\r\ntwo\"\r\nB,x\r\n", Options{}, ',', []string{"name", "note"}, [][]string{{"A", "one\ntwo"}, {"B", "x"}}},
		{"lines of old", "name,n\rA,1\rB,2", Options{}, ',', []string{"name", "n"}, [][]string{{"A", "1"}, {"B", "2"}}},
		{"blank lines and rows", "name,n\n\nA,1\n,\n\nB,2\n\n", Options{}, ',', []string{"name", "n"}, [][]string{{"A", "1"}, {"B", "2"}}},
		{"title above", "Report 2026\n\nname,n\nA,1\n", Options{Skip: 2}, ',', []string{"name", "n"}, [][]string{{"A", "1"}}},
		{"blank delimiters at the end", "name,n,,\nA,1,,\nB,2,,,\n", Options{}, ',', []string{"name", "n"}, [][]string{{"A", "1"}, {"B", "2"}}},
		{"blank name over data", "name,,n\nA,x,1\n", Options{}, ',', []string{"name", "", "n"}, [][]string{{"A", "x", "1"}}},
		{"names trimmed and told apart", " Variant ,  id,Variant,Variant 2\na,1,b,c\n", Options{}, ',', []string{"Variant", "id", "Variant 3", "Variant 2"}, [][]string{{"a", "1", "b", "c"}}},
		{"blank after closing quote", "name,n\n\"A\" ,1\n", Options{}, ',', []string{"name", "n"}, [][]string{{"A", "1"}}},
		{"header forced", "1,2\n3,4\n", Options{Header: HeaderYes}, ',', []string{"1", "2"}, [][]string{{"3", "4"}}},
		{"guarded texts", "name,n\n'=1+1,'quote\n", Options{}, ',', []string{"name", "n"}, [][]string{{"=1+1", "'quote"}}},
		{"one column", "name\nAnna\n\nBoris\n", Options{}, ',', []string{"name"}, [][]string{{"Anna"}, {""}, {"Boris"}}},
		{"one column with commas", "address\nSofia\nVarna, Centre\nRuse\n", Options{Delimiter: ';'}, ';', []string{"address"}, [][]string{{"Sofia"}, {"Varna, Centre"}, {"Ruse"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := openBytes(t, []byte(tt.text), tt.opts)
			if s.Delimiter != tt.delimiter {
				t.Errorf("delimiter %q, want %q", s.Delimiter, tt.delimiter)
			}
			if diff := cmp.Diff(tt.header, s.Header); diff != "" {
				t.Error(diff)
			}
			rows := allRows(t, s)
			if diff := cmp.Diff(tt.rows, cellsOf(rows)); diff != "" {
				t.Error(diff)
			}
			for _, row := range rows {
				if row.Problem != nil {
					t.Errorf("row %d: unexpected problem %+v", row.Number, row.Problem)
				}
			}
			if n, known := s.TotalRows(); !known || n != len(tt.rows) {
				t.Errorf("TotalRows %d %v after reading %d", n, known, len(tt.rows))
			}
			if done, total := s.Progress(); done != total {
				t.Errorf("progress %d of %d after reading all", done, total)
			}
		})
	}
}

func TestBrokenRowsDoNotSpread(t *testing.T) {
	long := strings.Repeat("x", MaxFieldBytes+1)
	tests := []struct {
		name, line string
		want       Problem
	}{
		{"unclosed quote", `2,"forgot`, Problem{Code: StrayQuote, Column: 2}}, // the next quote tells it
		{"stray quote", `2,"a "b" c"`, Problem{Code: StrayQuote, Column: 2}},
		{"bare quote", `2,ООО "Ромашка"`, Problem{Code: BareQuote, Column: 2, Usable: true}},
		{"fewer cells", `2`, Problem{Code: FewerCells, Usable: true}},
		{"more cells", `2,a,b`, Problem{Code: MoreCells, Column: 3}},
		{"bad byte", "2,a\xffb", Problem{Code: BadBytes}},
		{"bad byte in quotes", "2,\"a\xffb\"", Problem{Code: BadBytes}},
		{"zero byte", "2,a\x00b", Problem{Code: BadBytes}},
		{"long cell", "2," + long, Problem{Code: CellTooLong, Column: 2}},
		{"long quoted cell", `2,"` + long + `"`, Problem{Code: CellTooLong, Column: 2}},
		{"long row", "2," + strings.Repeat("x", 3*MaxRowBytes), Problem{Code: RowTooLong}},
		{"wide row", "2" + strings.Repeat(",y", MaxColumns), Problem{Code: TooManyCells}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := "id,name\n1,Łódź\n" + tt.line + "\n3,\"next, please\"\n4,last\n"
			rows := allRows(t, openBytes(t, []byte(text), Options{Encoding: UTF8, Delimiter: ','}))
			if len(rows) != 4 {
				t.Fatalf("%d rows, want 4", len(rows))
			}
			want := tt.want
			want.Line = 3
			wantProblem(t, rows[1], want)
			good := [][]string{rows[0].Cells, rows[2].Cells, rows[3].Cells}
			if diff := cmp.Diff([][]string{{"1", "Łódź"}, {"3", "next, please"}, {"4", "last"}}, good); diff != "" {
				t.Error(diff)
			}
			for _, row := range []Row{rows[0], rows[2], rows[3]} {
				if row.Problem != nil {
					t.Errorf("row %d: the problem spread: %+v", row.Number, row.Problem)
				}
			}
			if rows[3].Number != 5 {
				t.Errorf("last row has number %d, want 5", rows[3].Number)
			}
		})
	}
}

func TestUnclosedQuoteLosesOneRow(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,name\n1,\"forgot\n")
	for i := 2; i <= 100_000; i++ {
		fmt.Fprintf(&text, "%d,Anna\n", i)
	}
	rows := allRows(t, openBytes(t, []byte(text.String()), Options{}))
	if len(rows) != 100_000 {
		t.Fatalf("%d rows, want 100000", len(rows))
	}
	wantProblem(t, rows[0], Problem{Code: UnclosedQuote, Line: 2, Column: 2})
	if rows[99_999].Problem != nil || rows[99_999].Number != 100_001 {
		t.Errorf("last row: %+v", rows[99_999])
	}
}

func TestBrokenQuotesAreBounded(t *testing.T) {
	// Read by itself, each line opens a quote that all the others keep open.
	text := strings.Repeat("x\",\"z\n", 800_000)
	_, err := Open(strings.NewReader(text), int64(len(text)), "f", Options{Delimiter: ','})
	wantText(t, err, errs.Invalid, "tabular.error.broken-quotes")
}

func TestForeignFilesAreRefused(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	tests := map[string]struct{ content, text string }{
		"nothing":        {"", "tabular.error.empty"},
		"only a mark":    {"\xef\xbb\xbf", "tabular.error.empty"},
		"xls":            {ole, "tabular.error.old-format"},
		"protected":      {ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "tabular.error.password"},
		"web page":       {"\r\n<html><table><tr><td>x", "tabular.error.web-page"},
		"XML of old":     {"<?xml version=\"1.0\"?><Workbook>", "tabular.error.old-format"},
		"PDF":            {"%PDF-1.7\n", "tabular.error.not-a-table"},
		"picture":        {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01", "tabular.error.not-a-table"},
		"zip of nothing": {"PK\x03\x04 and nothing else", "tabular.error.damaged"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Open(strings.NewReader(tt.content), int64(len(tt.content)), "f", Options{})
			wantText(t, err, errs.Invalid, tt.text)
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	content := []byte("a,b\n1,2\n")
	for _, tt := range []struct {
		opts Options
		text string
	}{
		{Options{Encoding: "ebcdic"}, "tabular.error.unknown-encoding"},
		{Options{Delimiter: 'x'}, "tabular.error.bad-delimiter"},
	} {
		_, err := Open(bytes.NewReader(content), int64(len(content)), "f", tt.opts)
		wantText(t, err, errs.Invalid, tt.text)
	}
	long := []byte(strings.Repeat("n", MaxHeaderName+1) + ",b\n1,2\n")
	_, err := Open(bytes.NewReader(long), int64(len(long)), "f", Options{Header: HeaderYes})
	wantText(t, err, errs.Invalid, "tabular.error.header-too-long")
	broken := []byte("a,\"b\n1,2\n")
	_, err = Open(bytes.NewReader(broken), int64(len(broken)), "f", Options{Header: HeaderYes})
	wantText(t, err, errs.Invalid, "tabular.error.header-broken")
}

func TestReadingStops(t *testing.T) {
	text := []byte("id\n" + strings.Repeat("1\n", 10_000))
	s := openBytes(t, text, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.Rows(ctx) {
		if n++; n == 300 {
			cancel()
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) || n > 1000 {
		t.Errorf("after cancel: %d rows, error %v", n, last)
	}
	rows, err := s.Sample(context.Background(), 3)
	if err != nil || len(rows) != 3 || rows[0].Number != 2 {
		t.Errorf("Sample: %v %v", rows, err)
	}
	if _, known := s.TotalRows(); known {
		t.Error("TotalRows is known after reading a part")
	}
}

func TestHeaderIsRecognised(t *testing.T) {
	for text, want := range map[string]bool{
		"name,phone\nAnna,+359 88 123 4567\n":       true,
		"Anna,+359 88 123 4567\nBoris,0881234567\n": false,
		"customer,2024,2025\nA,1,2\n":               true,
		"1,2\n3,4\n":                                false,
		"a@example.com,x\nb@example.com,y\n":        false,
		"Anna,Bulgaria\nBoris,Bulgaria\n":           false,
		"2026-01-01,x\n2026-01-02,y\n":              false,
		"Име;Телефон;Е-поща\nАна;0881;a@b.bg\n":     true,
		"only\n": true,
	} {
		if got := openBytes(t, []byte(text), Options{}).HasHeader; got != want {
			t.Errorf("%q: header %v, want %v", text, got, want)
		}
	}
}
