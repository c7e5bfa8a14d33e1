package tabular

import "strings"

// DateTally counts what the values of a column say about the order of their
// dates; the zero value has seen none.
type DateTally struct {
	dayFirst, monthFirst, doubtful, dotted int
}

// Add looks at one more value.
func (t *DateTally) Add(value string) {
	_, reading := ParseDate(value, Ambiguous)
	switch reading {
	case Unreadable:
		return
	case Doubtful:
		t.doubtful++
		return
	case Certain:
	}
	d := splitDate(cutTime(strings.TrimSpace(value)))
	if d.month > 0 || len(d.numbers) != 3 || len(d.numbers[0]) == 4 {
		return
	}
	_, american := ymd(d.numbers[2], d.numbers[0], d.numbers[1])
	_, european := ymd(d.numbers[2], d.numbers[1], d.numbers[0])
	switch {
	case d.mark == '.':
		t.dotted++
	case american == Unreadable:
		t.dayFirst++
	case european == Unreadable:
		t.monthFirst++
	}
}

// Order is the answer so far, as DetectDateOrder gives it.
func (t *DateTally) Order() DateOrder {
	switch {
	case t.dayFirst > 0 && t.monthFirst > 0:
		return Ambiguous
	case t.dayFirst > 0:
		return DMY
	case t.monthFirst > 0:
		return MDY
	case t.doubtful > 0:
		return Ambiguous
	case t.dotted > 0:
		return DMY
	}
	return YMD
}
