package clock

import (
	"fmt"
	"time"
)

// Day is a calendar day as the number yyyymmdd (20261122); 0 means none. Its
// order is the calendar's, and Day/100 is the month.
type Day int32

// DayOf is the day it is at t in the zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Date(y, m, d)
}

// Date makes a day; parts out of range roll over as in time.Date.
func Date(year int, month time.Month, day int) Day {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Day(y*10000 + int(m)*100 + d)
}

// ParseDay reads "2006-01-02".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q: %w", s, err)
	}
	return DayOf(t, time.UTC), nil
}

// Parts splits the day.
func (d Day) Parts() (year int, month time.Month, day int) {
	return int(d) / 10000, time.Month(int(d) / 100 % 100), int(d) % 100
}

// Valid tells whether the number is a day of the calendar.
func (d Day) Valid() bool {
	y, m, day := d.Parts()
	return d > 0 && y >= 1 && y <= 9999 && Date(y, m, day) == d
}

// IsZero tells that there is no day.
func (d Day) IsZero() bool { return d == 0 }

// Time is the first moment of the day in the zone.
func (d Day) Time(zone *time.Location) time.Time {
	y, m, day := d.Parts()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
}

// Month is yyyymm.
func (d Day) Month() int { return int(d) / 100 }

// Weekday of the day.
func (d Day) Weekday() time.Weekday { return d.Time(time.UTC).Weekday() }

// AddDays moves by n days.
func (d Day) AddDays(n int) Day { return DayOf(d.Time(time.UTC).AddDate(0, 0, n), time.UTC) }

// AddMonths moves by n months and keeps the day number where the month has
// it, else takes the month's last day: 31 January + 1 month is 28 February.
func (d Day) AddMonths(n int) Day {
	y, m, day := d.Parts()
	first := Date(y, m+time.Month(n), 1)
	if last := first.DaysInMonth(); day > last {
		day = last
	}
	return first + Day(day-1)
}

// DaysInMonth is the number of days of the day's month.
func (d Day) DaysInMonth() int {
	y, m, _ := d.Parts()
	return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Sub is the number of days from other to d.
func (d Day) Sub(other Day) int {
	return int(d.Time(time.UTC).Sub(other.Time(time.UTC)) / (24 * time.Hour))
}

// String is "2006-01-02", or "" for none.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Parts()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// MarshalText writes "2006-01-02", or nothing for none.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	day, err := ParseDay(string(b))
	if err != nil {
		return err
	}
	*d = day
	return nil
}
