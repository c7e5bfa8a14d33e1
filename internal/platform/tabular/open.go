package tabular

import (
	"bytes"
	"io"
	"strings"
	"sync/atomic"

	"kartoteka.dev/internal/platform/errs"
)

// Open finds out what the file is and how it is laid out. It looks at a sample
// only; r must stay readable until the source is closed. The name is for
// showing: what the file is follows from its content. Errors: Invalid with a
// text that says what to do instead, TooLarge for a file made to overwhelm.
func Open(r io.ReaderAt, size int64, name string, opts Options) (*Source, error) {
	s := &Source{Name: name, skip: max(opts.Skip, 0), rows: -1, Columns: 1}
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, errs.Wrap("tabular.Open", err)
	}
	if textID := foreign(r, size, head); textID != "" {
		return nil, errs.New(errs.Invalid, "tabular.Open", textID)
	}
	open := s.openText
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		open = s.openSheet
	case isCards(head):
		open, opts.Header = s.openCards, HeaderYes
	}
	err := open(r, size, opts)
	if err == nil {
		err = s.inspect(opts.Header)
	}
	if err != nil {
		_ = s.Close()
		return nil, wrap("tabular.Open", err)
	}
	s.done.Store(0)
	return s, nil
}

// foreign names the text for kinds of file that people take for a spreadsheet
// and that are saved in another way with two clicks; "" for all others.
func foreign(r io.ReaderAt, size int64, head []byte) string {
	start := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head[:min(len(head), 1024)]), "\ufeff"), " \t\r\n"))
	switch {
	case size == 0:
		return "tabular.error.empty"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if encrypted(r, size) {
			return "tabular.error.password"
		}
		return "tabular.error.old-format"
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<table"):
		return "tabular.error.web-page"
	case strings.HasPrefix(start, "<?xml"), strings.HasPrefix(start, "{\\rtf"):
		return "tabular.error.old-format"
	case strings.HasPrefix(start, "%pdf-"):
		return "tabular.error.not-a-table"
	}
	return ""
}

// encrypted tells a password-protected XLSX, which comes in the container of
// the old formats, by the name of its stream.
func encrypted(r io.ReaderAt, size int64) bool {
	name := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	part := make([]byte, 1<<20)
	for at := int64(0); at < size; at += int64(len(part) - len(name)) {
		n, _ := r.ReadAt(part, at)
		if bytes.Contains(part[:n], name) {
			return true
		}
		if n < len(part) {
			break
		}
	}
	return false
}

// openText finds encoding and delimiter and prepares reading.
func (s *Source) openText(r io.ReaderAt, size int64, opts Options) error {
	found, err := detectCharset(r, size, opts)
	if err != nil {
		return err
	}
	if size <= found.bom {
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.empty")
	}
	plain, _ := found.decoder(io.NewSectionReader(r, found.bom, min(sampleBytes, size-found.bom)))
	sample, err := io.ReadAll(plain)
	if err != nil {
		return err
	}
	s.Format, s.Encoding, s.Delimiter = FormatText, found.name, opts.Delimiter
	s.total = size - found.bom
	sep, lead := directive(sample)
	sample = sample[lead:]
	switch {
	case s.Delimiter != 0 && !validDelimiter(s.Delimiter):
		return errs.New(errs.Invalid, "tabular.Open", "tabular.error.bad-delimiter")
	case s.Delimiter == 0 && sep != 0:
		s.Delimiter = sep
	case s.Delimiter == 0:
		s.Delimiter = detectDelimiter(sample, s.total <= sampleBytes)
	}
	eol := detectEOL(sample)
	s.start = func() (rowReader, error) {
		s.done.Store(0)
		input := &countingReader{io.NewSectionReader(r, found.bom, size-found.bom), &s.done}
		text, decoded := found.decoder(input)
		reader := newCSVReader(text, s.Delimiter, eol, decoded)
		if lead > 0 {
			_, err := reader.next()
			return reader, err
		}
		return reader, nil
	}
	return nil
}

// countingReader counts what is read.
type countingReader struct {
	r    io.Reader
	done *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done.Add(int64(n))
	return n, err
}
