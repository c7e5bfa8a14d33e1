// Package holidays knows the public holidays of the countries Kartoteka is
// made for, as a company's calendar starts with them; the company edits its own
// copy, because governments move days by decree. Names are ids of
// locales/<lang>/holidays.toml.
package holidays

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
)

// Holiday is a public holiday, or the day off given for one.
type Holiday struct {
	Day  clock.Day
	Name string    // text id: "holidays.new-year"
	For  clock.Day // the holiday on a weekend this day off is given for; 0 for the holiday itself
}

// Title is the name in the reader's language.
func (h Holiday) Title(ctx context.Context) string {
	name := i18n.T(ctx, h.Name)
	if h.For.IsZero() {
		return name
	}
	return i18n.T(ctx, "holidays.day-off-for", "Name", name)
}

// The years the rules are given for: the first in which all of them, with
// Bulgaria's days off for weekends, hold, and the last we dare say.
const (
	firstYear = 2017
	lastYear  = 2100
)

// Countries lists the ISO codes of the countries we know.
func Countries() []string { return []string{"BG", "GB", "GE", "PL", "RU"} }

// Of gives the holidays of a country (ISO code) in a year, by day; none for a
// country or a year (before 2017, after 2100) we do not know. GB is England and
// Wales. A holiday may fall on a weekend; the day off for it, where the law
// gives one, follows as an entry of its own.
func Of(country string, year int) []Holiday {
	c, ok := countries[country]
	if !ok || year < firstYear || year > lastYear {
		return nil
	}
	var days []Holiday
	taken := map[clock.Day]bool{}
	for _, r := range c.rules {
		day := r.day(year)
		if year < r.since || day.IsZero() || taken[day] {
			continue
		}
		taken[day] = true
		days = append(days, Holiday{Day: day, Name: r.name})
	}
	slices.SortFunc(days, byDay)
	if decreed, ok := c.decreed[year]; ok {
		days = append(days, decreed...)
	} else if c.moves != nil {
		days = append(days, substitutes(days, taken, c.moves)...)
	}
	slices.SortFunc(days, byDay)
	return days
}

func byDay(a, b Holiday) int { return cmp.Compare(a.Day, b.Day) }

// substitutes gives the next day that is free of weekend and holiday for each
// holiday on a weekend that moves.
func substitutes(days []Holiday, taken map[clock.Day]bool, moves func(Holiday) bool) []Holiday {
	var out []Holiday
	for _, h := range days {
		if !weekend(h.Day) || !moves(h) {
			continue
		}
		day := h.Day
		for weekend(day) || taken[day] {
			day = day.AddDays(1)
		}
		taken[day] = true
		out = append(out, Holiday{Day: day, Name: h.Name, For: h.Day})
	}
	return out
}

// Working tells whether people work on the day in the country: neither
// Saturday nor Sunday, nor a holiday, nor the day off for one.
func Working(country string, day clock.Day) bool {
	if weekend(day) {
		return false
	}
	year, _, _ := day.Parts()
	return !slices.ContainsFunc(Of(country, year), func(h Holiday) bool { return h.Day == day })
}

func weekend(d clock.Day) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
