package tabular

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/errs"
)

// openSheet opens the workbook, chooses the sheet and prepares reading.
func (s *Source) openSheet(r io.ReaderAt, size int64, opts Options) error {
	book, err := openWorkbook(r, size, opts.TempDir)
	if err != nil {
		return err
	}
	s.book, s.Format = book, FormatXLSX
	chosen := sheetPart{}
	for _, sheet := range book.sheets {
		if sheet.hidden {
			s.Hidden = append(s.Hidden, sheet.name)
		} else {
			s.Sheets = append(s.Sheets, sheet.name)
		}
		if opts.Sheet == sheet.name || opts.Sheet == "" && chosen.path == "" && !sheet.hidden {
			chosen = sheet
		}
	}
	if chosen.path == "" {
		if opts.Sheet == "" {
			return errs.New(errs.Invalid, "tabular.Open", "tabular.error.no-sheets")
		}
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.no-sheet", "Sheet", opts.Sheet)
	}
	s.Sheet, s.total = chosen.name, book.size(chosen.path)
	s.start = func() (rowReader, error) {
		s.done.Store(0)
		part, err := book.open(chosen.path, maxPartBytes)
		if err != nil {
			return nil, err
		}
		x := newXMLScanner(&countingReader{part, &s.done})
		return &sheetReader{book: book, part: part, x: x, source: s}, nil
	}
	return nil
}

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	book   *workbook
	source *Source
	part   io.ReadCloser
	x      *xmlScanner
	row    int
	width  int
	value  []byte
}

func (r *sheetReader) close() error { return r.part.Close() }

// next gives the next row the sheet mentions; io.EOF after the last.
func (r *sheetReader) next() (Row, error) {
	for {
		kind, err := r.x.next()
		switch {
		case errors.Is(err, io.EOF):
			err = io.ErrUnexpectedEOF // a sheet ends its data first
			fallthrough
		case err != nil:
			return Row{}, damaged(err)
		case kind == xmlEnd && string(r.x.name) == "sheetData":
			return Row{}, r.finish()
		case kind == xmlStart && string(r.x.name) == "dimension":
			r.dimension(string(r.x.attr("ref")))
		case kind == xmlStart && string(r.x.name) == "row":
			row, err := r.readRow()
			if err != nil {
				return Row{}, damaged(err)
			}
			return row, nil
		}
	}
}

// finish reads the rest of the part, so that its checksum is verified.
func (r *sheetReader) finish() error {
	if _, err := io.Copy(io.Discard, r.x.src); err != nil {
		return damaged(err)
	}
	return io.EOF
}

// dimension takes the number of rows from what the sheet says of itself.
func (r *sheetReader) dimension(ref string) {
	_, last, found := strings.Cut(ref, ":")
	digits := strings.TrimLeft(last, "$ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if n, err := strconv.Atoi(digits); found && err == nil && n > 0 && n <= MaxSheetRows && r.source.rows < 0 {
		r.source.rows = max(n-1, 0)
	}
}

// readRow reads the cells of a <row>.
func (r *sheetReader) readRow() (Row, error) {
	r.row++
	if n := r.x.attrInt("r"); n > 0 {
		r.row = n
	}
	if r.row > MaxSheetRows {
		return Row{}, errs.New(errs.TooLarge, "tabular.Rows", "tabular.error.too-many-rows", "Max", MaxSheetRows)
	}
	row := Row{Number: r.row, Cells: make([]string, 0, r.width)}
	column := 0
	for seen := 0; ; {
		kind, err := r.x.next()
		if err != nil {
			return Row{}, err
		}
		if kind == xmlEnd && string(r.x.name) == "row" {
			r.width = max(r.width, len(row.Cells))
			return row, nil
		}
		if kind != xmlStart || string(r.x.name) != "c" {
			continue
		}
		if seen++; seen > 4*16384 {
			return Row{}, errXMLSyntax
		}
		column++
		if n := columnOf(r.x.attr("r")); n > 0 {
			column = n
		}
		if err := r.readCell(&row, column); err != nil {
			return Row{}, err
		}
	}
}

// columnOf reads the column of a cell's name: 28 for AB7; 0 if there is none.
func columnOf(ref []byte) int {
	n := 0
	for _, c := range ref {
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
		if n > 1<<20 {
			return n
		}
	}
	return n
}

// readCell reads a <c> and puts its text into the row.
func (r *sheetReader) readCell(row *Row, column int) error {
	kind := cellKind(r.x.attr("t"))
	style := styleNumber
	if s := r.x.attrInt("s"); s > 0 && s < len(r.book.styles) {
		style = r.book.styles[s]
	} else if s == 0 && len(r.book.styles) > 0 {
		style = r.book.styles[0]
	}
	value, err := r.readValue()
	if err != nil || len(value) == 0 {
		return err
	}
	if column > MaxColumns {
		row.Problem = worse(row.Problem, problem(TooManyCells, r.row, column, "Max", MaxColumns))
		return nil
	}
	text := ""
	switch kind {
	case sharedCell:
		n, convErr := strconv.Atoi(string(value))
		if convErr != nil {
			return convErr
		}
		text, err = r.book.strings.get(n)
	case textCell:
		text = cellText(value)
	case errorCell:
		row.Problem = worse(row.Problem, problem(CellError, r.row, column, "Value", cellText(value)))
	case boolCell:
		text = strconv.FormatBool(string(value) == "1" || string(value) == "true")
	case isoCell:
		text = isoText(string(value))
	default:
		text = numberText(string(value), style, r.book.date04)
	}
	if err != nil || text == "" {
		return err
	}
	if len(text) > MaxFieldBytes {
		row.Problem = worse(row.Problem, problem(CellTooLong, r.row, column, "Max", MaxFieldBytes))
	}
	if strings.ContainsRune(text, 0) || strings.Contains(text, "\uFFFD") && kind != numberCell {
		row.Problem = worse(row.Problem, problem(BadBytes, r.row, column))
	}
	for len(row.Cells) < column {
		row.Cells = append(row.Cells, "")
	}
	row.Cells[column-1] = text
	return nil
}

// readValue reads the <v>, or the text of the <is>, up to the cell's end.
func (r *sheetReader) readValue() ([]byte, error) {
	r.value = r.value[:0]
	inValue := false
	for {
		kind, err := r.x.next()
		if err != nil {
			return nil, err
		}
		switch {
		case kind == xmlText:
			if inValue && len(r.value) <= MaxFieldBytes {
				r.value = append(r.value, r.x.text...)
			}
		case kind == xmlEnd && string(r.x.name) == "c":
			return r.value, nil
		case kind == xmlStart && string(r.x.name) == "is":
			if r.value, err = richText(r.x, r.value); err != nil {
				return nil, err
			}
		default:
			inValue = kind == xmlStart && string(r.x.name) == "v"
		}
	}
}

// cellText makes a text of a cell's bytes: resolves _x000D_, lets lines end in
// \n, and replaces what is not UTF-8.
func cellText(raw []byte) string {
	s := string(raw)
	if strings.Contains(s, "_x") {
		s = resolveEscapes(s)
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}

// resolveEscapes resolves the _xHHHH_ by which XLSX writes control characters.
func resolveEscapes(s string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			break
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		out.WriteString(s[:i])
		out.WriteRune(rune(n)) // 16 bits
		s = s[i+7:]
	}
	return out.String() + s
}
