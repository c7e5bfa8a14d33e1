package vcard

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// Limits of one card; honest ones are far below.
const (
	MaxValue      = 1 << 20 // bytes of a value
	MaxCard       = 4 << 20 // bytes of all values of a card
	MaxProperties = 2000
	maxFaults     = 20
	maxDepth      = 100 // cards inside cards
)

// FaultCode names what is wrong with a card.
type FaultCode int8

// Faults. A Stray one comes with a card that is none: text between cards.
const (
	Unfinished FaultCode = iota + 1 // BEGIN:VCARD without END:VCARD
	Stray                           // text that belongs to no card
	BadLine                         // a line that is no property; it is left out
	TooLong                         // a value, or the card, is over the limit; the rest is left out
)

// Fault is what is wrong with a card, and the line of the file where it is.
type Fault struct {
	Code FaultCode
	Line int
}

// Card is one card: its properties in their order.
type Card struct {
	Line       int // of BEGIN:VCARD, from 1
	Version    string
	Properties []Property
	Faults     []Fault
}

// Options say how to read.
type Options struct {
	// Decode makes text of a value's bytes; the name is that of its CHARSET, or
	// empty. nil reads UTF-8.
	Decode func(charset string, raw []byte) string
	// Keep says which properties are wanted, by name in capitals; nil: all. The
	// values of the others are never held.
	Keep func(name string) bool
}

// Reader reads cards one after another.
type Reader struct {
	opts Options
	src  *bufio.Reader
	eol  byte

	line   int    // physical line given last
	held   []byte // a physical line that was looked at and put back
	isHeld bool
	atEnd  bool
}

// NewReader makes a reader; lines may end in any of the three ways.
func NewReader(r io.Reader, opts Options) *Reader {
	if opts.Decode == nil {
		opts.Decode = func(_ string, raw []byte) string { return strings.ToValidUTF8(string(raw), "\uFFFD") }
	}
	if opts.Keep == nil {
		opts.Keep = func(string) bool { return true }
	}
	src := bufio.NewReaderSize(r, 64<<10)
	head, _ := src.Peek(4096) // an error comes again when it is read
	eol := byte('\n')
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		eol = '\r'
	}
	return &Reader{opts: opts, src: src, eol: eol}
}

// Next reads one card; io.EOF after the last. A stretch of text that belongs to
// no card comes as a card without properties and with the fault Stray.
func (r *Reader) Next() (Card, error) {
	card := Card{}
	for {
		line, err := r.physical()
		if errors.Is(err, io.EOF) && card.Line > 0 {
			return card, nil
		}
		if err != nil {
			return Card{}, err
		}
		switch {
		case isLine(line, "BEGIN:VCARD"):
			if card.Line > 0 {
				r.putBack(line)
				return card, nil
			}
			return r.card()
		case len(bytes.TrimSpace(line)) > 0 && card.Line == 0 && !isByteOrderMark(line):
			card = Card{Line: r.line, Faults: []Fault{{Stray, r.line}}}
		}
	}
}

// isByteOrderMark tells a line that holds nothing but the mark.
func isByteOrderMark(line []byte) bool {
	return len(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))) == 0
}

// isLine compares a line with one that opens or closes a card; blanks and a
// byte order mark do not count.
func isLine(line []byte, want string) bool {
	if len(line) > 64 {
		return false
	}
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	return strings.EqualFold(string(bytes.ReplaceAll(bytes.TrimSpace(line), []byte(" "), nil)), want)
}

// card reads the lines behind BEGIN:VCARD.
func (r *Reader) card() (Card, error) {
	b := building{Card: Card{Line: r.line}}
	for {
		line, err := r.physical()
		switch {
		case errors.Is(err, io.EOF):
			b.fault(Unfinished, b.Line)
			return b.Card, nil
		case err != nil:
			return Card{}, err
		case isLine(line, "END:VCARD"):
			return b.Card, nil
		case isLine(line, "BEGIN:VCARD"):
			if !b.agent {
				r.putBack(line)
				b.fault(Unfinished, b.Line)
				return b.Card, nil
			}
			if err := r.skipCard(); err != nil && !errors.Is(err, io.EOF) {
				return Card{}, err
			}
		case len(bytes.TrimSpace(line)) > 0:
			if err := r.property(&b, line); err != nil {
				return Card{}, err
			}
		}
	}
}

// skipCard passes over a card inside a card, the AGENT of version 2.1.
func (r *Reader) skipCard() error {
	for depth := 1; depth > 0 && depth < maxDepth; {
		line, err := r.physical()
		switch {
		case err != nil:
			return err
		case isLine(line, "BEGIN:VCARD"):
			depth++
		case isLine(line, "END:VCARD"):
			depth--
		}
	}
	return nil
}

// building is a card being read.
type building struct {
	Card

	size   int
	agent  bool // the property before was an AGENT without a value
	base64 bool // the property before may go on in lines that do not say so
}

func (b *building) fault(code FaultCode, line int) {
	if len(b.Faults) < maxFaults {
		b.Faults = append(b.Faults, Fault{code, line})
	}
}

// property reads the property that begins with a line, with all lines that
// belong to it.
func (r *Reader) property(b *building, line []byte) error {
	colon := valueAt(line)
	if colon < 0 {
		if !b.base64 {
			b.fault(BadLine, r.line)
		}
		return nil
	}
	at := r.line
	p := readHead(line[:colon])
	p.Line = at
	keep := r.opts.Keep(p.Name)
	encoding := p.encoding()
	value := bytes.Clone(line[colon+1:])
	for {
		next, more, err := r.continuation(value, encoding == quotedPrintable, b.Version == "2.1")
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if encoding == quotedPrintable {
			value = bytes.TrimSuffix(value, []byte("="))
		}
		switch {
		case !keep: // only its last character matters: a soft line break
			value = append(value[:0], next[max(0, len(next)-1):]...)
		case len(value) <= MaxValue:
			value = append(value, next...)
		}
	}
	b.agent = p.Name == "AGENT" && len(bytes.TrimSpace(value)) == 0
	b.base64 = encoding == base64Encoding
	if !keep {
		return nil
	}
	if b.size += len(value); len(value) > MaxValue || b.size > MaxCard || len(b.Properties) == MaxProperties {
		b.fault(TooLong, at)
		return nil
	}
	p.Value = r.text(p, encoding, value)
	if p.Name == "VERSION" {
		b.Version = strings.TrimSpace(p.Value)
	}
	b.Properties = append(b.Properties, p)
	return nil
}

// continuation gives the next physical line if it belongs to the value so far:
// it is folded, or a soft line break of quoted-printable goes before it.
func (r *Reader) continuation(value []byte, soft, keepBlank bool) (next []byte, more bool, err error) {
	line, err := r.physical()
	if errors.Is(err, io.EOF) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	switch {
	case soft && bytes.HasSuffix(value, []byte("=")):
		if isLine(line, "END:VCARD") {
			break // the break leads nowhere
		}
		return line, true, nil
	case len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(bytes.TrimSpace(line)) > 0:
		if keepBlank { // version 2.1 breaks before blanks that are there
			return line, true, nil
		}
		return line[1:], true, nil
	}
	r.putBack(line)
	return nil, false, nil
}

// physical gives the next line without its end; of an overlong line the
// beginning. It is valid until the next call.
func (r *Reader) physical() ([]byte, error) {
	if r.isHeld {
		r.isHeld = false
		r.line++
		return r.held, nil
	}
	if r.atEnd {
		return nil, io.EOF
	}
	line, err := r.src.ReadSlice(r.eol)
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.long(line)
	}
	if errors.Is(err, io.EOF) {
		r.atEnd = true
		if len(line) == 0 {
			return nil, io.EOF
		}
	} else if err != nil {
		return nil, err
	}
	r.line++
	if n := len(line); n > 0 && line[n-1] == r.eol {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, nil
}

// long reads the rest of a line that does not fit the buffer, and keeps so much
// of it as tells that it is too long.
func (r *Reader) long(line []byte) ([]byte, error) {
	whole := bytes.Clone(line)
	for {
		part, err := r.src.ReadSlice(r.eol)
		if len(whole) <= MaxValue+1024 {
			whole = append(whole, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return whole, err
		}
	}
}

// putBack has a line be given once more.
func (r *Reader) putBack(line []byte) {
	r.held = append(r.held[:0], line...)
	r.isHeld = true
	r.line--
}
