package customersimport

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/phone"
	"kartoteka.dev/internal/platform/tabular"
)

// shape recognises the values of a field: reads what can be nothing else, bears
// what a column named after the field may hold.
type shape struct {
	reads, bears func(text string) bool
}

// shapes are those of fields that have one.
func (t *Target) shapes(ctx context.Context) map[string]shape {
	defaults := t.Company.Defaults(ctx)
	isPhone := func(s string) bool {
		return slices.ContainsFunc(split(s, ",;/|\n"), func(one string) bool {
			if _, how := tabular.ParseDate(one, tabular.Ambiguous); how != tabular.Unreadable {
				return false
			}
			_, err := phone.Parse(one, defaults.Country)
			return err == nil && len(fold.Digits(one)) >= 7
		})
	}
	isEmail := func(s string) bool {
		return slices.ContainsFunc(split(s, ",;|\n "), func(one string) bool {
			_, ok := normalEmail(one)
			return ok
		})
	}
	phones, emails, days := shape{isPhone, likePhone}, shape{isEmail, nil}, shape{isDay, nil}
	return map[string]shape{
		"phone": phones, "contact_phone": phones, "email": emails, "contact_email": emails,
		"birthday": days, "contact_birthday": days, "do_not_contact_before": days,
		"country":  {func(s string) bool { code, _ := parseCountry(s); return code != "" }, nil},
		"language": {func(s string) bool { code, _ := parseLanguage(s); return code != "" }, nil},
		"website":  {isLink, looksLikeLink},
		"kind":     {func(s string) bool { return means(s, kinds...) != "" }, nil},
		"number": {func(s string) bool {
			return strings.HasPrefix(s, defaults.NumberPrefix) && customers.ParseNumber(defaults.NumberPrefix, s) > 0
		}, nil},
		"preferred_channel": {func(s string) bool { return means(s, channels...) != "" }, nil},
	}
}

// likePhone tells what may be a phone number of some country.
func likePhone(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 5 && digits*2 >= len([]rune(s))
}

func isDay(s string) bool {
	_, reading := tabular.ParseDate(s, tabular.Ambiguous)
	return reading != tabular.Unreadable || yearless(s) != 0
}

// isLink tells a web address that says so itself.
func isLink(s string) bool {
	return looksLikeLink(s) && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www."))
}
