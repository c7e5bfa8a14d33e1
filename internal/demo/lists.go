package demo

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed data/*.txt
var files embed.FS

// lists are the sections of one data file: each entry is its fields.
type lists map[string][][]string

// readLists parses a data file. "[name]" opens a section of one entry a line
// with fields by "|"; "[name ,]" one of entries separated by commas; "#" opens
// a comment line.
func readLists(file string) (lists, error) {
	raw, err := files.ReadFile("data/" + file)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	all := lists{}
	section, commas := "", false
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
			section, commas = strings.CutSuffix(section, " ,")
		case commas:
			for entry := range strings.SplitSeq(line, ",") {
				all[section] = append(all[section], []string{strings.TrimSpace(entry)})
			}
		default:
			all[section] = append(all[section], strings.Split(line, "|"))
		}
	}
	return all, nil
}

// column is one field of each entry of a section.
func (l lists) column(section string, field int) []string {
	entries := l[section]
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = at(e, field)
	}
	return out
}

// at is a field of an entry; an absent one is the first.
func at(entry []string, field int) string {
	if field < len(entry) {
		return entry[field]
	}
	return entry[0]
}

// weighted picks entries in proportion to their weights.
type weighted struct{ limits []int }

func newWeighted(weights []string) (weighted, error) {
	w := weighted{limits: make([]int, len(weights))}
	sum := 0
	for i, text := range weights {
		n, err := strconv.Atoi(text)
		if err != nil {
			return w, fmt.Errorf("demo: weight: %w", err)
		}
		sum += n
		w.limits[i] = sum
	}
	return w, nil
}

func (w weighted) pick(r *rng) int {
	n := r.below(w.limits[len(w.limits)-1])
	for i, limit := range w.limits {
		if n < limit {
			return i
		}
	}
	return len(w.limits) - 1
}
