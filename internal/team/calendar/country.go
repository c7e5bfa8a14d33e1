package calendar

import (
	"time"

	"kartoteka.dev/internal/platform/i18n"
)

// Country is what a company there most likely wants; everything can be
// changed.
type Country struct {
	Code     string // ISO 3166: "BG"
	Language i18n.Lang
	Currency string // ISO 4217
	Zone     string // IANA
	from, to Minute
}

// Calendar is the usual week of the country: Monday to Friday, public holidays
// free.
func (c Country) Calendar() Calendar {
	week := Week{}
	for day := time.Monday; day <= time.Friday; day++ {
		week[day] = []Span{{From: c.from, To: c.to}}
	}
	return Calendar{Week: week, Public: true}
}

const (
	eight    Minute = 8 * 60
	nine     Minute = 9 * 60
	four     Minute = 16 * 60
	halfFive Minute = 17*60 + 30
	five     Minute = 17 * 60
	six      Minute = 18 * 60
)

// countries in which our customers work, in alphabetical order of the code.
var countries = []Country{
	{"AM", i18n.Russian, "AMD", "Asia/Yerevan", nine, six},
	{"AT", i18n.English, "EUR", "Europe/Vienna", nine, five},
	{"AZ", i18n.Russian, "AZN", "Asia/Baku", nine, six},
	{"BG", i18n.Bulgarian, "EUR", "Europe/Sofia", nine, halfFive},
	{"BY", i18n.Russian, "BYN", "Europe/Minsk", nine, six},
	{"CY", i18n.English, "EUR", "Asia/Nicosia", nine, five},
	{"CZ", i18n.English, "CZK", "Europe/Prague", eight, four},
	{"DE", i18n.English, "EUR", "Europe/Berlin", nine, five},
	{"EE", i18n.English, "EUR", "Europe/Tallinn", nine, five},
	{"FR", i18n.English, "EUR", "Europe/Paris", nine, five},
	{"GB", i18n.English, "GBP", "Europe/London", nine, halfFive},
	{"GE", i18n.Georgian, "GEL", "Asia/Tbilisi", nine, six},
	{"GR", i18n.English, "EUR", "Europe/Athens", nine, five},
	{"HU", i18n.English, "HUF", "Europe/Budapest", eight, four},
	{"IE", i18n.English, "EUR", "Europe/Dublin", nine, halfFive},
	{"IT", i18n.English, "EUR", "Europe/Rome", nine, six},
	{"KZ", i18n.Russian, "KZT", "Asia/Almaty", nine, six},
	{"LT", i18n.English, "EUR", "Europe/Vilnius", eight, five},
	{"LV", i18n.English, "EUR", "Europe/Riga", nine, five},
	{"MD", i18n.Russian, "MDL", "Europe/Chisinau", nine, six},
	{"MK", i18n.English, "MKD", "Europe/Skopje", eight, four},
	{"NL", i18n.English, "EUR", "Europe/Amsterdam", nine, five},
	{"PL", i18n.Polish, "PLN", "Europe/Warsaw", eight, four},
	{"RO", i18n.English, "RON", "Europe/Bucharest", nine, six},
	{"RS", i18n.English, "RSD", "Europe/Belgrade", eight, four},
	{"RU", i18n.Russian, "RUB", "Europe/Moscow", nine, six},
	{"SK", i18n.English, "EUR", "Europe/Bratislava", eight, four},
	{"TR", i18n.English, "TRY", "Europe/Istanbul", nine, six},
	{"UA", i18n.Russian, "UAH", "Europe/Kyiv", nine, six},
	{"US", i18n.English, "USD", "America/New_York", nine, five},
}

// Countries are the ones we know the usual answers for.
func Countries() []Country { return append([]Country(nil), countries...) }

// CountryOf gives the usual answers for a country; for one we do not know,
// English, euro, UTC and nine to five.
func CountryOf(code string) Country {
	for _, c := range countries {
		if c.Code == code {
			return c
		}
	}
	return Country{Code: code, Language: i18n.English, Currency: "EUR", Zone: "UTC", from: nine, to: five}
}
