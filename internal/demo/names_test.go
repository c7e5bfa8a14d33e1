package demo

import (
	"strings"
	"testing"
	"unicode"
)

func TestNamesAreInTheCountrysScript(t *testing.T) {
	scripts := map[string]*unicode.RangeTable{
		"BG": unicode.Cyrillic, "RU": unicode.Cyrillic, "GE": unicode.Georgian, "PL": unicode.Latin, "GB": unicode.Latin,
	}
	g := newGenerator(t)
	for c := range g.Customers(5000) {
		if c.DuplicateOf >= 0 {
			continue
		}
		texts := []string{c.Name, c.City}
		for _, address := range c.Addresses {
			texts = append(texts, address.Lines...)
		}
		for _, contact := range c.Contacts {
			texts = append(texts, contact.Name, contact.Position)
		}
		for _, text := range texts {
			for _, letter := range text {
				roman := strings.ContainsRune("IVX", letter) // „Борис I“
				if unicode.IsLetter(letter) && !unicode.Is(scripts[c.Country], letter) && !roman {
					t.Fatalf("customer %d (%s): %q", c.Index, c.Country, text)
				}
			}
		}
	}
}

func TestSurnamesAgreeWithTheirBearers(t *testing.T) {
	for _, c := range []struct{ country, lang, male, female, plural string }{
		{"BG", "bg", "Петров", "Петрова", "Петрови"},
		{"BG", "bg", "Илиев", "Илиева", "Илиеви"},
		{"BG", "bg", "Загорски", "Загорска", "Загорски"},
		{"RU", "ru", "Никитин", "Никитина", "Никитин"},
		{"RU", "ru", "Покровский", "Покровская", "Покровский"},
		{"RU", "ru", "Шевченко", "Шевченко", "Шевченко"},
		{"PL", "pl", "Zawadzki", "Zawadzka", "Zawadzki"},
		{"PL", "pl", "Wójcik", "Wójcik", "Wójcik"},
		{"GE", "ka", "ბერიძე", "ბერიძე", "ბერიძე"},
	} {
		s := decline(c.country, c.lang, c.male)
		if s.forms != [2]string{c.male, c.female} || s.plural != c.plural {
			t.Errorf("%s: %+v", c.male, s)
		}
	}
}

// In a million customers less than one organisation in fifty has the name of
// another.
func TestOrganisationNamesAreDifferent(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n = 100_000
	}
	g := newGenerator(t)
	seen := make(map[string]struct{}, n)
	roots, repeated := 0, map[string]int{}
	for i := range n {
		if g.plan.at(i).role != rootRole {
			continue
		}
		roots++
		name := g.title(i).name
		if _, ok := seen[name]; ok {
			repeated[lands[g.plan.at(i).land].code]++
		}
		seen[name] = struct{}{}
	}
	sum := 0
	for _, count := range repeated {
		sum += count
	}
	if sum*50 > roots {
		t.Errorf("%d of %d organisations repeat a name: %v", sum, roots, repeated)
	}
	t.Logf("%d of %d organisations repeat a name: %v", sum, roots, repeated)
}

// Names made of parts must not come out as those of well-known companies.
func TestNoWellKnownCompany(t *testing.T) {
	known := strings.Fields(`kaufland lidl ikea jysk tesco asda sainsbury waitrose halfords currys argos greggs ryman
		biedronka żabka orlen allegro mostostal budimex kghm pepco empik castorama
		кауфланд лидл билла фантастико технополис технополис практикер телерик лукойл еконт спиди
		газпром сбер роснефть ростех ростелеком магнит пятёрочка ашан метрострой мосстрой озон яндекс аэрофлот росатом
		ნიკორა კარფური გუდვილი მაგთი სილქნეტი სოკარი ტეგეტა`)
	g := newGenerator(t)
	for i := range 60000 {
		if g.plan.at(i).role != rootRole {
			continue
		}
		for _, part := range strings.Fields(strings.ToLower(g.title(i).name)) {
			for _, name := range known {
				if part == name {
					t.Errorf("customer %d is called %q", i, g.title(i).name)
				}
			}
		}
	}
}

func TestLatin(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"bg", "Ралица Чакърова", "Ralitsa Chakarova"},
		{"bg", "Братя Щъркелови", "Bratya Shtarkelovi"},
		{"ru", "Щербаков Илья", "Shcherbakov Ilya"},
		{"ru", "ООО «Хорошее дело»", "OOO «Khoroshee delo»"},
		{"ka", "ნინო წერეთელი", "Nino Tsereteli"},
		{"pl", "Łódź, Żółw", "Lodz, Zolw"},
		{"en", "O'Neil & Sons", "O'Neil & Sons"},
	} {
		if got := latin(c.in, c.lang); got != c.want {
			t.Errorf("latin(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	for _, c := range []struct{ lang, in, want string }{
		{"bg", "Старата къща", "starata-kashta"},
		{"en", "St Aidan's", "st-aidans"},
		{"en", "The Old Mill", "the-old-mill"},
		{"ka", "ძველი ხიდი", "dzveli-khidi"},
	} {
		if got := slug(c.in, c.lang); got != c.want {
			t.Errorf("slug(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestShuffledMeetsEachOnce(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 7, 100, 1000, 4097} {
		seen := map[uint64]bool{}
		for rank := range n {
			x := shuffled(rank, n, 5)
			if x >= n || seen[x] {
				t.Fatalf("n=%d rank=%d gives %d again or beyond", n, rank, x)
			}
			seen[x] = true
		}
	}
}
