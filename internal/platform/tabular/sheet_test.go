package tabular

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kartoteka.dev/internal/platform/errs"
)

// book makes an XLSX with excelize, an independent writer.
func book(t testing.TB, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func setRows(f *excelize.File, sheet string, rows ...[]any) error {
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	return nil
}

func TestReadSheet(t *testing.T) {
	content := book(t, func(f *excelize.File) error {
		err := setRows(f, "Sheet1",
			[]any{" Name ", "Joined", "Seen", "At", "Amount", "Active", "Note"},
			[]any{"Иван", 45123, 45123.75, 0.5, 1234.5, true, "line one\nline two"},
			[]any{"ნინო", nil, nil, nil, 0.1 + 0.2, false},
			nil,
			[]any{"Łódź", 60, nil, nil, 1e-7, nil, "a b & <c>"})
		for cell, format := range map[string]string{"B2": `dd\.mm\.yyyy;@`, "B5": "m/d/yy", "C2": "yyyy-mm-dd hh:mm", "D2": "h:mm AM/PM", "E2": `# ##0.00 [$€-407]`} {
			style, styleErr := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			err = errors.Join(err, styleErr, f.SetCellStyle("Sheet1", cell, cell, style))
		}
		_, sheetErr := f.NewSheet("Other")
		return errors.Join(err, sheetErr, f.MergeCell("Sheet1", "B3", "D3"))
	})
	s := openBytes(t, content, Options{})
	if s.Format != FormatXLSX || s.Sheet != "Sheet1" || s.HeaderRow != 1 {
		t.Errorf("source: %+v", s)
	}
	if diff := cmp.Diff([]string{"Sheet1", "Other"}, s.Sheets); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Name", "Joined", "Seen", "At", "Amount", "Active", "Note"}, s.Header); diff != "" {
		t.Error(diff)
	}
	rows := allRows(t, s)
	want := [][]string{
		{"Иван", "2023-07-16", "2023-07-16 18:00:00", "12:00:00", "1234.5", "true", "line one\nline two"},
		{"ნინო", "", "", "", "0.3", "false", ""},
		{"Łódź", "1900-02-28", "", "", "0.0000001", "", "a b & <c>"},
	}
	if diff := cmp.Diff(want, cellsOf(rows)); diff != "" {
		t.Error(diff)
	}
	if rows[2].Number != 5 {
		t.Errorf("third row has number %d, want 5", rows[2].Number)
	}
	if done, total := s.Progress(); done != total || total == 0 {
		t.Errorf("progress %d of %d", done, total)
	}
	if n, known := s.TotalRows(); !known || n != 3 {
		t.Errorf("TotalRows %d %v", n, known)
	}
}

func TestSheetIsChosen(t *testing.T) {
	content := book(t, func(f *excelize.File) error {
		_, err := f.NewSheet("Data")
		return errors.Join(err, setRows(f, "Sheet1", []any{"hidden"}), setRows(f, "Data", []any{"name"}, []any{"Anna"}),
			f.SetSheetVisible("Data", true), func() error { f.SetActiveSheet(1); return nil }(), f.SetSheetVisible("Sheet1", false))
	})
	if s := openBytes(t, content, Options{}); s.Sheet != "Data" || len(s.Sheets) != 1 || len(s.Hidden) != 1 || s.Hidden[0] != "Sheet1" {
		t.Errorf("opened %q of %q", s.Sheet, s.Sheets)
	}
	if s := openBytes(t, content, Options{Sheet: "Sheet1"}); s.Sheet != "Sheet1" {
		t.Errorf("opened %q", s.Sheet)
	}
	_, err := Open(bytes.NewReader(content), int64(len(content)), "f", Options{Sheet: "None"})
	wantText(t, err, errs.Invalid, "tabular.error.no-sheet")
}

func TestDatesFrom1904(t *testing.T) {
	content := book(t, func(f *excelize.File) error {
		yes := true
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		return errors.Join(err, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}),
			setRows(f, "Sheet1", []any{"day"}, []any{0}, []any{44927}), f.SetCellStyle("Sheet1", "A2", "A3", style))
	})
	if diff := cmp.Diff([][]string{{"1904-01-01"}, {"2027-01-02"}}, cellsOf(allRows(t, openBytes(t, content, Options{})))); diff != "" {
		t.Error(diff)
	}
}

// parts makes an XLSX of the given sheet XML and further parts.
func parts(t testing.TB, sheet string, more map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="A &amp; B" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for name, content := range more {
		all[name] = content
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range all {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUnusualSheets(t *testing.T) {
	shared := map[string]string{"xl/sharedStrings.xml": `<?xml version="1.0"?><sst><si><t>name</t></si><si><r><t>An</t></r><r><rPr/><t xml:space="preserve">na </t></r><rPh sb="0"><t>phonetic</t></rPh></si><si/></sst>`}
	tests := map[string]struct {
		sheet string
		want  [][]string
	}{
		"prefixes, no references, no end of rows": {
			`<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row><x:row><x:c t="s"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
			[][]string{{"name"}, {"Anna "}},
		},
		"comments, sections, entities": {
			`<worksheet><!-- <row> --><sheetData><row r="3"><c r="B3" t="inlineStr"><is><t><![CDATA[a<b]]>&#x41;&amp;&unknown;</t></is></c></row></sheetData></worksheet>`,
			[][]string{{"", "a<bA&&unknown;"}},
		},
		"formulas and their values": {
			`<worksheet><sheetData><row><c><f>SUM(A2:A3)</f><v>1E3</v></c><c t="str"><f>"x"</f><v>x</v></c><c t="d"><v>2026-03-04T00:00:00</v></c><c><v>12345678901234567890</v></c><c><v>4.1999999999999993</v></c><c t="str"><v>a_x000D_
b_x005F_x0041_ _xyz_</v></c></row></sheetData></worksheet>`,
			[][]string{{"1000", "x", "2026-03-04", "12345678901234567890", "4.2", "a\nb_x0041_ _xyz_"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := openBytes(t, parts(t, tt.sheet, shared), Options{Header: HeaderNo})
			if s.Sheet != "A & B" {
				t.Errorf("sheet %q", s.Sheet)
			}
			if diff := cmp.Diff(tt.want, cellsOf(allRows(t, s))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSheetRowProblems(t *testing.T) {
	sheet := `<worksheet><sheetData><row><c t="inlineStr"><is><t>name</t></is></c></row>` +
		`<row><c t="e"><v>#N/A</v></c></row>` +
		`<row><c t="inlineStr"><is><t>a</t></is></c><c r="ZZZ3"><v>1</v></c></row>` +
		`<row><c t="inlineStr"><is><t>` + "a\xffb" + `</t></is></c></row>` +
		`<row><c t="inlineStr"><is><t>` + strings.Repeat("y", MaxFieldBytes+2) + `</t></is></c></row></sheetData></worksheet>`
	rows := allRows(t, openBytes(t, parts(t, sheet, nil), Options{Header: HeaderYes}))
	want := []Problem{
		{Code: CellError, Line: 2, Column: 1, Usable: true},
		{Code: TooManyCells, Line: 3, Column: 18278},
		{Code: BadBytes, Line: 4, Column: 1},
		{Code: CellTooLong, Line: 5, Column: 1},
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i := range want {
		wantProblem(t, rows[i], want[i])
	}
}

func TestHostileSheets(t *testing.T) {
	row := `<row><c><v>1</v></c></row>`
	good := `<worksheet><sheetData>` + row + `</sheetData></worksheet>`
	bomb := `<worksheet><sheetData>` + strings.Repeat(`<row r="1"/>`, 6<<20) + `</sheetData></worksheet>`
	tests := map[string]struct {
		content []byte
		kind    errs.Kind
		text    string
	}{
		"cut off":           {parts(t, `<worksheet><sheetData>`+row+`<row><c><v>2`, nil), errs.Invalid, "tabular.error.damaged"},
		"no end of data":    {parts(t, `<worksheet></worksheet>`, nil), errs.Invalid, "tabular.error.damaged"},
		"document type":     {parts(t, `<!DOCTYPE x [<!ENTITY a "aa">]>`+good, nil), errs.Invalid, "tabular.error.damaged"},
		"text that is none": {parts(t, `<worksheet><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>`, nil), errs.Invalid, "tabular.error.damaged"},
		"row far away":      {parts(t, `<worksheet><sheetData><row r="1048577"><c><v>1</v></c></row></sheetData></worksheet>`, nil), errs.TooLarge, "tabular.error.too-many-rows"},
		"bomb":              {parts(t, bomb, nil), errs.TooLarge, "tabular.error.too-large"},
		"another document":  {parts(t, good, map[string]string{"_rels/.rels": `<Relationships/>`, "xl/workbook.xml": `<document/>`}), errs.Invalid, "tabular.error.no-sheets"},
		"binary workbook":   {parts(t, good, map[string]string{"xl/workbook.bin": "x"}), errs.Invalid, "tabular.error.old-format"},
		"OpenDocument":      {parts(t, good, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), errs.Invalid, "tabular.error.old-format"},
		"cut zip":           {parts(t, good, nil)[:300], errs.Invalid, "tabular.error.damaged"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Open(bytes.NewReader(tt.content), int64(len(tt.content)), "f", Options{})
			wantText(t, err, tt.kind, tt.text)
		})
	}
}

// TestForgedSize opens a zip that understates what it unpacks to, and one
// whose content does not fit its checksum.
func TestForgedSize(t *testing.T) {
	content := book(t, func(f *excelize.File) error { return setRows(f, "Sheet1", []any{"a"}, []any{"b"}) })
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(h *zip.FileHeader){
		"size":     func(h *zip.FileHeader) { h.UncompressedSize64 = 100 },
		"checksum": func(h *zip.FileHeader) { h.CRC32++ },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			w := zip.NewWriter(&out)
			for _, f := range archive.File {
				header := f.FileHeader
				if strings.HasSuffix(f.Name, "sheet1.xml") {
					forge(&header)
				}
				raw, err := f.OpenRaw()
				if err != nil {
					t.Fatal(err)
				}
				part, err := w.CreateRaw(&header)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(part, raw); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			_, err := Open(bytes.NewReader(out.Bytes()), int64(out.Len()), "f", Options{})
			wantText(t, err, errs.Invalid, "tabular.error.damaged")
		})
	}
}

// TestForgedPlace opens a zip whose directory says that the sheet lies
// elsewhere, even behind the file's end.
func TestForgedPlace(t *testing.T) {
	for _, place := range []string{"\xf0\xff\xff\x7f", "\x01\x00\x00\x00"} {
		content := book(t, func(f *excelize.File) error { return setRows(f, "Sheet1", []any{"a"}, []any{"b"}) })
		// In the directory the place is the last field before the name.
		at := bytes.LastIndex(content, []byte("xl/worksheets/sheet1.xml"))
		copy(content[at-4:at], place)
		_, err := Open(bytes.NewReader(content), int64(len(content)), "f", Options{})
		wantText(t, err, errs.Invalid, "tabular.error.damaged")
	}
}

func TestManySharedStringsLieInAFile(t *testing.T) {
	const n = 60_000
	var texts, sheet strings.Builder
	texts.WriteString("<sst>")
	sheet.WriteString("<worksheet><sheetData>")
	for i := range n {
		fmt.Fprintf(&texts, "<si><t>%d %s</t></si>", i, strings.Repeat("long ", 130))
		fmt.Fprintf(&sheet, `<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>`, i, n-1-i)
	}
	content := parts(t, sheet.String()+"</sheetData></worksheet>", map[string]string{"xl/sharedStrings.xml": texts.String() + "</sst>"})
	dir := t.TempDir()
	s, err := Open(bytes.NewReader(content), int64(len(content)), "f", Options{Header: HeaderNo, TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 {
		t.Errorf("%d temporary files, want 1", len(files))
	}
	i := 0
	for row, err := range s.Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(row.Cells[0], fmt.Sprint(i, " ")) || !strings.HasPrefix(row.Cells[1], fmt.Sprint(n-1-i, " ")) {
			t.Fatalf("row %d: %.20q %.20q", i, row.Cells[0], row.Cells[1])
		}
		i++
	}
	if err := s.Close(); err != nil || i != n {
		t.Errorf("%d rows, close: %v", i, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("the temporary file stayed")
	}
}

func TestNumberFormats(t *testing.T) {
	for code, want := range map[string]cellStyle{
		"General": styleNumber, "0.00": styleNumber, `#,##0.00 "days"`: styleNumber, "[Red]0": styleNumber, `0 \d`: styleNumber, "0%": styleNumber,
		"yyyy-mm-dd": styleDate, `[$-419]d mmmm yyyy" г."`: styleDate, "mmm": styleDate, "dd/mm/yy hh:mm": styleMoment,
		"hh:mm:ss": styleTime, "mm:ss": styleTime, "h:mm AM/PM": styleTime, "[h]:mm": styleElapsed, "0;[Red]d": styleNumber,
	} {
		if got := styleOf(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
	for _, tt := range []struct {
		raw   string
		style cellStyle
		want  string
	}{
		{"1E+20", styleNumber, "100000000000000000000"},
		{"-0", styleNumber, "0"},
		{"0.1", styleNumber, "0.1"},
		{"1.5", styleElapsed, "36:00:00"},
		{"45123.99999999", styleMoment, "2023-07-17"},
		{"-3", styleDate, "-3"},
		{"1", styleDate, "1900-01-01"},
		{"61", styleDate, "1900-03-01"},
		{"2958465", styleDate, "9999-12-31"},
		{"2958466", styleDate, "2958466"},
		{"rubbish", styleDate, "rubbish"},
	} {
		if got := numberText(tt.raw, tt.style, false); got != tt.want {
			t.Errorf("%s in style %d: %s, want %s", tt.raw, tt.style, got, tt.want)
		}
	}
}

func TestPasswordProtectedWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	var out bytes.Buffer
	if err := f.Write(&out, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(bytes.NewReader(out.Bytes()), int64(out.Len()), "f", Options{})
	wantText(t, err, errs.Invalid, "tabular.error.password")
}
