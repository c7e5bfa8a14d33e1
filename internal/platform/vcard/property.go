package vcard

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// Property is one property of a card.
type Property struct {
	Line   int // of the file, from 1
	Group  string
	Name   string // in capitals
	Params []Param
	Value  string // decoded; escapes are still in it, see Text and Parts
}

// Param is a parameter of a property: its name in capitals, and its values. The
// bare ones of version 2.1 (TEL;WORK) are values of TYPE.
type Param struct {
	Name   string
	Values []string
}

// Is tells whether TYPE has the value, in any case.
func (p Property) Is(kind string) bool {
	return slices.ContainsFunc(p.All("TYPE"), func(v string) bool { return strings.EqualFold(v, kind) })
}

// All are the values of a parameter.
func (p Property) All(name string) []string {
	var all []string
	for _, one := range p.Params {
		if one.Name == name {
			all = append(all, one.Values...)
		}
	}
	return all
}

// Preference orders properties of a name: 1 is the most preferred, 101 says
// nothing of it.
func (p Property) Preference() int {
	for _, v := range p.All("PREF") {
		if n, err := strconv.Atoi(v); err == nil && n >= 1 && n <= 100 {
			return n
		}
	}
	if p.Is("PREF") {
		return 1
	}
	return 101
}

// Text is the value as a person reads it.
func (p Property) Text() string { return unescape(p.Value) }

// Parts cuts the value at a mark (; or ,) that is not escaped.
func (p Property) Parts(mark byte) []string {
	var parts []string
	start := 0
	for i := 0; i < len(p.Value); i++ {
		switch p.Value[i] {
		case '\\':
			i++
		case mark:
			parts = append(parts, unescape(p.Value[start:i]))
			start = i + 1
		}
	}
	return append(parts, unescape(p.Value[start:]))
}

// unescape resolves \n, \, \; \: and \\.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return strings.TrimSpace(s)
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'N':
			out.WriteByte('\n')
		case ',', ';', ':', '\\':
			out.WriteByte(s[i])
		default:
			out.WriteByte('\\')
			out.WriteByte(s[i])
		}
	}
	return strings.TrimSpace(out.String())
}

// valueAt finds the colon before the value: the first one outside of quotes;
// -1 if there is none.
func valueAt(line []byte) int {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			return i
		}
	}
	return bytes.IndexByte(line, ':') // a quote was not closed
}

// readHead reads what stands before the value: group, name and parameters.
func readHead(head []byte) Property {
	parts := cut(strings.ToValidUTF8(strings.TrimPrefix(string(head), "\ufeff"), "\uFFFD"), ';')
	name := strings.ToUpper(strings.TrimSpace(parts[0]))
	p := Property{Name: name}
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		p.Group, p.Name = name[:dot], name[dot+1:]
	}
	for _, text := range parts[1:min(len(parts), 50)] {
		key, value, named := strings.Cut(text, "=")
		if !named {
			key, value = bare(text)
		}
		param := Param{Name: strings.ToUpper(strings.TrimSpace(key))}
		for _, v := range cut(value, ',') {
			v = caret.Replace(strings.Trim(strings.TrimSpace(v), `"`))
			for one := range strings.SplitSeq(v, ",") { // TYPE="work,voice"
				param.Values = append(param.Values, strings.TrimSpace(one))
			}
		}
		p.Params = append(p.Params, param)
	}
	return p
}

// caret resolves the escapes of parameter values.
var caret = strings.NewReplacer("^n", "\n", "^N", "\n", "^^", "^", "^'", `"`)

// bare names the parameter of a value that stands without one.
func bare(value string) (name, same string) {
	switch strings.ToUpper(strings.TrimSpace(value)) {
	case "QUOTED-PRINTABLE", "BASE64", "B", "Q", "7BIT", "8BIT":
		return "ENCODING", value
	}
	return "TYPE", value
}

// cut cuts a text at a mark outside of quotes.
func cut(s string, mark byte) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == mark && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

type encoding int8

const (
	plainEncoding encoding = iota
	quotedPrintable
	base64Encoding
)

func (p Property) encoding() encoding {
	for _, v := range p.All("ENCODING") {
		switch strings.ToUpper(v) {
		case "QUOTED-PRINTABLE", "Q":
			return quotedPrintable
		case "BASE64", "B":
			return base64Encoding
		}
	}
	return plainEncoding
}

// text decodes a value.
func (r *Reader) text(p Property, e encoding, raw []byte) string {
	switch e {
	case quotedPrintable:
		raw = decodeQuoted(raw)
	case base64Encoding:
		packed := bytes.Map(func(c rune) rune {
			if c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=' {
				return -1
			}
			return c
		}, raw)
		if plain, err := base64.RawStdEncoding.DecodeString(string(packed)); err == nil {
			raw = plain
		}
	case plainEncoding:
	}
	charset := ""
	if names := p.All("CHARSET"); len(names) > 0 {
		charset = names[0]
	}
	text := r.opts.Decode(charset, raw)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(text, "\x00", "\uFFFD")
}

// decodeQuoted resolves =E2 and the like; what is no escape stays as it is.
func decodeQuoted(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '=' && i+2 < len(raw) {
			if n, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return bytes.TrimSuffix(out, []byte("="))
}
