package page

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/errs"
)

// alphabet is one of the sets of letters the typeface is cut into (see
// assets/fonts.mjs).
type alphabet uint8

const (
	latin alphabet = iota
	latinExt
	cyrillic
	georgian
	alphabets
)

var alphabetNames = [alphabets]string{"latin", "latin-ext", "cyrillic", "georgian"}

// spoken is the alphabet each language needs beside plain Latin.
var spoken = map[string]alphabet{"bg": cyrillic, "ru": cyrillic, "ka": georgian, "pl": latinExt}

// letters tells which alphabets a text uses: at all, as text of the page, and
// in bold.
type letters struct{ any, text, bold [alphabets]bool }

// lettersOf reads a page. Letters within tags count: many are shown as the
// values of fields; but those, like the options of a list, are never stressed.
func lettersOf(html []byte) letters {
	var l letters
	within, option, bold := false, false, false
	for i, c := range html {
		switch {
		case c == '<':
			within = true
			option = bytes.HasPrefix(html[i+1:], []byte("option"))
			bold = turnBold(html[i+1:], bold)
		case c == '>':
			within = false
		case c >= 0xc4:
			a := alphabetAt(html[i:])
			l.any[a] = true
			l.text[a] = l.text[a] || !within && !option
			l.bold[a] = l.bold[a] || !within && bold
		}
	}
	return l
}

// alphabetAt knows an alphabet by the first bytes of a letter in UTF-8.
func alphabetAt(b []byte) alphabet {
	switch {
	case b[0] == 0xc4, b[0] == 0xc5, b[0] == 0xc8:
		return latinExt
	case b[0] >= 0xd0 && b[0] <= 0xd2:
		return cyrillic
	case b[0] == 0xe1 && len(b) > 1 && b[1] == 0x83:
		return georgian
	case b[0] == 0xe1 && len(b) > 1 && b[1] == 0xba:
		return latinExt
	}
	return latin
}

// turnBold tells whether text is bold after a tag that begins with these bytes.
func turnBold(tag []byte, bold bool) bool {
	on := true
	if len(tag) > 0 && tag[0] == '/' {
		on, tag = false, tag[1:]
	}
	name, _, _ := bytes.Cut(tag[:min(len(tag), 8)], []byte{'>'})
	name, _, _ = bytes.Cut(name, []byte{' '})
	switch string(name) {
	case "h1", "h2", "h3", "h4", "b", "strong":
		return on
	}
	return bold
}

// faces names the fonts that hold the letters of a page. The browser is told
// of them before it knows that it needs them, so that text is drawn once, in its
// own typeface, and never moves.
func faces(lang string, body []byte) []string {
	l := lettersOf(body)
	for _, a := range []alphabet{latin, spoken[lang]} {
		l.any[a], l.text[a], l.bold[a] = true, true, true
	}
	var names []string
	for a := range alphabets {
		if l.any[a] {
			names = append(names, face(a, "400"))
		}
		if l.text[a] {
			names = append(names, face(a, "500"))
		}
		if l.bold[a] {
			names = append(names, face(a, "600"))
		}
	}
	return names
}

func face(a alphabet, weight string) string {
	return "fonts/firago-" + alphabetNames[a] + "-" + weight + ".woff2"
}

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// document draws a whole document around its children.
func document(p Page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		buf := bodies.Get().(*bytes.Buffer)
		buf.Reset()
		defer bodies.Put(buf)
		if err := templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), buf); err != nil {
			return errs.Wrap("page.document", err)
		}
		return errs.Wrap("page.document", sheet(p, faces(p.lang(), buf.Bytes()), buf.String()).Render(templ.ClearChildren(ctx), w))
	})
}
