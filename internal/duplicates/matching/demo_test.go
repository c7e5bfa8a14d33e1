package matching

import (
	"iter"
	"runtime"
	"strconv"
	"testing"

	"kartoteka.dev/internal/demo"
)

// invented reads the demo company's customers: organisations and persons of
// five languages, some of them entered twice.
func invented(t testing.TB, n int) (iter.Seq2[Record, error], *demo.Generator) {
	t.Helper()
	g, err := demo.New(demo.Options{Seed: 3, Today: 20261122})
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(Record, error) bool) {
		for c := range g.Customers(n) {
			if !yield(inventedRecord(&c), nil) {
				return
			}
		}
	}, g
}

func inventedRecord(c *demo.Customer) Record {
	r := Record{ID: int64(c.Index), Root: int64(c.Index) + 1, Kind: Organisation, Name: c.Name, Emails: c.Emails, Address: Address{City: c.City, Country: c.Country}}
	if c.Parent >= 0 {
		r.Root = int64(c.Parent) + 1
	}
	if c.Kind == demo.Private {
		r.Kind = Person
	}
	for _, p := range c.Phones {
		r.Phones = append(r.Phones, p.Number)
	}
	r.TaxID, r.VATID = c.RegistrationID, c.VATID
	for _, d := range c.Dates {
		if d.Kind == "birthday" {
			r.Born = strconv.Itoa(int(d.Day))
		}
	}
	if len(c.Addresses) > 0 {
		a := c.Addresses[0]
		r.Address.City, r.Address.Postcode, r.Address.Country = a.City, a.Postcode, a.Country
		if len(a.Lines) > 0 {
			r.Address.Line = a.Lines[0]
		}
	}
	return r
}

// found is what a whole search gave.
type found struct {
	x        *Index
	m        *Model
	pairs    []Pair
	compared int64
}

// search goes the whole way.
func search(t testing.TB, records iter.Seq2[Record, error]) found {
	t.Helper()
	x, err := Build(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	f := found{x: x}
	if f.m, err = x.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.compared, err = x.Find(t.Context(), Search{Model: f.m, Least: PossibleBits, Each: func(p []Pair) error {
		f.pairs = append(f.pairs, p...)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestInventedCompany looks for customers entered twice among organisations and
// persons of five languages: by another hand, in other letters, in short.
func TestInventedCompany(t *testing.T) {
	const n = 8_000
	records, g := invented(t, n)
	f := search(t, records)
	first := func(i uint32) uint32 { // a copy of a copy is one too
		if c := g.Customer(int(i)); c.DuplicateOf >= 0 {
			return uint32(c.DuplicateOf)
		}
		return i
	}
	all, sure, looked, wrong := 0, 0, 0, 0
	for i := range uint32(n) {
		if first(i) != i {
			all++
		}
	}
	for _, p := range f.pairs {
		one := first(p.A) == first(p.B)
		switch {
		case one && first(p.A) != p.A && first(p.B) != p.B: // two copies of one: not counted in all
		case one && p.Bits >= SureBits:
			sure++
		case one:
			looked++
		case p.Bits >= SureBits:
			wrong++
		}
	}
	t.Logf("%d entered twice: %d sure, %d to look at; %d pairs in all, %d surely wrong; %d compared", all, sure, looked, len(f.pairs), wrong, f.compared)
	if all < 50 || sure < all*85/100 || sure+looked < all*98/100 || wrong > 1 || len(f.pairs) > 2*all {
		t.Error("too few found, or too many")
	}
}

// BenchmarkFind goes the whole way, from records as they are written to pairs.
func BenchmarkFind(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			records, _ := invented(b, n)
			for b.Loop() {
				f := search(b, records)
				var memory runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&memory)
				b.ReportMetric(float64(f.compared)/float64(n), "compared/record")
				b.ReportMetric(float64(memory.HeapAlloc)/float64(n), "heap-bytes/record")
				b.ReportMetric(float64(len(f.pairs)), "pairs")
				runtime.KeepAlive(f.x)
			}
		})
	}
}
