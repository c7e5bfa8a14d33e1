package fold

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// Sort gives a key whose byte order is the order of names: digits, then Latin,
// Cyrillic and Georgian, each by its own alphabet, without regard to case and
// marks (Łódź beside Lodz, Ёлкин beside Елкин). Punctuation does not count.
// Names that differ only in what is ignored have equal keys.
func Sort(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range strings.ToLower(norm.NFKC.String(s)) {
		text := sortLetter(r)
		if text == "" {
			gap = gap || !unicode.Is(unicode.Mn, r) && !isApostrophe(r)
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteString(text)
	}
	return b.String()
}

// sortAs puts letters of neighbouring alphabets beside their like.
var sortAs = map[rune]string{'ё': "е", 'є': "е", 'ґ': "г", 'і': "и", 'ї': "и", 'ў': "у", 'ђ': "д", 'ј': "и", 'љ': "л", 'њ': "н", 'ћ': "ч", 'џ': "ж", 'ѓ': "г", 'ќ': "к", 'ѕ': "з", 'ѝ': "и", 'ѐ': "е"}

func sortLetter(r rune) string {
	switch {
	case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return string(r)
	case !unicode.IsLetter(r) && !unicode.IsDigit(r):
		return ""
	case unicode.Is(unicode.Latin, r) || unicode.IsDigit(r):
		return strings.ToLower(onlyLetters(unidecode.Unidecode(string(r))))
	}
	if like, ok := sortAs[r]; ok {
		return like
	}
	return string(r)
}

func onlyLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func isApostrophe(r rune) bool {
	latin, ok := letters[r]
	return ok && latin == ""
}

// Digits keeps the digits, as for finding phone numbers and customer numbers;
// those of other scripts become 0 to 9.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= 0x80 && unicode.IsDigit(r):
			return digitValue(r)
		}
		return -1
	}, s)
}

// digitValue relies on Unicode keeping the ten digits of a script together.
func digitValue(r rune) rune {
	text := unidecode.Unidecode(string(r))
	if len(text) == 1 && text[0] >= '0' && text[0] <= '9' {
		return rune(text[0])
	}
	return -1
}
