package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/money"
	"kartoteka.dev/internal/team/calendar"
)

func TestMinutes(t *testing.T) {
	for text, want := range map[string]calendar.Minute{"00:00": 0, "9:05": 545, "09:30": 570, "23:59": 1439, "24:00": 1440} {
		if got, err := calendar.ParseMinute(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "9", "9:5", "24:01", "25:00", "-1:00", "09:60", "+9:00", "9:00:00", "x:00"} {
		if got, err := calendar.ParseMinute(text); err == nil {
			t.Errorf("%q became %d", text, got)
		}
	}
}

func span(t *testing.T, text string) calendar.Span {
	t.Helper()
	var s calendar.Span
	if err := s.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSpanLengths(t *testing.T) {
	for text, want := range map[string]int{"09:00-18:00": 540, "22:00–06:00": 480, "00:00-24:00": 1440, "08:00-08:00": 1440} {
		if got := span(t, text).Minutes(); got != want {
			t.Errorf("%s: %d minutes, want %d", text, got, want)
		}
	}
}

func TestOn(t *testing.T) {
	c := calendar.CountryOf("BG").Calendar()
	monday := clock.Date(2026, time.November, 23)
	c.Holidays = []calendar.Holiday{{Day: monday.AddDays(1), Name: "Stock-taking"}}
	c.WorkDays = []clock.Day{monday.AddDays(5)}
	for _, v := range []struct {
		name   string
		day    clock.Day
		public bool
		works  bool
	}{
		{"Monday", monday, false, true},
		{"public holiday", monday, true, false},
		{"own holiday", monday.AddDays(1), false, false},
		{"worked Saturday", monday.AddDays(5), false, true},
		{"worked Saturday that is a public holiday", monday.AddDays(5), true, true},
		{"Sunday", monday.AddDays(6), false, false},
	} {
		if got := c.Works(v.day, v.public); got != v.works {
			t.Errorf("%s: works %v", v.name, got)
		}
	}
	c.Public = false
	if !c.Works(monday, true) {
		t.Error("public holidays were free although they are worked")
	}
}

func TestValid(t *testing.T) {
	week := func(monday, tuesday []string) (c calendar.Calendar) {
		for _, s := range monday {
			c.Week[time.Monday] = append(c.Week[time.Monday], span(t, s))
		}
		for _, s := range tuesday {
			c.Week[time.Tuesday] = append(c.Week[time.Tuesday], span(t, s))
		}
		return c.Tidy()
	}
	bad := calendar.CountryOf("GE").Calendar()
	bad.Holidays = []calendar.Holiday{{Day: 20260230}}
	for _, v := range []struct {
		name string
		c    calendar.Calendar
		want bool
	}{
		{"nothing", calendar.Calendar{}, false},
		{"usual", calendar.CountryOf("PL").Calendar(), true},
		{"lunch, unordered", week([]string{"13:30-18:00", "08:00-12:00"}, nil), true},
		{"overlap", week([]string{"08:00-12:00", "11:59-18:00"}, nil), false},
		{"night", week([]string{"22:00-06:00"}, []string{"22:00-06:00"}), true},
		{"night into the morning shift", week([]string{"22:00-06:00"}, []string{"05:00-12:00"}), false},
		{"around the clock", week([]string{"00:00-24:00"}, []string{"00:00-24:00"}), true},
		{"no such day", bad, false},
	} {
		if got := v.c.Valid(); got != v.want {
			t.Errorf("%s: valid %v", v.name, got)
		}
	}
}

func TestJSONKeepsTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c calendar.Calendar
		for day := range 7 {
			for range rapid.IntRange(0, 3).Draw(t, "spans") {
				from := rapid.IntRange(0, 1439).Draw(t, "from")
				to := rapid.IntRange(0, 1440).Draw(t, "to")
				c.Week[day] = append(c.Week[day], calendar.Span{From: calendar.Minute(from), To: calendar.Minute(to)})
			}
		}
		c.Public = rapid.Bool().Draw(t, "public")
		if rapid.Bool().Draw(t, "holiday") {
			c.Holidays = []calendar.Holiday{{Day: 20260101, Name: "Новый год"}}
			c.WorkDays = []clock.Day{20260110}
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back calendar.Calendar
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCountriesAreUsable(t *testing.T) {
	for _, c := range append(calendar.Countries(), calendar.CountryOf("ZZ")) {
		if _, err := time.LoadLocation(c.Zone); err != nil {
			t.Errorf("%s: %v", c.Code, err)
		}
		if !c.Language.Valid() || !money.Valid(c.Currency) || !c.Calendar().Valid() {
			t.Errorf("%s: %+v", c.Code, c)
		}
	}
}
