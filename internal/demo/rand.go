package demo

import "math/bits"

// rng is a splitmix64 sequence: tiny, fast and the same on every machine and
// Go version, which a stored demo file relies on.
type rng struct{ state uint64 }

// purpose keeps the sequences of one customer apart, so that asking for the
// notes does not change the address.
type purpose uint64

const (
	forCard purpose = iota + 1
	forSize
	forSince
	forName
	forLinks
	forCopy
	forNotes
	forPapers
	forPlan
)

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (g *Generator) stream(p purpose, index int) rng {
	return rng{mix(g.seed ^ mix(uint64(index)*0x9e3779b97f4a7c15+uint64(p)))}
}

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	return mix(r.state)
}

// below is a number in [0, n); n must be positive.
func (r *rng) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between is a number in [low, high].
func (r *rng) between(low, high int) int { return low + r.below(high-low+1) }

// chance is true in so many cases of a thousand.
func (r *rng) chance(perMille int) bool { return r.below(1000) < perMille }

// skewed is a number in [0, n), small ones far more often than large ones.
func (r *rng) skewed(n int) int {
	a := uint64(r.below(n))
	b := uint64(r.below(n))
	return int(a * b / uint64(n))
}

func pick[T any](r *rng, list []T) T { return list[r.below(len(list))] }

// shuffled is a one-to-one mapping of [0, n) onto itself that looks random:
// it spreads consecutive ranks over all combinations of a name pattern
// without ever meeting one twice.
func shuffled(rank, n, salt uint64) uint64 {
	width := max(bits.Len64(n-1), 2)
	mask := uint64(1)<<width - 1
	shift := (width + 1) / 2
	x := rank % n
	for {
		x = (x + mix(salt)) & mask
		for range 3 {
			x ^= x >> shift
			x = x * 0x9e3779b97f4a7c15 & mask
		}
		x ^= x >> shift
		if x < n {
			return x
		}
	}
}
