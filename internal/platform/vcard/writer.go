package vcard

import (
	"io"
	"strings"
	"unicode/utf8"
)

// lineBytes is the longest line of a written card, without its end.
const lineBytes = 75

// Write writes cards in version 4.0. Their properties must come from Text and
// List; those without content are left out.
func Write(w io.Writer, cards ...Card) error {
	var out strings.Builder
	for _, card := range cards {
		out.WriteString("BEGIN:VCARD\r\nVERSION:4.0\r\n")
		for _, p := range card.Properties {
			if strings.Trim(p.Value, ";") == "" {
				continue
			}
			line := p.Name
			for _, param := range p.Params {
				line += ";" + param.Name + "=" + strings.Join(param.Values, ",")
			}
			fold(&out, line+":"+p.Value)
		}
		out.WriteString("END:VCARD\r\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// Text is a property with one value.
func Text(name, value string, params ...Param) Property {
	return Property{Name: name, Params: params, Value: escape(value)}
}

// List is a property of several parts with a mark (; or ,) between them.
func List(name, mark string, parts ...string) Property {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = escape(part)
	}
	return Property{Name: name, Value: strings.Join(escaped, mark)}
}

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\r", `\n`, "\n", `\n`, "\x00", "")

func escape(s string) string { return escapes.Replace(strings.ToValidUTF8(s, "\uFFFD")) }

// fold breaks a line so that no character is cut.
func fold(out *strings.Builder, line string) {
	for room := lineBytes; len(line) > room; room = lineBytes - 1 {
		cut := room
		for cut > 0 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		out.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	out.WriteString(line + "\r\n")
}
