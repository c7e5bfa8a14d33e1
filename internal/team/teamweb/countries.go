package teamweb

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/team/calendar"
)

// notCountries have a code but no companies: former states, uninhabited
// islands, unions.
const notCountries = " AC AN AQ BU BV CP CQ CS CT DD DG DY EA EU EZ FQ FX HM HV IC JT MI NH NQ NT PC PU PZ QO RH SU TA TP UK UM UN VD WK YD YU ZR ZZ "

// renamed are countries whose name in the library is out of date.
var renamed = map[string]string{"MK": "teamweb.country.mk", "SZ": "teamweb.country.sz"}

// countryName is what the country is called in the language of the context.
func countryName(ctx context.Context, code string) string {
	if textID, ok := renamed[code]; ok {
		return i18n.T(ctx, textID)
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(string(i18n.From(ctx).Lang))).Name(region); name != "" {
		return name
	}
	return code
}

// countryOptions are all countries by name; those we know the usual answers
// for come first.
func countryOptions(ctx context.Context) []field.Option {
	known := map[string]bool{}
	for _, c := range calendar.Countries() {
		known[c.Code] = true
	}
	var first, rest []field.Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.String() != code || strings.Contains(notCountries, " "+code+" ") {
				continue
			}
			o := field.Option{Value: code, Label: countryName(ctx, code)}
			if known[code] {
				o.Group = i18n.T(ctx, "teamweb.country.near")
				first = append(first, o)
			} else {
				o.Group = i18n.T(ctx, "teamweb.country.others")
				rest = append(rest, o)
			}
		}
	}
	byName := func(a, b field.Option) int { return cmp.Compare(fold.Sort(a.Label), fold.Sort(b.Label)) }
	slices.SortFunc(first, byName)
	slices.SortFunc(rest, byName)
	return append(first, rest...)
}

// currencyOptions are all currencies by code, those of the countries we know
// first.
func currencyOptions(ctx context.Context) []field.Option {
	near := map[string]bool{}
	for _, c := range calendar.Countries() {
		near[c.Currency] = true
	}
	var first, rest []field.Option
	for _, code := range money.Currencies() {
		label := code
		if s := i18n.Symbol(code); s != code {
			label += " " + s
		}
		if near[code] {
			first = append(first, field.Option{Value: code, Label: label, Group: i18n.T(ctx, "teamweb.currency.near")})
		} else {
			rest = append(rest, field.Option{Value: code, Label: label, Group: i18n.T(ctx, "teamweb.currency.others")})
		}
	}
	return append(first, rest...)
}

// zoneOptions are the zones with what their clocks are ahead of UTC at that
// moment; chosen is there even if it is none of ours.
func zoneOptions(chosen string, now time.Time) []field.Option {
	names := clock.Zones()
	if chosen != "" && !slices.Contains(names, chosen) {
		names = append([]string{chosen}, names...)
	}
	var all []field.Option
	for _, name := range names {
		zone, err := clock.Zone(name)
		if err != nil {
			continue
		}
		label := strings.ReplaceAll(name, "_", " ")
		if name != "UTC" {
			label += " (UTC" + now.In(zone).Format("-07:00") + ")"
		}
		all = append(all, field.Option{Value: name, Label: label})
	}
	return all
}
