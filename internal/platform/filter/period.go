package filter

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// dayRange is the days from first up to, but not including, end.
type dayRange struct{ first, end clock.Day }

func oneDay(d clock.Day) dayRange { return dayRange{d, d.AddDays(1)} }

// Periods lists the named periods of During, in reading order.
var Periods = []string{
	"today", "yesterday", "tomorrow", "this-week", "last-week", "next-week", "this-month", "last-month", "next-month",
	"this-quarter", "last-quarter", "next-quarter", "this-year", "last-year", "next-year",
}

// periodOf reads a period of During: a named one, a month "2026-03", or a year
// "2026". Weeks begin on Monday.
func periodOf(value string, today clock.Day) (dayRange, bool) {
	value = strings.ToLower(value)
	if d, ok := dayWord(value, today); ok {
		return oneDay(d), true
	}
	if t, err := time.Parse("2006-01", value); err == nil {
		return monthsFrom(clock.Date(t.Year(), t.Month(), 1), 1)
	}
	if t, err := time.Parse("2006", value); err == nil {
		return monthsFrom(clock.Date(t.Year(), 1, 1), 12)
	}
	which, unit, _ := strings.Cut(value, "-")
	step, ok := map[string]int{"last": -1, "this": 0, "next": 1}[which]
	if !ok {
		return dayRange{}, false
	}
	year, month, day := today.Parts()
	switch unit {
	case "week":
		monday := today.AddDays(-(int(today.Weekday())+6)%7 + 7*step)
		return dayRange{monday, monday.AddDays(7)}, true
	case "month":
		return monthsFrom((today - clock.Day(day-1)).AddMonths(step), 1)
	case "quarter":
		return monthsFrom(clock.Date(year, (month-1)/3*3+1, 1).AddMonths(3*step), 3)
	case "year":
		return monthsFrom(clock.Date(year+step, 1, 1), 12)
	}
	return dayRange{}, false
}

func monthsFrom(first clock.Day, n int) (dayRange, bool) {
	return dayRange{first, first.AddMonths(n)}, first.Valid()
}

func dayWord(value string, today clock.Day) (clock.Day, bool) {
	switch strings.ToLower(value) {
	case "today":
		return today, true
	case "yesterday":
		return today.AddDays(-1), true
	case "tomorrow":
		return today.AddDays(1), true
	}
	return 0, false
}

var spanText = regexp.MustCompile(`^([1-9][0-9]{0,3})([dwmyDWMY])$`)

// span is a length of time in calendar units.
type span struct {
	n    int
	unit byte // d, w, m, y
}

// spanOf reads "30d", "2w", "6m", "1y".
func spanOf(value string) (span, bool) {
	m := spanText.FindStringSubmatch(value)
	if m == nil {
		return span{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n > 3660 || n > 100 && strings.EqualFold(m[2], "y") {
		return span{}, false
	}
	return span{n, strings.ToLower(m[2])[0]}, true
}

// from moves a day by the span, backwards if sign is -1.
func (s span) from(d clock.Day, sign int) clock.Day {
	switch n := s.n * sign; s.unit {
	case 'w':
		return d.AddDays(7 * n)
	case 'm':
		return d.AddMonths(n)
	case 'y':
		return d.AddMonths(12 * n)
	default:
		return d.AddDays(n)
	}
}

// startOf is the first moment of the day in the zone, also where the clocks
// change at midnight and the day has no 00:00, or two.
func startOf(d clock.Day, zone *time.Location) clock.Instant {
	t := d.Time(zone)
	switch before := t.Add(-time.Hour); {
	case clock.DayOf(t, zone) < d: // the hour is skipped: the day begins at the change
		_, change := t.ZoneBounds()
		t = change
	case t.Hour() != 0 || t.Minute() != 0: // skipped, and Go chose the later reading
		t, _ = t.ZoneBounds()
	case clock.DayOf(before, zone) == d: // the hour happens twice: it begins with the first
		t = before
	}
	return clock.InstantOf(t)
}
