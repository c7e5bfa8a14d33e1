package matching

// longest is the length up to which texts are compared letter by letter; what
// is behind it is not looked at.
const longest = 48

// slips counts the typing mistakes between two texts: letters missing, added,
// changed, or two neighbours swapped (Damerau 1964, in the form that edits no
// letter twice). Above limit the answer is limit+1.
func slips(a, b string, limit int) int {
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][longest + 1]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for i := range len(a) + 1 {
		last[i] = uint8(i)
	}
	for j := 1; j <= len(b); j++ {
		row[0] = uint8(j)
		least := uint8(j)
		for i := 1; i <= len(a); i++ {
			d := last[i-1]
			if a[i-1] != b[j-1] {
				d = min(d, last[i], row[i-1]) + 1
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d = min(d, before[i-2]+1)
				}
			}
			row[i] = d
			least = min(least, d)
		}
		if int(least) > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(int(last[len(a)]), limit+1)
}

// resemblance is the measure of Jaro (1989) with Winkler's (1990) bonus for a
// common beginning: 1 for equal texts, 0 for those without a common letter.
func resemblance(a, b string) float64 {
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	if a == b {
		return 1
	}
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	reach := max(max(len(a), len(b))/2-1, 0)
	var takenA, takenB [longest]bool
	common := 0
	for i := range len(a) {
		for j := max(0, i-reach); j < min(len(b), i+reach+1); j++ {
			if !takenB[j] && a[i] == b[j] {
				takenA[i], takenB[j] = true, true
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range len(a) {
		if !takenA[i] {
			continue
		}
		for !takenB[j] {
			j++
		}
		if a[i] != b[j] {
			moved++
		}
		j++
	}
	c := float64(common)
	jaro := (c/float64(len(a)) + c/float64(len(b)) + (c-float64(moved/2))/c) / 3
	start := 0
	for start < min(len(a), len(b), 4) && a[start] == b[start] {
		start++
	}
	return jaro + float64(start)*0.1*(1-jaro)
}

// commonLetters counts the letters two texts share, wherever they stand: at
// least as many as resemblance can find, and quickly.
func commonLetters(a, b string) int {
	var count [256]int8
	for i := range min(len(a), longest) {
		count[a[i]]++
	}
	common := 0
	for i := range min(len(b), longest) {
		if count[b[i]] > 0 {
			count[b[i]]--
			common++
		}
	}
	return common
}

// mostResemblance is what resemblance can be at most.
func mostResemblance(a, b string, common int) float64 {
	if common == 0 {
		return 0
	}
	c := float64(common)
	jaro := (c/float64(len(a)) + c/float64(len(b)) + 1) / 3
	start := 0
	for start < min(len(a), len(b), 4) && a[start] == b[start] {
		start++
	}
	return jaro + float64(start)*0.1*(1-jaro)
}
