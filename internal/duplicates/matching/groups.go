package matching

import (
	"cmp"
	"slices"
)

// largestGroup bounds a group: what grows beyond is no customer but a habit,
// such as "test" as a name.
const largestGroup = 40

// Groups puts together what is one customer: sure pairs, the surest first. Two
// groups become one only if their members, two by two, are not against it on
// the whole, so that a chain of near things is no group. Groups are sorted, and
// so are their members.
func (x *Index) Groups(m *Model, pairs []Pair) [][]uint32 {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	groups := map[uint32][]uint32{} // by the first member that was in them
	of := map[uint32]uint32{}
	group := func(r uint32) uint32 {
		if _, known := of[r]; !known {
			of[r], groups[r] = r, []uint32{r}
		}
		return of[r]
	}
	for _, p := range sorted {
		if p.Bits < SureBits {
			break
		}
		g, h := group(p.A), group(p.B)
		if g == h || len(groups[g])+len(groups[h]) > largestGroup || x.against(m, groups[g], groups[h]) {
			continue
		}
		for _, r := range groups[h] {
			of[r] = g
		}
		groups[g] = append(groups[g], groups[h]...)
		delete(groups, h)
	}
	var all [][]uint32
	for _, members := range groups {
		if len(members) > 1 {
			slices.Sort(members)
			all = append(all, members)
		}
	}
	slices.SortFunc(all, func(a, b []uint32) int { return cmp.Compare(a[0], b[0]) })
	return all
}

// against tells that two groups together would not be one customer.
func (x *Index) against(m *Model, g, h []uint32) bool {
	sum := 0.0
	for _, a := range g {
		for _, b := range h {
			sum += min(x.Compare(m, a, b), 3*SureBits)
		}
	}
	return sum < 0
}
