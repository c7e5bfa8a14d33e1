package customersimport

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

// gazetteer knows countries and languages by what five languages call them.
type gazetteer struct {
	countries map[string]string // code by folded name
	languages map[string]string
	codes     map[string]string // of countries, by code of two or three letters
}

// aliases are names people use that the tables of names do not have.
var aliases = map[string]string{
	"USA": "US", "U.S.A.": "US", "U.S.": "US", "United States of America": "US", "America": "US", "САЩ": "US", "США": "US",
	"Соединенные Штаты": "US", "აშშ": "US", "Stany Zjednoczone Ameryki": "US",
	"UK": "GB", "U.K.": "GB", "Great Britain": "GB", "Britain": "GB", "England": "GB", "Scotland": "GB", "Wales": "GB",
	"Англия": "GB", "Великобритания": "GB", "Обединено кралство": "GB", "Anglia": "GB", "Wielka Brytania": "GB", "ინგლისი": "GB",
	"Holland": "NL", "Холандия": "NL", "Голландия": "NL", "Holandia": "NL", "ჰოლანდია": "NL",
	"Russian Federation": "RU", "Руска федерация": "RU", "Российская Федерация": "RU", "РФ": "RU",
	"Czech Republic": "CZ", "Чешка република": "CZ", "Чехия": "CZ", "Turkey": "TR", "Türkiye": "TR", "Македония": "MK", "Macedonia": "MK",
	"Korea": "KR", "South Korea": "KR", "Republic of Korea": "KR", "Burma": "MM", "Ivory Coast": "CI", "Vatican": "VA",
	"UAE": "AE", "ОАЭ": "AE", "ОАЕ": "AE", "EL": "GR", "Беларусия": "BY", "Белоруссия": "BY", "Moldavia": "MD", "Молдавия": "MD",
	"Deutschland": "DE", "España": "ES", "Italia": "IT", "Österreich": "AT", "Sakartvelo": "GE",
}

var places = sync.OnceValue(func() *gazetteer {
	g := &gazetteer{countries: map[string]string{}, languages: map[string]string{}, codes: map[string]string{}}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			g.name(string([]rune{a, b}))
		}
	}
	for name, code := range aliases {
		g.countries[fold.Key(name)] = code
	}
	return g
})

// name adds the names of the country and of the language with this code.
func (g *gazetteer) name(code string) {
	region, err := language.ParseRegion(code)
	known := err == nil && customers.ValidCountry(code)
	base, err := language.ParseBase(strings.ToLower(code))
	spoken := err == nil && base.String() == strings.ToLower(code)
	for _, lang := range i18n.Langs {
		tag := language.Make(string(lang))
		if known {
			put(g.countries, display.Regions(tag).Name(region), code)
		}
		if spoken {
			put(g.languages, display.Languages(tag).Name(base), base.String())
			put(g.languages, display.Self.Name(language.Make(base.String())), base.String())
		}
	}
	if known {
		g.codes[code], g.codes[region.ISO3()] = code, code
	}
	if spoken {
		put(g.languages, base.String(), base.String())
		put(g.languages, base.ISO3(), base.String())
	}
}

func put(names map[string]string, name, code string) {
	if key := fold.Key(name); key != "" && names[key] == "" {
		names[key] = code
	}
}

// parseCountry gives the code of a country written as people write it. sure is
// false if it took a typing mistake for granted; "" means that it is none.
func parseCountry(text string) (code string, sure bool) {
	text = strings.TrimSpace(text)
	if code := places().codes[strings.ToUpper(text)]; code != "" {
		return code, true
	}
	return nearest(places().countries, fold.Key(text))
}

// parseLanguage gives the code of a language, as parseCountry does.
func parseLanguage(text string) (code string, sure bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if base, _, ok := strings.Cut(strings.ReplaceAll(text, "_", "-"), "-"); ok && len(base) == 2 {
		text = base // en-GB
	}
	return nearest(places().languages, fold.Key(text))
}

// nearest finds a name as it is, or the only one that is a typing mistake away.
func nearest(names map[string]string, key string) (code string, sure bool) {
	if key == "" {
		return "", false
	}
	if code := names[key]; code != "" {
		return code, true
	}
	best := 0.0
	for name, c := range names {
		if len(name) < 5 { // codes and short names are too near each other
			continue
		}
		switch s := fold.Similarity(name, key); {
		case s > best:
			best, code = s, c
		case s == best && s > 0 && c != code:
			code = "" // two are equally near
		}
	}
	return code, false
}

// countryName is what the reader's language calls a country.
func countryName(lang i18n.Lang, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(string(lang))).Name(region); name != "" {
		return name
	}
	return code
}
