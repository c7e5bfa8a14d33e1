package duplicates

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// truth are the pairs of rows that are one customer: the lower number first.
type truth map[[2]uint32]bool

func (t truth) add(a, b uint32) {
	if a > b {
		a, b = b, a
	}
	if a != b {
		t[[2]uint32{a, b}] = true
	}
}

// febrl is how the sets of the Febrl project name a record and its copies:
// rec-17-org, rec-17-dup-0.
var febrl = regexp.MustCompile(`^(.+?)-(?:org|dup)(?:-\d+)?$`)

// mostOfOne is how many rows can be one customer in a truth that means it.
const mostOfOne = 1000

// readTruth finds out what is true. The word is the name of a column whose equal
// values are one customer; or COLUMN:PATTERN, where the pattern's first group
// is; or a file of pairs of ids. Without a word the column of ids must be as
// Febrl writes them.
func (s *sheet) readTruth(ctx context.Context, word string) (truth, error) {
	name, pattern, patterned := strings.Cut(word, ":")
	switch column := s.column(name); {
	case word == "":
		if column = s.idColumn(); column < 0 || !s.all(column, febrl) {
			return nil, fmt.Errorf("say with --truth which rows are one customer: a column, COLUMN:PATTERN or a file of pairs")
		}
		return s.sameIn(column, febrl)
	case column >= 0 && patterned:
		expression, err := regexp.Compile(pattern)
		if err != nil || expression.NumSubexp() < 1 {
			return nil, fmt.Errorf("%q is no regular expression with a group", pattern)
		}
		return s.sameIn(column, expression)
	case column >= 0 && s.all(column, febrl):
		return s.sameIn(column, febrl)
	case column >= 0:
		return s.sameIn(column, nil)
	}
	if _, err := os.Stat(word); err != nil {
		return nil, fmt.Errorf("%q is no column and no file; the columns are %s", word, strings.Join(s.header, ", "))
	}
	return s.pairsOf(ctx, word)
}

func (s *sheet) all(column int, pattern *regexp.Regexp) bool {
	for i := range s.rows {
		if !pattern.MatchString(s.cell(i, column)) {
			return false
		}
	}
	return len(s.rows) > 0
}

// sameIn pairs the rows that have the same value, or the same part of it, in a
// column. Blank ones are nobody's copies.
func (s *sheet) sameIn(column int, pattern *regexp.Regexp) (truth, error) {
	groups := map[string][]uint32{}
	for i := range s.rows {
		value := s.cell(i, column)
		if pattern != nil {
			if m := pattern.FindStringSubmatch(value); m != nil {
				value = m[1]
			} else {
				value = ""
			}
		}
		if value != "" {
			groups[value] = append(groups[value], uint32(i))
		}
	}
	t := truth{}
	for value, rows := range groups {
		if len(rows) > mostOfOne {
			return nil, fmt.Errorf("%d rows would be one customer, %q: this column does not tell customers apart", len(rows), value)
		}
		for i, a := range rows {
			for _, b := range rows[:i] {
				t.add(a, b)
			}
		}
	}
	return t, nil
}

// pairsOf reads a file whose first two columns are ids of rows.
func (s *sheet) pairsOf(ctx context.Context, path string) (truth, error) {
	rows := map[string]uint32{}
	for i := range s.rows {
		rows[s.rowID(i)] = uint32(i)
	}
	pairs := &sheet{}
	if err := pairs.read(ctx, path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t := truth{}
	if a, okA := rows[cellOf(pairs.header, 0)]; okA { // a file without a header
		if b, okB := rows[cellOf(pairs.header, 1)]; okB {
			t.add(a, b)
		}
	}
	for i := range pairs.rows {
		a, okA := rows[pairs.cell(i, 0)]
		b, okB := rows[pairs.cell(i, 1)]
		if !okA || !okB {
			return nil, fmt.Errorf("%s: row %d names %q and %q, which are not both in the file", path, i+2, pairs.cell(i, 0), pairs.cell(i, 1))
		}
		t.add(a, b)
	}
	return t, nil
}

// rowID names a row: by its column of ids, or by its number from 1.
func (s *sheet) rowID(i int) string {
	if id := s.cell(i, s.idColumn()); id != "" {
		return id
	}
	return strconv.Itoa(i + 1)
}

func cellOf(row []string, i int) string {
	if i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}
