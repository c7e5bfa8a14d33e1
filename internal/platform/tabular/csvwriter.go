package tabular

import (
	"bufio"
	"io"
	"strings"

	"kartoteka.dev/internal/platform/errs"
)

// CSVOptions is how a text file is written; the zero value is RFC 4180.
type CSVOptions struct {
	BOM       bool // a byte order mark, by which spreadsheet programs know UTF-8
	Delimiter byte // a comma if 0
}

type csvWriter struct {
	w         *bufio.Writer
	delimiter byte
	special   string // characters that ask for quotes
}

// NewCSVWriter writes text in UTF-8 with CRLF line ends. Texts that would run
// as formulas get a leading apostrophe, which Open takes off again.
func NewCSVWriter(w io.Writer, opts CSVOptions) (Writer, error) {
	if opts.Delimiter == 0 {
		opts.Delimiter = ','
	}
	if !validDelimiter(opts.Delimiter) {
		return nil, errs.New(errs.Invalid, "tabular.NewCSVWriter", "tabular.error.bad-delimiter")
	}
	out := &csvWriter{w: bufio.NewWriterSize(w, 64<<10), delimiter: opts.Delimiter, special: string(opts.Delimiter) + ",;\t|\"\r\n"}
	if opts.BOM {
		if _, err := out.w.WriteString("\ufeff"); err != nil {
			return nil, errs.Wrap("tabular.NewCSVWriter", err)
		}
	}
	return out, nil
}

// Header implements Writer.
func (c *csvWriter) Header(names []string) error {
	cells := make([]Cell, len(names))
	for i, name := range names {
		cells[i] = Text(name)
	}
	return c.Row(cells)
}

// Row implements Writer.
func (c *csvWriter) Row(cells []Cell) error {
	for i, cell := range cells {
		if i > 0 {
			_ = c.w.WriteByte(c.delimiter) // a bufio.Writer keeps its error
		}
		c.write(cell.plain(), len(cells) == 1)
	}
	_, err := c.w.WriteString("\r\n")
	return errs.Wrap("tabular.Row", err)
}

// write writes one cell; the only cell of a row is quoted when it is blank, or
// it would be a blank line, or when it would pass for a directive.
func (c *csvWriter) write(s string, alone bool) {
	quote := strings.ContainsAny(s, c.special) || strings.TrimSpace(s) != s ||
		alone && (s == "" || len(s) == 5 && strings.EqualFold(s[:4], "sep="))
	if !quote {
		_, _ = c.w.WriteString(s)
		return
	}
	_ = c.w.WriteByte('"')
	_, _ = c.w.WriteString(strings.ReplaceAll(s, `"`, `""`))
	_ = c.w.WriteByte('"')
}

// Close implements Writer.
func (c *csvWriter) Close() error { return errs.Wrap("tabular.Close", c.w.Flush()) }
