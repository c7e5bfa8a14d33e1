package teamweb

import (
	"context"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/holidays"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team/calendar"
)

// weekForm is a calendar as it is typed: the hours of each weekday
// ("09:00–13:00, 14:00–18:00", empty for a day off), and one day a line.
type weekForm struct {
	Hours  [7]string // by time.Weekday
	Public bool
	Closed string // "2026-12-31 Inventory"
	Worked string // "2026-12-19"
}

func weekOf(c calendar.Calendar) weekForm {
	f := weekForm{Public: c.Public}
	for day, spans := range c.Week {
		var parts []string
		for _, s := range spans {
			parts = append(parts, s.From.String()+"–"+s.To.String())
		}
		f.Hours[day] = strings.Join(parts, ", ")
	}
	var closed, worked []string
	for _, h := range c.Holidays {
		closed = append(closed, strings.TrimSpace(h.Day.String()+" "+h.Name))
	}
	for _, d := range c.WorkDays {
		worked = append(worked, d.String())
	}
	f.Closed, f.Worked = strings.Join(closed, "\n"), strings.Join(worked, "\n")
	return f
}

func hoursName(day time.Weekday) string { return "hours_" + id(int64(day)) }

func readWeek(in *web.Form) weekForm {
	f := weekForm{Public: in.Flag("public"), Closed: in.Lines("closed"), Worked: in.Lines("worked")}
	for _, day := range weekdays {
		f.Hours[day] = in.Text(hoursName(day))
	}
	return f
}

// calendar reads what was typed; wrong says which fields cannot be read.
func (f weekForm) calendar(ctx context.Context) (c calendar.Calendar, wrong map[string]string) {
	wrong = map[string]string{}
	c.Public = f.Public
	for _, day := range weekdays {
		for part := range strings.FieldsFuncSeq(f.Hours[day], func(r rune) bool { return r == ',' || r == ';' }) {
			var s calendar.Span
			if err := s.UnmarshalText([]byte(strings.ReplaceAll(part, " ", ""))); err != nil {
				wrong[hoursName(day)] = i18n.T(ctx, "teamweb.calendar.hours-wrong")
				break
			}
			c.Week[day] = append(c.Week[day], s)
		}
	}
	dayWrong := i18n.T(ctx, "errors.field-not-a-date", "Example", "2026-12-31")
	for line := range strings.Lines(f.Closed) {
		date, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if date == "" {
			continue
		}
		day, err := clock.ParseDay(date)
		if err != nil {
			wrong["closed"] = dayWrong
		}
		c.Holidays = append(c.Holidays, calendar.Holiday{Day: day, Name: strings.TrimSpace(name)})
	}
	for date := range strings.FieldsSeq(f.Worked) {
		day, err := clock.ParseDay(date)
		if err != nil {
			wrong["worked"] = dayWrong
		}
		c.WorkDays = append(c.WorkDays, day)
	}
	if len(wrong) == 0 && !c.Tidy().Valid() {
		wrong["calendar"] = i18n.T(ctx, "team.error.calendar-wrong")
	}
	return c, wrong
}

// freeDay is a public holiday as the page lists it.
type freeDay struct {
	Day   clock.Day
	Title string
}

// holidaysSoon are the country's next public holidays.
func (p *Pages) holidaysSoon(ctx context.Context, country string) []freeDay {
	const shown = 6
	today := p.today(ctx)
	year := p.clock.Now().Year()
	var all []freeDay
	for _, h := range append(holidays.Of(country, year), holidays.Of(country, year+1)...) {
		if h.Day >= today && len(all) < shown {
			all = append(all, freeDay{Day: h.Day, Title: h.Title(ctx)})
		}
	}
	return all
}
