package tabular

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// looksLikeHeader tells whether the first row holds names rather than data:
// words (no numbers, dates, addresses), mostly different, none of which comes
// again below in its own column.
func looksLikeHeader(first []string, below [][]string) bool {
	words, years, repeated := 0, 0, 0
	seen := make(map[string]bool, len(first))
	for i, cell := range first {
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
			continue
		case isYear(cell):
			years++
		case !isName(cell) || comesAgain(cell, below, i):
			return false
		default:
			words++
		}
		if seen[cell] {
			repeated++
		}
		seen[cell] = true
	}
	return words > 0 && repeated*2 <= words+years
}

// isYear tells the names that look like numbers: 2026.
func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) == 4 && n >= 1900 && n < 2100
}

// isName tells a word from data: no number, date, phone number, e-mail or web
// address, not a whole paragraph.
func isName(s string) bool {
	if utf8.RuneCountInString(s) > 100 || strings.Contains(s, "://") || strings.Contains(strings.Trim(s, "@"), "@") {
		return false
	}
	if strings.Trim(s, "+0123456789 ()-.,/:%'") == "" {
		return false
	}
	_, reading := ParseDate(s, Ambiguous)
	return reading == Unreadable
}

func comesAgain(cell string, below [][]string, column int) bool {
	for _, row := range below {
		if column < len(row) && strings.TrimSpace(row[column]) == cell {
			return true
		}
	}
	return false
}

// headerNames trims the names, keeps blank ones blank and numbers the ones
// that occur more than once: "Variant", "Variant 2".
func headerNames(cells []string) []string {
	names := make([]string, len(cells))
	taken := make(map[string]bool, len(cells))
	for _, cell := range cells {
		taken[strings.Join(strings.Fields(cell), " ")] = true
	}
	seen := make(map[string]int, len(cells))
	for i, cell := range cells {
		name := strings.Join(strings.Fields(cell), " ")
		names[i] = name
		if name == "" {
			continue
		}
		seen[name]++
		for n := seen[name]; n > 1; n++ {
			numbered := name + " " + strconv.Itoa(n)
			if !taken[numbered] {
				names[i], taken[numbered], seen[name] = numbered, true, n
				break
			}
		}
	}
	return names
}

// blank tells a row without content.
func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// used is the number of cells up to the last one with content.
func used(cells []string) int {
	n := len(cells)
	for n > 0 && strings.TrimSpace(cells[n-1]) == "" {
		n--
	}
	return n
}
