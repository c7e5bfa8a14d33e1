package demo

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/clock"
)

func TestNotesAreInOrderAndInWorkingHours(t *testing.T) {
	g := newGenerator(t)
	for c := range g.Customers(1000) {
		notes := g.Notes(&c)
		if !slices.IsSortedFunc(notes, func(a, b Note) int { return int((a.At - b.At) / 1e6) }) {
			t.Errorf("customer %d: notes out of order", c.Index)
		}
		for _, note := range notes {
			local := note.At.Time().In(g.staff[note.Author].zone)
			day := clock.DayOf(note.At.Time(), g.staff[note.Author].zone)
			if local.Hour() < 9 || local.Hour() > 17 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
				t.Errorf("customer %d: note at %s", c.Index, local)
			}
			if day < c.Since || day > testDay {
				t.Errorf("customer %d since %d: note on %d", c.Index, c.Since, day)
			}
		}
	}
}

func TestNotesAreManyVariedAndWhole(t *testing.T) {
	g := newGenerator(t)
	all, long, active := 0, 0, 0
	texts, langs := map[string]int{}, map[string]int{}
	for c := range g.Customers(300) {
		notes := g.Notes(&c)
		if len(notes) >= 5 {
			active++
		}
		if len(notes) > 40 {
			t.Errorf("customer %d has %d notes", c.Index, len(notes))
		}
		for _, note := range notes {
			all++
			texts[note.Text]++
			langs[scriptOf(note.Text)]++
			if utf8.RuneCountInString(note.Text) > 500 {
				long++
			}
			if strings.ContainsAny(note.Text, "{}|") || strings.Contains(note.Text, "  ") || strings.Contains(note.Text, "..") || note.Text == "" {
				t.Errorf("customer %d: %q", c.Index, note.Text)
			}
			if first, _ := utf8.DecodeRuneInString(note.Text); unicode.IsLower(first) && !unicode.Is(unicode.Georgian, first) {
				t.Errorf("customer %d begins small: %q", c.Index, note.Text)
			}
		}
	}
	within(t, "notes of 300 customers", all, 900, 3000)
	within(t, "customers with five notes or more", active, 60, 180)
	within(t, "long notes", long, 5, 60)
	if len(texts)*100 < all*94 {
		t.Errorf("only %d of %d notes are different", len(texts), all)
	}
	for _, script := range []string{"Cyrillic", "Georgian", "Latin"} {
		if langs[script] < all/12 {
			t.Errorf("%d of %d notes are in %s", langs[script], all, script)
		}
	}
}

func scriptOf(text string) string {
	counts := map[string]int{}
	for _, letter := range text {
		switch {
		case unicode.Is(unicode.Cyrillic, letter):
			counts["Cyrillic"]++
		case unicode.Is(unicode.Georgian, letter):
			counts["Georgian"]++
		case unicode.Is(unicode.Latin, letter):
			counts["Latin"]++
		}
	}
	best := ""
	for name, n := range counts {
		if n > counts[best] {
			best = name
		}
	}
	return best
}

func TestPapersAreText(t *testing.T) {
	g := newGenerator(t)
	papers := 0
	for c := range g.Customers(1000) {
		for _, paper := range g.Attachments(&c) {
			papers++
			if !utf8.Valid(paper.Content) || len(paper.Content) < 40 || strings.ContainsAny(string(paper.Content), "{}") {
				t.Errorf("customer %d: %s:\n%s", c.Index, paper.Name, paper.Content)
			}
			ending := map[string]string{"text/plain": ".txt", "text/csv": ".csv"}[paper.Type]
			if ending == "" || !strings.HasSuffix(paper.Name, ending) {
				t.Errorf("customer %d: %s is %s", c.Index, paper.Name, paper.Type)
			}
		}
	}
	within(t, "papers of 1000 customers", papers, 100, 600)
}

func TestSumsAreGrouped(t *testing.T) {
	for _, c := range []struct {
		units          int64
		currency, lang string
		want           string
	}{
		{950, "EUR", "bg", "950\u00a0€"},
		{12400, "RUB", "ru", "12\u00a0400\u00a0₽"},
		{1200050, "PLN", "pl", "1\u00a0200\u00a0050\u00a0zł"},
		{4005, "GBP", "en", "£4,005"},
		{4005, "GEL", "en", "GEL 4,005"},
	} {
		if got := string(sum(nil, c.units, c.currency, c.lang)); got != c.want {
			t.Errorf("sum(%d, %s, %s) = %q, want %q", c.units, c.currency, c.lang, got, c.want)
		}
	}
}

func BenchmarkCustomers(b *testing.B) {
	g := newGenerator(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		g.Customer(i)
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "customers/s")
}

func BenchmarkCustomersWithNotes(b *testing.B) {
	g := newGenerator(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		c := g.Customer(i)
		g.Notes(&c)
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "customers/s")
}
