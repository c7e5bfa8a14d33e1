package demo

import "slices"

// size is how much business there is in a customer; most are small.
type size uint8

const (
	small size = iota
	medium
	large
)

func (g *Generator) sizeOf(index int) size {
	at, w := index%blockSize, g.plan.at(index)
	switch {
	case at == chainHead || at == bigOffice:
		return large
	case w.role == personRole, w.role == rootRole && g.lands[w.land].patterns[w.pattern].sole:
		return small
	}
	r := g.stream(forSize, index)
	switch n := r.below(1000); {
	case n < 25:
		return large
	case n < 220:
		return medium
	}
	return small
}

// sinceOf is how many days ago the customer came: up to thirteen years,
// recent ones more often.
func (g *Generator) sinceOf(index int) int {
	r := g.stream(forSince, index)
	return -g.toWork(-4 - r.skewed(4700))
}

// parentOf finds the organisation a unit belongs to: the chain's head, or the
// nearest earlier organisation of the country that is not small; -1 when there
// is none yet.
func (g *Generator) parentOf(index int) int {
	if slices.Contains(chainUnits, index%blockSize) {
		return index - index%blockSize + chainHead
	}
	r := g.stream(forLinks, index)
	country := g.plan.at(index).land
	for j := index - 1 - r.below(min(index, 500)+1); j >= 0; j-- {
		if w := g.plan.at(j); w.role == rootRole && w.land == country && g.sizeOf(j) > small {
			return j
		}
	}
	return -1
}

// recommenderOf finds who brought the customer: an earlier one of the country
// that has been with us for longer. Six in a hundred have one.
func (g *Generator) recommenderOf(index int, r *rng) int {
	if index == 0 || !r.chance(66) {
		return -1
	}
	mine, country := g.sinceOf(index), g.plan.at(index).land
	for range 24 {
		j := r.below(index)
		w := g.plan.at(j)
		if (w.role == rootRole || w.role == personRole) && w.land == country && g.sinceOf(j) > mine {
			return j
		}
	}
	return -1
}

// originalOf is the customer a duplicate was entered again from.
func (g *Generator) originalOf(index int) int {
	r := g.stream(forCopy, index)
	j := index - 1 - r.below(min(index, 300))
	for j > 0 && g.plan.at(j).role > personRole {
		j--
	}
	return j
}
