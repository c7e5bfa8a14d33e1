package tabular

import (
	"strings"
	"unicode/utf8"
)

// guard makes a text safe in a CSV that a spreadsheet program opens: what
// would run as a formula gets a leading apostrophe. Plain negative numbers and
// phone numbers (digits, blanks, brackets, dashes, one leading plus) are left
// alone, since they can do no harm. A text that looks guarded already is
// guarded once more, so that unguard always gives back what was written.
func guard(s string) string {
	if runs(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// unguard takes off the apostrophe of guard.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && runs(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

// runs tells whether a spreadsheet program could take the text for a formula.
func runs(s string) bool {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", first(s)) {
		return false
	}
	return !harmless(s)
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// harmless tells negative numbers and phone numbers: ^[+]?[0-9 ()-]+$ and
// ^-[0-9][0-9., ]*$.
func harmless(s string) bool {
	phone := strings.TrimPrefix(s, "+")
	if phone != "" && strings.Trim(phone, "0123456789 ()-") == "" {
		return true
	}
	number, negative := strings.CutPrefix(s, "-")
	return negative && number != "" && number[0] >= '0' && number[0] <= '9' && strings.Trim(number, "0123456789., ") == ""
}
