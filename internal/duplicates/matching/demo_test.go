package matching

import (
	"iter"
	"os"
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

func TestInventedCompany(t *testing.T) {
	const n = 10_000
	records, g := invented(t, n)
	x, err := Build(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	m, err := x.Learn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found []Pair
	compared, err := x.Find(t.Context(), Search{Model: m, Least: PossibleBits, Each: func(p []Pair) error { found = append(found, p...); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	twins := map[[2]uint32]bool{}
	for i := range n {
		if c := g.Customer(i); c.DuplicateOf >= 0 {
			twins[[2]uint32{uint32(c.DuplicateOf), uint32(i)}] = true
		}
	}
	reached, sure, possible, wrong, wrongPossible := 0, 0, 0, 0, 0
	for p := range twins {
		if x.Candidates(p[0], p[1]) {
			reached++
		}
	}
	shown := 0
	for _, p := range found {
		a, b := g.Customer(int(p.A)), g.Customer(int(p.B))
		right := twins[[2]uint32{p.A, p.B}]
		switch {
		case right && p.Bits >= SureBits:
			sure++
		case right:
			possible++
		case p.Bits >= SureBits:
			wrong++
		default:
			wrongPossible++
		}
		if !right && os.Getenv("SHOW") != "" && shown < 30 && p.Bits > SureBits {
			shown++
			t.Logf("%+v\n%+v\n%+v\n parents %d %d %d %d", inventedRecord(&a), inventedRecord(&b), m.Explain(inventedRecord(&a), inventedRecord(&b)), a.Index, a.Parent, b.Index, b.Parent)
		}
	}
	if os.Getenv("SHOW") == "missed" {
		for p := range twins {
			a, b := g.Customer(int(p[0])), g.Customer(int(p[1]))
			if e := m.Explain(inventedRecord(&a), inventedRecord(&b)); e.Bits < SureBits && shown < 60 {
				shown++
				t.Logf("%+v\n%+v\n%+v %v", inventedRecord(&a), inventedRecord(&b), e, x.Candidates(p[0], p[1]))
			}
		}
	}
	t.Logf("%d twins, %d compared, %d reached; right: %d sure, %d possible; wrong: %d sure, %d possible", len(twins), compared, reached, sure, possible, wrong, wrongPossible)
	t.Logf("%+v", m.Odds)
}

func BenchmarkHundredThousand(b *testing.B) {
	records, _ := invented(b, 100_000)
	for b.Loop() {
		x, err := Build(b.Context(), records)
		if err != nil {
			b.Fatal(err)
		}
		m, err := x.Learn(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		compared, err := x.Find(b.Context(), Search{Model: m, Least: PossibleBits, Each: func([]Pair) error { return nil }})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(compared)/float64(x.Len()), "pairs/record")
	}
}
