package tabular

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// maxXMLToken bounds one tag or one stretch of text.
const maxXMLToken = 4 << 20

// Errors of XML that is no XML, or XML nobody needs in a spreadsheet.
var (
	errXMLToken  = errors.New("xml: tag or text too long")
	errXMLSyntax = errors.New("xml: broken syntax")
	errXMLDTD    = errors.New("xml: document type declarations are refused")
)

type xmlKind int8

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlText
)

// xmlScanner reads the flat XML of spreadsheet parts many times faster than a
// general parser: local names, attributes on demand, no entities but the five
// of XML, no document types. Its slices are valid until the following next.
type xmlScanner struct {
	src      io.Reader
	buf      []byte
	pos, end int
	eof      bool

	name  []byte // local name of the tag
	attrs []byte // the start tag's attributes, raw
	text  []byte // of a text

	depth   int
	closed  bool // the start tag just given was <x/>: its end comes next
	scratch []byte
}

func newXMLScanner(src io.Reader) *xmlScanner {
	x := &xmlScanner{src: src, buf: make([]byte, 64<<10)}
	if x.fill() == nil && x.end >= 2 {
		if mark, ok := markOf(x.buf[:x.end]); ok {
			x.pos = int(mark.bom)
			if mark.name != UTF8 {
				rest := io.MultiReader(bytes.NewReader(bytes.Clone(x.buf[x.pos:x.end])), src)
				decoded, _ := mark.decoder(rest)
				return &xmlScanner{src: decoded, buf: make([]byte, 64<<10)}
			}
		}
	}
	return x
}

// next gives the next tag or text. It ends with io.EOF behind the root element
// and with io.ErrUnexpectedEOF inside it.
func (x *xmlScanner) next() (xmlKind, error) {
	if x.closed {
		x.closed = false
		x.depth--
		return xmlEnd, nil
	}
	for {
		if x.pos == x.end {
			if err := x.more(); err != nil {
				return 0, err
			}
		}
		if x.buf[x.pos] != '<' {
			if err := x.readText(); err != nil {
				return 0, err
			}
			return xmlText, nil
		}
		n, err := x.find(0, ">")
		if err != nil {
			return 0, err
		}
		switch {
		case n >= 2 && x.buf[x.pos+1] == '!':
			given, err := x.declaration()
			if err != nil || given {
				return xmlText, err
			}
		case x.buf[x.pos+1] == '?':
			if err := x.skip("?>"); err != nil {
				return 0, err
			}
		default:
			return x.tag(n)
		}
	}
}

// more reads on where nothing is left, and tells a proper end from a cut.
func (x *xmlScanner) more() error {
	for x.pos == x.end {
		if x.eof {
			if x.depth > 0 {
				return io.ErrUnexpectedEOF
			}
			return io.EOF
		}
		if err := x.fill(); err != nil {
			return err
		}
	}
	return nil
}

// fill reads more input behind the unread bytes.
func (x *xmlScanner) fill() error {
	if x.pos > 0 && x.end == len(x.buf) {
		x.end = copy(x.buf, x.buf[x.pos:x.end])
		x.pos = 0
	}
	if x.end == len(x.buf) {
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	n, err := io.ReadAtLeast(x.src, x.buf[x.end:], 1)
	x.end += n
	if errors.Is(err, io.EOF) {
		x.eof = true
		return nil
	}
	return err
}

// find gives the offset from pos of sep at or after from.
func (x *xmlScanner) find(from int, sep string) (int, error) {
	for {
		if x.end-x.pos > from {
			if i := bytes.Index(x.buf[x.pos+from:x.end], []byte(sep)); i >= 0 {
				return from + i, nil
			}
		}
		from = max(from, x.end-x.pos-len(sep)+1)
		if x.eof {
			return 0, io.ErrUnexpectedEOF
		}
		if x.end-x.pos > maxXMLToken {
			return 0, errXMLToken
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

// skip passes over everything up to and with sep.
func (x *xmlScanner) skip(sep string) error {
	n, err := x.find(0, sep)
	x.pos += n + len(sep)
	x.pos = min(x.pos, x.end)
	return err
}

// declaration passes over a comment and gives a CDATA section as text.
func (x *xmlScanner) declaration() (given bool, err error) {
	start := x.buf[x.pos:x.end]
	switch {
	case bytes.HasPrefix(start, []byte("<!--")):
		x.pos += 4
		return false, x.skip("-->")
	case bytes.HasPrefix(start, []byte("<![CDATA[")):
		x.pos += 9
		n, err := x.find(0, "]]>")
		if err != nil {
			return false, err
		}
		x.text = x.buf[x.pos : x.pos+n]
		x.pos += n + 3
		return true, nil
	}
	return false, errXMLDTD
}

// tag reads a start or end tag; n is the offset of the first '>', which may
// yet stand in an attribute.
func (x *xmlScanner) tag(n int) (xmlKind, error) {
	for quote, i := byte(0), 1; ; i++ {
		if i == n && quote == 0 {
			break
		}
		if i == n {
			next, err := x.find(n+1, ">")
			if err != nil {
				return 0, err
			}
			n = next
		}
		switch c := x.buf[x.pos+i]; {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	body := x.buf[x.pos+1 : x.pos+n]
	x.pos += n + 1
	if len(body) > 0 && body[0] == '/' {
		x.depth--
		x.name = localName(bytes.TrimRight(body[1:], " \t\r\n"))
		if x.depth < 0 || len(x.name) == 0 {
			return 0, errXMLSyntax
		}
		return xmlEnd, nil
	}
	if len(body) > 0 && body[len(body)-1] == '/' {
		x.closed = true
		body = body[:len(body)-1]
	}
	i := bytes.IndexAny(body, " \t\r\n")
	if i < 0 {
		i = len(body)
	}
	x.name, x.attrs = localName(body[:i]), body[i:]
	x.depth++
	if len(x.name) == 0 || x.depth > 1000 {
		return 0, errXMLSyntax
	}
	return xmlStart, nil
}

func localName(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// attr gives an attribute of the start tag by local name, as it is written;
// nil if there is none.
func (x *xmlScanner) attr(name string) []byte {
	rest := x.attrs
	for {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil
		}
		key := localName(bytes.TrimSpace(rest[:eq]))
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 {
			return nil
		}
		value, after, closed := bytes.Cut(rest[1:], rest[:1])
		if !closed {
			return nil
		}
		if string(key) == name {
			return value
		}
		rest = after
	}
}

// attrText gives an attribute with its entities resolved.
func (x *xmlScanner) attrText(name string) string {
	return string(unescape(nil, x.attr(name)))
}

// attrInt gives a number; 0 if there is none or it is no number that counts
// anything in a spreadsheet.
func (x *xmlScanner) attrInt(name string) int {
	n := 0
	for _, c := range x.attr(name) {
		if c < '0' || c > '9' || n > 1<<30 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// readText reads up to the next tag.
func (x *xmlScanner) readText() error {
	n, err := x.find(0, "<")
	if errors.Is(err, io.ErrUnexpectedEOF) && x.depth == 0 {
		n, err = x.end-x.pos, nil
	}
	if err != nil {
		return err
	}
	x.text = x.buf[x.pos : x.pos+n]
	x.pos += n
	if bytes.IndexByte(x.text, '&') >= 0 {
		x.scratch = unescape(x.scratch[:0], x.text)
		x.text = x.scratch
	}
	return nil
}

var xmlEntities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// unescape appends raw with the entities of XML resolved; unknown ones stay.
func unescape(out, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return append(out, raw...)
		}
		out = append(out, raw[:i]...)
		raw = raw[i:]
		end := bytes.IndexByte(raw[:min(len(raw), 12)], ';')
		if end < 0 {
			out, raw = append(out, '&'), raw[1:]
			continue
		}
		r, ok := entity(string(raw[1:end]))
		if !ok {
			out, raw = append(out, '&'), raw[1:]
			continue
		}
		out, raw = utf8.AppendRune(out, r), raw[end+1:]
	}
}

func entity(name string) (rune, bool) {
	if r, ok := xmlEntities[name]; ok {
		return r, true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune {
		return 0, false
	}
	return rune(n), true
}
