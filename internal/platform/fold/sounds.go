package fold

import "strings"

// spellings are groups of letters for one sound, longest first, with the way
// we write it. The sounds of ч and ц are one, and so are those of ж and з.
var spellings = []struct{ from, to string }{
	{"schtsch", "sh"},
	{"shtch", "sh"},
	{"stsch", "sh"},
	{"stch", "sh"},
	{"shch", "sh"},
	{"szcz", "sh"},
	{"tsch", "ts"},
	{"sch", "sh"},
	{"sht", "sh"},
	{"tch", "ts"},
	{"dzh", "i"},
	{"krz", "ksh"},
	{"prz", "psh"},
	{"trz", "tsh"},
	{"sz", "sh"},
	{"cz", "ts"},
	{"ch", "ts"},
	{"ts", "ts"},
	{"tz", "ts"},
	{"sh", "sh"},
	{"kh", "h"},
	{"zh", "z"},
	{"gh", "g"},
	{"th", "t"},
	{"ph", "f"},
	{"dj", "i"},
	{"iu", "u"},
	{"yu", "u"},
	{"ju", "u"},
	{"ie", "e"},
	{"ye", "e"},
	{"je", "e"},
	{"ou", "u"},
	{"y", "i"},
	{"j", "i"},
	{"w", "v"},
	{"x", "ks"},
}

// byFirst finds the spellings that begin with a letter.
var byFirst = func() (index [256][]struct{ from, to string }) {
	for _, s := range spellings {
		index[s.from[0]] = append(index[s.from[0]], s)
	}
	return index
}()

// sounds rewrites a word by its sounds, in one pass from the left; a repeated
// letter is written once.
func sounds(word string) string {
	var room [2*longest + 4]byte
	out := room[:0]
	for i := 0; i < len(word); {
		n, sound := special(word, i)
		if n == 0 {
			n, sound = regular(word[i:])
		}
		for _, c := range []byte(sound) {
			if !isLetter(c) || len(out) == 0 || out[len(out)-1] != c {
				out = append(out, c)
			}
		}
		i += n
	}
	if string(out) == word {
		return word
	}
	return string(out)
}

// regular gives the spelling the word begins with: how many letters, and the
// sound.
func regular(rest string) (n int, sound string) {
	for _, s := range byFirst[rest[0]] {
		if strings.HasPrefix(rest, s.from) {
			return len(s.from), s.to
		}
	}
	return 1, rest[:1]
}

// special are the spellings that depend on their neighbours; n is 0 where none
// fits.
func special(word string, i int) (n int, sound string) {
	before, rest := letter(word, i-1), word[i:]
	switch word[i] {
	case 'c':
		return specialC(rest, word[:i])
	case 'g': // Gueorgui
		if strings.HasPrefix(rest, "gue") || strings.HasPrefix(rest, "gui") {
			return 2, "g"
		}
	case 'q':
		if strings.HasPrefix(rest, "qu") {
			return 2, "kv"
		}
		return 1, "k"
	case 'f': // Ivanoff
		if rest == "ff" && len(word) >= nameLength && (before == 'o' || before == 'e') {
			return 2, "v"
		}
	case 'r':
		return specialRZ(rest, before, len(word))
	case 'y', 'j': // Fyodor, Solovyov, but Yordan
		if isConsonant(before) && before != 'd' && strings.HasPrefix(rest[1:], "o") {
			return 2, "e"
		}
	case 'a', 'o', 'u': // Mueller, but Raev and Manuela's friend Sue
		umlaut := isConsonant(before) && letter(word, i+1) == 'e' && isConsonant(letter(word, i+2))
		if umlaut && letter(word, i+2) != 'v' && letter(word, i+2) != 'w' {
			return 2, rest[:1]
		}
	}
	return 0, ""
}

// specialC reads c: German ck, Greek ch, Polish and Serbian c, English c.
func specialC(rest, before string) (n int, sound string) {
	next := byte(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch {
	case next == 'h' && len(rest) > 2 && strings.IndexByte("lmrvw", rest[2]) >= 0: // Christo, Chmielewski
		return 2, "h"
	case next == 'h' || next == 'z':
		return 0, ""
	case rest == "cki" || rest == "cka" || rest == "cky": // Nowicki
		return 1, "ts"
	case next == 'k':
		return 2, "k"
	case next == 'e' || next == 'i' || next == 'y' || next == 'j':
		return 1, "ts"
	case rest == "c" && strings.HasSuffix(before, "vi"): // Petrovic
		return 1, "ts"
	}
	return 1, "k"
}

// specialRZ reads the Polish rz, which German names have only at the end.
func specialRZ(rest string, before byte, length int) (n int, sound string) {
	if !strings.HasPrefix(rest, "rz") {
		return 0, ""
	}
	final := len(rest) == 2
	if !final || length >= 7 && (before == 'o' || before == 'e') { // Katarzyna; Grzegorz, but Schwarz
		return 2, "z"
	}
	return 0, ""
}

// letter is the i-th byte, or 0 beyond the ends.
func letter(word string, i int) byte {
	if i < 0 || i >= len(word) {
		return 0
	}
	return word[i]
}
