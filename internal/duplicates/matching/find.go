package matching

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Pair are two records that may be one customer, by their places in the index;
// A is before B.
type Pair struct {
	A, B uint32
	Bits float64
}

// Search says what to look for.
type Search struct {
	Model *Model
	Least float64                  // bits a pair must have
	Each  func(pairs []Pair) error // called with what one record found, never twice at once
}

// Find compares every record with its neighbours in the blocks and hands over
// the pairs that score enough. Beyond the index it needs no room that grows with
// the records. It returns how many pairs were compared.
func (x *Index) Find(ctx context.Context, s Search) (compared int64, err error) {
	const batch = 512
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var count atomic.Int64
	var handing sync.Mutex
	parallel((x.Len()+batch-1)/batch, func(k int) {
		if ctx.Err() != nil {
			return
		}
		var found []Pair
		var room []uint32
		var a, b card
		var c comparison
		for i := uint32(k * batch); int(i) < min(x.Len(), (k+1)*batch); i++ {
			room = x.neighbours(i, room)
			count.Add(int64(len(room)))
			x.cards.read(i, &a)
			for _, j := range room {
				x.cards.read(j, &b)
				x.words.compare(&b, &a, &c)
				if bits := s.Model.score(&c, &b, &a).bits; bits >= s.Least {
					found = append(found, Pair{j, i, bits})
				}
			}
		}
		if len(found) == 0 {
			return
		}
		handing.Lock()
		defer handing.Unlock()
		if err := s.Each(found); err != nil {
			cancel(err)
		}
	})
	return count.Load(), context.Cause(ctx)
}

// Compare scores any two records of the index.
func (x *Index) Compare(m *Model, i, j uint32) float64 {
	var a, b card
	var c comparison
	x.cards.read(i, &a)
	x.cards.read(j, &b)
	x.words.compare(&a, &b, &c)
	return m.score(&c, &a, &b).bits
}

// Candidates tells whether two records would be compared.
func (x *Index) Candidates(i, j uint32) bool {
	if i < j {
		i, j = j, i
	}
	_, found := slices.BinarySearch(x.neighbours(i, nil), j)
	return found
}

// valuesOf are the values a card has in a field.
func valuesOf(f Field, c *card) iter.Seq[string] {
	if single(f) {
		return func(yield func(string) bool) { yield(c.text[f]) }
	}
	return strings.SplitSeq(strings.Trim(c.text[f], " -"), " ")
}
