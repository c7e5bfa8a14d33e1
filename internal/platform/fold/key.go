package fold

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Key gives the search key: lower-case ASCII letters and digits, words parted
// by single spaces. Key(Key(s)) == Key(s), and the time is linear in len(s).
func Key(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	word := make([]byte, 0, 32)
	flush := func() {
		if len(word) == 0 {
			return
		}
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.Write(reduced(word))
		word = word[:0]
	}
	runes := []rune(strings.ToLower(norm.NFKC.String(s)))
	for i, r := range runes {
		for _, c := range []byte(romanised(runes, i, r)) {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				word = append(word, c)
			case c >= 'A' && c <= 'Z':
				word = append(word, c+'a'-'A')
			default:
				flush()
			}
		}
	}
	flush()
	return out.String()
}

// Words gives the words of the key.
func Words(s string) []string { return strings.Fields(Key(s)) }

// longest is the length up to which a word can be a name whose spelling
// varies; longer ones (codes, hashes) are kept letter by letter.
const longest = 40

// reduced brings a word in Latin letters to its one form. Rules can make room
// for each other (t and h coming together), so they run until nothing changes;
// every round but the first only shortens.
func reduced(word []byte) []byte {
	if len(word) > longest {
		return word
	}
	for {
		next := ending(doubles(sounds(word)))
		if string(next) == string(word) || len(next) > longest {
			return next
		}
		word = next
	}
}

// doubles writes a repeated letter once; digits stay.
func doubles(word []byte) []byte {
	out := word[:0]
	for _, c := range word {
		if isLetter(c) && len(out) > 0 && out[len(out)-1] == c {
			continue
		}
		out = append(out, c)
	}
	return out
}

// nameLength is the number of letters from which a final -i may be the
// Georgian nominative.
const nameLength = 5

// ending evens out endings that differ by language and not by name.
func ending(word []byte) []byte {
	n := len(word)
	switch w := string(word); {
	case strings.HasSuffix(w, "skaia"): // Ковальская, Kowalska
		return append(word[:n-3], 'a')
	case n >= 7 && (strings.HasSuffix(w, "dre") || strings.HasSuffix(w, "tre")): // ალექსანდრე, Alexandre
		return append(word[:n-2], 'e', 'r')
	case n >= nameLength && (strings.HasSuffix(w, "dr") || strings.HasSuffix(w, "tr")): // Александр, Alexander
		return append(word[:n-1], 'e', 'r')
	case n >= nameLength && word[n-1] == 'i' && isConsonant(word[n-2]): // ივანოვი, Иванов; Dmitri, Димитр
		return word[:n-1]
	}
	return word
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

func isConsonant(c byte) bool { return isLetter(c) && !isVowel(c) && c != 'y' && c != 'j' }
