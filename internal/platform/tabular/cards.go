package tabular

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"kartoteka.dev/internal/platform/vcard"
)

// isCards tells an address book of vCards, in any encoding, with or without a
// byte order mark.
func isCards(head []byte) bool {
	plain := bytes.ReplaceAll(head[:min(len(head), 1024)], []byte{0}, nil)
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		plain = bytes.TrimPrefix(plain, []byte(mark))
	}
	first, _, _ := bytes.Cut(bytes.ReplaceAll(bytes.TrimSpace(plain), []byte("\r"), []byte("\n")), []byte("\n"))
	return strings.EqualFold(string(bytes.ReplaceAll(first, []byte(" "), nil)), "BEGIN:VCARD")
}

// openCards finds out the encoding and which columns the cards need: each card
// is a row. For that all of them are looked at once.
func (s *Source) openCards(r io.ReaderAt, size int64, opts Options) error {
	found, err := detectCharset(r, size, opts)
	if err != nil {
		return err
	}
	s.Format, s.Encoding, s.skip = FormatCards, found.name, 0
	s.total = size - found.bom
	decode := cardDecoder(found.name, opts)
	open := func() *vcard.Reader {
		s.done.Store(0)
		var text io.Reader = &countingReader{io.NewSectionReader(r, found.bom, size-found.bom), &s.done}
		if strings.HasPrefix(found.name, "utf-16") {
			text, _ = found.decoder(text)
		}
		return vcard.NewReader(text, vcard.Options{Decode: decode, Keep: keptOfCards})
	}
	columns, rows, err := cardColumns(open())
	if err != nil {
		return err
	}
	s.rows = rows
	s.start = func() (rowReader, error) { return &cardReader{cards: open(), columns: columns}, nil }
	return nil
}

// cardDecoder makes text of a value: in the charset it names, else as UTF-8 if
// it is that, else in the file's.
func cardDecoder(file string, opts Options) func(charset string, raw []byte) string {
	return func(charset string, raw []byte) string {
		if charset != "" && !strings.EqualFold(charset, UTF8) && !strings.HasPrefix(file, "utf-16") {
			if enc, err := htmlindex.Get(charset); err == nil {
				if text, err := enc.NewDecoder().Bytes(raw); err == nil {
					return string(text)
				}
			}
		}
		if utf8.Valid(raw) {
			return string(raw)
		}
		name := file
		if charsets[name] == nil || strings.HasPrefix(name, "utf-16") { // bytes of another charset, packed
			name = guessByteCharset(raw, opts.Language)
		}
		if enc := charsets[name]; enc != nil {
			if text, err := enc.NewDecoder().Bytes(raw); err == nil {
				return string(text)
			}
		}
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
}

// cardReader gives cards as rows: first the names of the columns, then a row
// for each card.
type cardReader struct {
	cards   *vcard.Reader
	columns []cardColumn
	begun   bool
}

func (c *cardReader) close() error { return nil }

// next gives the next card's row; its number is the line where the card begins.
func (c *cardReader) next() (Row, error) {
	if !c.begun {
		c.begun = true
		names := make([]string, len(c.columns))
		for i, column := range c.columns {
			names[i] = column.title()
		}
		return Row{Cells: names}, nil
	}
	card, err := c.cards.Next()
	if err != nil {
		return Row{}, err
	}
	row := Row{Number: card.Line, Cells: make([]string, len(c.columns)), Problem: cardProblem(card)}
	values := cardValues(card)
	for i, column := range c.columns {
		row.Cells[i] = column.of(values)
		if row.Problem == nil && strings.Contains(row.Cells[i], "\uFFFD") {
			row.Problem = problem(BadBytes, card.Line, i+1)
		}
	}
	return row, nil
}

// faultCodes are the problems of rows that come of faults of cards.
var faultCodes = map[vcard.FaultCode]ProblemCode{
	vcard.Unfinished: CardUnfinished, vcard.Stray: CardStray, vcard.BadLine: CardLine, vcard.TooLong: CardTooLong,
}

// cardProblem is the worst that is wrong with a card; a list of other cards is
// no card of anybody.
func cardProblem(card vcard.Card) *Problem {
	var worst *Problem
	for _, fault := range card.Faults {
		worst = worse(worst, problem(faultCodes[fault.Code], fault.Line, 0))
	}
	for _, p := range card.Properties {
		if p.Name == "KIND" && strings.EqualFold(p.Text(), "group") || p.Name == "X-ADDRESSBOOKSERVER-KIND" && strings.EqualFold(p.Text(), "group") {
			worst = worse(worst, problem(CardGroup, card.Line, 0))
		}
	}
	return worst
}
