package secret

import (
	"strings"
	"unicode/utf8"
)

// Limits of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 200
)

// Weakness is why a password is refused.
type Weakness int

// From acceptable to the ways of being too weak.
const (
	Acceptable Weakness = iota
	TooShort
	TooLong
	TooPlain  // a few characters repeated, or the person's own name or address
	TooCommon // what is tried first
)

// fewest different characters a password must have.
const fewest = 5

// Weigh judges a password; about are words that must not make it up: the
// person's name and address. Length counts, not a mix of signs.
func Weigh(password string, about ...string) Weakness {
	length := utf8.RuneCountInString(password)
	switch {
	case length < MinPassword:
		return TooShort
	case length > MaxPassword:
		return TooLong
	}
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	if len(different) < fewest {
		return TooPlain
	}
	folded := strings.ToLower(password)
	for _, word := range about {
		word = strings.ToLower(strings.TrimSpace(word))
		if word != "" && (folded == word || utf8.RuneCountInString(word) >= fewest && strings.Trim(strings.ReplaceAll(folded, word, ""), "0123456789!.-_ ") == "") {
			return TooPlain
		}
	}
	if common(folded) {
		return TooCommon
	}
	return Acceptable
}
