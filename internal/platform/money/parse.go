package money

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// maxText bounds what Parse reads; no amount is longer.
const maxText = 64

// Parse reads an amount as people and spreadsheets write it: "1234.50",
// "1 234,50", "1.234,50", "-5", "−5", "(5.00)", also with the currency's code
// before or after it. A lone separator with three digits behind it parts
// thousands ("1,234"), unless the currency has three digits of its own. More
// digits than the currency has are an error unless they are zeros: an amount
// is never rounded silently. Errors are ErrSyntax, ErrCurrency or ErrOverflow.
func Parse(s, currency string) (Amount, error) {
	if !Valid(currency) {
		return Amount{}, fmt.Errorf("%w: %q", ErrCurrency, currency)
	}
	bad := fmt.Errorf("%w: %.64q", ErrSyntax, s)
	if len(s) > maxText {
		return Amount{}, bad
	}
	figure, negative := bare(s, currency)
	whole, fraction, ok := split(figure, Exponent(currency))
	if !ok {
		return Amount{}, bad
	}
	n, err := strconv.ParseUint(whole+fraction, 10, 64)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %q", ErrOverflow, s)
	}
	minor, err := signed(n, negative)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %q", err, s)
	}
	return Amount{Minor: minor, Currency: currency}, nil
}

// bare takes off the currency's code, spaces and the sign.
func bare(s, currency string) (figure string, negative bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u2212': // the true minus sign
			return '-'
		case unicode.IsSpace(r) || r == '\'' || r == '\u2019':
			return -1
		}
		return r
	}, s)
	s = strings.TrimSuffix(strings.TrimPrefix(s, currency), currency)
	if inner, ok := strings.CutPrefix(s, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); ok {
			return inner, true
		}
	}
	if figure, negative = strings.CutPrefix(s, "-"); negative {
		return strings.TrimPrefix(figure, currency), true
	}
	return strings.TrimPrefix(s, "+"), false
}

// split gives the digits before and after the decimal separator, the latter
// padded to exactly the wanted number.
func split(figure string, exponent int) (whole, fraction string, ok bool) {
	point := strings.LastIndexAny(figure, ".,")
	if point >= 0 && partsThousands(figure, point, exponent) {
		point = -1
	}
	whole = figure
	if point >= 0 {
		whole, fraction = figure[:point], figure[point+1:]
	}
	if whole, ok = ungrouped(whole, figure, point); !ok {
		return "", "", false
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > exponent || !digits(whole) || !digits(fraction) || point >= 0 && point == len(figure)-1 {
		return "", "", false
	}
	return whole, fraction + strings.Repeat("0", exponent-len(fraction)), true
}

// partsThousands tells whether the last separator is not a decimal one.
func partsThousands(figure string, point, exponent int) bool {
	first := strings.IndexAny(figure, ".,")
	if strings.Count(figure, figure[point:point+1]) > 1 {
		return true
	}
	lone := first == point
	behind, before := len(figure)-point-1, point
	return lone && behind == 3 && exponent != 3 && before >= 1 && before <= 3 && figure[0] != '0'
}

// ungrouped takes the thousands' separators out of the whole part: one kind,
// other than the decimal one, with three digits between.
func ungrouped(whole, figure string, point int) (string, bool) {
	first := strings.IndexAny(whole, ".,")
	if first < 0 {
		return whole, whole != ""
	}
	separator := whole[first : first+1]
	if point >= 0 && figure[point:point+1] == separator {
		return "", false
	}
	groups := strings.Split(whole, separator)
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && (g == "" || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
