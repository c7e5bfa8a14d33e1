package phone

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// extension is a word for "extension" with the digits behind it, at the end.
var extension = regexp.MustCompile(`(?:доб|доп|вътр|вн|внутр|ext|extension|extn|wewn|wew|w|x|დამ|შიდა|#)\.?\s*:?\s*([0-9]{1,7})\s*\)?$`)

// trunk is the zero people put in brackets after the country's code:
// +44 (0)20, +359 (0) 88.
var trunk = regexp.MustCompile(`^(\+[0-9]{1,3})[ .-]*\(0\)`)

// clean gives the number's digits, with "+" before them where there was one,
// and the extension. Text that holds more than a number gives nothing.
func clean(raw string) (digits, ext string) {
	s := strings.ToLower(strings.TrimSpace(norm.NFKC.String(raw)))
	s = strings.TrimPrefix(s, "tel:")
	if m := extension.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
		ext = s[m[2]:m[3]]
		s = strings.TrimRight(s[:m[0]], " ,;(")
	}
	s = withoutLabel(s)
	s = trunk.ReplaceAllString(s, "$1")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" \u00a0()[]-.,/\\\u2010\u2011\u2012\u2013\u2014\u2212\u200e\u200f\u202a\u202c\u00ad\ufeff", r):
		default:
			return "", ""
		}
	}
	return b.String(), ext
}

// labels are the words people put before a number.
var labels = []string{
	"телефон", "тел", "мобилен", "мобильный", "мобилни", "моб", "сот", "раб", "дом", "факс", "gsm", "гсм",
	"telephone", "phone", "tel", "mobile", "mob", "cell", "fax", "office", "home", "work",
	"telefon", "kom", "komórka", "komorka", "faks", "ტელეფონი", "ტელ", "მობილური", "მობ", "whatsapp", "viber", "telegram", "m", "t", "p", "т", "м",
}

// withoutLabel takes off labels with the dot or colon after them.
func withoutLabel(s string) string {
	for {
		rest := s
		for _, label := range labels {
			after, ok := strings.CutPrefix(s, label)
			if ok && (after == "" || !isLetterStart(after)) {
				rest = strings.TrimLeft(after, " .:/-\u00a0№#")
				break
			}
		}
		if rest == s {
			return s
		}
		s = rest
	}
}

func isLetterStart(s string) bool {
	r := []rune(s)[0]
	return strings.ToUpper(string(r)) != string(r) || r >= 0x10d0 && r <= 0x10ff
}
