package fold

// Distance is how many typing mistakes part two keys: letters missing, added,
// changed, or two neighbours swapped. Above limit the answer is limit+1, found
// early, so that a small limit is cheap.
func Distance(a, b string, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(a)+1), make([]int, len(a)+1), make([]int, len(a)+1)
	for i := range last {
		last[i] = i
	}
	for j := 1; j <= len(b); j++ {
		row[0] = j
		least := j
		for i := 1; i <= len(a); i++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[i] = min(last[i]+1, row[i-1]+1, last[i-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[i] = min(row[i], before[i-2]+1)
			}
			least = min(least, row[i])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(a)], limit+1)
}

// Similarity compares two keys for typing mistakes: 1 for equal ones, less the
// more mistakes for their length, and 0 beyond what we take for a mistake: one
// from five letters on, two from nine.
func Similarity(a, b string) float64 {
	if a == b {
		return 1
	}
	length := max(len(a), len(b))
	limit := allowed(length)
	d := Distance(a, b, limit)
	if d > limit {
		return 0
	}
	return 1 - float64(d)/float64(length)
}

// allowed is how many mistakes a word of this many letters may have.
func allowed(length int) int {
	switch {
	case length < nameLength:
		return 0
	case length < 9:
		return 1
	}
	return 2
}
