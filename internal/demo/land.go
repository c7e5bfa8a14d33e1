package demo

import (
	"strings"
	"time"
)

// word is an entry of a word list with its Latin spelling for addresses and
// what else the list says of it (the industry of a trade).
type word struct{ text, slug, extra string }

// surname is a family name in the forms the country's grammar asks for.
type surname struct {
	forms  [2]string // of a man, of a woman
	slugs  [2]string
	plural string
}

// city is a place with its share of customers and its telephone numbers.
type city struct {
	name, slug, zone string
	postcodes        []string
	phones           []string // patterns: # is any digit; the first is preferred
}

// land is everything the generator knows about one country.
type land struct {
	code, lang, currency, dial string

	men, women        []word // extra: vocative (pl); patronymics stand beside
	fathers           [][2]string
	surnames          []surname
	cities            []city
	cityShare         weighted
	streets, mobiles  []string
	house             []template // a house, an office in it, a flat in it
	forms             []string
	formShare         weighted
	words, pres, sufs []word
	trades, kinds     []word
	titles            []word
	patterns          []pattern
	units             []template
	spoken, addressed [2]string // by sex: man, woman
	fullnames         []string
	positions         [][]string
	terms, delivery   []string
	doorstep, style   []string
	competitors       []string
	products          []product
	talk              *talk
}

// products stand in the same order in every language; these suit a home.
var homeProducts = []int{0, 2, 3, 18}

// product is the plural noun of a product line: nominative and accusative in
// one (they are equal in all our languages), and genitive.
type product struct{ plain, genitive string }

var lands = []land{
	{code: "BG", lang: "bg", currency: "EUR", dial: "+359"},
	{code: "GE", lang: "ka", currency: "GEL", dial: "+995"},
	{code: "PL", lang: "pl", currency: "PLN", dial: "+48"},
	{code: "RU", lang: "ru", currency: "RUB", dial: "+7"},
	{code: "GB", lang: "en", currency: "GBP", dial: "+44"},
}

func loadLand(l land) (*land, error) {
	data, err := readLists(l.lang + ".txt")
	if err != nil {
		return nil, err
	}
	l.men, l.women = words(data, "male", l.lang), words(data, "female", l.lang)
	for _, entry := range data["male"] {
		l.fathers = append(l.fathers, fatherNames(l.code, entry))
	}
	for _, name := range data.column("surname", 0) {
		l.surnames = append(l.surnames, decline(l.code, l.lang, name))
	}
	for _, entry := range data["city"] {
		l.cities = append(l.cities, city{
			name: entry[0], slug: slug(entry[0], l.lang), zone: entry[1],
			postcodes: strings.Split(entry[3], ","), phones: entry[4:],
		})
	}
	if l.cityShare, err = newWeighted(data.column("city", 2)); err != nil {
		return nil, err
	}
	l.streets, l.mobiles = data.column("street", 0), data.column("mobile", 0)
	l.house = templates(data, "address")
	l.forms = data.column("form", 0)
	if l.formShare, err = newWeighted(data.column("form", 1)); err != nil {
		return nil, err
	}
	l.words, l.titles = words(data, "word", l.lang), words(data, "title", l.lang)
	l.pres, l.sufs = words(data, "pre", l.lang), words(data, "suf", l.lang)
	l.trades, l.kinds = words(data, "trade", l.lang), words(data, "kind", l.lang)
	for i, entry := range data["titles"] {
		l.spoken[i], l.addressed[i] = entry[1], entry[2]
	}
	l.fullnames, l.positions = data.column("fullname", 0), data["position"]
	l.terms, l.delivery = data.column("terms", 0), data.column("delivery", 0)
	l.doorstep, l.style = data.column("doorstep", 0), data.column("style", 0)
	l.competitors = data.column("competitor", 0)
	for _, entry := range data["product"] {
		l.products = append(l.products, product{entry[0], at(entry, 1)})
	}
	if err := l.compile(data); err != nil {
		return nil, err
	}
	l.talk, err = loadTalk(l.lang)
	return &l, err
}

func words(data lists, section, lang string) []word {
	out := make([]word, 0, len(data[section]))
	for _, entry := range data[section] {
		out = append(out, word{text: entry[0], slug: slug(entry[0], lang), extra: at(entry, 1)})
	}
	return out
}

// fatherNames are the patronymics of a man's sons and daughters where the
// country has them.
func fatherNames(country string, entry []string) [2]string {
	switch country {
	case "BG":
		return [2]string{entry[1], entry[1] + "а"}
	case "RU":
		return [2]string{entry[1], entry[2]}
	}
	return [2]string{}
}

// decline gives the forms of a family name: Петров, Петрова, Петрови.
func decline(country, lang, name string) surname {
	s := surname{forms: [2]string{name, name}, plural: name}
	stem, soft := strings.CutSuffix(name, "ий")
	switch {
	case country == "BG" && strings.HasSuffix(name, "ски"):
		s.forms[woman] = strings.TrimSuffix(name, "и") + "а"
	case country == "BG":
		s.forms[woman], s.plural = name+"а", name+"и"
	case country == "RU" && soft:
		s.forms[woman] = stem + "ая"
	case country == "RU" && !strings.HasSuffix(name, "ко"):
		s.forms[woman] = name + "а"
	case country == "PL" && (strings.HasSuffix(name, "ski") || strings.HasSuffix(name, "cki") || strings.HasSuffix(name, "dzki")):
		s.forms[woman] = strings.TrimSuffix(name, "i") + "a"
	}
	s.slugs = [2]string{slug(s.forms[man], lang), slug(s.forms[woman], lang)}
	return s
}

// loadZones finds time zones by name.
func loadZones(names ...string) (map[string]*time.Location, error) {
	all := map[string]*time.Location{}
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, err
		}
		all[name] = zone
	}
	return all, nil
}
