package duplicates

import (
	"bytes"
	"os"
	"testing"

	"kartoteka.dev/internal/platform/clock"
)

func TestFebrlDataSet(t *testing.T) {
	var pairs bytes.Buffer
	e, err := Evaluate(t.Context(), Trial{Files: []string{sharedSet(t)}, Truth: "rec_id", Pairs: &pairs, Clock: clock.System})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", e)
	if e.Precision < 0.98 || e.Recall < 0.95 {
		t.Errorf("precision %.4f, recall %.4f", e.Precision, e.Recall)
	}
}

// sharedSet is the real set beside the project, which may not be copied into it.
func sharedSet(t *testing.T) string {
	t.Helper()
	path := "../../../shared/data/dedup/dataset1.csv"
	if _, err := os.Stat(path); err != nil {
		t.Skip("../shared/data/dedup is not beside the project: the real set is not measured; the generated ones are")
	}
	return path
}
