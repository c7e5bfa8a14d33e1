package money

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		want           int64
	}{
		{"0", "EUR", 0},
		{"1234.50", "EUR", 123450},
		{"1234,5", "EUR", 123450},
		{"1 234,50", "EUR", 123450},
		{"1\u00a0234,50", "EUR", 123450},
		{"1\u202f234\u202f567,50", "EUR", 123456750},
		{"1.234,50", "EUR", 123450},
		{"1,234.50", "EUR", 123450},
		{"1'234.50", "CHF", 123450},
		{"1.234.567", "EUR", 123456700},
		{"1,234", "EUR", 123400},
		{"1.234", "BHD", 1234},
		{"0.500", "EUR", 50},
		{"12.3000", "EUR", 1230},
		{"-5", "EUR", -500},
		{"−5,05", "EUR", -505},
		{"(5.00)", "EUR", -500},
		{"+5", "EUR", 500},
		{"EUR 5", "EUR", 500},
		{"-EUR 5", "EUR", -500},
		{"5 EUR", "EUR", 500},
		{"500", "JPY", 500},
		{"500.00", "JPY", 500},
		{"-92233720368547758.08", "EUR", math.MinInt64},
		{"92233720368547758.07", "EUR", math.MaxInt64},
	} {
		got, err := Parse(c.text, c.currency)
		if err != nil || got != Of(c.want, c.currency) {
			t.Errorf("%q %s: %v, %v; want %d", c.text, c.currency, got.Minor, err, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		want           error
	}{
		{"", "EUR", ErrSyntax},
		{"-", "EUR", ErrSyntax},
		{"abc", "EUR", ErrSyntax},
		{"5 USD", "EUR", ErrSyntax},
		{"1e5", "EUR", ErrSyntax},
		{"--5", "EUR", ErrSyntax},
		{"5.", "EUR", ErrSyntax},
		{".", "EUR", ErrSyntax},
		{"12.345,6.7", "EUR", ErrSyntax},
		{"1,23,456", "EUR", ErrSyntax},
		{"1234.567", "EUR", ErrSyntax},
		{"0.123", "EUR", ErrSyntax},
		{"0.5", "JPY", ErrSyntax},
		{"٣", "EUR", ErrSyntax},
		{strings.Repeat("1", 65), "EUR", ErrSyntax},
		{"92233720368547758.08", "EUR", ErrOverflow},
		{"99999999999999999999999", "EUR", ErrOverflow},
		{"5", "XXX", ErrCurrency},
		{"5", "", ErrCurrency},
	} {
		if got, err := Parse(c.text, c.currency); !errors.Is(err, c.want) {
			t.Errorf("%q %s: %v, %v; want %v", c.text, c.currency, got, err, c.want)
		}
	}
}

func TestMul(t *testing.T) {
	for _, c := range []struct {
		minor  int64
		factor string
		want   int64
	}{
		{100, "0.2", 20},
		{5, "0.5", 3},
		{-5, "0.5", -3},
		{5, "-0.5", -3},
		{-5, "-0.5", 3},
		{1, "0.49999", 0},
		{25, "0.1", 3},
		{333, "3", 999},
		{0, "12.34", 0},
		{math.MinInt64, "1", math.MinInt64},
		{math.MaxInt64, "0.1", 922337203685477581},
		{math.MaxInt64, "0.0000000000000000001", 1},
	} {
		got, err := Of(c.minor, "EUR").Mul(decimal.MustParse(c.factor))
		if err != nil || got != Of(c.want, "EUR") {
			t.Errorf("%d × %s: %v, %v; want %d", c.minor, c.factor, got.Minor, err, c.want)
		}
	}
	for _, factor := range []string{"2", "-1.1", "9999999999999999999", "1.000000000000000001"} {
		if got, err := Of(math.MaxInt64, "EUR").Mul(decimal.MustParse(factor)); !errors.Is(err, ErrOverflow) {
			t.Errorf("× %s: %v, %v; want overflow", factor, got, err)
		}
	}
}

func TestMixedCurrencies(t *testing.T) {
	eur, gel := Of(1, "EUR"), Of(1, "GEL")
	_, add := eur.Add(gel)
	_, sub := eur.Sub(gel)
	_, cmp := eur.Cmp(gel)
	for _, err := range []error{add, sub, cmp} {
		if !errors.Is(err, ErrMixed) {
			t.Errorf("got %v", err)
		}
	}
}

func TestOverflow(t *testing.T) {
	least := Of(math.MinInt64, "EUR")
	if _, err := least.Neg(); !errors.Is(err, ErrOverflow) {
		t.Errorf("negating the least: %v", err)
	}
	if got, err := Of(-1, "EUR").Sub(least); err != nil || got.Minor != math.MaxInt64 {
		t.Errorf("-1 less the least just fits: %v, %v", got, err)
	}
}

func TestPlain(t *testing.T) {
	for a, want := range map[Amount]string{
		Of(123450, "EUR"):        "1234.50",
		Of(-5, "EUR"):            "-0.05",
		Of(0, "GEL"):             "0.00",
		Of(500, "JPY"):           "500",
		Of(5, "BHD"):             "0.005",
		Of(math.MinInt64, "EUR"): "-92233720368547758.08",
	} {
		if got := a.Plain(); got != want {
			t.Errorf("%d %s: %q, want %q", a.Minor, a.Currency, got, want)
		}
	}
	if got := Of(5, "EUR").String(); got != "0.05 EUR" {
		t.Errorf("String: %q", got)
	}
}

func TestCurrencies(t *testing.T) {
	for code, want := range map[string]bool{"EUR": true, "GEL": true, "BGN": true, "eur": false, "XXX": false, "": false} {
		if Valid(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
	all := Currencies()
	for _, code := range all {
		if len(code) != 3 || strings.ToUpper(code) != code || Exponent(code) < 0 || Exponent(code) > 3 {
			t.Errorf("%q has exponent %d", code, Exponent(code))
		}
	}
	if len(all) < 150 {
		t.Errorf("only %d currencies", len(all))
	}
}

func amounts(currency string) *rapid.Generator[Amount] {
	return rapid.Custom(func(t *rapid.T) Amount { return Of(rapid.Int64().Draw(t, "minor"), currency) })
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts(rapid.SampledFrom(Currencies()).Draw(t, "currency")).Draw(t, "a")
		got, err := Parse(a.Plain(), a.Currency)
		if err != nil || got != a {
			t.Fatalf("%v became %v, %v", a, got, err)
		}
	})
}

func TestArithmeticAgreesWithBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := amounts("EUR").Draw(t, "a"), amounts("EUR").Draw(t, "b")
		x, y := big.NewInt(a.Minor), big.NewInt(b.Minor)
		sum, err := a.Add(b)
		agrees(t, new(big.Int).Add(x, y), sum, err)
		difference, err := a.Sub(b)
		agrees(t, new(big.Int).Sub(x, y), difference, err)

		factor := decimal.MustNew(rapid.Int64().Draw(t, "coef"), rapid.IntRange(0, decimal.MaxScale).Draw(t, "scale"))
		product, err := a.Mul(factor)
		agrees(t, exactProduct(a.Minor, factor), product, err)
	})
}

// exactProduct rounds half away from zero in rational numbers.
func exactProduct(minor int64, factor decimal.Decimal) *big.Int {
	r, _ := new(big.Rat).SetString(factor.String())
	r.Mul(r, new(big.Rat).SetInt64(minor))
	num, two := new(big.Int).Abs(r.Num()), big.NewInt(2)
	num.Mul(num, two).Add(num, r.Denom())
	num.Quo(num, new(big.Int).Mul(r.Denom(), two))
	if r.Sign() < 0 {
		num.Neg(num)
	}
	return num
}

func agrees(t *rapid.T, want *big.Int, got Amount, err error) {
	t.Helper()
	if !want.IsInt64() {
		if !errors.Is(err, ErrOverflow) {
			t.Fatalf("%v does not fit, got %v, %v", want, got, err)
		}
		return
	}
	if err != nil || got.Minor != want.Int64() || got.Currency != "EUR" {
		t.Fatalf("got %v, %v; want %v", got, err, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.234,50", "(5)", "EUR", "−", ",", "1,,1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s, "EUR")
		if err != nil {
			return
		}
		if again, err := Parse(a.Plain(), "EUR"); err != nil || again != a {
			t.Errorf("%q: %v read back as %v, %v", s, a, again, err)
		}
	})
}
