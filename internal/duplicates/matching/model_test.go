package matching

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/duplicates/duplicatestest"
)

// persons reads a set as records; the number in its id names the person.
func persons(set duplicatestest.Set) (iter.Seq2[Record, error], []string) {
	rows := set.Rows()
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row[0]
	}
	return func(yield func(Record, error) bool) {
		for i, row := range rows {
			r := Record{
				ID: int64(i), Given: row[1], Family: row[2], Born: row[9], Phones: []string{row[10]}, OtherIDs: []string{row[11]},
				Address: Address{Number: row[3], Line: row[4], Extra: row[5], City: row[6], Postcode: row[7], Region: row[8]},
			}
			if !yield(r, nil) {
				return
			}
		}
	}, ids
}

func some(records ...Record) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var (
	ivanov  = Record{ID: 1, Kind: Person, Name: "Иван Иванов", Phones: []string{"+359881234567"}, Born: "19820307", Address: Address{City: "Варна", Line: "ул. Мира 1"}}
	ivanov2 = Record{ID: 2, Kind: Person, Name: "Ivanov Ivan", Phones: []string{"0881234567"}, Born: "19820703", Address: Address{City: "Varna", Line: "Mira St 1"}}
	petrova = Record{ID: 3, Kind: Person, Name: "Мария Петрова", Phones: []string{"+359887654321"}, Born: "19911124", Address: Address{City: "Русе", Line: "ул. Явор 22"}}
)

func TestFewRecords(t *testing.T) {
	for _, records := range [][]Record{nil, {ivanov}, {{}, {}, {}}} {
		if f := search(t, some(records...)); len(f.pairs) != 0 {
			t.Errorf("%d records: %v", len(records), f.pairs)
		}
	}
	f := search(t, some(ivanov, ivanov2, petrova))
	if len(f.pairs) != 1 || f.pairs[0].A != 0 || f.pairs[0].B != 1 || f.pairs[0].Bits < SureBits {
		t.Errorf("%v", f.pairs)
	}
	if f.x.ID(f.pairs[0].B) != 2 || f.x.Len() != 3 {
		t.Error("ids are lost")
	}
}

func TestReadingStopsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	_, err := Build(t.Context(), func(yield func(Record, error) bool) { _ = yield(ivanov, nil) && yield(Record{}, broken) })
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	records, _ := invented(t, 300)
	f := search(t, records)
	_, err = f.x.Find(t.Context(), Search{Model: f.m, Least: -100, Each: func([]Pair) error { return broken }})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestAnExplanationAddsUp(t *testing.T) {
	records, _ := invented(t, 2000)
	m := search(t, records).m
	for _, pair := range [][2]Record{{ivanov, ivanov2}, {ivanov, petrova}, {ivanov, ivanov}} {
		e := m.Explain(pair[0], pair[1])
		sum := e.Odds + e.Roof
		for _, w := range e.Fields {
			sum += w.Bits
			if w.Level == Missing {
				t.Errorf("%s is missing", w.Field)
			}
		}
		if e.Swapped {
			sum += math.Log2(m.Swapped / (1 - m.Swapped))
		}
		if math.Abs(sum-e.Bits) > 1e-6 {
			t.Errorf("%v adds up to %v: %+v", e.Bits, sum, e)
		}
	}
	if one, other := m.Explain(ivanov, ivanov2), m.Explain(ivanov, petrova); one.Verdict != Sure || other.Verdict != Unlikely || !one.Swapped {
		t.Errorf("%+v %+v", one, other)
	}
	taxed := m.Explain(Record{Kind: Organisation, Name: "Ромашка", TaxID: "123456789"}, Record{Kind: Organisation, Name: "Ромашка", TaxID: "987654321"})
	if taxed.Verdict == Sure || !taxed.Taxed {
		t.Errorf("%+v", taxed)
	}
}

// TestARareNameWeighsMore: two who share a common name are less likely one.
func TestARareNameWeighsMore(t *testing.T) {
	var records []Record
	for i := range 500 {
		family := fmt.Sprintf("surname%s", string(rune('a'+i%26))+string(rune('a'+i/26)))
		if i%3 == 0 {
			family = "Smith"
		}
		records = append(records, Record{ID: int64(i), Given: fmt.Sprintf("given%c", 'a'+i%26), Family: family})
	}
	m := search(t, some(records...)).m
	bits := func(family string) float64 {
		return m.Explain(Record{Family: family}, Record{Family: family}).Fields[0].Bits
	}
	if common, rare := bits("Smith"), bits("Rokobaro"); common > 2.5 || rare < common+4 {
		t.Errorf("common %.1f, rare %.1f", common, rare)
	}
}

func TestAModelIsKeptAsJSON(t *testing.T) {
	records, _ := invented(t, 1000)
	f := search(t, records)
	text, err := json.Marshal(f.m)
	if err != nil {
		t.Fatal(err)
	}
	var m Model
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f.m, &m); diff != "" {
		t.Error(diff)
	}
	if again := search(t, records); cmp.Diff(f.m, again.m) != "" {
		t.Error("the same records give another model")
	}
}

// TestNoBlockIsTooLarge: twenty thousand records that share everything are not
// compared each with each.
func TestNoBlockIsTooLarge(t *testing.T) {
	const n = 20_000
	records := make([]Record, n)
	for i := range records {
		records[i] = ivanov
	}
	x, err := Build(t.Context(), some(records...))
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for i := range uint32(n) {
		most = max(most, len(x.neighbours(i, nil)))
	}
	if most > 300 {
		t.Errorf("%d neighbours", most)
	}
}

// TestBlocksReachCopies measures blocking alone, on copies with many errors.
func TestBlocksReachCopies(t *testing.T) {
	records, ids := persons(duplicatestest.Set{Seed: 9, Originals: 2000, Copies: 2000, MostOfOne: 1, PerField: 2, PerRecord: 8, Blank: 0.1})
	x, err := Build(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]uint32{}
	for i, id := range ids {
		at[id] = uint32(i)
	}
	reached, compared := 0, 0
	for i := range 2000 {
		if x.Candidates(at[fmt.Sprintf("rec-%d-org", i)], at[fmt.Sprintf("rec-%d-dup-0", i)]) {
			reached++
		}
	}
	for i := range uint32(x.Len()) {
		compared += len(x.neighbours(i, nil))
	}
	if t.Logf("%d of 2000, %d compared", reached, compared); reached < 1990 || compared > 30*x.Len() {
		t.Errorf("%d of 2000, %d compared", reached, compared)
	}
}

// TestAChainIsNoGroup: what is like its neighbours only is not one customer.
func TestAChainIsNoGroup(t *testing.T) {
	records, _ := invented(t, 500)
	f := search(t, records)
	x, err := Build(t.Context(), some(ivanov, ivanov2, petrova))
	if err != nil {
		t.Fatal(err)
	}
	chain := []Pair{{0, 1, 20}, {1, 2, 6}} // the second is mistaken
	if groups := x.Groups(f.m, chain); len(groups) != 1 || !slices.Equal(groups[0], []uint32{0, 1}) {
		t.Errorf("%v", groups)
	}
	if groups := x.Groups(f.m, []Pair{{0, 1, SureBits - 1}}); len(groups) != 0 {
		t.Errorf("%v", groups)
	}
}
