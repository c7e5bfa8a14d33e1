package tabular

import (
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/govalues/decimal"
	"github.com/xuri/excelize/v2"

	"kartoteka.dev/internal/platform/errs"
)

// Limits of an XLSX cell and how many rows are looked at for the widths.
const (
	maxCellUnits = 32_767 // UTF-16 units
	widthRows    = 50
	maxWidth     = 60
)

// XLSXOptions is how an XLSX is written.
type XLSXOptions struct {
	Sheet   string // name of the sheet, cleaned of what names may not have
	TempDir string // where a long sheet is kept while it grows; the system's place if empty
}

type xlsxWriter struct {
	out    io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	styles map[string]int // by number format
	bold   int
	header []string
	held   [][]Cell // the first rows, until the widths are known; nil after
	began  bool
	row    int
}

// NewXLSXWriter writes one sheet with a bold header that stays in view, widths
// after the content, and typed cells. Texts are always stored as texts, never
// as formulas. A text of more than 32,767 characters, the format's limit, is
// cut and ends with "…"; rows beyond the format's limit are an error.
func NewXLSXWriter(w io.Writer, opts XLSXOptions) (Writer, error) {
	file := excelize.NewFile(excelize.Options{TmpDir: opts.TempDir})
	out := &xlsxWriter{out: w, file: file, styles: make(map[string]int), held: make([][]Cell, 0, widthRows)}
	if err := out.prepare(sheetName(opts.Sheet)); err != nil {
		return nil, errs.Wrap("tabular.NewXLSXWriter", errors.Join(err, file.Close()))
	}
	return out, nil
}

func (x *xlsxWriter) prepare(sheet string) error {
	first := x.file.GetSheetName(0)
	if sheet != "" {
		if err := x.file.SetSheetName(first, sheet); err != nil {
			return err
		}
		first = sheet
	}
	var err error
	if x.bold, err = x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	x.stream, err = x.file.NewStreamWriter(first)
	return err
}

// sheetName makes a name that a sheet may have.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Trim(shorten(strings.Trim(s, " '"), 31), " '")
}

// Header implements Writer.
func (x *xlsxWriter) Header(names []string) error {
	x.header = names
	return nil
}

// Row implements Writer.
func (x *xlsxWriter) Row(cells []Cell) error {
	if x.held != nil && len(x.held) < widthRows {
		x.held = append(x.held, append([]Cell(nil), cells...))
		return nil
	}
	if err := x.begin(); err != nil {
		return err
	}
	return x.write(cells)
}

// begin writes widths, header and the rows held back.
func (x *xlsxWriter) begin() error {
	if x.began {
		return nil
	}
	x.began = true
	held := x.held
	x.held = nil
	for i, width := range widths(x.header, held) {
		if err := x.stream.SetColWidth(i+1, i+1, width); err != nil {
			return errs.Wrap("tabular.Row", err)
		}
	}
	if err := x.writeHeader(); err != nil {
		return errs.Wrap("tabular.Row", err)
	}
	for _, cells := range held {
		if err := x.write(cells); err != nil {
			return err
		}
	}
	return nil
}

func (x *xlsxWriter) writeHeader() error {
	if x.header == nil {
		return nil
	}
	err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	values := make([]any, len(x.header))
	for i, name := range x.header {
		values[i] = excelize.Cell{StyleID: x.bold, Value: storable(name)}
	}
	x.row++
	return x.stream.SetRow("A1", values)
}

// widths gives each column the room of its longest cell, within reason.
func widths(header []string, rows [][]Cell) []float64 {
	var out []float64
	room := func(i, n int) {
		for len(out) <= i {
			out = append(out, 9)
		}
		out[i] = min(max(out[i], float64(n)*1.1+2), maxWidth)
	}
	for i, name := range header {
		room(i, utf8.RuneCountInString(name)+1)
	}
	for _, row := range rows {
		for i, cell := range row {
			extra := 0
			if cell.kind == moneyValue {
				extra = len(cell.text) + 4
			}
			room(i, utf8.RuneCountInString(cell.plain())+extra)
		}
	}
	return out[:min(len(out), excelize.MaxColumns)]
}

// write writes one row.
func (x *xlsxWriter) write(cells []Cell) error {
	x.row++
	if x.row > MaxSheetRows {
		return errs.New(errs.TooLarge, "tabular.Row", "tabular.error.too-many-rows", "Max", MaxSheetRows)
	}
	values := make([]any, len(cells))
	for i, cell := range cells {
		value, err := x.value(cell)
		if err != nil {
			return errs.Wrap("tabular.Row", err)
		}
		values[i] = value
	}
	name, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return errs.Wrap("tabular.Row", err)
	}
	return errs.Wrap("tabular.Row", x.stream.SetRow(name, values))
}

// value gives excelize's value of a cell; nil is a blank one.
func (x *xlsxWriter) value(c Cell) (any, error) {
	switch c.kind {
	case textValue:
		return storable(c.text), nil
	case boolValue:
		return c.whole == 1, nil
	case intValue:
		if c.whole > 1e15 || c.whole < -1e15 {
			return c.plain(), nil
		}
		return c.whole, nil
	case decimalValue:
		return x.numeric(c.number, numberFormat(c.number.Scale()))
	case moneyValue:
		format := numberFormat(c.number.Scale())
		if c.text != "" {
			format += ` "` + strings.Map(onlyLetters, c.text) + `"`
		}
		return x.numeric(c.number, format)
	case dateValue:
		return x.dated(c.moment, "yyyy-mm-dd", 14)
	case momentValue:
		return x.dated(c.moment, "yyyy-mm-dd hh:mm", 22)
	}
	return nil, nil // a blank cell
}

// numeric is a number in a format; one with more digits than a spreadsheet
// keeps stays exact as a text.
func (x *xlsxWriter) numeric(d decimal.Decimal, format string) (any, error) {
	f, ok := d.Float64()
	if !ok || d.Prec() > 15 {
		return d.String(), nil
	}
	style, err := x.style(format, &excelize.Style{CustomNumFmt: &format})
	return excelize.Cell{StyleID: style, Value: f}, err
}

// dated is a day or a moment in the short format of whoever opens the file;
// days before the format's calendar are texts.
func (x *xlsxWriter) dated(t time.Time, name string, builtin int) (any, error) {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	if wall.Year() < 1900 || wall.Year() > 9999 {
		return wall.Format(time.DateOnly), nil
	}
	style, err := x.style(name, &excelize.Style{NumFmt: builtin})
	return excelize.Cell{StyleID: style, Value: wall}, err
}

// style makes each style once.
func (x *xlsxWriter) style(name string, style *excelize.Style) (int, error) {
	if id, ok := x.styles[name]; ok {
		return id, nil
	}
	id, err := x.file.NewStyle(style)
	if err == nil {
		x.styles[name] = id
	}
	return id, err
}

func numberFormat(scale int) string {
	if scale == 0 {
		return "#,##0"
	}
	return "#,##0." + strings.Repeat("0", min(scale, 15))
}

func onlyLetters(r rune) rune {
	if r == '"' || r == '\\' || r < ' ' {
		return -1
	}
	return r
}

// storable is a text without what XML cannot hold, within the format's length.
func storable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return shorten(s, maxCellUnits)
}

// shorten cuts a text to a number of UTF-16 units and shows that it did.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	units, cut := 0, 0
	for i, r := range s {
		if units+1 <= limit {
			cut = i
		}
		units++
		if r > 0xFFFF {
			units++
		}
		if units > limit {
			return s[:cut] + "…"
		}
	}
	return s
}

// Close implements Writer.
func (x *xlsxWriter) Close() error {
	err := x.begin()
	if err == nil {
		err = x.stream.Flush()
	}
	if err == nil {
		_, err = x.file.WriteTo(x.out)
	}
	return errs.Wrap("tabular.Close", errors.Join(err, x.file.Close()))
}
