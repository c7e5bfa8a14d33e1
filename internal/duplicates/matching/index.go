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
	blocks []block
	words  words
}

// block is one scheme's order of records: those that share a key are neighbours.
type block struct {
	reach   int
	members []uint32 // records, by key and, within a key, by what they resemble
	first   []bool   // where a key begins
	at      []uint32 // places of record i are where[at[i]:at[i+1]]
	where   []uint32
}

// entry is one record under one key.
type entry struct {
	key, order uint64
	record     uint32
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
	var entries []entry
	var c card
	for i := range x.cards.len() {
		x.cards.read(uint32(i), &c)
		s.keys(&c, func(key, order uint64) { entries = append(entries, entry{key, order, uint32(i)}) })
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		if a.order != b.order {
			return cmp.Compare(a.order, b.order)
		}
		return cmp.Compare(a.record, b.record)
	})
	b := block{reach: s.reach}
	for i := range entries {
		shared := i > 0 && entries[i-1].key == entries[i].key
		if !shared && (i+1 == len(entries) || entries[i+1].key != entries[i].key) {
			continue
		}
		b.members = append(b.members, entries[i].record)
		b.first = append(b.first, !shared)
	}
	b.place(x.cards.len())
	return b
}

// place notes where each record stands.
func (b *block) place(n int) {
	b.at = make([]uint32, n+1)
	for _, r := range b.members {
		b.at[r+1]++
	}
	for i := range n {
		b.at[i+1] += b.at[i]
	}
	b.where = make([]uint32, len(b.members))
	next := slices.Clone(b.at[:n])
	for p, r := range b.members {
		b.where[next[r]] = uint32(p)
		next[r]++
	}
}

// neighbours appends the records before i in number that stand near it under
// any scheme, each once.
func (x *Index) neighbours(i uint32, room []uint32) []uint32 {
	room = room[:0]
	for k := range x.blocks {
		b := &x.blocks[k]
		for _, p := range b.where[b.at[i]:b.at[i+1]] {
			for q, left := int(p), b.reach; left > 0 && !b.first[q]; left-- {
				q--
				if b.members[q] < i {
					room = append(room, b.members[q])
				}
			}
			for q, left := int(p)+1, b.reach; left > 0 && q < len(b.members) && !b.first[q]; q, left = q+1, left-1 {
				if b.members[q] < i {
					room = append(room, b.members[q])
				}
			}
		}
	}
	slices.Sort(room)
	return slices.Compact(room)
}
