// Package duplicatestest makes sets of invented persons with copies and errors,
// in the manner of the Febrl project's generator (Christen 2005), with what is
// true about them.
package duplicatestest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Set says what to make.
type Set struct {
	Seed      uint64
	Originals int
	Copies    int
	MostOfOne int     // copies of one original
	PerField  int     // errors in one field, at most
	PerRecord int     // errors in one copy, at most
	Blank     float64 // share of an original's fields that are not known
	Families  float64 // share of originals who share name, address and phone with the one before
	Without   []string
}

// Header are the columns, as Febrl writes them.
var Header = []string{
	"rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
	"date_of_birth", "phone_number", "soc_sec_id",
}

// Rows makes the set, originals and copies mixed. The first column tells which
// is whose copy: rec-17-org, rec-17-dup-0.
func (s Set) Rows() [][]string {
	m := newMaker(s)
	originals := make([][]string, s.Originals)
	var rows [][]string
	for i := range originals {
		originals[i] = m.original(i)
		if i > 0 && m.rng.Float64() < s.Families {
			m.moveIn(originals[i], originals[i-1])
		}
		rows = append(rows, originals[i])
	}
	copies := make([]int, s.Originals)
	for left, at := s.Copies, 0; left > 0; at++ {
		i := at % s.Originals
		if s.MostOfOne > 1 {
			i = m.rng.IntN(s.Originals)
		}
		if copies[i] >= s.MostOfOne {
			continue
		}
		n := 1
		if s.MostOfOne > 1 {
			n = min(1+m.rng.IntN(s.MostOfOne), s.MostOfOne-copies[i], left)
		}
		for range n {
			rows = append(rows, m.copy(originals[i], i, copies[i]))
			copies[i]++
			left--
		}
	}
	m.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for _, row := range rows {
		for _, name := range s.Without {
			for column, header := range Header {
				if header == name {
					row[column] = ""
				}
			}
		}
	}
	return rows
}

// maker has the words a set is made of. Common ones come first and are drawn
// most, as with real names.
type maker struct {
	Set
	rng                                    *rand.Rand
	given, family, streets, estates, towns []string
}

func newMaker(s Set) *maker {
	m := &maker{Set: s, rng: rand.New(rand.NewPCG(s.Seed, 7))}
	m.given, m.family = m.words(400, 2, 3), m.words(3000, 2, 3)
	m.streets, m.estates, m.towns = m.words(2500, 2, 3), m.words(1500, 2, 4), m.words(800, 2, 4)
	return m
}

var (
	starts  = strings.Fields("b br c ch d dr f fr g gr h j k kr l m n p pr r s sh st t th tr v w a e i o")
	vowels  = strings.Fields("a a e e i o u ai ea oo ie")
	closers = strings.Fields("n r l s t ck m nd rt ll ng th y ton ley son ham den x")
	kinds   = strings.Fields("street street street place place crescent circuit avenue court close drive road")
	states  = strings.Fields("nsw nsw nsw vic vic qld qld wa sa tas act nt")
)

// words invents different words of so many syllables.
func (m *maker) words(n, least, most int) []string {
	seen := map[string]bool{}
	var all []string
	for len(all) < n {
		var b strings.Builder
		for range least + m.rng.IntN(most-least+1) - 1 {
			b.WriteString(m.pick(starts) + m.pick(vowels))
		}
		word := b.String() + m.pick(starts) + m.pick(vowels)[:1] + m.pick(closers)
		if !seen[word] {
			seen[word] = true
			all = append(all, word)
		}
	}
	return all
}

func (m *maker) pick(from []string) string { return from[m.rng.IntN(len(from))] }

// common draws from a list the front of which is drawn more often.
func (m *maker) common(from []string) string {
	f := m.rng.Float64()
	return from[int(f*f*float64(len(from)))]
}

func (m *maker) original(i int) []string {
	row := []string{
		fmt.Sprintf("rec-%d-org", i), m.common(m.given), m.common(m.family), strconv.Itoa(1 + m.rng.IntN(1+m.rng.IntN(300))),
		m.common(m.streets) + " " + m.pick(kinds), m.common(m.estates), m.common(m.towns), strconv.Itoa(2000 + m.rng.IntN(4500)), m.pick(states),
		fmt.Sprintf("%04d%02d%02d", 1900+m.rng.IntN(100), 1+m.rng.IntN(12), 1+m.rng.IntN(28)),
		fmt.Sprintf("%02d %08d", 2+m.rng.IntN(7), m.rng.IntN(1e8)), strconv.Itoa(1e6 + m.rng.IntN(9e6)),
	}
	for column := 1; column < len(row); column++ {
		if m.rng.Float64() < m.Blank {
			row[column] = ""
		}
	}
	return row
}

// moveIn makes one of the family of the other; a tenth are twins.
func (m *maker) moveIn(row, with []string) {
	for _, column := range [...]int{2, 3, 4, 5, 6, 7, 8, 10} {
		row[column] = with[column]
	}
	if m.rng.IntN(10) == 0 {
		row[9] = with[9]
	}
	for row[1] == with[1] {
		row[1] = m.common(m.given)
	}
}

// copy writes an original anew, with errors.
func (m *maker) copy(original []string, i, k int) []string {
	row := append([]string(nil), original...)
	row[0] = fmt.Sprintf("rec-%d-dup-%d", i, k)
	errors := 1 + m.rng.IntN(m.PerRecord)
	done := make([]int, len(row))
	for tries := 0; errors > 0 && tries < 100; tries++ {
		column := 1 + m.rng.IntN(len(row)-1)
		if done[column] >= m.PerField {
			continue
		}
		if m.spoil(row, column) {
			done[column]++
			errors--
		}
	}
	return row
}

// spoil makes one error in a field: mostly a slip, now and then another value,
// a blank, or two fields exchanged.
func (m *maker) spoil(row []string, column int) bool {
	switch n := m.rng.IntN(100); {
	case n < 6 && (column == 1 || column == 2):
		row[1], row[2] = row[2], row[1]
	case n < 8 && (column == 4 || column == 5):
		row[4], row[5] = row[5], row[4]
	case row[column] == "":
		return false
	case n < 16:
		row[column] = ""
	case n < 26:
		row[column] = m.original(0)[column]
	default:
		row[column] = m.slip(row[column])
	}
	return true
}

// slip makes a typing mistake.
func (m *maker) slip(s string) string {
	letters := []byte(s)
	at := m.rng.IntN(len(letters))
	some := byte('a' + m.rng.IntN(26))
	if letters[at] >= '0' && letters[at] <= '9' {
		some = byte('0' + m.rng.IntN(10))
	}
	switch m.rng.IntN(6) {
	case 0:
		letters[at] = some
	case 1:
		letters = append(letters[:at:at], append([]byte{some}, letters[at:]...)...)
	case 2:
		if len(letters) > 1 {
			letters = append(letters[:at], letters[at+1:]...)
		}
	case 3:
		letters = append(letters[:at:at], append([]byte{' '}, letters[at:]...)...)
	case 4:
		return strings.Replace(s, " ", "", 1)
	default:
		if at+1 < len(letters) {
			letters[at], letters[at+1] = letters[at+1], letters[at]
		}
	}
	return strings.TrimSpace(string(letters))
}
