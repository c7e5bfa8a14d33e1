package duplicates

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/clock"
)

// people are four persons, two of them twice; the columns are named as people
// name them.
const people = ` id, Имя, Фамилия, Телефон, Дата рождения, группа
a-1, Иван, Иванов, +359 88 123 4567, 07.03.1982, x1
b-1, Мария, Петрова, +359 88 765 4321, 24.11.1991, y1
a-2, Ivan, Ivanoff, 0881234567, 07.03.1982, x2
c-1, Нино, Беридзе, +995 555 12 34 56, 01.05.1970, z1
b-2, Петрова, Мария, +359887654321, 24.11.1991, y2
d-1, Jan, Kowalski, +48 601 234 567, 30.06.1965, 
`

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTruth(t *testing.T) {
	path := file(t, "people.csv", people)
	for name, word := range map[string]string{
		"a column and a pattern":     `id:^(\w)-`,
		"a pattern of another":       `группа:^([a-z])`,
		"a file of pairs":            file(t, "pairs.csv", "first,second\na-1,a-2\nb-2,b-1\n"),
		"a file of pairs, no header": file(t, "bare.csv", "a-2,a-1\nb-1,b-2\n"),
	} {
		t.Run(name, func(t *testing.T) {
			e, err := Evaluate(t.Context(), Trial{Files: []string{path}, Truth: word, Clock: clock.System})
			if err != nil {
				t.Fatal(err)
			}
			if e.Records != 6 || e.True != 2 || e.Correct != 2 || e.Found != 2 || e.F1 != 1 || e.BlockingRecall != 1 {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestTruthThatIsNone(t *testing.T) {
	path := file(t, "people.csv", people)
	for word, why := range map[string]string{
		"":                                    "--truth",
		"nothing":                             "columns are id",
		"id:[":                                "regular expression",
		"id:abc":                              "group",
		file(t, "x.csv", "a,b\na-1,nobody\n"): "nobody",
	} {
		if _, err := Evaluate(t.Context(), Trial{Files: []string{path}, Truth: word, Clock: clock.System}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", word, err)
		}
	}
	many := "id,name\n" + strings.Repeat("1,Ivan\n", mostOfOne+1)
	if _, err := Evaluate(t.Context(), Trial{Files: []string{file(t, "many.csv", many)}, Truth: "id", Clock: clock.System}); err == nil || !strings.Contains(err.Error(), "tell customers apart") {
		t.Error(err)
	}
}

func TestSeveralFilesAreOne(t *testing.T) {
	one := file(t, "one.csv", "rec_id,given_name,surname,phone\nrec-1-org,Elle,Nicklason,0881234567\nrec-2-org,Adam,Perl,0887654321\n")
	two := file(t, "two.csv", "rec_id,given_name,surname,phone\nrec-1-dup-0,Elle,Nickalson,0881234567\nrec-3-org,Kyle,Ryan,0891112223\n")
	e, err := Evaluate(t.Context(), Trial{Files: []string{one, two}, Clock: clock.System})
	if err != nil || e.Records != 4 || e.True != 1 || e.Correct != 1 || e.Found != 1 {
		t.Errorf("%+v %v", e, err)
	}
	other := file(t, "other.csv", "rec_id,town\nrec-1-org,Sofia\n")
	if _, err := Evaluate(t.Context(), Trial{Files: []string{one, other}, Clock: clock.System}); err == nil || !strings.Contains(err.Error(), "town") {
		t.Error(err)
	}
}

func TestPairsAreWritten(t *testing.T) {
	var out bytes.Buffer
	if _, err := Evaluate(t.Context(), Trial{Files: []string{file(t, "people.csv", people)}, Truth: `id:^(\w)-`, Pairs: &out, Clock: clock.System}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%q %v", rows, err)
	}
	for i, want := range []string{"a-1 a-2 yes yes yes", "b-1 b-2 yes yes yes"} {
		row := rows[i+1]
		if got := strings.Join([]string{row[0], row[1], row[3], row[4], row[5]}, " "); got != want || !strings.Contains(row[6], "phone equal +") {
			t.Errorf("%q", row)
		}
	}
	if !strings.Contains(rows[2][6], "names-swapped") {
		t.Errorf("%q", rows[2])
	}
}

// TestColumns: the names other programs give them.
func TestColumns(t *testing.T) {
	header := "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, age, phone_number, soc_sec_id, blocking_number\n"
	e, err := Evaluate(t.Context(), Trial{
		Files: []string{file(t, "febrl.csv", header+"rec-1-org, a, b, 1, c st, d, e, 1234, nsw, 19700101, 50, 02 1234, 7, 3\n")}, Clock: clock.System,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"rec_id": "row", "given_name": "given", "surname": "family", "street_number": "number", "address_1": "line", "address_2": "extra",
		"suburb": "city", "postcode": "postcode", "state": "region", "date_of_birth": "born", "phone_number": "phone", "soc_sec_id": "other",
	}
	for column, field := range want {
		if e.Columns[column] != field {
			t.Errorf("%s is %q, not %s", column, e.Columns[column], field)
		}
	}
	if len(e.Columns) != len(want) {
		t.Errorf("%v", e.Columns)
	}
}
