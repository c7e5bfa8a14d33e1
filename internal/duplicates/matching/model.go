package matching

import (
	"math"
	"strings"
)

// Shares of each level among pairs.
type Shares [levels]float64

// Model says how much every agreement and contradiction weighs. It can be kept
// as JSON: a record entered later is weighed as the whole file was.
type Model struct {
	Records int            `json:"records"`
	Odds    float64        `json:"odds"`     // bits: that any two records are one customer
	Same    [fields]Shares `json:"same"`     // of levels, between two records of one customer
	Kin     [fields]Shares `json:"kin"`      // between records of two under one roof
	Any     [fields]Shares `json:"any"`      // between records of any two
	InCity  [fields]Shares `json:"in_city"`  // between records of two in one city
	KinOdds float64        `json:"kin_odds"` // bits: that any two records are of two under one roof
	Swapped float64        `json:"swapped"`  // share of one customer's records with names the other way round

	// Common are the shares of values that many have; Rare is that of the others.
	Common [fields]map[uint64]float64 `json:"common"`
	Rare   [fields]float64            `json:"rare"`
	Words  words                      `json:"words"` // shares of the words of organisations' names
}

// Limits of what one field can say: nothing is ever quite certain.
const (
	mostFor     = 26.0
	mostAgainst = -8.0
)

// Verdict is what a score means.
type Verdict uint8

// The verdicts.
const (
	Unlikely Verdict = iota
	Possible         // worth a look
	Sure
)

// Bits from which a pair is possible, and sure: 1 to 8, and 16 to 1.
const (
	PossibleBits = -3.0
	SureBits     = 4.0
)

func (v Verdict) String() string { return [...]string{"unlikely", "possible", "sure"}[v] }

// VerdictOf reads a score.
func VerdictOf(bits float64) Verdict {
	switch {
	case bits >= SureBits:
		return Sure
	case bits >= PossibleBits:
		return Possible
	}
	return Unlikely
}

// Weighed is what one field said.
type Weighed struct {
	Field Field
	Level Level
	Bits  float64
}

// Explanation is a score with its reasons: the sum of Odds, the fields, what
// swapped names cost and what could as well be two under one roof. Taxed holds
// it down.
type Explanation struct {
	Bits    float64
	Verdict Verdict
	Fields  []Weighed // without the missing ones
	Odds    float64   // before anything was compared
	Roof    float64   // against: a family, or two firms in one house, would agree in this too
	Swapped bool      // given and family name are the other way round
	Crossed bool      // the lines of the address are
	Taxed   bool      // different tax numbers: never sure by itself
}

// Explain compares two records.
func (m *Model) Explain(a, b Record) Explanation {
	x, y := newCard(&a), newCard(&b)
	var c comparison
	m.Words.compare(&x, &y, &c)
	s := m.score(&c, &x, &y)
	e := Explanation{
		Bits: s.bits, Verdict: VerdictOf(s.bits), Odds: m.Odds, Roof: -math.Log2(1 + math.Exp2(s.kin)),
		Swapped: c.swapped, Crossed: c.crossed, Taxed: c.level[FieldTaxID] == Different,
	}
	for f := range fields {
		if c.level[f] != Missing {
			same, _ := m.weight(f, &c, &x, &y)
			e.Fields = append(e.Fields, Weighed{f, c.level[f], same})
		}
	}
	return e
}

// score is what a comparison says, all in bits: that the two are one customer
// against any two, that they are kin against any two, and that they are one
// against everything else.
type score struct{ same, kin, bits float64 }

func (m *Model) score(c *comparison, a, b *card) score {
	s := score{same: m.Odds, kin: m.KinOdds}
	for f := range fields {
		if c.level[f] != Missing {
			same, kin := m.weight(f, c, a, b)
			s.same, s.kin = s.same+same, s.kin+kin
		}
	}
	if c.swapped {
		cost := math.Log2(m.Swapped / (1 - m.Swapped))
		s.same, s.kin = s.same+cost, s.kin+cost
	}
	s.bits = s.same - math.Log2(1+math.Exp2(s.kin))
	if c.level[FieldTaxID] == Different {
		s.bits = min(s.bits, SureBits-1)
	}
	return s
}

// chances are the probabilities that the two are one, and that they are kin.
func (s score) chances() (same, kin float64) {
	x, y := math.Exp2(s.same), math.Exp2(s.kin)
	return x / (1 + x + y), y / (1 + x + y)
}

// inCity are the fields that depend on the city.
var inCity = [fields]bool{FieldPostcode: true, FieldRegion: true, FieldCountry: true, FieldLine: true, FieldExtra: true}

// weight is the logarithm of how much more often the level occurs between
// records of one customer than between any two, and that for kin.
func (m *Model) weight(f Field, c *comparison, a, b *card) (same, kin float64) {
	level := c.level[f]
	any := m.among(f, c)[level]
	switch {
	case level == Equal:
		any = max(m.equalShare(f, c, a, b), floor)
	case level != Different && f == FieldName:
		any = max(any, math.Exp2(-float64(c.told)))
	case level != Different && single(f):
		// A slip of a common value is as common as the value.
		like := max(m.share(f, a.text[f]), m.share(f, b.text[f]))
		any = max(any, like*m.Same[f][level]/m.Same[f][Equal])
	}
	return bound(math.Log2(m.Same[f][level] / any)), bound(math.Log2(m.Kin[f][level] / any))
}

// among are the shares to compare with: those of one city where that is known
// to agree.
func (m *Model) among(f Field, c *comparison) *Shares {
	if inCity[f] && (c.level[FieldCity] == Equal || c.level[FieldCity] == Close) {
		return &m.InCity[f]
	}
	return &m.Any[f]
}

// equalShare is how often another customer has the value these two have.
func (m *Model) equalShare(f Field, c *comparison, a, b *card) float64 {
	share := m.share(f, shared(f, a, b))
	if inCity[f] && (c.level[FieldCity] == Equal || c.level[FieldCity] == Close) {
		return max(share, m.InCity[f][Equal])
	}
	return share
}

func bound(bits float64) float64 { return max(mostAgainst, min(mostFor, bits)) }

// single tells fields with one value.
func single(f Field) bool {
	return f != FieldPhone && f != FieldEmail && f != FieldTaxID && f != FieldOtherID
}

// shared is the value two equal fields have in common.
func shared(f Field, a, b *card) string {
	x, y := a.text[f], b.text[f]
	if x == y || single(f) {
		return x
	}
	for one := range strings.SplitSeq(x, " ") {
		for other := range strings.SplitSeq(y, " ") {
			if one == other && one != none {
				return one
			}
		}
	}
	return x
}

// share is how many of all customers have a value.
func (m *Model) share(f Field, value string) float64 {
	if s, common := m.Common[f][hashOf(value)]; common {
		return s
	}
	return m.Rare[f]
}
