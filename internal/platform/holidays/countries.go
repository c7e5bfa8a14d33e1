package holidays

import (
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// rule finds one holiday in a year.
type rule struct {
	name  string
	day   func(year int) clock.Day // 0 when there is none that year
	since int                      // first year, or 0
}

// country is its holidays and what happens to those on weekends.
type country struct {
	rules   []rule
	moves   func(Holiday) bool // which weekend holidays give a day off; nil for none
	decreed map[int][]Holiday  // days off by the year's decree, instead of moves
}

var countries = map[string]country{
	"BG": {rules: bulgaria, moves: func(h Holiday) bool { return h.Name != saturday && h.Name != easter }},
	"GB": {rules: england, moves: func(Holiday) bool { return true }},
	"GE": {rules: georgia},
	"PL": {rules: poland},
	"RU": {rules: russia, moves: func(h Holiday) bool { return h.Day.Month()%100 != 1 }, decreed: russianDecrees},
}

const (
	newYear  = "holidays.new-year"
	friday   = "holidays.good-friday"
	saturday = "holidays.holy-saturday"
	easter   = "holidays.easter"
	monday   = "holidays.easter-monday"
)

// Easter falls on a weekend by nature, so Bulgaria gives no day off for it; it
// stands last so that another holiday on its days keeps its own day off.
var bulgaria = []rule{
	fixed(newYear, time.January, 1),
	fixed("holidays.liberation-day", time.March, 3),
	fixed("holidays.labour-day", time.May, 1),
	fixed("holidays.st-george-army", time.May, 6),
	fixed("holidays.culture-and-script", time.May, 24),
	fixed("holidays.unification", time.September, 6),
	fixed("holidays.independence-day", time.September, 22),
	fixed("holidays.christmas-eve", time.December, 24),
	fixed("holidays.christmas", time.December, 25),
	fixed("holidays.christmas-second", time.December, 26),
	after(OrthodoxEaster, friday, -2),
	after(OrthodoxEaster, saturday, -1),
	after(OrthodoxEaster, easter, 0),
	after(OrthodoxEaster, monday, 1),
}

var england = []rule{
	fixed(newYear, time.January, 1),
	after(WesternEaster, friday, -2),
	after(WesternEaster, monday, 1),
	moved("holidays.early-may", func(year int) clock.Day { return firstMonday(year, time.May) }, map[int]clock.Day{2020: 20200508}),
	moved("holidays.spring-bank", func(year int) clock.Day { return lastMonday(year, time.May) }, map[int]clock.Day{2022: 20220602}),
	moved("holidays.summer-bank", func(year int) clock.Day { return lastMonday(year, time.August) }, nil),
	fixed("holidays.christmas", time.December, 25),
	fixed("holidays.boxing-day", time.December, 26),
	once("holidays.royal-jubilee", 20220603),
	once("holidays.state-funeral", 20220919),
	once("holidays.coronation", 20230508),
}

var georgia = []rule{
	fixed(newYear, time.January, 1),
	fixed("holidays.new-year-second", time.January, 2),
	fixed("holidays.christmas", time.January, 7),
	fixed("holidays.epiphany", time.January, 19),
	fixed("holidays.mothers-day", time.March, 3),
	fixed("holidays.womens-day", time.March, 8),
	fixed("holidays.april-ninth", time.April, 9),
	after(OrthodoxEaster, friday, -2),
	after(OrthodoxEaster, saturday, -1),
	after(OrthodoxEaster, easter, 0),
	after(OrthodoxEaster, monday, 1),
	fixed("holidays.victory-day", time.May, 9),
	fixed("holidays.st-andrew", time.May, 12),
	since(2024, fixed("holidays.family-day", time.May, 17)),
	fixed("holidays.independence-day", time.May, 26),
	fixed("holidays.st-mary", time.August, 28),
	fixed("holidays.svetitskhovloba", time.October, 14),
	fixed("holidays.st-george", time.November, 23),
}

var poland = []rule{
	fixed(newYear, time.January, 1),
	fixed("holidays.epiphany", time.January, 6),
	after(WesternEaster, easter, 0),
	after(WesternEaster, monday, 1),
	fixed("holidays.labour-day", time.May, 1),
	fixed("holidays.constitution-day", time.May, 3),
	after(WesternEaster, "holidays.pentecost", 49),
	after(WesternEaster, "holidays.corpus-christi", 60),
	fixed("holidays.assumption", time.August, 15),
	fixed("holidays.all-saints", time.November, 1),
	fixed("holidays.independence-day", time.November, 11),
	since(2025, fixed("holidays.christmas-eve", time.December, 24)),
	fixed("holidays.christmas", time.December, 25),
	fixed("holidays.christmas-second", time.December, 26),
}

var russia = []rule{
	fixed(newYear, time.January, 1),
	fixed(newYear, time.January, 2),
	fixed(newYear, time.January, 3),
	fixed(newYear, time.January, 4),
	fixed(newYear, time.January, 5),
	fixed(newYear, time.January, 6),
	fixed("holidays.christmas", time.January, 7),
	fixed(newYear, time.January, 8),
	fixed("holidays.defender-day", time.February, 23),
	fixed("holidays.womens-day", time.March, 8),
	fixed("holidays.labour-day", time.May, 1),
	fixed("holidays.victory-day", time.May, 9),
	fixed("holidays.russia-day", time.June, 12),
	fixed("holidays.unity-day", time.November, 4),
}

// russianDecrees are the yearly transfers of days off, which replace the
// general rule; years without an entry follow the rule of the labour code.
var russianDecrees = map[int][]Holiday{
	2025: {
		{Day: 20250502, Name: newYear, For: 20250104},
		{Day: 20250508, Name: "holidays.defender-day", For: 20250223},
		{Day: 20250613, Name: "holidays.womens-day", For: 20250308},
		{Day: 20251103, Name: "holidays.unity-day", For: 20251101},
		{Day: 20251231, Name: newYear, For: 20250105},
	},
	2026: {
		{Day: 20260109, Name: newYear, For: 20260103},
		{Day: 20260309, Name: "holidays.womens-day", For: 20260308},
		{Day: 20260511, Name: "holidays.victory-day", For: 20260509},
		{Day: 20261231, Name: newYear, For: 20260104},
	},
}

func fixed(name string, month time.Month, day int) rule {
	return rule{name: name, day: func(year int) clock.Day { return clock.Date(year, month, day) }}
}

func after(easter func(int) clock.Day, name string, days int) rule {
	return rule{name: name, day: func(year int) clock.Day { return easter(year).AddDays(days) }}
}

func moved(name string, usual func(int) clock.Day, exceptions map[int]clock.Day) rule {
	return rule{name: name, day: func(year int) clock.Day {
		if day, ok := exceptions[year]; ok {
			return day
		}
		return usual(year)
	}}
}

func once(name string, day clock.Day) rule {
	return moved(name, func(int) clock.Day { return 0 }, map[int]clock.Day{int(day) / 10000: day})
}

func since(year int, r rule) rule {
	r.since = year
	return r
}

func firstMonday(year int, month time.Month) clock.Day {
	day := clock.Date(year, month, 1)
	for day.Weekday() != time.Monday {
		day = day.AddDays(1)
	}
	return day
}

func lastMonday(year int, month time.Month) clock.Day {
	day := clock.Date(year, month+1, 0)
	for day.Weekday() != time.Monday {
		day = day.AddDays(-1)
	}
	return day
}
