// Package lexicon is what the words of names look like: which of them contain
// some letters, and which are so near to a word that it may be a slip of the
// hand. It holds the different words of a customer file in memory, packed: a
// million customers have some hundred thousand of them, which take a few
// megabytes and are looked through in a millisecond or two.
//
// It owns the table customers_lexicon, which is kept together with the words of
// customers. Who has a word is asked of those: one in memory that nobody has
// any more does no harm.
package lexicon

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// Lengths of the words that are kept, in bytes; shorter ones are found by
// their beginning, longer ones are codes and no names.
const (
	Shortest = 3
	Longest  = 40
)

// Fits tells whether a folded word belongs into a lexicon.
func Fits(word string) bool { return len(word) >= Shortest && len(word) <= Longest }

// Lexicon is a set of words; the empty one is ready, and safe for concurrent
// use.
type Lexicon struct {
	mu    sync.RWMutex
	text  []byte   // the words, each behind a line feed
	words []packed // in the order they came
}

// packed is where a word lies, and which letters it has.
type packed struct {
	from    uint32
	length  uint8
	letters uint32
}

// Add adds folded words; those that do not fit are left out. A word may be
// added twice.
func (l *Lexicon) Add(words ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range words {
		if !Fits(w) {
			continue
		}
		l.text = append(l.text, '\n')
		l.words = append(l.words, packed{uint32(len(l.text)), uint8(len(w)), lettersOf(w)})
		l.text = append(l.text, w...)
	}
}

// Len is how many words there are.
func (l *Lexicon) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.words)
}

// lettersOf has a bit for each letter; digits share those that are left.
func lettersOf(w string) (set uint32) {
	for i := range len(w) {
		switch c := w[i]; {
		case c >= 'a' && c <= 'z':
			set |= 1 << (c - 'a')
		case c >= '0' && c <= '9':
			set |= 1 << (26 + c%6)
		}
	}
	return set
}

// mostSeen bounds the words that are sorted for one answer.
const mostSeen = 4000

// Containing gives words that contain a part but do not begin with it, the
// shortest first, at most so many. Parts shorter than three letters are in too
// many words to say anything.
func (l *Lexicon) Containing(part string, most int) []string {
	if !Fits(part) {
		return nil
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	var found []string
	needle := []byte(part)
	for at := 0; len(found) < mostSeen; {
		n := bytes.Index(l.text[at:], needle)
		if n < 0 {
			break
		}
		at += n
		from := bytes.LastIndexByte(l.text[:at], '\n') + 1
		to := len(l.text)
		if n := bytes.IndexByte(l.text[at:], '\n'); n >= 0 {
			to = at + n
		}
		if from != at && !bytes.HasPrefix(l.text[from:to], needle) {
			found = append(found, string(l.text[from:to]))
		}
		at = to
	}
	slices.SortFunc(found, func(a, b string) int {
		return cmp.Or(len(a)-len(b), cmp.Compare(a, b))
	})
	found = slices.Compact(found)
	return found[:min(len(found), most)]
}

// Slips is how many slips of the hand a word of so many letters may have: one
// from four letters on, two from eight.
func Slips(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// fromBeginning is from how many letters on a word that is still being typed
// is compared with the beginnings of longer ones.
const fromBeginning = 6

// near is a word and how far it is.
type near struct {
	word string
	far  int
}

// Near gives the words from which a word differs by a letter missing, added,
// changed, or two neighbours swapped, as often as Slips allows; and, from six
// letters on, those whose beginning differs by one. The nearest come first, at
// most so many; the word itself is not among them. Words of digits have none:
// another number is another thing.
func (l *Lexicon) Near(word string, most int) []string {
	limit := Slips(len(word))
	if limit == 0 || !Fits(word) || isNumber(word) {
		return nil
	}
	own := lettersOf(word)
	l.mu.RLock()
	defer l.mu.RUnlock()
	var found []near
	for _, p := range l.words {
		if bits.OnesCount32(own&^p.letters) > limit || int(p.length) < len(word)-limit {
			continue
		}
		whole := int(p.length) <= len(word)+limit && bits.OnesCount32(p.letters&^own) <= limit
		if !whole && len(word) < fromBeginning {
			continue
		}
		other := l.text[p.from : p.from+uint32(p.length)]
		full, beginning := distances(word, other, limit)
		switch {
		case full == 0 && len(other) == len(word):
			continue
		case full <= limit:
			found = append(found, near{string(other), 2 * full})
		case len(word) >= fromBeginning && beginning == 1:
			found = append(found, near{string(other), 2*limit + 1})
		}
		if len(found) == mostSeen {
			break
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(a.far-b.far, len(a.word)-len(b.word), cmp.Compare(a.word, b.word))
	})
	found = slices.Compact(found)
	words := make([]string, min(len(found), most))
	for i := range words {
		words[i] = found[i].word
	}
	return words
}

func isNumber(word string) bool {
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return false
		}
	}
	return true
}

// distances tells how many slips part a word from another, and from the
// nearest beginning of the other; more than limit is limit+1.
func distances(word string, other []byte, limit int) (full, beginning int) {
	var rooms [3][Longest + 1]int
	before, last, row := &rooms[0], &rooms[1], &rooms[2]
	for i := range len(word) + 1 {
		last[i] = i
	}
	full, beginning = limit+1, limit+1
	for j := 1; j <= len(other); j++ {
		row[0] = j
		least := j
		for i := 1; i <= len(word); i++ {
			cost := 1
			if word[i-1] == other[j-1] {
				cost = 0
			}
			n := min(last[i]+1, row[i-1]+1, last[i-1]+cost)
			if i > 1 && j > 1 && word[i-1] == other[j-2] && word[i-2] == other[j-1] {
				n = min(n, before[i-2]+1)
			}
			row[i] = n
			least = min(least, n)
		}
		beginning = min(beginning, row[len(word)])
		if j == len(other) {
			full = min(row[len(word)], limit+1)
		}
		if least > limit {
			break
		}
		before, last, row = last, row, before
	}
	return full, beginning
}
