package i18n

import (
	"context"
	"strconv"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// Date writes a day: "22 Nov 2026", "22 нояб. 2026 г."; nothing for no day.
func Date(ctx context.Context, d clock.Day) string {
	if !d.Valid() {
		return ""
	}
	g := of(ctx)
	year, month, day := d.Parts()
	return strconv.Itoa(day) + " " + g.MonthAbbreviated(month) + " " + strconv.Itoa(year) + g.yearEnd
}

// ShortDate writes a day in digits: "22/11/2026", "22.11.2026".
func ShortDate(ctx context.Context, d clock.Day) string {
	if !d.Valid() {
		return ""
	}
	return d.Time(time.UTC).Format(of(ctx).short)
}

// LongDate writes a day in full words with its weekday's name before it:
// "Sunday, 22 November 2026".
func LongDate(ctx context.Context, d clock.Day) string {
	if !d.Valid() {
		return ""
	}
	g := of(ctx)
	year, month, day := d.Parts()
	return g.WeekdayWide(d.Weekday()) + ", " + strconv.Itoa(day) + " " + g.MonthWide(month) + " " + strconv.Itoa(year) + g.yearEnd
}

// DayMonth writes a day without its year: "22 Nov".
func DayMonth(ctx context.Context, d clock.Day) string {
	if !d.Valid() {
		return ""
	}
	_, month, day := d.Parts()
	return strconv.Itoa(day) + " " + of(ctx).MonthAbbreviated(month)
}

// Time writes the time of the day in the locale's zone: "15:04".
func Time(ctx context.Context, i clock.Instant) string {
	if i.IsZero() {
		return ""
	}
	return i.Time().In(from(ctx).Zone).Format("15:04")
}

// DateTime writes day and time in the locale's zone: "22 Nov 2026, 15:04".
func DateTime(ctx context.Context, i clock.Instant) string {
	if i.IsZero() {
		return ""
	}
	return Date(ctx, clock.DayOf(i.Time(), from(ctx).Zone)) + ", " + Time(ctx, i)
}

var monthIDs = [...]string{
	"calendar.month-1", "calendar.month-2", "calendar.month-3", "calendar.month-4",
	"calendar.month-5", "calendar.month-6", "calendar.month-7", "calendar.month-8",
	"calendar.month-9", "calendar.month-10", "calendar.month-11", "calendar.month-12",
}

// MonthName is the month standing alone, as in a heading: "November",
// "ноябрь" (never "ноября").
func MonthName(ctx context.Context, m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return T(ctx, monthIDs[m-1])
}

// MonthYear is a month given as yyyymm: "November 2026".
func MonthYear(ctx context.Context, month int) string {
	name := MonthName(ctx, time.Month(month%100))
	if name == "" {
		return ""
	}
	return name + " " + strconv.Itoa(month/100) + of(ctx).yearEnd
}

// MonthShort is the month's abbreviation: "Nov".
func MonthShort(ctx context.Context, m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return of(ctx).MonthAbbreviated(m)
}

// WeekdayName is the weekday's full name: "Sunday".
func WeekdayName(ctx context.Context, d time.Weekday) string {
	if d < time.Sunday || d > time.Saturday {
		return ""
	}
	return of(ctx).WeekdayWide(d)
}

// WeekdayShort is the weekday's abbreviation: "Sun".
func WeekdayShort(ctx context.Context, d time.Weekday) string {
	if d < time.Sunday || d > time.Saturday {
		return ""
	}
	return of(ctx).WeekdayAbbreviated(d)
}

// Ago says how long before now the moment was ("3 minutes ago"), or how soon it
// will be ("in 2 hours"), in its largest whole unit; a year counts as 365 days
// and a month as 30.
func Ago(ctx context.Context, at, now clock.Instant) string {
	if at.IsZero() {
		return ""
	}
	gone := time.Duration(now-at) * time.Microsecond
	if gone < 0 {
		return span(ctx, -gone, &soon)
	}
	return span(ctx, gone, &past)
}

type unit struct {
	length time.Duration
	id     string
}

const day = 24 * time.Hour

var past = [...]unit{
	{365 * day, "units.ago-years"},
	{30 * day, "units.ago-months"},
	{7 * day, "units.ago-weeks"},
	{day, "units.ago-days"},
	{time.Hour, "units.ago-hours"},
	{time.Minute, "units.ago-minutes"},
}

var soon = [...]unit{
	{365 * day, "units.in-years"},
	{30 * day, "units.in-months"},
	{7 * day, "units.in-weeks"},
	{day, "units.in-days"},
	{time.Hour, "units.in-hours"},
	{time.Minute, "units.in-minutes"},
}

func span(ctx context.Context, length time.Duration, units *[6]unit) string {
	for _, u := range units {
		if length >= u.length {
			return T(ctx, u.id, countName, int64(length/u.length))
		}
	}
	return T(ctx, "units.just-now")
}
