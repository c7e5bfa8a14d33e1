// Package money is amounts in minor units (cents, stotinki, tetri) of a
// currency, the shape the database stores. Arithmetic gives an error instead
// of a wrong figure: on overflow, on mixed currencies, on unknown ones.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/govalues/decimal"
)

// What can be wrong with an amount; test with errors.Is.
var (
	ErrCurrency = errors.New("money: unknown currency")
	ErrMixed    = errors.New("money: amounts of different currencies")
	ErrOverflow = errors.New("money: amount too large")
	ErrSyntax   = errors.New("money: not an amount")
)

// Amount is money: Minor units of the ISO 4217 Currency. The zero value is no
// money of no currency.
type Amount struct {
	Minor    int64
	Currency string
}

// Of makes an amount from minor units.
func Of(minor int64, currency string) Amount { return Amount{Minor: minor, Currency: currency} }

// IsZero tells that nothing is left or owed, in whatever currency.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Add gives a + b.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMixed, a.Currency, b.Currency)
	}
	sum := a.Minor + b.Minor
	if b.Minor > 0 && sum < a.Minor || b.Minor < 0 && sum > a.Minor {
		return Amount{}, fmt.Errorf("%w: %d + %d", ErrOverflow, a.Minor, b.Minor)
	}
	return Amount{Minor: sum, Currency: a.Currency}, nil
}

// Sub gives a − b.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMixed, a.Currency, b.Currency)
	}
	rest := a.Minor - b.Minor
	if b.Minor > 0 && rest > a.Minor || b.Minor < 0 && rest < a.Minor {
		return Amount{}, fmt.Errorf("%w: %d − %d", ErrOverflow, a.Minor, b.Minor)
	}
	return Amount{Minor: rest, Currency: a.Currency}, nil
}

// Neg gives −a.
func (a Amount) Neg() (Amount, error) { return Amount{Currency: a.Currency}.Sub(a) }

// Cmp is −1, 0 or 1 as a is less than, equal to or more than b.
func (a Amount) Cmp(b Amount) (int, error) {
	switch {
	case a.Currency != b.Currency:
		return 0, fmt.Errorf("%w: %s and %s", ErrMixed, a.Currency, b.Currency)
	case a.Minor < b.Minor:
		return -1, nil
	case a.Minor > b.Minor:
		return 1, nil
	}
	return 0, nil
}

// Mul gives a × factor ("0.2", "1.5"), exact, then rounded half away from zero
// to minor units.
func (a Amount) Mul(factor decimal.Decimal) (Amount, error) {
	divisor := uint64(1)
	for range factor.Scale() {
		divisor *= 10
	}
	high, low := bits.Mul64(magnitude(a.Minor), factor.Coef())
	if high >= divisor {
		return Amount{}, fmt.Errorf("%w: %d × %s", ErrOverflow, a.Minor, factor)
	}
	whole, rest := bits.Div64(high, low, divisor)
	if whole <= 1<<63 && rest >= divisor-rest {
		whole++
	}
	negative := a.Minor < 0 != factor.IsNeg()
	minor, err := signed(whole, negative)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %d × %s", err, a.Minor, factor)
	}
	return Amount{Minor: minor, Currency: a.Currency}, nil
}

// magnitude is |n|, also for the smallest number.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func signed(n uint64, negative bool) (int64, error) {
	switch {
	case negative && n <= 1<<63:
		return -int64(n), nil
	case !negative && n <= math.MaxInt64:
		return int64(n), nil
	}
	return 0, ErrOverflow
}

// Plain writes the amount without currency or grouping: "1234.50", "-0.05",
// "500" for a currency without minor units. Parse reads it back.
func (a Amount) Plain() string {
	digits := Exponent(a.Currency)
	sign := ""
	if a.Minor < 0 {
		sign = "-"
	}
	text := fmt.Sprintf("%0*d", digits+1, magnitude(a.Minor))
	if digits == 0 {
		return sign + text
	}
	cut := len(text) - digits
	return sign + text[:cut] + "." + text[cut:]
}

// String is the plain amount with its currency, for logs: "1234.50 EUR".
func (a Amount) String() string { return strings.TrimSpace(a.Plain() + " " + a.Currency) }
