package demo

// The kinds of customer repeat in the same order every thousand, so that the
// shares are exact, any index is known at once, and names can be handed out by
// rank without meeting one twice.
const (
	blockSize = 1000

	chainHead = 3 // an organisation with twelve units, the rest of chainUnits
	bigOffice = 8 // an organisation with forty contacts
)

var chainUnits = []int{20, 33, 41, 58, 77, 96, 120, 140, 165, 190, 222, 260}

type role uint8

const (
	rootRole role = iota
	personRole
	unitRole
	copyRole
)

// place is what a position of the block is for.
type place struct {
	role    role
	land    uint8
	pattern uint8
	rank    int32 // among the places of the same pattern
	inLand  int32 // among the places of the same country
}

// shares of a block, in the order of lands.
var (
	rootShare   = [5]int{240, 95, 104, 91, 90}
	personShare = [5]int{112, 44, 48, 43, 43}
	unitShare   = [5]int{36, 11, 13, 10, 10}
)

const copyShare = 10

type plan struct {
	places    [blockSize]place
	rootCount [5][]int // by country and pattern, in one block
	landCount [5]int
}

func (g *Generator) newPlan() *plan {
	p := &plan{}
	n := 0
	put := func(count int, what place) {
		for range count {
			p.places[n] = what
			n++
		}
	}
	for l := range g.lands {
		for k, count := range split(rootShare[l], g.lands[l].patterns) {
			put(count, place{role: rootRole, land: uint8(l), pattern: uint8(k)})
		}
		put(personShare[l], place{role: personRole, land: uint8(l)})
		put(unitShare[l], place{role: unitRole, land: uint8(l)})
	}
	put(copyShare, place{role: copyRole})
	r := g.stream(forPlan, 0)
	for i := blockSize - 1; i > 0; i-- {
		j := r.below(i + 1)
		p.places[i], p.places[j] = p.places[j], p.places[i]
	}
	p.fix()
	p.count(g.lands)
	return p
}

// split divides a country's organisations among its patterns by their shares;
// what rounding leaves goes to the first.
func split(total int, patterns []pattern) []int {
	sum := 0
	for _, p := range patterns {
		sum += p.share
	}
	counts := make([]int, len(patterns))
	left := total
	for i, p := range patterns {
		counts[i] = max(1, total*p.share/sum)
		left -= counts[i]
	}
	counts[0] += left
	return counts
}

// fix puts the chain, its units and the big office at their known positions
// and an organisation first, by exchanging them with others of their kind.
func (p *plan) fix() {
	taken := map[int]bool{}
	swap := func(position int, fits func(place) bool) {
		from := position
		for !fits(p.places[from]) || (taken[from] && from != position) {
			from = (from + 1) % blockSize
		}
		p.places[position], p.places[from] = p.places[from], p.places[position]
		taken[position] = true
	}
	root := func(w place) bool { return w.role == rootRole && w.land == 0 && w.pattern == 0 }
	unit := func(w place) bool { return w.role == unitRole && w.land == 0 }
	for _, position := range []int{0, chainHead, bigOffice} {
		swap(position, root)
	}
	for _, position := range chainUnits {
		swap(position, unit)
	}
}

func (p *plan) count(lands []*land) {
	for l := range lands {
		p.rootCount[l] = make([]int, len(lands[l].patterns))
	}
	for i := range p.places {
		w := &p.places[i]
		if w.role == copyRole {
			continue
		}
		w.inLand = int32(p.landCount[w.land])
		p.landCount[w.land]++
		if w.role == rootRole {
			n := &p.rootCount[w.land][w.pattern]
			w.rank = int32(*n)
			*n++
		}
	}
}

func (p *plan) at(index int) *place { return &p.places[index%blockSize] }

// rank is the index of an organisation among those of its pattern.
func (p *plan) rank(index int) uint64 {
	w := p.at(index)
	return uint64(index/blockSize*p.rootCount[w.land][w.pattern] + int(w.rank))
}

// inLand is the index of a customer among those of its country.
func (p *plan) inLand(index int) int {
	w := p.at(index)
	return index/blockSize*p.landCount[w.land] + int(w.inLand)
}
