// Package calendar says when the company works: the hours of each weekday, the
// days on which it is closed beyond its country's public holidays, and the
// ones on which it works all the same. Pure rules, no storage. The zero
// Calendar never works.
package calendar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// Minute is a time of day in minutes from midnight: 0 to 1440.
type Minute int

// EndOfDay is midnight at the end of a day.
const EndOfDay Minute = 24 * 60

// String writes "09:30"; the end of the day is "24:00".
func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// ParseMinute reads "9:30", "09:30" or "24:00".
func ParseMinute(s string) (Minute, error) {
	hours, minutes, found := strings.Cut(strings.TrimSpace(s), ":")
	h, okH := digits(hours)
	m, okM := digits(minutes)
	at := Minute(h*60 + m)
	if !found || !okH || !okM || len(minutes) != 2 || m > 59 || at > EndOfDay {
		return 0, fmt.Errorf("calendar: %q is not a time of day", s)
	}
	return at, nil
}

// digits reads one or two digits.
func digits(s string) (n int, ok bool) {
	if s == "" || len(s) > 2 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// Span is working time from one minute to another. A span that ends at or
// before its start ends on the next day: 22:00-06:00 is a night shift.
type Span struct {
	From, To Minute
}

// Overnight tells that the span ends on the next day.
func (s Span) Overnight() bool { return s.To <= s.From }

// Minutes is the length of the span on a day without a clock change.
func (s Span) Minutes() int {
	if s.Overnight() {
		return int(s.To + EndOfDay - s.From)
	}
	return int(s.To - s.From)
}

// MarshalText writes "09:00-18:00".
func (s Span) MarshalText() ([]byte, error) {
	return []byte(s.From.String() + "-" + s.To.String()), nil
}

// UnmarshalText reads what MarshalText writes, with any dash.
func (s *Span) UnmarshalText(b []byte) error {
	from, to, found := strings.Cut(strings.ReplaceAll(string(b), "–", "-"), "-")
	if !found {
		return fmt.Errorf("calendar: %q is not a span of hours", b)
	}
	var err error
	if s.From, err = ParseMinute(from); err != nil {
		return err
	}
	s.To, err = ParseMinute(to)
	return err
}

// Holiday is a day on which the company is closed, and why.
type Holiday struct {
	Day  clock.Day `json:"day"`
	Name string    `json:"name"`
}

// Calendar is the company's working time. Public says that the country's
// public holidays are free too; who asks knows them.
type Calendar struct {
	Week     Week        `json:"week"`
	Public   bool        `json:"public"`
	Holidays []Holiday   `json:"holidays,omitempty"`
	WorkDays []clock.Day `json:"work_days,omitempty"` // worked although a holiday or weekend
}

// Week is the spans of each weekday, by time.Weekday.
type Week [7][]Span

// MarshalJSON writes an object with the days that have hours: {"mon":["09:00-18:00"]}.
func (w Week) MarshalJSON() ([]byte, error) {
	days := map[string][]Span{}
	for day, spans := range w {
		if len(spans) > 0 {
			days[weekdays[day]] = spans
		}
	}
	return json.Marshal(days)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Week) UnmarshalJSON(b []byte) error {
	var days map[string][]Span
	if err := json.Unmarshal(b, &days); err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	*w = Week{}
	for name, spans := range days {
		day := slices.Index(weekdays[:], name)
		if day < 0 {
			return fmt.Errorf("calendar: %q is not a weekday", name)
		}
		w[day] = spans
	}
	return nil
}

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// On gives the working spans of a day, in order; public tells whether the day
// is a public holiday. A worked weekend has the hours of a Friday, or of the
// first weekday that has any.
func (c Calendar) On(day clock.Day, public bool) []Span {
	if slices.Contains(c.WorkDays, day) {
		return c.usual(day.Weekday())
	}
	closed := slices.ContainsFunc(c.Holidays, func(h Holiday) bool { return h.Day == day })
	if closed || public && c.Public {
		return nil
	}
	return c.Week[day.Weekday()]
}

// Works tells whether there is working time on the day.
func (c Calendar) Works(day clock.Day, public bool) bool { return len(c.On(day, public)) > 0 }

func (c Calendar) usual(day time.Weekday) []Span {
	for _, d := range []time.Weekday{day, time.Friday, time.Thursday, time.Wednesday, time.Tuesday, time.Monday, time.Saturday, time.Sunday} {
		if len(c.Week[d]) > 0 {
			return c.Week[d]
		}
	}
	return nil
}

// IsZero tells that nothing has been said about the working time.
func (c Calendar) IsZero() bool {
	for _, spans := range c.Week {
		if len(spans) > 0 {
			return false
		}
	}
	return len(c.Holidays) == 0 && len(c.WorkDays) == 0
}
