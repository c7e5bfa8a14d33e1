package tabular

import (
	"errors"
	"io"
	"os"
	"strings"

	"kartoteka.dev/internal/platform/errs"
)

// Limits of the shared strings: how many there may be, and how many bytes of
// them stay in memory; a larger table lies in a temporary file.
const (
	maxStrings   = 20_000_000
	stringsInRAM = 32 << 20
	windowBytes  = 64 << 10
)

// stringTable holds the texts that cells share by number. It is read when the
// first cell asks.
type stringTable struct {
	book    *workbook
	part    string
	tempDir string
	loaded  bool

	ends     []uint32 // where each text ends, one after another
	memory   string   // all texts, while they are few
	file     *os.File // all texts otherwise
	window   []byte   // the part of file read last: texts are mostly asked for in order
	windowAt int64
}

// close removes the temporary file.
func (t *stringTable) close() error {
	if t.file == nil {
		return nil
	}
	name := t.file.Name()
	err := errors.Join(t.file.Close(), os.Remove(name))
	t.file = nil
	return err
}

// get gives a text by its number.
func (t *stringTable) get(i int) (string, error) {
	if t == nil {
		return "", damaged(errors.New("a cell asks for a shared string, but there are none"))
	}
	if !t.loaded {
		if err := t.load(); err != nil {
			return "", damaged(err)
		}
		t.loaded = true
	}
	if i < 0 || i >= len(t.ends) {
		return "", damaged(errors.New("a cell asks for a shared string that does not exist"))
	}
	start, end := int64(0), int64(t.ends[i])
	if i > 0 {
		start = int64(t.ends[i-1])
	}
	if t.file == nil {
		return t.memory[start:end], nil
	}
	return t.fromFile(start, end)
}

func (t *stringTable) fromFile(start, end int64) (string, error) {
	if start < t.windowAt || end > t.windowAt+int64(len(t.window)) {
		size := max(windowBytes, end-start)
		if int64(cap(t.window)) < size {
			t.window = make([]byte, size)
		}
		n, err := t.file.ReadAt(t.window[:size], start)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		t.window, t.windowAt = t.window[:n], start
	}
	return string(t.window[start-t.windowAt : end-t.windowAt]), nil
}

// load reads the table.
func (t *stringTable) load() error {
	r, err := t.book.open(t.part, maxStringsBytes)
	if err != nil {
		return err
	}
	defer r.Close() // only reading
	x := newXMLScanner(r)
	var held strings.Builder
	total := 0
	flush := func() error {
		if t.file == nil {
			if t.file, err = os.CreateTemp(t.tempDir, "kartoteka-texts-"); err != nil {
				return err
			}
		}
		_, err := t.file.WriteString(held.String())
		held.Reset()
		return err
	}
	for {
		text, err := nextString(x)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if len(t.ends) == maxStrings {
			return errs.New(errs.TooLarge, "tabular.Open", "tabular.error.too-large")
		}
		total += len(text)
		t.ends = append(t.ends, uint32(total)) // bounded by maxStringsBytes
		held.WriteString(text)
		if held.Len() > stringsInRAM {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if t.file != nil {
		return flush()
	}
	t.memory = held.String()
	return nil
}

// nextString reads the next <si>.
func nextString(x *xmlScanner) (string, error) {
	for {
		kind, err := x.next()
		if err != nil {
			return "", err
		}
		if kind == xmlStart && string(x.name) == "si" {
			text, err := richText(x, nil)
			return cellText(text), err
		}
	}
}

// richText appends the texts of the <t> elements up to the end of the element
// it stands in, without the phonetic ones.
func richText(x *xmlScanner, out []byte) ([]byte, error) {
	depth, phonetic, inText := x.depth, 0, false
	for {
		kind, err := x.next()
		if err != nil {
			return out, err
		}
		switch {
		case kind == xmlEnd && x.depth < depth:
			return out, nil
		case kind == xmlStart && string(x.name) == "rPh":
			phonetic = x.depth
		case kind == xmlEnd && x.depth < phonetic:
			phonetic = 0
		case kind == xmlStart:
			inText = string(x.name) == "t" && phonetic == 0
		case kind == xmlEnd:
			inText = false
		case inText && len(out) <= MaxFieldBytes:
			out = append(out, x.text...)
		}
	}
}
