package tabular

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync/atomic"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/errs"
)

// Source is an opened spreadsheet. Its fields say what was found out and are
// only read. It is for one reader at a time, except Progress; each call of
// Rows or Sample starts again at the first row.
type Source struct {
	Name      string
	Format    Format
	Encoding  string   // of a text or cards: one of Encodings
	Delimiter byte     // of a text
	Sheets    []string // of an XLSX, visible ones, in order
	Hidden    []string // its hidden ones, which are read only when asked for
	Sheet     string   // the sheet that is read
	Header    []string // trimmed, made different from each other; blank names stay blank; nil without a header
	HasHeader bool
	HeaderRow int // line or row number of the header; 0 without one
	Columns   int // cells of a row

	skip  int
	start func() (rowReader, error)
	book  *workbook // of an XLSX

	done  atomic.Int64
	total int64
	rows  int // rows under the header; -1 while unknown
}

// rowReader reads raw rows; io.EOF after the last.
type rowReader interface {
	next() (Row, error)
	close() error
}

// Close frees what the source holds; the reader given to Open stays open.
func (s *Source) Close() error {
	if s.book == nil {
		return nil
	}
	return s.book.close()
}

// Progress tells how much of the file the current reading has taken, in bytes
// (unpacked bytes of an XLSX). It may be called from any goroutine.
func (s *Source) Progress() (done, total int64) { return min(s.done.Load(), s.total), s.total }

// TotalRows is the number of rows under the header, once it is known: after a
// complete reading, or from what an XLSX says of itself (then it may be a
// little too high).
func (s *Source) TotalRows() (n int, known bool) { return max(s.rows, 0), s.rows >= 0 }

// Rows reads the rows under the header in order. Rows without content are left
// out, unless the file has only one column, where a blank is a value. An error
// ends the reading: the context's, TooLarge, or Invalid for a damaged file.
func (s *Source) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		err := s.each(ctx, func(row Row) bool {
			n++
			return yield(row, nil)
		})
		switch {
		case errors.Is(err, io.EOF):
			s.rows = n
		case err != nil:
			yield(Row{}, wrap("tabular.Rows", err))
		}
	}
}

// wrap names the operation of errors from outside; our own have theirs.
func wrap(op string, err error) error {
	if errs.KindOf(err) != errs.Internal {
		return err
	}
	return errs.Wrap(op, err)
}

// Sample reads the first n rows for a preview.
func (s *Source) Sample(ctx context.Context, n int) ([]Row, error) {
	rows := make([]Row, 0, min(n, 100))
	for row, err := range s.Rows(ctx) {
		if err != nil {
			return rows, err
		}
		if len(rows) == n {
			break
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// each gives the rows under the header to take until it says no; io.EOF tells
// that it had them all.
func (s *Source) each(ctx context.Context, take func(Row) bool) error {
	reader, err := s.start()
	if err != nil {
		return err
	}
	defer reader.close() //nolint:errcheck // only reading
	header := s.HasHeader
	for i := 0; ; i++ {
		if i&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, err := reader.next()
		if err != nil {
			return err
		}
		if i < s.skip {
			continue
		}
		empty := row.Problem == nil && blank(row.Cells)
		if header && !empty {
			header = false
			continue
		}
		if header || empty && (s.Columns > 1 || s.Format == FormatXLSX) {
			continue
		}
		s.shape(&row)
		if !take(row) {
			return nil
		}
	}
}

// shape gives the row the file's width and says so where that matters: blank
// cells too many do not, and the cells a sheet leaves out are simply blank.
func (s *Source) shape(row *Row) {
	got := len(row.Cells)
	switch {
	case got < s.Columns:
		if s.Format == FormatText {
			row.Problem = worse(row.Problem, problem(FewerCells, row.Number, 0, "Found", got, "Expected", s.Columns))
		}
		cells := make([]string, s.Columns)
		copy(cells, row.Cells)
		row.Cells = cells
	case got > s.Columns:
		if blank(row.Cells[s.Columns:]) {
			row.Cells = row.Cells[:s.Columns]
			return
		}
		more := problem(MoreCells, row.Number, s.Columns+1, "Found", used(row.Cells), "Expected", s.Columns)
		more.Usable = s.Format == FormatXLSX // there a cell stands where it stands
		row.Problem = worse(row.Problem, more)
	}
}

// RequireColumns makes sure that the header has these names; the error tells
// the line and the ones that are missing.
func (s *Source) RequireColumns(names ...string) error {
	have := make(map[string]bool, len(s.Header))
	for _, name := range s.Header {
		have[name] = true
	}
	missing := ""
	for _, name := range names {
		if have[name] {
			continue
		}
		if missing != "" {
			missing += ", "
		}
		missing += name
	}
	if missing == "" {
		return nil
	}
	return errs.New(errs.Invalid, "tabular.RequireColumns", "tabular.error.columns-missing", "Line", max(s.HeaderRow, 1), "Columns", missing)
}

// Rows and bytes that are looked at to find header and width.
const (
	previewRows  = 200
	previewScan  = 10_000
	previewBytes = 1 << 20
)

// inspect reads the first rows and settles header and width.
func (s *Source) inspect(mode HeaderMode) error {
	rows, widest, err := s.preview()
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		s.Columns = max(widest, 1)
		return nil
	}
	first := rows[0]
	below := make([][]string, 0, len(rows))
	for _, row := range rows[1:] {
		below = append(below, row.Cells)
	}
	sound := first.Problem == nil || first.Problem.Usable
	s.HasHeader = mode == HeaderYes || mode == HeaderAuto && sound && looksLikeHeader(first.Cells, below)
	if mode == HeaderYes && !sound {
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.header-broken", "Line", first.Number)
	}
	s.Columns = s.width(first.Cells, below)
	if !s.HasHeader {
		return nil
	}
	s.HeaderRow = first.Number
	s.Header = make([]string, s.Columns)
	copy(s.Header, headerNames(first.Cells[:min(len(first.Cells), s.Columns)]))
	for i, name := range s.Header {
		if utf8.RuneCountInString(name) > MaxHeaderName {
			return errs.New(errs.Invalid, "tabular.Open", "tabular.error.header-too-long", "Column", i+1, "Max", MaxHeaderName)
		}
	}
	return nil
}

// preview reads the first rows as they are, without the blank ones, and tells
// the width of the widest of all.
func (s *Source) preview() (rows []Row, widest int, err error) {
	reader, err := s.start()
	if err != nil {
		return nil, 0, err
	}
	defer reader.close() //nolint:errcheck // only reading
	for i, size := 0, 0; i < previewScan && len(rows) < previewRows && size < previewBytes; i++ {
		row, err := reader.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		if i >= s.skip {
			widest = max(widest, min(len(row.Cells), MaxColumns))
		}
		if i < s.skip || row.Problem == nil && blank(row.Cells) {
			continue
		}
		for _, cell := range row.Cells {
			size += len(cell)
		}
		rows = append(rows, row)
	}
	return rows, widest, nil
}

// width is the number of columns: the names of the header, and beyond them in
// a sheet whatever is filled; without a header the commonest width of a text
// and the greatest of a sheet.
func (s *Source) width(first []string, below [][]string) int {
	widest, filled := used(first), used(first)
	counts := map[int]int{len(first): 1}
	common := len(first)
	for _, cells := range below {
		filled = max(filled, used(cells))
		counts[len(cells)]++
		if n := counts[len(cells)]; n > counts[common] {
			common = len(cells)
		}
	}
	switch {
	case s.Format == FormatXLSX:
		return max(filled, 1)
	case s.HasHeader:
		return max(widest, min(filled, len(first)), 1)
	}
	return max(common, 1)
}
