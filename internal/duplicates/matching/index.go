package matching

import (
	"cmp"
	"context"
	"iter"
	"runtime"
	"slices"
	"sync"
)

// Index holds records, folded and packed, and the blocks they meet in. It is
// read by any number of goroutines once it is built.
type Index struct {
	ids    []int64
	cards  cards
	words  words
	blocks []block  // one of each scheme
	at     []uint32 // the places of record i are where[at[i]:at[i+1]]
	where  []uint32 // places in all blocks, one behind the other
}

// block is one scheme's order of records: those that share a key are neighbours.
type block struct {
	reach   int
	start   uint32   // the place of its first member among all blocks
	members []uint32 // records, by key and, within a key, by what they resemble
	first   bits     // where a key begins
}

// bits is a set of small numbers.
type bits []uint64

func (b bits) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

// entry is one record under one key. The sort key is the scheme's key and what
// records are sorted by within it.
type entry struct {
	sort   uint64
	record uint32
}

// Build takes in the records and blocks them. Reading stops at the first error.
func Build(ctx context.Context, records iter.Seq2[Record, error]) (*Index, error) {
	x := &Index{}
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := newCard(&r)
		x.ids = append(x.ids, r.ID)
		x.cards.add(&c)
	}
	x.cards.seal()
	x.words = x.wordShares()
	x.blocks = make([]block, len(schemes))
	parallel(len(schemes), func(i int) { x.blocks[i] = x.blockBy(&schemes[i]) })
	x.place()
	return x, ctx.Err()
}

// Len is the number of records.
func (x *Index) Len() int { return len(x.ids) }

// ID is the id of the record at a place.
func (x *Index) ID(i uint32) int64 { return x.ids[i] }

// parallel runs jobs 0 … n−1, as many at a time as there are processors.
func parallel(n int, job func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				job(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// blockBy sorts the records by one scheme's keys. Keys that only one record has
// are dropped.
func (x *Index) blockBy(s *scheme) block {
	entries := make([]entry, 0, x.Len())
	var c card
	for i := range x.cards.len() {
		x.cards.read(uint32(i), &c)
		s.keys(&c, func(key, order uint64) { entries = append(entries, entry{s.sortKey(key, order), uint32(i)}) })
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.sort != b.sort {
			return cmp.Compare(a.sort, b.sort)
		}
		return cmp.Compare(a.record, b.record)
	})
	shared := func(i int) bool {
		return i > 0 && i < len(entries) && s.key(entries[i-1].sort) == s.key(entries[i].sort)
	}
	n := 0
	for i := range entries {
		if shared(i) || shared(i+1) {
			n++
		}
	}
	b := block{reach: s.reach, members: make([]uint32, 0, n), first: make(bits, n/64+1)}
	for i := range entries {
		if !shared(i) && !shared(i+1) {
			continue
		}
		if !shared(i) {
			b.first[len(b.members)>>6] |= 1 << (len(b.members) & 63)
		}
		b.members = append(b.members, entries[i].record)
	}
	return b
}

// place notes where each record stands.
func (x *Index) place() {
	x.at = make([]uint32, x.Len()+1)
	total := uint32(0)
	for k := range x.blocks {
		x.blocks[k].start = total
		total += uint32(len(x.blocks[k].members))
		for _, r := range x.blocks[k].members {
			x.at[r+1]++
		}
	}
	for i := range x.Len() {
		x.at[i+1] += x.at[i]
	}
	x.where = make([]uint32, total)
	next := slices.Clone(x.at[:x.Len()])
	for k := range x.blocks {
		for p, r := range x.blocks[k].members {
			x.where[next[r]] = x.blocks[k].start + uint32(p)
			next[r]++
		}
	}
}

// neighbours appends the records before i in number that stand near it under
// any scheme, each once.
func (x *Index) neighbours(i uint32, room []uint32) []uint32 {
	room = room[:0]
	k := 0
	for _, place := range x.where[x.at[i]:x.at[i+1]] { // in the order of the blocks
		for place >= x.blocks[k].start+uint32(len(x.blocks[k].members)) {
			k++
		}
		b := &x.blocks[k]
		p := int(place - b.start)
		for q, left := p, b.reach; left > 0 && !b.first.has(q); left-- {
			q--
			if b.members[q] < i {
				room = append(room, b.members[q])
			}
		}
		for q, left := p+1, b.reach; left > 0 && q < len(b.members) && !b.first.has(q); q, left = q+1, left-1 {
			if b.members[q] < i {
				room = append(room, b.members[q])
			}
		}
	}
	slices.Sort(room)
	return slices.Compact(room)
}
