package calendar

import (
	"cmp"
	"slices"

	"kartoteka.dev/internal/platform/clock"
)

// Limits that keep a calendar a calendar.
const (
	maxSpans    = 6
	maxDays     = 1000
	maxNameRune = 100
)

// Tidy puts spans and days in order and leaves out what is there twice.
func (c Calendar) Tidy() Calendar {
	for day, spans := range c.Week {
		spans = slices.Clone(spans)
		slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
		c.Week[day] = slices.Compact(spans)
	}
	c.Holidays = slices.Clone(c.Holidays)
	slices.SortStableFunc(c.Holidays, func(a, b Holiday) int { return cmp.Compare(a.Day, b.Day) })
	c.Holidays = slices.CompactFunc(c.Holidays, func(a, b Holiday) bool { return a.Day == b.Day })
	c.WorkDays = slices.Clone(c.WorkDays)
	slices.Sort(c.WorkDays)
	c.WorkDays = slices.Compact(c.WorkDays)
	return c
}

// Valid tells whether a tidy calendar can be worked by: some hours in the
// week, no spans that overlap (a night shift included), real days.
func (c Calendar) Valid() bool {
	hours := 0
	for day, spans := range c.Week {
		hours += len(spans)
		if len(spans) > maxSpans || !apart(spans) || !free(c.Week[(day+6)%7], spans) {
			return false
		}
	}
	if hours == 0 || len(c.Holidays) > maxDays || len(c.WorkDays) > maxDays {
		return false
	}
	for _, h := range c.Holidays {
		if !h.Day.Valid() || len([]rune(h.Name)) > maxNameRune {
			return false
		}
	}
	return !slices.ContainsFunc(c.WorkDays, func(d clock.Day) bool { return !d.Valid() })
}

// apart tells that the spans of one day do not overlap; only the last may go
// beyond midnight.
func apart(spans []Span) bool {
	for i, s := range spans {
		if s.From < 0 || s.From >= EndOfDay || s.To < 0 || s.To > EndOfDay {
			return false
		}
		if i+1 < len(spans) && (s.Overnight() || s.To > spans[i+1].From) {
			return false
		}
	}
	return true
}

// free tells that the night shift of the day before is over when the day's
// first span begins.
func free(before, spans []Span) bool {
	if len(before) == 0 || len(spans) == 0 {
		return true
	}
	last := before[len(before)-1]
	return !last.Overnight() || last.To <= spans[0].From
}
