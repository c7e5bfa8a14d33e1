package importsweb

import (
	"context"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/ui/field"
)

// isText tells that the file is text in lines, which has a separator.
func (c columnsPage) isText() bool { return c.Format == tabular.FormatText }

// isCards tells that the file is an address book.
func (c columnsPage) isCards() bool { return c.Format == tabular.FormatCards }

// isSheet tells that the file is a workbook.
func (c columnsPage) isSheet() bool { return c.Format == tabular.FormatXLSX }

// readAs says how the file was read.
func (c columnsPage) readAs(ctx context.Context) string {
	var parts []string
	if c.isCards() {
		return i18n.T(ctx, "imports.reading.cards", "Encoding", c.Encoding)
	}
	if c.isText() {
		parts = append(parts, i18n.T(ctx, "imports.reading.text", "Encoding", c.Encoding, "Delimiter", delimiterName(ctx, c.Delimiter)))
	} else {
		parts = append(parts, i18n.T(ctx, "imports.reading.sheet-named", "Sheet", c.Sheet))
	}
	if c.HasHeader {
		return strings.Join(append(parts, i18n.T(ctx, "imports.reading.with-header")), " ")
	}
	return strings.Join(append(parts, i18n.T(ctx, "imports.reading.without-header")), " ")
}

func delimiterName(ctx context.Context, d byte) string {
	switch d {
	case ',':
		return i18n.T(ctx, "imports.delimiter.comma")
	case ';':
		return i18n.T(ctx, "imports.delimiter.semicolon")
	case '\t':
		return i18n.T(ctx, "imports.delimiter.tab")
	case '|':
		return i18n.T(ctx, "imports.delimiter.bar")
	case 0:
		return i18n.T(ctx, "imports.delimiter.none")
	}
	return string(rune(d))
}

// found is the choice to let the program find out, with what it found.
func found(ctx context.Context, what string) field.Option {
	return field.Option{Value: "", Label: i18n.T(ctx, "imports.reading.found", "What", what)}
}

func (c columnsPage) encodings(ctx context.Context) []field.Option {
	all := []field.Option{found(ctx, c.Encoding)}
	for _, e := range c.Encodings {
		all = append(all, field.Option{Value: e, Label: e})
	}
	return all
}

func (c columnsPage) delimiters(ctx context.Context) []field.Option {
	all := []field.Option{found(ctx, delimiterName(ctx, c.Delimiter))}
	for _, d := range []byte{',', ';', '\t', '|'} {
		all = append(all, field.Option{Value: string(rune(d)), Label: delimiterName(ctx, d)})
	}
	return all
}

func (c columnsPage) sheets(ctx context.Context) []field.Option {
	var all []field.Option
	for _, s := range c.Sheets {
		all = append(all, field.Option{Value: s, Label: s})
	}
	for _, s := range c.Hidden {
		all = append(all, field.Option{Value: s, Label: i18n.T(ctx, "imports.reading.sheet-hidden", "Sheet", s)})
	}
	return all
}

func (c columnsPage) headers(ctx context.Context) []field.Option {
	guessed := i18n.T(ctx, "imports.header.no")
	if c.HasHeader {
		guessed = i18n.T(ctx, "imports.header.yes")
	}
	return []field.Option{
		found(ctx, guessed),
		{Value: "yes", Label: i18n.T(ctx, "imports.header.yes")},
		{Value: "no", Label: i18n.T(ctx, "imports.header.no")},
	}
}

// chosen are the values of the form that reads the file another way; empty
// ones let the program find out.
func (c columnsPage) chosenDelimiter() string {
	if d := c.Import.Plan.Reading.Delimiter; d != 0 {
		return string(rune(d))
	}
	return ""
}

func (c columnsPage) chosenHeader() string {
	switch c.Import.Plan.Reading.Header {
	case tabular.HeaderYes:
		return "yes"
	case tabular.HeaderNo:
		return "no"
	case tabular.HeaderAuto:
	}
	return ""
}

func (c columnsPage) chosenSkip() string { return strconv.Itoa(c.Import.Plan.Reading.Skip) }
