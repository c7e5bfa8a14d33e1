package filter

import (
	"testing"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

func TestPeriodOf(t *testing.T) {
	const sunday = clock.Day(20261122)
	tests := []struct {
		value      string
		first, end clock.Day
	}{
		{"today", 20261122, 20261123},
		{"Yesterday", 20261121, 20261122},
		{"tomorrow", 20261123, 20261124},
		{"this-week", 20261116, 20261123},
		{"last-week", 20261109, 20261116},
		{"next-week", 20261123, 20261130},
		{"this-month", 20261101, 20261201},
		{"last-month", 20261001, 20261101},
		{"next-month", 20261201, 20270101},
		{"this-quarter", 20261001, 20270101},
		{"last-quarter", 20260701, 20261001},
		{"next-quarter", 20270101, 20270401},
		{"this-year", 20260101, 20270101},
		{"last-year", 20250101, 20260101},
		{"next-year", 20270101, 20280101},
		{"2024-02", 20240201, 20240301},
		{"2025", 20250101, 20260101},
	}
	for _, tt := range tests {
		got, ok := periodOf(tt.value, sunday)
		if want := (dayRange{tt.first, tt.end}); !ok || got != want {
			t.Errorf("periodOf(%s) = %v, %v; want %v", tt.value, got, ok, want)
		}
	}
	for _, value := range []string{"", "week", "this", "this-", "this-decade", "some-week", "2026-13", "0000", "20260101", "26"} {
		if r, ok := periodOf(value, sunday); ok {
			t.Errorf("periodOf(%q) = %v", value, r)
		}
	}
	for _, p := range Periods {
		if _, ok := periodOf(p, sunday); !ok {
			t.Errorf("the named period %s is not read", p)
		}
	}
	if r, _ := periodOf("this-week", 20261116); r.first != 20261116 {
		t.Errorf("on a Monday the week begins on %v", r.first)
	}
}

func TestSpanWindows(t *testing.T) {
	tests := []struct {
		op         Op
		value      string
		first, end clock.Day
	}{
		{Last, "1d", 20260331, 20260401},
		{Last, "7d", 20260325, 20260401},
		{Next, "7d", 20260331, 20260407},
		{Next, "1m", 20260331, 20260430},
		{Last, "1m", 20260301, 20260401},
		{Older, "30d", 0, 20260301},
		{Older, "1y", 0, 20250331},
		{Last, "2W", 20260318, 20260401},
	}
	for _, tt := range tests {
		s, ok := spanOf(tt.value)
		if got := s.window(tt.op, 20260331); !ok || got != (dayRange{tt.first, tt.end}) {
			t.Errorf("%s %s = %v", tt.op, tt.value, got)
		}
	}
	for _, value := range []string{"", "d", "0d", "-1d", "7", "7h", "7 d", "101y", "9999d", "99999d"} {
		if s, ok := spanOf(value); ok {
			t.Errorf("spanOf(%q) = %v", value, s)
		}
	}
}

func TestStartOfWhereClocksChangeAtMidnight(t *testing.T) {
	tests := []struct {
		zone string
		day  clock.Day
		want string // in UTC
	}{
		{"Europe/Sofia", 20261122, "2026-11-21T22:00:00Z"},
		{"Asia/Tbilisi", 20260329, "2026-03-28T20:00:00Z"},
		{"America/Sao_Paulo", 20181104, "2018-11-04T03:00:00Z"}, // 00:00 is skipped
		{"Asia/Beirut", 20220327, "2022-03-26T22:00:00Z"},       // 00:00 is skipped
		{"America/Havana", 20221106, "2022-11-06T04:00:00Z"},    // 00:00 comes twice
		{"UTC", 20260101, "2026-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		start := startOf(tt.day, zone)
		if got := start.Time().Format(time.RFC3339); got != tt.want {
			t.Errorf("%s %v begins at %s, want %s", tt.zone, tt.day, got, tt.want)
		}
		if before := clock.DayOf((start - 1).Time(), zone); before != tt.day.AddDays(-1) {
			t.Errorf("%s: the moment before %v is on %v", tt.zone, tt.day, before)
		}
	}
}

func TestScaled(t *testing.T) {
	tests := []struct {
		value string
		scale int
		want  int64
	}{
		{"0", 0, 0},
		{"12", 0, 12},
		{"-12", 2, -1200},
		{"1.5", 2, 150},
		{"1.50", 2, 150},
		{"-0.05", 2, -5},
		{"9223372036854775807", 0, 9223372036854775807},
		{"-9223372036854775808", 0, -9223372036854775808},
	}
	for _, tt := range tests {
		if got, ok := scaled(tt.value, tt.scale); !ok || got != tt.want {
			t.Errorf("scaled(%s, %d) = %d, %v", tt.value, tt.scale, got, ok)
		}
	}
	for _, value := range []string{"", "-", "+1", "--1", "1.", ".5", "1.234", "1e3", "1,5", "1_0", "0x1", "1.-5", "1.+5", "92233720368547758.08", "x"} {
		if got, ok := scaled(value, 2); ok {
			t.Errorf("scaled(%q) = %d", value, got)
		}
	}
}
