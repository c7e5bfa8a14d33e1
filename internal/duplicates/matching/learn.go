package matching

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// What is looked at to learn: enough for shares of one in ten thousand, in a
// second or two.
const (
	randomPairs    = 200_000
	cityPairs      = 50_000
	candidatePairs = 200_000
	rounds         = 12
	floor          = 1e-9 // nothing is impossible
)

// before are the shares of levels between two records of one customer as we
// expect them when there is nothing to learn from; missing ones are left out.
var before = [fields]Shares{
	FieldGiven:    {Equal: 0.80, Close: 0.10, Alike: 0.05, Different: 0.05},
	FieldFamily:   {Equal: 0.82, Close: 0.10, Alike: 0.04, Different: 0.04},
	FieldName:     {Equal: 0.70, Close: 0.15, Alike: 0.12, Different: 0.03},
	FieldPhone:    {Equal: 0.60, Close: 0.05, Alike: 0.01, Different: 0.34},
	FieldEmail:    {Equal: 0.60, Close: 0.05, Alike: 0.10, Different: 0.25},
	FieldTaxID:    {Equal: 0.92, Close: 0.05, Alike: 0.01, Different: 0.02},
	FieldOtherID:  {Equal: 0.85, Close: 0.07, Alike: 0.02, Different: 0.06},
	FieldBorn:     {Equal: 0.90, Close: 0.06, Alike: 0.02, Different: 0.02},
	FieldNumber:   {Equal: 0.80, Close: 0.08, Alike: 0.02, Different: 0.10},
	FieldLine:     {Equal: 0.72, Close: 0.12, Alike: 0.06, Different: 0.10},
	FieldExtra:    {Equal: 0.50, Close: 0.10, Alike: 0.10, Different: 0.30},
	FieldCity:     {Equal: 0.80, Close: 0.10, Alike: 0.03, Different: 0.07},
	FieldPostcode: {Equal: 0.80, Close: 0.08, Alike: 0.02, Different: 0.10},
	FieldRegion:   {Equal: 0.90, Close: 0.03, Alike: 0.01, Different: 0.06},
	FieldCountry:  {Equal: 0.97, Close: 0.005, Alike: 0.005, Different: 0.02},
}

// kinBefore are those between two under one roof: what belongs to the roof as
// between records of one, what belongs to the person as between any two, or
// nearly (twins, father and son of one name).
func kinBefore() [fields]Shares {
	all := before
	for _, f := range [...]Field{FieldGiven, FieldName, FieldEmail, FieldTaxID, FieldOtherID, FieldBorn} {
		all[f] = Shares{Equal: 0.01, Close: 0.01, Alike: 0.03, Different: 0.95}
	}
	all[FieldGiven] = Shares{Equal: 0.003, Close: 0.003, Alike: 0.02, Different: 0.974}
	all[FieldName] = Shares{Equal: 0.002, Close: 0.002, Alike: 0.02, Different: 0.976}
	return all
}

// anyBefore are the shares between two customers before anything was counted.
var anyBefore = Shares{Equal: 0.001, Close: 0.003, Alike: 0.01, Different: 0.986}

// How many pairs what we expect is worth.
const (
	beforeWorth = 40
	anyWorth    = 1000
)

// observed is a comparison kept to learn from.
type observed struct {
	comparison
	a, b uint32
}

// learner collects what is learned from.
type learner struct {
	x          *Index
	m          *Model
	candidates []observed
	random     []observed
	city       []observed
	scale      float64   // all candidates to those looked at
	same, kin  []float64 // chances of the candidates
}

// Learn finds out, from the records alone, how much each agreement weighs.
func (x *Index) Learn(ctx context.Context) (*Model, error) {
	l := &learner{x: x, m: &Model{Records: x.Len(), Swapped: 0.04, Words: x.words}}
	x.countValues(l.m)
	l.m.Same, l.m.Kin = before, kinBefore()
	rng := rand.New(rand.NewPCG(1, uint64(x.Len()))) // the same file, the same model
	l.random = x.randomPairs(rng)
	l.sampleCandidates(rng)
	l.city = x.cityPairs(rng)
	pairs := float64(x.Len()) * float64(x.Len()-1) / 2
	l.m.Odds = math.Log2(expectedShare * float64(x.Len()) / max(pairs, 1))
	l.m.KinOdds = l.m.Odds
	l.m.Any = l.shares(l.random)
	l.m.InCity = l.m.Any
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l.expect()
		l.maximise(pairs)
		if round == rounds/2 { // by now what is one customer is known: leave it out
			l.m.Any = l.shares(l.differing(l.random))
			l.m.InCity = l.shares(l.differing(l.city))
		}
		l.seen(pairs)
	}
	return l.m, nil
}

// expectedShare is how many duplicates a customer has, before we know.
const expectedShare = 0.02

// randomPairs compares records drawn blindly.
func (x *Index) randomPairs(rng *rand.Rand) []observed {
	n := x.Len()
	if n < 2 {
		return nil
	}
	all := make([]observed, min(randomPairs, n*(n-1)/2))
	for i := range all {
		a, b := uint32(rng.IntN(n)), uint32(rng.IntN(n-1))
		if b >= a {
			b++
		}
		all[i] = observed{a: a, b: b}
	}
	x.observe(all)
	return all
}

// cityPairs compares records drawn from the same city.
func (x *Index) cityPairs(rng *rand.Rand) []observed {
	type place struct {
		city   uint64
		record uint32
	}
	var places []place
	var c card
	for i := range x.Len() {
		if x.cards.read(uint32(i), &c); c.text[FieldCity] != "" {
			places = append(places, place{hashOf(c.text[FieldCity]), uint32(i)})
		}
	}
	rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.city, b.city) })
	var all []observed
	for step := 1; step <= 5 && len(all) < cityPairs; step++ {
		stride := 1 + 5*len(places)/cityPairs
		for i := 0; i+step < len(places); i += stride {
			if places[i].city == places[i+step].city {
				all = append(all, observed{a: places[i].record, b: places[i+step].record})
			}
		}
	}
	x.observe(all)
	return all
}

// sampleCandidates compares all candidates of records drawn blindly.
func (l *learner) sampleCandidates(rng *rand.Rand) {
	n := l.x.Len()
	var room []uint32
	looked := 0
	for _, i := range rng.Perm(n) {
		if len(l.candidates) >= candidatePairs {
			break
		}
		looked++
		room = l.x.neighbours(uint32(i), room)
		for _, j := range room {
			l.candidates = append(l.candidates, observed{a: uint32(i), b: j})
		}
	}
	l.scale = float64(n) / float64(max(looked, 1))
	l.x.observe(l.candidates)
	l.same, l.kin = make([]float64, len(l.candidates)), make([]float64, len(l.candidates))
}

// observe compares the pairs.
func (x *Index) observe(all []observed) {
	const batch = 4096
	parallel((len(all)+batch-1)/batch, func(k int) {
		var a, b card
		for i := k * batch; i < min(len(all), (k+1)*batch); i++ {
			x.cards.read(all[i].a, &a)
			x.cards.read(all[i].b, &b)
			x.words.compare(&a, &b, &all[i].comparison)
		}
	})
}

// chances are the probabilities that pairs are one customer, or kin.
func (l *learner) chances(all []observed, same, kin []float64) {
	const batch = 4096
	parallel((len(all)+batch-1)/batch, func(k int) {
		var a, b card
		for i := k * batch; i < min(len(all), (k+1)*batch); i++ {
			l.x.cards.read(all[i].a, &a)
			l.x.cards.read(all[i].b, &b)
			same[i], kin[i] = l.m.score(&all[i].comparison, &a, &b).chances()
		}
	})
}

func (l *learner) expect() { l.chances(l.candidates, l.same, l.kin) }

// maximise counts levels, every pair by its chance.
func (l *learner) maximise(pairs float64) {
	swapped, straight := 2.0, 48.0
	for i := range l.candidates {
		switch c := &l.candidates[i].comparison; {
		case c.swapped:
			swapped += l.same[i]
		case c.level[FieldGiven] != Missing && c.level[FieldFamily] != Missing:
			straight += l.same[i]
		}
	}
	l.m.Swapped = swapped / (swapped + straight)
	var same, kin float64
	l.m.Same, same = l.weighted(l.same, before)
	l.m.Kin, kin = l.weighted(l.kin, kinBefore())
	n := float64(l.x.Len())
	odds := func(found, least, most float64) float64 {
		return math.Log2(max(min(max(found*l.scale, least*n), most*n), 0.1) / max(pairs, 1))
	}
	l.m.Odds, l.m.KinOdds = odds(same, 0.001, 5), odds(kin, expectedShare, 20)
}

// weighted counts levels among the candidates by their chance, on top of what
// was expected, and gives the sum of the chances too.
func (l *learner) weighted(chance []float64, expected [fields]Shares) (count [fields]Shares, sum float64) {
	for i, p := range chance {
		sum += p
		for f := range fields {
			count[f][l.candidates[i].level[f]] += p
		}
	}
	for f := range fields {
		total := 0.0
		for _, level := range [...]Level{Equal, Close, Alike, Different} {
			count[f][level] += expected[f][level] * beforeWorth
			total += count[f][level]
		}
		count[f][Missing] = 0
		for level := range count[f] {
			count[f][level] /= total
		}
		anchor(&count[f], &expected[f])
	}
	return count, sum
}

// seen makes sure that no level is held for rarer than the candidates show it to
// be: nearly all pairs that agree on something rare are among them.
func (l *learner) seen(pairs float64) {
	var count [fields]Shares
	for i := range l.candidates {
		for f := range fields {
			count[f][l.candidates[i].level[f]] += 1 - l.same[i] - l.kin[i]
		}
	}
	for f := range fields {
		for _, level := range [...]Level{Equal, Close, Alike} {
			l.m.Any[f][level] = max(l.m.Any[f][level], count[f][level]*l.scale/max(pairs, 1))
		}
	}
}

// anchor keeps the meaning of "one customer" and of "kin" from drifting to
// something else many records have in common, such as a town and a trade: what
// is rare by its meaning stays at most thrice as likely as expected (five times
// where hardly any is), and agreement at least half as likely.
func anchor(s, expected *Shares) {
	s[Equal] = max(s[Equal], expected[Equal]/2)
	if expected[Equal] > expected[Different] {
		s[Different] = min(s[Different], 3*expected[Different])
	} else {
		s[Equal], s[Close] = min(s[Equal], 5*expected[Equal]), min(s[Close], 5*expected[Close])
	}
	total := 0.0
	for _, share := range s {
		total += share
	}
	for level := range s {
		s[level] /= total
	}
}

// differing leaves the pairs that are neither one customer nor kin.
func (l *learner) differing(all []observed) []observed {
	same, kin := make([]float64, len(all)), make([]float64, len(all))
	l.chances(all, same, kin)
	var kept []observed
	for i := range all {
		if same[i]+kin[i] < 0.5 {
			kept = append(kept, all[i])
		}
	}
	return kept
}

// shares counts levels among pairs.
func (l *learner) shares(all []observed) [fields]Shares {
	var count [fields]Shares
	for i := range all {
		for f := range fields {
			count[f][all[i].level[f]]++
		}
	}
	for f := range fields {
		expected := anyBefore
		if l.m.Any[f][Different] > 0 {
			expected = l.m.Any[f]
		}
		total := 0.0
		for _, level := range [...]Level{Equal, Close, Alike, Different} {
			count[f][level] += expected[level] * anyWorth
			total += count[f][level]
		}
		for _, level := range [...]Level{Equal, Close, Alike, Different} {
			count[f][level] = max(count[f][level]/total, floor)
		}
	}
	return count
}

// countValues finds the common values of every field.
func (x *Index) countValues(m *Model) {
	parallel(int(fields), func(i int) {
		f := Field(i)
		var hashes []uint64
		var c card
		for r := range x.Len() {
			x.cards.read(uint32(r), &c)
			if c.text[f] == "" {
				continue
			}
			for v := range valuesOf(f, &c) {
				hashes = append(hashes, hashOf(v))
			}
		}
		m.Common[f], m.Rare[f] = commonest(hashes, x.Len())
	})
}

// commonest gives the shares of the values that are not rare, and the share a
// rare one has on average beside the one who was asked.
func commonest(hashes []uint64, n int) (common map[uint64]float64, rare float64) {
	slices.Sort(hashes)
	least := max(3, n/20_000)
	common = map[uint64]float64{}
	others, values := 0, 0
	total := float64(max(len(hashes), 1))
	for i := 0; i < len(hashes); {
		j := i
		for j < len(hashes) && hashes[j] == hashes[i] {
			j++
		}
		if j-i >= least {
			common[hashes[i]] = float64(j-i) / total
		} else {
			others += (j - i) * (j - i - 1)
			values += j - i
		}
		i = j
	}
	mean := 0.5
	if values > 0 {
		mean = max(0.3, float64(others)/float64(values))
	}
	return common, mean / total
}
