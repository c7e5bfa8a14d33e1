package fold

import "strings"

// Key gives the search key: lower-case ASCII letters and digits, words parted
// by single spaces. Key(Key(s)) == Key(s), and the time is linear in len(s).
func Key(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	for _, word := range strings.Fields(roman(s)) {
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(reduced(word))
	}
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
func reduced(word string) string {
	if len(word) > longest {
		return word
	}
	for {
		next := ending(sounds(word))
		if next == word || len(next) > longest {
			return next
		}
		word = next
	}
}

// nameLength is the number of letters from which a final -i may be the
// Georgian nominative.
const nameLength = 5

// ending evens out endings that differ by language and not by name.
func ending(word string) string {
	n := len(word)
	switch {
	case strings.HasSuffix(word, "skaia"): // Ковальская, Kowalska
		return word[:n-2]
	case n >= 7 && (strings.HasSuffix(word, "dre") || strings.HasSuffix(word, "tre")): // ალექსანდრე, Alexandre
		return word[:n-2] + "er"
	case n >= nameLength && (strings.HasSuffix(word, "dr") || strings.HasSuffix(word, "tr")): // Александр, Alexander
		return word[:n-1] + "er"
	case n >= nameLength && word[n-1] == 'i' && isConsonant(word[n-2]): // ივანოვი, Иванов; Dmitri, Димитр
		return word[:n-1]
	}
	return word
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

func isConsonant(c byte) bool { return isLetter(c) && !isVowel(c) && c != 'y' && c != 'j' }
