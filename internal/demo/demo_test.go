package demo

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"kartoteka.dev/internal/platform/clock"
)

var update = flag.Bool("update", false, "rewrite the golden file")

const testDay = clock.Day(20261122)

func newGenerator(t testing.TB) *Generator {
	t.Helper()
	g, err := New(Options{Seed: 1, Today: testDay})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The first three customers of each country, with their first notes, word for
// word: a change of seed, lists or code that alters the demo file shows here.
func TestFirstCustomersAreAsRecorded(t *testing.T) {
	g := newGenerator(t)
	var got strings.Builder
	seen := map[string]int{}
	for c := range g.Customers(300) {
		if seen[c.Country]++; seen[c.Country] > 3 {
			continue
		}
		fmt.Fprintf(&got, "%+v\n", c)
		for i, note := range g.Notes(&c) {
			if i < 3 {
				fmt.Fprintf(&got, "\t%s %d %s\n", note.At.Time().Format("2006-01-02 15:04"), note.Author, note.Text)
			}
		}
		for _, paper := range g.Attachments(&c) {
			fmt.Fprintf(&got, "\t%s %d bytes\n", paper.Name, len(paper.Content))
		}
	}
	const file = "testdata/first.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("differs from %s; if meant, run go test -update\n%s", file, got.String())
	}
}

func TestSameOptionsGiveTheSameFile(t *testing.T) {
	a, b := newGenerator(t), newGenerator(t)
	for i := 1999; i >= 0; i-- {
		x, y := a.Customer(i), b.Customer(i)
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("customer %d:\n%+v\n%+v", i, x, y)
		}
		if !reflect.DeepEqual(a.Notes(&x), b.Notes(&y)) || !reflect.DeepEqual(a.Attachments(&x), b.Attachments(&y)) {
			t.Fatalf("notes or papers of customer %d differ", i)
		}
	}
	next := 0
	for c := range a.Customers(50) {
		if c.Index != next || !reflect.DeepEqual(c, b.Customer(next)) {
			t.Fatalf("streamed customer %d differs from the single one", next)
		}
		next++
	}
	if next != 50 {
		t.Fatalf("streamed %d customers, want 50", next)
	}
}

func TestAnotherSeedGivesAnotherFile(t *testing.T) {
	a := newGenerator(t)
	b, err := New(Options{Seed: 2, Today: testDay})
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i := range 200 {
		if a.Customer(i).Name == b.Customer(i).Name {
			same++
		}
	}
	if same > 10 {
		t.Errorf("%d of 200 names are the same", same)
	}
}

func TestBadDayIsRefused(t *testing.T) {
	for _, day := range []clock.Day{0, 20261332, -5} {
		if _, err := New(Options{Today: day}); err == nil {
			t.Errorf("day %d was accepted", day)
		}
	}
}

// The calendar around a leap day and at the ends of months.
func TestDaysCountFromToday(t *testing.T) {
	g, err := New(Options{Today: 20280229})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{-daysBack, -10000, -366, -365, -60, -1, 0, 1, 31, 306, daysAhead} {
		if got, want := g.day(n), clock.Day(20280229).AddDays(n); got != want {
			t.Errorf("day %+d is %d, want %d", n, got, want)
		}
	}
}

func TestFirm(t *testing.T) {
	g := newGenerator(t)
	firm := g.Company()
	if firm.Name == "" || firm.Country != "BG" || firm.Currency != "EUR" || firm.Zone != "Europe/Sofia" || len(firm.WorkDays) != 5 {
		t.Errorf("company: %+v", firm)
	}
	if !validEIK(firm.RegistrationID) {
		t.Errorf("company number %q", firm.RegistrationID)
	}
	roles := map[string]int{}
	for _, p := range g.Staff() {
		roles[p.Role]++
		if p.Name == "" || !strings.HasSuffix(p.Email, "@verstena.example") || strings.ContainsAny(p.Email, " _") {
			t.Errorf("person: %+v", p)
		}
	}
	want := map[string]int{"administrator": 1, "head": 1, "supervisor": 2, "manager": 7, "operator": 2, "analyst": 1}
	if !reflect.DeepEqual(roles, want) {
		t.Errorf("roles %v, want %v", roles, want)
	}
	for _, list := range [][]Choice{g.Sources(), g.Fields()[0].Choices} {
		for _, choice := range list {
			if choice.Code == "" || len(choice.Names) != 5 {
				t.Errorf("choice %+v is not named in five languages", choice)
			}
		}
	}
}

// Word lists that belong together must keep together.
func TestListsAreComplete(t *testing.T) {
	g := newGenerator(t)
	for _, l := range g.lands {
		if len(l.products) != len(g.lands[0].products) {
			t.Errorf("%s has %d products, want %d", l.code, len(l.products), len(g.lands[0].products))
		}
		for about, sentences := range l.talk.sentences {
			if len(sentences) < 5 {
				t.Errorf("%s has only %d sentences on %s", l.lang, len(sentences), about)
			}
		}
		if len(l.talk.private) < 10 || len(l.talk.open) < 8 || len(l.talk.close) < 10 || len(l.talk.season) == 0 || len(l.talk.minutes) < 5 {
			t.Errorf("%s lacks sentences", l.lang)
		}
		if len(l.talk.paper) != 14 {
			t.Errorf("%s has %d words for papers", l.lang, len(l.talk.paper))
		}
		for _, list := range [][]string{l.terms, l.delivery, l.doorstep, l.style, l.competitors, l.streets, l.mobiles} {
			if len(list) < 2 {
				t.Errorf("%s has a list of %d", l.code, len(list))
			}
		}
	}
}

// Any seed and day will do, and parts of one file may be made at once.
func TestAnySeedAndDay(t *testing.T) {
	for seed, day := range []clock.Day{20240229, 20251231, 20260101, 20261122, 20270704, 20301225} {
		g, err := New(Options{Seed: uint64(seed) * 977, Today: day})
		if err != nil {
			t.Fatal(err)
		}
		var parts sync.WaitGroup
		for part := range 3 {
			parts.Go(func() {
				for i := part * 400; i < (part+1)*400; i++ {
					c := g.Customer(i)
					for _, note := range g.Notes(&c) {
						if clock.DayOf(note.At.Time(), g.staff[note.Author].zone) >= day {
							t.Errorf("seed %d: customer %d has a note of the future", seed, i)
						}
					}
					g.Attachments(&c)
				}
			})
		}
		parts.Wait()
	}
}
