package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/fold"
)

// Piece is a part of a text.
type Piece struct {
	Text  string
	Match bool // it is what somebody searched for
}

// Pieces cuts a text where it matches what was searched for: words in any
// script, whole or in part or with a slip, digits whatever stands between
// them. The pieces together are the text.
func Pieces(text, q string) []Piece {
	marked := make([]bool, len(text))
	if isDigits(q) {
		markDigits(text, fold.Digits(q), marked)
	}
	for part := range strings.FieldsSeq(q) {
		switch {
		case strings.Contains(part, "@"):
			markLiteral(text, part, marked)
		case isDigits(part):
			markDigits(text, fold.Digits(part), marked)
		default:
			markWords(text, part, marked)
		}
	}
	var pieces []Piece
	for from := 0; from < len(text); {
		to := from + 1
		for to < len(text) && marked[to] == marked[from] {
			to++
		}
		pieces = append(pieces, Piece{text[from:to], marked[from]})
		from = to
	}
	return pieces
}

// Matched gives the pieces that match.
func Matched(text, q string) []string {
	var found []string
	for _, p := range Pieces(text, q) {
		if p.Match {
			found = append(found, p.Text)
		}
	}
	return found
}

func mark(marked []bool, from, to int) {
	for i := from; i < to; i++ {
		marked[i] = true
	}
}

// isDigits tells a phone or number from words.
func isDigits(s string) bool {
	return fold.Digits(s) != "" && strings.Trim(s, "+-()./ 0123456789") == ""
}

func markLiteral(text, part string, marked []bool) {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // letters that change their length with their case
		return
	}
	if at := strings.Index(lower, strings.ToLower(part)); at >= 0 {
		mark(marked, at, at+len(part))
	}
}

// markDigits marks digits wherever they stand together: between them are only
// signs that people put into phones. If they are not there as they were typed,
// they are looked for without what may stand before the number proper: zeros,
// or a country's code.
func markDigits(text, digits string, marked []bool) {
	tails := []string{digits}
	if bare := strings.TrimLeft(digits, "0"); bare != "" {
		tails = append(tails, bare)
	}
	for n := 1; n <= 3 && len(digits)-n >= 4; n++ {
		tails = append(tails, digits[n:])
	}
	for from := 0; from < len(text); {
		var run []byte
		var places []int
		to := from
		for ; to < len(text) && strings.IndexByte("+-()./ 0123456789", text[to]) >= 0; to++ {
			if c := text[to]; c >= '0' && c <= '9' {
				run, places = append(run, c), append(places, to)
			}
		}
		for _, d := range tails {
			if at := strings.Index(string(run), d); at >= 0 {
				mark(marked, places[at], places[at+len(d)-1]+1)
				break
			}
		}
		from = max(to, from+1)
	}
}

// markWords marks the words of a text that are found by a part of the search.
func markWords(text, part string, marked []bool) {
	keys := fold.Words(part)
	for _, k := range fold.Words(part) {
		keys = append(keys, fold.Variants(k)...)
	}
	for from := 0; from < len(text); {
		to := from
		for to < len(text) {
			r, size := utf8.DecodeRuneInString(text[to:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '\'' && r != '’' {
				break
			}
			to += size
		}
		if to == from {
			_, size := utf8.DecodeRuneInString(text[from:])
			from += size
			continue
		}
		key := fold.Key(text[from:to])
		for _, k := range keys {
			if begin, end, ok := within(text[from:to], key, part, k); ok {
				mark(marked, from+begin, from+end)
				break
			}
		}
		from = to
	}
}

// within tells which part of a word matches: the letters that were typed, if
// they stand in it as they are, or else all of it.
func within(word, key, part, partKey string) (from, to int, ok bool) {
	found := key != "" && (strings.HasPrefix(key, partKey) || len(partKey) >= Shortest && strings.Contains(key, partKey))
	if !found && len(partKey) <= Longest && len(key) <= Longest && !isNumber(partKey) {
		limit := Slips(len(partKey))
		full, beginning := distances(partKey, []byte(key), limit)
		found = limit > 0 && (full <= limit || len(partKey) >= fromBeginning && beginning <= 1)
	}
	if !found {
		return 0, 0, false
	}
	lower := strings.ToLower(word)
	if at := strings.Index(lower, strings.ToLower(part)); at >= 0 && len(lower) == len(word) && (at == 0 || !strings.HasPrefix(key, partKey)) {
		return at, at + len(strings.ToLower(part)), true
	}
	return 0, len(word), true
}
