package fold

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// letters are romanised our way, so that the sound rules meet one spelling;
// every other character goes through unidecode.
var letters = map[rune]string{
	// Cyrillic; ё is e, because most people write it so.
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i",
	'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t",
	'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "tch", 'ш': "sh", 'щ': "sht", 'ы': "y", 'э': "e",
	'ю': "yu", 'я': "ya", 'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u",
	'ј': "y", 'љ': "ly", 'њ': "ny", 'ћ': "tch", 'ђ': "dj", 'џ': "dj", 'ѓ': "g", 'ќ': "k", 'ѕ': "dz",

	// Georgian; the plain and the ejective of a pair are one.
	'ა': "a", 'ბ': "b", 'გ': "g", 'დ': "d", 'ე': "e", 'ვ': "v", 'ზ': "z", 'თ': "t", 'ი': "i", 'კ': "k",
	'ლ': "l", 'მ': "m", 'ნ': "n", 'ო': "o", 'პ': "p", 'ჟ': "zh", 'რ': "r", 'ს': "s", 'ტ': "t", 'უ': "u",
	'ფ': "p", 'ქ': "k", 'ღ': "g", 'ყ': "k", 'შ': "sh", 'ჩ': "tch", 'ც': "ts", 'ძ': "dz", 'წ': "ts", 'ჭ': "tch",
	'ხ': "kh", 'ჯ': "dj", 'ჰ': "h",

	// Latin letters whose mark changes the sound; the others just lose it.
	'ż': "zh", 'ž': "zh", 'č': "tch", 'ć': "tch", 'ç': "tch", 'đ': "dj", 'ş': "sh", 'ß': "ss", 'ä': "a", 'ö': "o", 'ü': "u",

	// Marks inside a word.
	'\'': "", '’': "", '‘': "", 'ʼ': "", 'ʻ': "", 'ʹ': "", '`': "", '´': "",
}

// roman writes a text in lower-case Latin letters and digits, with spaces for
// everything else.
func roman(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	runes := []rune(strings.ToLower(norm.NFKC.String(s)))
	for i, r := range runes {
		latin, known := letters[r]
		switch {
		case plain(r):
			b.WriteByte(byte(r))
		case known:
			b.WriteString(latin)
		case r == 'ь' || r == 'ъ':
			b.WriteString(sign(r, at(runes, i-1), at(runes, i+1)))
		case r < 0x80:
			b.WriteByte(' ')
		case !unicode.Is(unicode.Mn, r):
			foreign(&b, r)
		}
	}
	return b.String()
}

// foreign writes a character of a script we have no table for; quotation marks
// inside a romanised letter are no word's end.
func foreign(b *strings.Builder, r rune) {
	letter := unicode.IsLetter(r)
	for _, c := range strings.ToLower(unidecode.Unidecode(string(r))) {
		switch {
		case plain(c):
			b.WriteByte(byte(c))
		case !letter || c != '\'' && c != '`' && c != '"':
			b.WriteByte(' ')
		}
	}
}

func plain(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// sign writes ь and ъ: ь before о is Bulgarian (Кольо), ъ between consonants
// too (Димитър); elsewhere both are silent.
func sign(r, before, after rune) string {
	switch {
	case r == 'ь' && after == 'о':
		return "y"
	case r == 'ъ' && unicode.IsLetter(after) && !strings.ContainsRune("аеёиоуыэюя", after) && before != 0:
		return "a"
	}
	return ""
}

// at is the rune at i, or 0 beyond the ends.
func at(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return 0
	}
	return runes[i]
}
