package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	end    kind = iota
	word        // a name, a keyword or a bare value
	quoted      // a value in quotes
	sign        // = != < <= > >= ~ !~ ( ) ,
)

type token struct {
	kind kind
	text string // without quotes and escapes
	at   int    // column, in characters from 1
}

// is tells whether the token is this sign or keyword.
func (t token) is(text string) bool {
	return t.kind == sign && t.text == text || t.kind == word && strings.EqualFold(t.text, text)
}

// reserved words must be quoted to be values.
var reserved = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "is": true, "has": true, "between": true, "starts": true,
	"with": true, "contains": true, "empty": true, "during": true, "this": true, "last": true, "next": true, "older": true,
}

// signs, the longer before those they begin with.
var signs = []string{"!=", "!~", "<=", ">=", "<>", "=", "<", ">", "~", "(", ")", ","}

const signRunes = `!=<>~(),"`

// wordly tells whether the rune can be part of a bare word.
func wordly(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && !strings.ContainsRune(signRunes, r)
}

// lex takes the text apart; the last token is the end.
func lex(text string) ([]token, error) {
	if len(text) > MaxText {
		return nil, tooLong()
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, syntax("filter.error.not-text", 1)
	}
	tokens := make([]token, 0, 16)
	column := 1
	for {
		trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
		column += utf8.RuneCountInString(text[:len(text)-len(trimmed)])
		text = trimmed
		if text == "" {
			return append(tokens, token{kind: end, at: column}), nil
		}
		t, size, ok := next(text)
		t.at = column
		if !ok && t.kind == quoted {
			return nil, syntax("filter.error.quote-open", column)
		}
		if !ok {
			return nil, syntax("filter.error.strange-sign", column, "Sign", t.text)
		}
		tokens = append(tokens, t)
		column += utf8.RuneCountInString(text[:size])
		text = text[size:]
	}
}

// next reads one token and tells how many bytes it takes.
func next(text string) (t token, size int, ok bool) {
	if text[0] == '"' {
		return unquote(text)
	}
	for _, s := range signs {
		if strings.HasPrefix(text, s) {
			return token{kind: sign, text: s}, len(s), true
		}
	}
	size = strings.IndexFunc(text, func(r rune) bool { return !wordly(r) })
	if size < 0 {
		size = len(text)
	}
	if size == 0 {
		r, _ := utf8.DecodeRuneInString(text)
		return token{kind: sign, text: string(r)}, 0, false
	}
	return token{kind: word, text: text[:size]}, size, true
}

// unquote reads "…" in which \ keeps the next character as it is.
func unquote(text string) (t token, size int, ok bool) {
	var b strings.Builder
	escaped := false
	for i, r := range text[1:] {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			return token{kind: quoted, text: b.String()}, i + 2, true
		default:
			b.WriteRune(r)
		}
	}
	return token{kind: quoted}, 0, false
}

// quote writes a value so that lex reads it back: bare where that is possible.
func quote(value string) string {
	if value != "" && !reserved[strings.ToLower(value)] && strings.IndexFunc(value, func(r rune) bool { return !wordly(r) }) < 0 {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
