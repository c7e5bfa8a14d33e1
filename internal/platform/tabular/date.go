package tabular

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/clock"
)

// Reading says how sure a value was read.
type Reading int8

// Readings: Doubtful values can be read in two ways.
const (
	Unreadable Reading = iota
	Certain
	Doubtful
)

// DateOrder is the order of day, month and year in dates of numbers.
type DateOrder int8

// Date orders; Ambiguous is the zero value: not known.
const (
	Ambiguous DateOrder = iota
	DMY
	MDY
	YMD
)

// ParseDate reads a day written in one of the usual ways: 2026-04-03,
// 20260403, 3.4.2026, 03/04/26, 3 April 2026 and the like in five languages,
// or a spreadsheet's serial number of five digits. A time behind it is left
// off. Two-digit years are 1950 to 2049.
//
// The order decides only where the writing does not: dots are always day
// first, a year in front always goes on with the month, and a month's name
// needs no order. A slashed or dashed date that the order does not fit is
// Unreadable; without an order it is read day first, and Doubtful if month
// first gives another day.
func ParseDate(s string, order DateOrder) (clock.Day, Reading) {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 60 {
		return 0, Unreadable
	}
	d := splitDate(cutTime(s))
	switch {
	case !d.ok:
		return 0, Unreadable
	case d.month > 0:
		return d.named()
	case len(d.numbers) == 1:
		return lone(s, d.numbers[0])
	case len(d.numbers) != 3:
		return 0, Unreadable
	case len(d.numbers[0]) == 4:
		return ymd(d.numbers[0], d.numbers[1], d.numbers[2])
	case d.mark == '.':
		return ymd(d.numbers[2], d.numbers[1], d.numbers[0])
	case order == DMY:
		return ymd(d.numbers[2], d.numbers[1], d.numbers[0])
	case order == MDY:
		return ymd(d.numbers[2], d.numbers[0], d.numbers[1])
	case order == YMD:
		return ymd(d.numbers[0], d.numbers[1], d.numbers[2])
	}
	return d.unordered()
}

// dateParts is a date cut into its numbers and words.
type dateParts struct {
	numbers []string
	month   time.Month // by name; 0 without one
	first   bool       // the name stands before all numbers
	mark    rune       // what stands between the numbers
	ok      bool
}

// splitDate cuts a date into its parts; not ok if there is anything in it that
// dates do not have.
func splitDate(s string) dateParts {
	d := dateParts{ok: true}
	for s != "" && d.ok {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r >= '0' && r <= '9':
			n := len(s) - len(strings.TrimLeft(s, "0123456789"))
			d.numbers = append(d.numbers, s[:n])
			d.ok = len(d.numbers) <= 3
			s = s[n:]
		case unicode.IsLetter(r):
			n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
			if n < 0 {
				n = len(s)
			}
			d.word(strings.ToLower(s[:n]))
			s = s[n:]
		case r == '.' || r == '/' || r == '-' || r == '–' || r == ',' || r == ' ' || r == '\u00a0' || r == '\'':
			if len(d.numbers) == 1 && d.mark == 0 {
				d.mark = r
			}
			s = s[size:]
		default:
			d.ok = false
		}
	}
	return d
}

// word takes a month's name, or one of the words that stand beside dates.
func (d *dateParts) word(w string) {
	if month, ok := months[w]; ok && d.month == 0 {
		d.month, d.first = month, len(d.numbers) == 0
		return
	}
	d.ok = d.ok && dateWords[w]
}

// named reads a date with a month's name: the year is the longer number, or
// the last one.
func (d dateParts) named() (clock.Day, Reading) {
	if len(d.numbers) != 2 {
		return 0, Unreadable
	}
	day, year := d.numbers[0], d.numbers[1]
	if len(day) == 4 && !d.first {
		day, year = year, day
	}
	return ymd(year, strconv.Itoa(int(d.month)), day)
}

// unordered reads a date of numbers whose order nobody knows.
func (d dateParts) unordered() (clock.Day, Reading) {
	dayFirst, european := ymd(d.numbers[2], d.numbers[1], d.numbers[0])
	monthFirst, american := ymd(d.numbers[2], d.numbers[0], d.numbers[1])
	switch {
	case european == Unreadable:
		return monthFirst, american
	case american == Unreadable || dayFirst == monthFirst:
		return dayFirst, Certain
	}
	return dayFirst, Doubtful
}

// ymd makes the day of its parts.
func ymd(year, month, day string) (clock.Day, Reading) {
	y, errY := strconv.Atoi(year)
	m, errM := strconv.Atoi(month)
	d, errD := strconv.Atoi(day)
	if errY != nil || errM != nil || errD != nil || len(month) > 2 || len(day) > 2 {
		return 0, Unreadable
	}
	switch {
	case len(year) == 2 && y < 50:
		y += 2000
	case len(year) == 2:
		y += 1900
	case len(year) != 4:
		return 0, Unreadable
	}
	if result := clock.Day(y*10000 + m*100 + d); result.Valid() {
		return result, Certain
	}
	return 0, Unreadable
}

// lone reads a date that is one number: 20260403, or a spreadsheet's serial.
func lone(s, number string) (clock.Day, Reading) {
	if len(number) == 8 && s == number {
		return ymd(number[:4], number[4:6], number[6:])
	}
	serial, err := strconv.ParseFloat(s, 64)
	if err != nil || len(number) != 5 {
		return 0, Unreadable
	}
	t, ok := serialDay(int(math.Floor(serial)), false)
	if !ok {
		return 0, Unreadable
	}
	return clock.DayOf(t, time.UTC), Certain
}

// cutTime cuts a time of day off a date: what stands behind the blank or the T
// before the first colon, and the fraction of a serial number.
func cutTime(s string) string {
	if whole, fraction, found := strings.Cut(s, "."); found && len(whole) == 5 && fraction != "" && strings.Trim(s, "0123456789.") == "" {
		return whole
	}
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s
	}
	start := strings.TrimRight(s[:colon], "0123456789")
	if start == "" || len(s[:colon])-len(start) > 2 || strings.Trim(s[colon:], "0123456789:.,+-ZzAaPpMm \u00a0\u202f") != "" {
		return s
	}
	start = strings.TrimSuffix(strings.TrimSuffix(start, "T"), "t")
	return strings.TrimRight(start, " ,")
}

// DetectDateOrder finds the order that the dates of a column have in common:
// one value with a number over 12 settles it. Ambiguous means that the person
// must say: no value settles it, or they contradict each other. Columns where
// the order does not matter (ISO dates, names of months) answer YMD.
func DetectDateOrder(values []string) DateOrder {
	var tally DateTally
	for _, value := range values {
		tally.Add(value)
	}
	return tally.Order()
}
