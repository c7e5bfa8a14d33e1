package demo

import (
	"fmt"
	"iter"

	"kartoteka.dev/internal/platform/clock"
)

// Options choose the file.
type Options struct {
	Seed  uint64    // the same seed and day give the same file
	Today clock.Day // what dates and ages count from
}

// Generator makes the demo company. It is never changed after New and may be
// used by many goroutines.
type Generator struct {
	seed  uint64
	today clock.Day
	days  []clock.Day // calendar around today, see day
	first int         // offset of days[0] from today

	lands       []*land
	plan        *plan
	company     Company
	staff       []Person
	owners      map[string]ownership
	sources     []Choice
	sourceShare weighted
	industries  []Choice
	fields      []Field
	tags        []string
}

// The calendar reaches back to the oldest birthday and forward to the latest
// end of contract.
const (
	daysBack  = 29000
	daysAhead = 800
)

// New prepares a generator. It fails when the day is not valid or the
// machine's time zone data is missing.
func New(o Options) (*Generator, error) {
	if !o.Today.Valid() {
		return nil, fmt.Errorf("demo: %d is not a day", o.Today)
	}
	g := &Generator{seed: mix(o.Seed + 1), today: o.Today, first: -daysBack}
	g.days = calendar(o.Today.AddDays(-daysBack), daysBack+daysAhead+1)
	for _, l := range lands {
		loaded, err := loadLand(l)
		if err != nil {
			return nil, err
		}
		g.lands = append(g.lands, loaded)
	}
	if err := g.loadFirm(); err != nil {
		return nil, err
	}
	g.plan = g.newPlan()
	return g, nil
}

// calendar is n days in a row.
func calendar(from clock.Day, n int) []clock.Day {
	days := make([]clock.Day, n)
	year, month, day := from.Parts()
	last := from.DaysInMonth()
	for i := range days {
		days[i] = clock.Day(year*10000 + int(month)*100 + day)
		if day++; day > last {
			day, month = 1, month+1
			if month > 12 {
				month, year = 1, year+1
			}
			last = clock.Day(year*10000 + int(month)*100 + 1).DaysInMonth()
		}
	}
	return days
}

// day is the calendar day so many days from today.
func (g *Generator) day(offset int) clock.Day { return g.days[offset-g.first] }

// workday is the day so many days from today, or the Monday after it.
func (g *Generator) workday(offset int) clock.Day { return g.day(g.toWork(offset)) }

// toWork moves an offset that falls on a weekend or about Christmas or New
// Year to the next working day.
func (g *Generator) toWork(offset int) int {
	const week = 7
	weekday := ((int(g.today.Weekday())+offset)%week + week) % week
	for ; ; offset++ {
		date := g.day(offset) % 10000
		holiday := date <= 102 || date == 1231 || (date >= 1224 && date <= 1226)
		if weekday != 0 && weekday != 6 && !holiday {
			return offset
		}
		weekday = (weekday + 1) % week
	}
}

// backToWork moves an offset that is not a working day to the last one before.
func (g *Generator) backToWork(offset int) int {
	for g.toWork(offset) != offset {
		offset--
	}
	return offset
}

func (g *Generator) landOf(c *Customer) *land {
	for _, l := range g.lands {
		if l.code == c.Country {
			return l
		}
	}
	return g.lands[0]
}

// Company is our own firm.
func (g *Generator) Company() Company { return g.company }

// Staff are our own people; customers and notes refer to them by index.
func (g *Generator) Staff() []Person { return g.staff }

// Sources are the ways customers find us.
func (g *Generator) Sources() []Choice { return g.sources }

// Fields are the company's own fields of the customer's card.
func (g *Generator) Fields() []Field { return g.fields }

// Tags are all tags in use.
func (g *Generator) Tags() []string { return g.tags }

// Customers yields the first n customers in order.
func (g *Generator) Customers(n int) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		for i := range n {
			if !yield(g.Customer(i)) {
				return
			}
		}
	}
}
