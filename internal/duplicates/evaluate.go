package duplicates

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/duplicates/matching"
	"kartoteka.dev/internal/platform/clock"
)

// Trial is a measurement to be made.
type Trial struct {
	Files []string  // spreadsheets with the same columns, taken as one
	Truth string    // a column, COLUMN:PATTERN, a file of pairs, or "" for ids as Febrl writes them
	Pairs io.Writer // where to write the pairs with their scores, as CSV; nil: nowhere
	Clock clock.Clock
}

// Evaluation is how well the finding did. Shares are from 0 to 1.
type Evaluation struct {
	Records    int   `json:"records"`
	True       int   `json:"actualpairs"`
	Candidates int64 `json:"candidate_pairs"`
	Reached    int   `json:"actualcandidate_pairs"`
	Found      int   `json:"found_pairs"`
	Correct    int   `json:"correct_pairs"`

	BlockingRecall float64 `json:"blocking_recall"` // of the true pairs, those that were compared
	Precision      float64 `json:"precision"`       // of the found pairs, those that are true
	Recall         float64 `json:"recall"`          // of the true pairs, those that were found
	F1             float64 `json:"f1"`
	Seconds        float64 `json:"seconds"` // without reading the file

	Columns map[string]string `json:"columns"` // what each column was taken for
}

// Evaluate finds duplicates in spreadsheets, with the settings the customer file
// has, and compares them with the truth. It touches no database and needs no
// right: it reads what whoever runs it can read.
func Evaluate(ctx context.Context, t Trial) (Evaluation, error) {
	s, err := readSheets(ctx, t.Files)
	if err != nil {
		return Evaluation{}, err
	}
	actual, err := s.readTruth(ctx, t.Truth)
	if err != nil {
		return Evaluation{}, err
	}
	e := Evaluation{Records: len(s.rows), True: len(actual), Columns: map[string]string{}}
	for i, field := range s.fields {
		if field != "" {
			e.Columns[strings.TrimSpace(s.header[i])] = field
		}
	}
	start := t.Clock.Now()
	f, err := findIn(ctx, s.records())
	if err != nil {
		return Evaluation{}, err
	}
	e.Seconds = t.Clock.Now().Sub(start).Round(time.Millisecond).Seconds()
	e.Candidates = f.compared
	e.judge(f, actual)
	if t.Pairs != nil {
		return e, s.writePairs(t.Pairs, f, actual)
	}
	return e, nil
}

// records are the rows as what is compared.
func (s *sheet) records() iter.Seq2[matching.Record, error] {
	return func(yield func(matching.Record, error) bool) {
		for i := range s.rows {
			if !yield(s.record(i), nil) {
				return
			}
		}
	}
}

// finding is what was found among records.
type finding struct {
	index    *matching.Index
	model    *matching.Model
	pairs    []matching.Pair // possible ones and sure ones, by the places of the records
	groups   [][]uint32      // what is one customer
	compared int64
}

// findIn is the whole way: index, learn, compare, group.
func findIn(ctx context.Context, records iter.Seq2[matching.Record, error]) (*finding, error) {
	f := &finding{}
	var err error
	if f.index, err = matching.Build(ctx, records); err != nil {
		return nil, err
	}
	if f.model, err = f.index.Learn(ctx); err != nil {
		return nil, err
	}
	f.compared, err = f.index.Find(ctx, matching.Search{
		Model: f.model, Least: matching.PossibleBits,
		Each: func(pairs []matching.Pair) error {
			f.pairs = append(f.pairs, pairs...)
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(f.pairs, func(a, b matching.Pair) int {
		if a.A != b.A {
			return int(a.A) - int(b.A)
		}
		return int(a.B) - int(b.B)
	})
	f.groups = f.index.Groups(f.model, f.pairs)
	return f, nil
}

// together are the pairs that the groups make.
func (f *finding) together() truth {
	t := truth{}
	for _, g := range f.groups {
		for i, a := range g {
			for _, b := range g[:i] {
				t.add(a, b)
			}
		}
	}
	return t
}

func (e *Evaluation) judge(f *finding, actual truth) {
	for p := range actual {
		if f.index.Candidates(p[0], p[1]) {
			e.Reached++
		}
	}
	found := f.together()
	e.Found = len(found)
	for p := range found {
		if actual[p] {
			e.Correct++
		}
	}
	e.BlockingRecall, e.Recall = part(e.Reached, e.True), part(e.Correct, e.True)
	e.Precision = part(e.Correct, e.Found)
	if e.Precision+e.Recall > 0 {
		e.F1 = 2 * e.Precision * e.Recall / (e.Precision + e.Recall)
	}
}

// part is a share; of nothing it is all.
func part(some, all int) float64 {
	if all == 0 {
		return 1
	}
	return float64(some) / float64(all)
}

// writePairs writes every pair that was possible, found, or true, with its score
// and the reasons.
func (s *sheet) writePairs(out io.Writer, f *finding, actual truth) error {
	found := f.together()
	all := truth{}
	for _, p := range f.pairs {
		all.add(p.A, p.B)
	}
	for _, more := range [...]truth{found, actual} {
		for p := range more {
			all[p] = true
		}
	}
	sorted := make([][2]uint32, 0, len(all))
	for p := range all {
		sorted = append(sorted, p)
	}
	slices.SortFunc(sorted, func(a, b [2]uint32) int { return slices.Compare(a[:], b[:]) })
	w := csv.NewWriter(out)
	_ = w.Write([]string{"a", "b", "score", "found", "true", "compared", "why"}) // told by Error
	for _, p := range sorted {
		why := f.model.Explain(s.record(int(p[0])), s.record(int(p[1])))
		_ = w.Write([]string{
			s.rowID(int(p[0])), s.rowID(int(p[1])), fmt.Sprintf("%.2f", why.Bits),
			yes(found[p]), yes(actual[p]), yes(f.index.Candidates(p[0], p[1])), reasons(why),
		})
	}
	w.Flush()
	return w.Error()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// reasons writes an explanation in one line: "odds −10.0, family-name equal +8.1".
func reasons(e matching.Explanation) string {
	words := []string{fmt.Sprintf("odds %+.1f", e.Odds)}
	for _, w := range e.Fields {
		words = append(words, fmt.Sprintf("%s %s %+.1f", w.Field, w.Level, w.Bits))
	}
	if e.Roof < -0.1 {
		words = append(words, fmt.Sprintf("one-roof %+.1f", e.Roof))
	}
	for _, mark := range [...]struct {
		word string
		is   bool
	}{{"names-swapped", e.Swapped}, {"lines-crossed", e.Crossed}, {"tax-ids-differ", e.Taxed}} {
		if mark.is {
			words = append(words, mark.word)
		}
	}
	return strings.Join(words, ", ")
}
