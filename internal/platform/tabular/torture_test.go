package tabular

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/errs"
)

// sharedFile gives a file of the folder with real input beside the repository.
func sharedFile(t testing.TB, parts ...string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(here), "..", "..", "..")
	name := filepath.Join(append([]string{root, "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(name); err != nil {
		t.Skipf("the folder ../shared/data with real input is absent: %v", err)
	}
	return name
}

func openBytes(t testing.TB, content []byte, opts Options) *Source {
	t.Helper()
	s, err := Open(bytes.NewReader(content), int64(len(content)), "test", opts)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func allRows(t testing.TB, s *Source) []Row {
	t.Helper()
	var rows []Row
	for row, err := range s.Rows(context.Background()) {
		if err != nil {
			t.Fatalf("Rows: %v", err)
		}
		rows = append(rows, row)
	}
	return rows
}

func cellsOf(rows []Row) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = row.Cells
	}
	return out
}

func TestTortureFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedFile(t, "csv-torture", "json"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expectations found: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(sharedFile(t, "csv-torture", "csv", name+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(name, "header-") {
				checkObjects(t, content, want)
				return
			}
			var expected [][]string
			if err := json.Unmarshal(want, &expected); err != nil {
				t.Fatal(err)
			}
			rows := allRows(t, openBytes(t, content, Options{Header: HeaderNo}))
			if diff := cmp.Diff(expected, cellsOf(rows)); diff != "" {
				t.Error(diff)
			}
			for _, row := range rows {
				if row.Problem != nil {
					t.Errorf("row %d: unexpected problem %+v", row.Number, row.Problem)
				}
			}
		})
	}
}

func checkObjects(t *testing.T, content, want []byte) {
	t.Helper()
	var expected []map[string]string
	if err := json.Unmarshal(want, &expected); err != nil {
		t.Fatal(err)
	}
	s := openBytes(t, content, Options{})
	if diff := cmp.Diff([]string{"foo", "bar", "baz"}, s.Header); diff != "" {
		t.Fatal(diff)
	}
	got := []map[string]string{}
	for _, row := range allRows(t, s) {
		object := make(map[string]string)
		for i, name := range s.Header {
			object[name] = row.Cells[i]
		}
		got = append(got, object)
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Error(diff)
	}
}

func TestTortureBadFiles(t *testing.T) {
	problems := map[string]Problem{
		"bad-header-less-fields":          {Code: FewerCells, Line: 2, Usable: true},
		"bad-header-more-fields":          {Code: MoreCells, Line: 2, Column: 4},
		"bad-missing-quote":               {Code: UnclosedQuote, Line: 2, Column: 2},
		"bad-quotes-with-unescaped-quote": {Code: StrayQuote, Line: 2, Column: 2},
		"bad-unescaped-quote":             {Code: BareQuote, Line: 2, Column: 2, Usable: true},
	}
	files, err := filepath.Glob(filepath.Join(sharedFile(t, "csv-torture", "csv"), "bad-*.csv"))
	if err != nil || len(files) != len(problems)+2 {
		t.Fatalf("found %d bad files (%v), know %d", len(files), err, len(problems)+2)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			switch name {
			case "bad-header-no-header":
				_, err := Open(bytes.NewReader(content), int64(len(content)), name, Options{})
				wantText(t, err, errs.Invalid, "tabular.error.empty")
			case "bad-header-wrong-header":
				err := openBytes(t, content, Options{}).RequireColumns("foo", "bar", "baz")
				wantText(t, err, errs.Invalid, "tabular.error.columns-missing")
			default:
				rows := allRows(t, openBytes(t, content, Options{}))
				if len(rows) != 1 {
					t.Fatalf("%d rows, want 1", len(rows))
				}
				wantProblem(t, rows[0], problems[name])
			}
		})
	}
}

func wantText(t *testing.T, err error, kind errs.Kind, id string) {
	t.Helper()
	text, _ := errs.TextOf(err)
	if !errs.Is(err, kind) || text.ID != id {
		t.Errorf("error %v, want %v with %s", err, kind, id)
	}
}

func wantProblem(t *testing.T, row Row, want Problem) {
	t.Helper()
	if row.Problem == nil {
		t.Fatalf("row %d has no problem, want %s", row.Number, want.Code)
	}
	got := *row.Problem
	got.Text = errs.Text{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if row.Problem.Text.ID == "" {
		t.Error("the problem has no text")
	}
}
