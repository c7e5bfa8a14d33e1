package matching

import (
	"math"
	"slices"
	"strings"
)

// words are the shares of the words many names of organisations have; what they
// share then tells little.
type words map[uint64]float64

// rareWord is the share of a word that few have, if the file does not say.
const rareWord = 1e-5

// bits is what a word tells about whose name it is in.
func (w words) bits(word string) float64 {
	share, common := w[hashOf(word)]
	if !common {
		share = w[anyWord]
	}
	if share == 0 {
		share = rareWord
	}
	return -math.Log2(share)
}

// anyWord stands for all words that are rare.
const anyWord = 0

// wordShares counts the words of names.
func (x *Index) wordShares() words {
	var hashes []uint64
	var c card
	names := 0
	for i := range x.Len() {
		x.cards.read(uint32(i), &c)
		if c.text[FieldName] == "" {
			continue
		}
		names++
		for word := range strings.SplitSeq(c.text[FieldName], " ") {
			hashes = append(hashes, hashOf(word))
		}
	}
	slices.Sort(hashes)
	shares := words{}
	if names == 0 {
		return shares
	}
	least := max(3, names/20_000)
	for i := 0; i < len(hashes); {
		j := i
		for j < len(hashes) && hashes[j] == hashes[i] {
			j++
		}
		if j-i >= least {
			shares[hashes[i]] = float64(j-i) / float64(names)
		}
		i = j
	}
	shares[anyWord] = float64(least+1) / 2 / float64(names)
	return shares
}

// organisationLevel compares names word by word, in any order, and gives the
// bits that the shared words tell.
func (w words) organisationLevel(a, b string) (Level, float32) {
	if a == b {
		return Equal, 0
	}
	var roomA, roomB [12]string
	wordsA, wordsB := split(a, roomA[:0]), split(b, roomB[:0])
	if len(wordsA) > len(wordsB) {
		wordsA, wordsB = wordsB, wordsA
	}
	same, near, told := 0, 0, 0.0
	for _, x := range wordsA {
		best := Different
		for _, y := range wordsB {
			best = min(best, across(x, y, nameLevel))
		}
		switch best {
		case Equal:
			same++
			told += w.bits(x)
		case Close:
			near++
			told += w.bits(x) - 2
		}
	}
	blanks := len(wordsA) + len(wordsB) - 2
	apart := max(len(a), len(b)) - commonLetters(a, b)
	return w.weigh(wordsA, wordsB, agreed{same, near, told, apart <= 2+blanks})
}

// agreed is how many words of the shorter name are in the longer one.
type agreed struct {
	same, near int
	told       float64
	letters    bool // all letters but a few are the same, so that a blank may have slipped
}

func (w words) weigh(short, long []string, g agreed) (Level, float32) {
	switch {
	case g.same == len(long): // another order
		return Equal, 0
	case g.same+g.near == len(long) && g.near <= 1+len(long)/3:
		return Close, float32(g.told)
	}
	if g.letters {
		switch whole, all := strings.Join(short, ""), strings.Join(long, ""); {
		case whole == all:
			return Equal, 0
		case nameLevel(whole, all) == Close:
			return Close, float32(max(g.told, w.sum(short)-2))
		}
	}
	if g.told == 0 && len(long) > 1 {
		return Different, 0 // most pairs end here
	}
	switch least := min(w.sum(short), w.sum(long)); {
	case g.told >= 0.7*least && g.told > 0:
		return Alike, float32(g.told)
	case len(long) == 1 && nameLevel(short[0], long[0]) == Alike:
		return Alike, float32(least / 2)
	}
	return Different, 0
}

func (w words) sum(all []string) float64 {
	sum := 0.0
	for _, word := range all {
		sum += w.bits(word)
	}
	return sum
}

// split parts a text at blanks, without allocating for the usual name.
func split(s string, room []string) []string {
	for word := range strings.SplitSeq(s, " ") {
		room = append(room, word)
	}
	return room
}
