package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// missing stands for a sign the fonts do not have.
const missing = '□'

// enough is how many bytes are looked at of what must fit into a few lines.
const enough = 4000

// clean makes text printable with these fonts: composed, without control and
// format characters, every sign one the fonts have. Line ends stay.
func (f fonts) clean(s string) string {
	s = strings.ReplaceAll(norm.NFC.String(strings.ToValidUTF8(s, "\ufffd")), "\r\n", "\n")
	return strings.Map(f.printable, s)
}

func (f fonts) printable(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), isSkinTone(r):
		return -1
	case f.has(r):
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.M, r):
		return -1 // a mark above a letter we print without it
	}
	return missing
}

// has tells that both weights can print the sign.
func (f fonts) has(r rune) bool {
	_, regular := f[0][r]
	_, bold := f[1][r]
	return regular && bold
}

// isSkinTone tells the modifiers that follow an emoji.
func isSkinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// line makes text one clean line.
func (f fonts) line(s string) string { return strings.Join(strings.Fields(f.clean(s)), " ") }

// fit cuts a line to the width, showing that something is gone.
func (f fonts) fit(t typeface, s string, width float64) string {
	s = f.line(s[:min(len(s), enough)])
	if f.width(t, s) <= width {
		return s
	}
	return f.cut(t, s, width)
}

// cut ends a clean line with an ellipsis within the width.
func (f fonts) cut(t typeface, s string, width float64) string {
	const ellipsis = "…"
	room := width - f.width(t, ellipsis)
	face := f.of(t)
	for i, r := range s {
		if room -= float64(face[r]) * t.size * pt / perEm; room < 0 {
			s = s[:i]
			break
		}
	}
	return strings.TrimRight(s, " ,;:-–—") + ellipsis
}

// wrap breaks text into lines of at most the width: at line ends, at spaces,
// after hyphens and slashes before a letter, and anywhere in a word that is
// longer than a line. It takes time linear in the text.
func (f fonts) wrap(t typeface, s string, width float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.Trim(f.clean(s), "\n"), "\n") {
		lines = append(lines, f.wrapParagraph(t, paragraph, width)...)
	}
	return lines
}

// wrapShort breaks what should be short into at most so many lines, showing that
// something is gone: a title as long as a book must not push everything else
// off the page.
func (f fonts) wrapShort(t typeface, s string, width float64, most int) []string {
	lines := f.wrap(t, s[:min(len(s), enough)], width)
	if len(lines) <= most {
		return lines
	}
	lines[most-1] = f.cut(t, lines[most-1]+" "+lines[most], width)
	return lines[:most]
}

func (f fonts) wrapParagraph(t typeface, s string, width float64) []string {
	w := wrapper{face: f.of(t), room: int(width / (t.size * pt) * perEm)}
	for _, word := range strings.FieldsFunc(s, isBreakingSpace) {
		for i, part := range parts(word) {
			w.add(part, i == 0)
		}
	}
	w.end()
	return w.lines
}

// isBreakingSpace leaves out the spaces that hold words together.
func isBreakingSpace(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' && r != '\u2007'
}

// parts cuts a word where a line may end inside it.
func parts(word string) []string {
	var all []string
	from := 0
	previous := ' '
	for i, r := range word {
		if i > from && strings.ContainsRune("-–—/‐", previous) && unicode.IsLetter(r) {
			all = append(all, word[from:i])
			from = i
		}
		previous = r
	}
	return append(all, word[from:])
}

// wrapper collects lines; widths are in units of the face.
type wrapper struct {
	face  face
	room  int
	used  int
	line  strings.Builder
	lines []string
}

func (w *wrapper) add(word string, spaced bool) {
	width := w.measure(word)
	space := 0
	if spaced && w.line.Len() > 0 {
		space = w.face[' ']
	}
	if w.line.Len() > 0 && w.used+space+width > w.room {
		w.end()
		space = 0
	}
	if width > w.room {
		w.breakUp(word)
		return
	}
	if space > 0 {
		w.line.WriteByte(' ')
	}
	w.line.WriteString(word)
	w.used += space + width
}

// breakUp sets a word longer than a line, sign by sign.
func (w *wrapper) breakUp(word string) {
	for _, r := range word {
		width := w.face[r]
		if w.line.Len() > 0 && width > 0 && w.used+width > w.room {
			w.end()
		}
		w.line.WriteRune(r)
		w.used += width
	}
}

func (w *wrapper) measure(word string) int {
	width := 0
	for _, r := range word {
		width += w.face[r]
	}
	return width
}

// end finishes the line; an empty paragraph is one empty line.
func (w *wrapper) end() {
	if w.line.Len() == 0 && len(w.lines) > 0 {
		return
	}
	w.lines = append(w.lines, w.line.String())
	w.line.Reset()
	w.used = 0
}
