package tabular

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/errs"
)

// maxRescanned bounds the work that broken quotes can cause: every broken row
// makes the lines it swallowed be read once more.
const maxRescanned = 64 << 20

// csvReader reads rows of delimited text in UTF-8 as RFC 4180 says, and goes
// on where that is broken: a row whose quotes do not fit together is a problem
// of the physical line it starts on, and reading resumes on the next line, so
// a forgotten quote never swallows the rest of the file.
type csvReader struct {
	src       io.Reader
	delimiter byte
	eol       byte // '\n', or '\r' in files of old
	decoded   bool // src was decoded: U+FFFD stands for bad bytes

	buf       []byte
	pos, end  int // unread bytes of buf
	eof       bool
	line      int // physical line at pos
	rescanned int64

	rec  []byte // the cells of a row with quotes, unquoted, one after another
	ends []int  // where each ends in rec
}

func newCSVReader(src io.Reader, delimiter, eol byte, decoded bool) *csvReader {
	return &csvReader{src: src, delimiter: delimiter, eol: eol, decoded: decoded, buf: make([]byte, 64<<10), line: 1}
}

func (c *csvReader) close() error { return nil }

// next reads one row; io.EOF after the last. Blank lines are rows of one blank
// cell.
func (c *csvReader) next() (Row, error) {
	n, ok, err := c.lineEnd(0)
	if err != nil {
		return Row{}, err
	}
	if !ok {
		return c.overlong()
	}
	if c.pos == c.end {
		return Row{}, io.EOF
	}
	if bytes.IndexByte(c.buf[c.pos:c.pos+n], '"') >= 0 {
		return c.quoted(n)
	}
	row := c.plain(n)
	c.consume(n, 1)
	return row, nil
}

// lineEnd gives the offset from pos of the end of the physical line that holds
// offset from, reading on as needed; ok is false when the row is over the
// limit.
func (c *csvReader) lineEnd(from int) (n int, ok bool, err error) {
	for {
		if i := bytes.IndexByte(c.buf[c.pos+from:c.end], c.eol); i >= 0 {
			return from + i, true, nil
		}
		from = c.end - c.pos
		if c.eof {
			return from, true, nil
		}
		if from > MaxRowBytes {
			return 0, false, nil
		}
		if err := c.fill(); err != nil {
			return 0, false, err
		}
	}
}

// fill reads more input behind the unread bytes.
func (c *csvReader) fill() error {
	if c.end == len(c.buf) {
		if c.pos > len(c.buf)/2 || (c.pos > 0 && len(c.buf) > 2*MaxRowBytes) {
			c.end = copy(c.buf, c.buf[c.pos:c.end])
			c.pos = 0
		} else {
			grown := make([]byte, 2*len(c.buf))
			c.end = copy(grown, c.buf[c.pos:c.end])
			c.buf, c.pos = grown, 0
		}
	}
	n, err := io.ReadAtLeast(c.src, c.buf[c.end:], 1)
	c.end += n
	if errors.Is(err, io.EOF) {
		c.eof = true
		return nil
	}
	return err
}

// consume passes over n bytes and their line end.
func (c *csvReader) consume(n, lines int) {
	c.pos = min(c.pos+n+1, c.end)
	c.line += lines
}

// content cuts the carriage return of CRLF off a line of n bytes.
func (c *csvReader) content(n int) int {
	if n > 0 && c.eol == '\n' && c.buf[c.pos+n-1] == '\r' {
		return n - 1
	}
	return n
}

// plain splits a line without quotes.
func (c *csvReader) plain(n int) Row {
	raw := c.buf[c.pos : c.pos+c.content(n)]
	row := Row{Number: c.line}
	text, bad := c.text(raw)
	count := bytes.Count(raw, []byte{c.delimiter}) + 1
	if count > MaxColumns {
		row.Problem = problem(TooManyCells, c.line, 0, "Max", MaxColumns)
		count = MaxColumns
	}
	row.Cells = make([]string, count)
	for i := range row.Cells {
		at := strings.IndexByte(text, c.delimiter)
		if at < 0 {
			at = len(text)
		}
		row.Cells[i] = unguard(text[:at])
		if at > MaxFieldBytes {
			row.Problem = worse(row.Problem, problem(CellTooLong, c.line, i+1, "Max", MaxFieldBytes))
		}
		text = text[min(at+1, len(text)):]
	}
	if bad {
		row.Problem = worse(row.Problem, problem(BadBytes, c.line, 0))
	}
	return row
}

// text makes a string of bytes and tells whether some of them are no text;
// those are replaced by U+FFFD.
func (c *csvReader) text(raw []byte) (text string, bad bool) {
	switch {
	case c.decoded:
		bad = bytes.Contains(raw, []byte("\uFFFD"))
	case !utf8.Valid(raw):
		return strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\uFFFD"), "\x00", "\uFFFD"), true
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return strings.ReplaceAll(string(raw), "\x00", "\uFFFD"), true
	}
	return string(raw), bad
}

// overlong passes over a line that is over the limit, without keeping it.
func (c *csvReader) overlong() (Row, error) {
	row := Row{Number: c.line, Problem: problem(RowTooLong, c.line, 0, "Max", MaxRowBytes)}
	for {
		if i := bytes.IndexByte(c.buf[c.pos:c.end], c.eol); i >= 0 {
			c.consume(i, 1)
			return row, nil
		}
		c.pos, c.end = 0, 0
		if c.eof {
			return row, nil
		}
		if err := c.fill(); err != nil {
			return Row{}, err
		}
	}
}

// quoted reads a row whose first physical line, of n bytes, holds a quote.
func (c *csvReader) quoted(n int) (Row, error) {
	c.rec, c.ends = c.rec[:0], c.ends[:0]
	q := quotedRow{c: c, end: n, lines: 1}
	if err := q.read(); err != nil {
		return Row{}, err
	}
	if q.broken != "" {
		c.rescanned += int64(q.end - n)
		if c.rescanned > maxRescanned {
			return Row{}, errs.New(errs.Invalid, "tabular.Rows", "tabular.error.broken-quotes", "Line", c.line)
		}
		row := c.plain(n)
		row.Problem = problem(q.broken, c.line, q.column, "Max", MaxFieldBytes)
		c.consume(n, 1)
		return row, nil
	}
	row := c.record(q.bare)
	c.consume(q.end, q.lines)
	return row, nil
}

// record makes the row of rec and ends; bare is the cell with a bare quote, or
// 0.
func (c *csvReader) record(bare int) Row {
	row := Row{Number: c.line}
	text, bad := c.text(c.rec)
	if bare > 0 {
		row.Problem = problem(BareQuote, c.line, bare)
	}
	if bad {
		row.Problem = worse(row.Problem, problem(BadBytes, c.line, 0))
	}
	count := len(c.ends)
	if count > MaxColumns {
		row.Problem = worse(row.Problem, problem(TooManyCells, c.line, 0, "Max", MaxColumns))
		count = MaxColumns
	}
	row.Cells = make([]string, count)
	start := 0
	for i := range row.Cells {
		end := c.ends[i]
		// Replaced bytes move the borders: then each cell is cut from the bytes.
		if len(text) == len(c.rec) {
			row.Cells[i] = unguard(text[start:end])
		} else {
			cell, _ := c.text(c.rec[start:end])
			row.Cells[i] = unguard(cell)
		}
		start = end
	}
	return row
}
