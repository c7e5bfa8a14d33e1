package demo

import (
	"strings"
	"unicode"
)

var cyrillic = spellings("абвгдежзийклмнопрстуфхцчшщъьюяыэё",
	"a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya y e e")

// russian differs from Bulgarian in three letters.
var russian = spellings("хщъь", "kh shch - -")

var georgian = spellings("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
	"a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h")

var polish = spellings("ąćęłńóśźż", "a c e l n o s z z")

func spellings(letters, latin string) map[rune]string {
	m := map[rune]string{}
	all := strings.Fields(latin)
	for i, letter := range []rune(letters) {
		m[letter] = strings.Trim(all[i], "-")
	}
	return m
}

func spell(letter rune, lang string) (string, bool) {
	tables := []map[rune]string{cyrillic, georgian, polish}
	if lang == "ru" {
		tables = []map[rune]string{russian, cyrillic}
	}
	for _, t := range tables {
		if s, ok := t[letter]; ok {
			return s, true
		}
	}
	return "", false
}

// latin writes a name the way its owner's passport would: "Ралица Чакърова"
// becomes "Ralitsa Chakarova". Georgian words, which have no capitals, get
// one.
func latin(text, lang string) string {
	var out strings.Builder
	wordStart := true
	for _, letter := range text {
		lower := unicode.ToLower(letter)
		s, ok := spell(lower, lang)
		switch {
		case !ok:
			out.WriteRune(letter)
		case s != "" && (lower != letter || (wordStart && georgian[letter] != "")):
			out.WriteString(strings.ToUpper(s[:1]) + s[1:])
		default:
			out.WriteString(s)
		}
		wordStart = !unicode.IsLetter(letter)
	}
	return out.String()
}

// slug is the text as part of a domain or mailbox: a–z, 0–9 and hyphens.
func slug(text, lang string) string {
	var out strings.Builder
	gap := false
	for _, letter := range strings.ToLower(latin(text, lang)) {
		if letter < 128 && (unicode.IsLower(letter) || unicode.IsDigit(letter)) {
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			out.WriteRune(letter)
			gap = false
			continue
		}
		gap = gap || letter != '\''
	}
	return out.String()
}
