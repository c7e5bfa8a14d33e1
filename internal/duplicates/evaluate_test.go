package duplicates

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"kartoteka.dev/internal/duplicates/duplicatestest"
	"kartoteka.dev/internal/platform/clock"
)

func TestFebrlDataSet(t *testing.T) {
	path := "../../../shared/data/dedup/dataset1.csv"
	if _, err := os.Stat(path); err != nil {
		t.Skip("../shared/data/dedup is not beside the project: the real set is not measured; the generated ones are")
	}
	reaches(t, path, 0.98, 0.95)
}

// TestSetsOfTheSameKind measures with the same settings what no setting was
// made for: other sizes, more copies, more errors, fewer columns, families under
// one roof. Where fewer columns and families leave people whom nothing tells
// apart, less is asked of recall, never of precision.
func TestSetsOfTheSameKind(t *testing.T) {
	for name, c := range map[string]struct {
		set               duplicatestest.Set
		precision, recall float64
	}{
		"one copy, one error":             {duplicatestest.Set{Originals: 500, Copies: 500, MostOfOne: 1, PerField: 1, PerRecord: 1, Blank: 0.03}, 0.98, 0.95},
		"few copies":                      {duplicatestest.Set{Originals: 4000, Copies: 1000, MostOfOne: 5, PerField: 1, PerRecord: 4, Blank: 0.05}, 0.98, 0.95},
		"many copies, many errors":        {duplicatestest.Set{Originals: 2000, Copies: 3000, MostOfOne: 5, PerField: 3, PerRecord: 10, Blank: 0.05}, 0.98, 0.95},
		"every one twice":                 {duplicatestest.Set{Originals: 5000, Copies: 5000, MostOfOne: 1, PerField: 2, PerRecord: 4, Blank: 0.05}, 0.98, 0.95},
		"nine copies":                     {duplicatestest.Set{Originals: 700, Copies: 5000, MostOfOne: 9, PerField: 2, PerRecord: 5, Blank: 0.05}, 0.98, 0.95},
		"a tenth is twice":                {duplicatestest.Set{Originals: 9000, Copies: 900, MostOfOne: 1, PerField: 2, PerRecord: 4, Blank: 0.05}, 0.98, 0.95},
		"no number of a person":           {duplicatestest.Set{Originals: 3000, Copies: 3000, MostOfOne: 3, PerField: 1, PerRecord: 4, Blank: 0.05, Without: []string{"soc_sec_id"}}, 0.98, 0.95},
		"name, address, day of birth":     {duplicatestest.Set{Originals: 3000, Copies: 3000, MostOfOne: 3, PerField: 1, PerRecord: 4, Blank: 0.05, Without: []string{"soc_sec_id", "phone_number"}}, 0.98, 0.95},
		"name and address":                {duplicatestest.Set{Originals: 3000, Copies: 3000, MostOfOne: 3, PerField: 1, PerRecord: 4, Blank: 0.05, Without: []string{"soc_sec_id", "phone_number", "date_of_birth"}}, 0.97, 0.9},
		"families":                        {duplicatestest.Set{Originals: 4000, Copies: 2000, MostOfOne: 2, PerField: 1, PerRecord: 3, Blank: 0.03, Families: 0.4}, 0.98, 0.95},
		"families, no number of a person": {duplicatestest.Set{Originals: 4000, Copies: 2000, MostOfOne: 2, PerField: 1, PerRecord: 3, Blank: 0.03, Families: 0.4, Without: []string{"soc_sec_id"}}, 0.98, 0.9},
		"nobody twice, families":          {duplicatestest.Set{Originals: 5000, MostOfOne: 1, Blank: 0.05, Families: 0.4}, 0, 1},
		"as febrl's first, without more":  {duplicatestest.Set{Originals: 500, Copies: 500, MostOfOne: 1, PerField: 2, PerRecord: 6, Blank: 0.1, Without: []string{"phone_number"}}, 0.98, 0.95},
	} {
		t.Run(name, func(t *testing.T) {
			c.set.Seed = 42
			reaches(t, written(t, c.set), c.precision, c.recall)
		})
	}
}

func reaches(t *testing.T, path string, precision, recall float64) {
	t.Helper()
	trial := Trial{Files: []string{path}, Truth: "rec_id", Clock: clock.System}
	e, err := Evaluate(t.Context(), trial)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d records, %d true, %d compared, reached %.4f: precision %.4f, recall %.4f, %.1f s",
		e.Records, e.True, e.Candidates, e.BlockingRecall, e.Precision, e.Recall, e.Seconds)
	if e.Precision < precision || e.Recall < recall {
		t.Errorf("precision %.4f, recall %.4f; wanted %.2f, %.2f", e.Precision, e.Recall, precision, recall)
	}
}

// written puts a set into a file.
func written(t *testing.T, set duplicatestest.Set) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "set.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	w.Write(duplicatestest.Header)
	w.WriteAll(set.Rows())
	if err := w.Error(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	return path
}
