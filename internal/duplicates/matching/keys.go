package matching

import "strings"

// A scheme is one way to bring records together.
type scheme struct {
	name  string
	reach int // how many neighbours on each side are compared
	keys  func(c *card, add func(key, order uint64))
}

// sorted are the schemes with one block of all records, in some order: what
// they call a key is one of a few orders.
func (s *scheme) sorted() bool { return strings.HasPrefix(s.name, "sorted") }

// sortKey puts a key before an order. Two keys in four billion are taken for
// one, which costs some comparisons and nothing else.
func (s *scheme) sortKey(key, order uint64) uint64 {
	if s.sorted() {
		return key<<60 | order
	}
	return key>>32<<32 | order>>28
}

// key takes the order off again.
func (s *scheme) key(sort uint64) uint64 {
	if s.sorted() {
		return sort >> 60
	}
	return sort >> 32
}

// schemes find a pair as long as it shares any two things, or one that is rare
// by nature. Each allows for what the others are blind to.
var schemes = []scheme{
	{"names", 15, namesKeys},
	{"name-city", 8, func(c *card, add func(key, order uint64)) { nameWith(c, FieldCity, add) }},
	{"name-postcode", 8, func(c *card, add func(key, order uint64)) { nameWith(c, FieldPostcode, add) }},
	{"name-number", 6, func(c *card, add func(key, order uint64)) { nameWith(c, FieldNumber, add) }},
	{"born", 12, bornKeys},
	{"born-part", 5, bornPartKeys},
	{"phone", 15, func(c *card, add func(key, order uint64)) { listKeys(c, FieldPhone, add) }},
	{"email", 15, func(c *card, add func(key, order uint64)) { listKeys(c, FieldEmail, add) }},
	{"tax-id", 15, func(c *card, add func(key, order uint64)) { listKeys(c, FieldTaxID, add) }},
	{"other-id", 15, func(c *card, add func(key, order uint64)) { listKeys(c, FieldOtherID, add) }},
	{"number-street", 10, numberStreetKeys},
	{"street-city", 6, streetCityKeys},
	{"number-place", 6, numberPlaceKeys},
	{"words", 6, wordKeys},
	{"first-words", 15, firstWordsKeys},
	{"sorted-names", 4, sortedNames},
	{"sorted-backwards", 3, sortedBackwards},
}

// hashing of texts: FNV-1a, which needs no table and no allocation.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashOf(parts ...string) uint64 {
	h := uint64(hashStart)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * hashPrime
		}
		h = (h ^ 0xff) * hashPrime
	}
	return h
}

// order packs the first twelve letters of a text into a number that sorts as
// the text does: near texts are near numbers.
func order(parts ...string) uint64 {
	v, n := uint64(0), 0
	for _, p := range parts {
		for i := 0; i < len(p) && n < 12; i++ {
			v = v<<5 | uint64(letterRank(p[i]))
			n++
		}
	}
	return v << (5 * (12 - n))
}

func letterRank(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		return c - 'a' + 4
	case isDigit(c):
		return (c - '0') / 3
	}
	return 1
}

// skeleton is a name's first letter and the consonants after it: what slips
// leave standing most often.
func skeleton(name string) string {
	var b [6]byte
	n := 0
	for i := 0; i < len(name) && n < len(b); i++ {
		c := name[i]
		if i > 0 && (c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == b[n-1] || c == ' ' || c == 'h') {
			continue
		}
		b[n] = c
		n++
	}
	return string(b[:n])
}

// nameOrder sorts a block by name.
func nameOrder(c *card) uint64 {
	if c.text[FieldName] != "" {
		return order(c.text[FieldName])
	}
	return order(c.text[FieldFamily], c.text[FieldGiven])
}

// namesKeys: both names, in any order.
func namesKeys(c *card, add func(key, order uint64)) {
	given, family := skeleton(c.text[FieldGiven]), skeleton(c.text[FieldFamily])
	if given == "" || family == "" {
		return
	}
	if given > family {
		given, family = family, given
	}
	add(hashOf(given, family), order(c.text[FieldCity], c.text[FieldLine]))
}

// nameWith: one name and one more thing.
func nameWith(c *card, f Field, add func(key, order uint64)) {
	other := c.text[f]
	if other == "" {
		return
	}
	if f == FieldCity {
		other = skeleton(other)
	}
	if given := c.text[FieldGiven]; given != "" {
		add(hashOf(skeleton(given), other), order(c.text[FieldFamily]))
	}
	if family := c.text[FieldFamily]; family != "" {
		add(hashOf(skeleton(family), other), order(c.text[FieldGiven]))
	}
	if name := c.text[FieldName]; name != "" {
		add(hashOf(skeleton(name), other), order(name))
	}
}

func bornKeys(c *card, add func(key, order uint64)) {
	if born := c.text[FieldBorn]; born != "" {
		add(hashOf(born), nameOrder(c))
	}
}

// bornPartKeys: a name and the year, or a name and the day of the year.
func bornPartKeys(c *card, add func(key, order uint64)) {
	born := c.text[FieldBorn]
	if len(born) != 8 {
		return
	}
	for _, f := range [...]Field{FieldGiven, FieldFamily} {
		if name := skeleton(c.text[f]); name != "" {
			add(hashOf(name, "y", born[:4]), nameOrder(c))
			add(hashOf(name, "d", born[4:]), nameOrder(c))
		}
	}
}

// listKeys: any of several values. Of a phone the last seven digits count.
func listKeys(c *card, f Field, add func(key, order uint64)) {
	if c.text[f] == "" {
		return
	}
	for v := range valuesOf(f, c) {
		if f == FieldPhone {
			v = tail(v, 7)
		}
		add(hashOf(v), nameOrder(c))
	}
}

// numberStreetKeys: the number and either line of the address.
func numberStreetKeys(c *card, add func(key, order uint64)) {
	number := c.text[FieldNumber]
	if number == "" {
		return
	}
	for _, f := range [...]Field{FieldLine, FieldExtra} {
		if line := c.text[f]; line != "" {
			add(hashOf(number, skeleton(line)), nameOrder(c))
		}
	}
}

// streetCityKeys: either line of the address and the city or the postcode.
func streetCityKeys(c *card, add func(key, order uint64)) {
	for _, f := range [...]Field{FieldLine, FieldExtra} {
		line := skeleton(c.text[f])
		if line == "" {
			continue
		}
		if city := c.text[FieldCity]; city != "" {
			add(hashOf(line, skeleton(city)), nameOrder(c))
		}
		if code := c.text[FieldPostcode]; code != "" {
			add(hashOf(line, "p", code), nameOrder(c))
		}
	}
}

// numberPlaceKeys: the number, the city and the postcode: two of three would
// be too many.
func numberPlaceKeys(c *card, add func(key, order uint64)) {
	number, city, code := c.text[FieldNumber], c.text[FieldCity], c.text[FieldPostcode]
	if number != "" && city != "" && code != "" {
		add(hashOf(number, skeleton(city), code), nameOrder(c))
	}
}

// wordKeys: any word of an organisation's name.
func wordKeys(c *card, add func(key, order uint64)) {
	if c.text[FieldName] == "" {
		return
	}
	for w := range strings.SplitSeq(c.text[FieldName], " ") {
		if len(w) >= 3 {
			add(hashOf(w), order(c.text[FieldName]))
		}
	}
}

// firstWordsKeys: the beginning of any name as a skeleton without blanks. A
// person's two orders are both tried, so that organisations named after people
// meet them.
func firstWordsKeys(c *card, add func(key, order uint64)) {
	if name := c.text[FieldName]; name != "" {
		add(hashOf(skeleton(name)), order(c.text[FieldCity]))
		return
	}
	if given, family := c.text[FieldGiven], c.text[FieldFamily]; given != "" && family != "" {
		add(hashOf(skeleton(given+family)), order(c.text[FieldCity]))
		add(hashOf(skeleton(family+given)), order(c.text[FieldCity]))
	}
}

// sortedNames: all records in the order of names.
func sortedNames(c *card, add func(key, order uint64)) {
	if v := nameOrder(c); v != 0 {
		add(1, v)
	}
	if given := c.text[FieldGiven]; given != "" {
		add(2, order(given, c.text[FieldFamily]))
	}
}

// sortedBackwards: all records in the order of names read from the end, which
// brings together what differs in the first letters.
func sortedBackwards(c *card, add func(key, order uint64)) {
	name := c.text[FieldName]
	if name == "" {
		name = c.text[FieldGiven] + c.text[FieldFamily]
	}
	var b [12]byte
	n := 0
	for i := len(name) - 1; i >= 0 && n < len(b); i-- {
		if name[i] != ' ' {
			b[n] = name[i]
			n++
		}
	}
	if n > 0 {
		add(1, order(string(b[:n])))
	}
}
