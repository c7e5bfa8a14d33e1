package holidays

import (
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// WesternEaster is Easter Sunday of the Gregorian calendar.
func WesternEaster(year int) clock.Day {
	golden := year % 19
	century, rest := year/100, year%100
	leap := (century - (century+8)/25 + 1) / 3
	moon := (19*golden + century - century/4 - leap + 15) % 30
	sunday := (32 + 2*(century%4) + 2*(rest/4) - moon - rest%4) % 7
	late := (golden + 11*moon + 22*sunday) / 451
	n := moon + sunday - 7*late + 114
	return clock.Date(year, time.Month(n/31), n%31+1)
}

// OrthodoxEaster is Easter Sunday of the Julian calendar, as a day of ours.
func OrthodoxEaster(year int) clock.Day {
	moon := (19*(year%19) + 15) % 30
	sunday := (2*(year%4) + 4*(year%7) - moon + 34) % 7
	n := moon + sunday + 114
	behind := year/100 - year/400 - 2
	return clock.Date(year, time.Month(n/31), n%31+1+behind)
}
