package i18n

import (
	"context"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/money"
)

// Number writes a whole number: "12,345", "12 345".
func Number(ctx context.Context, n int64) string { return of(ctx).number(n) }

// Decimal writes a number given as plain decimal text ("1234.50", "-0.1") the
// way the language does and keeps all its digits; other text is returned as it
// is.
func Decimal(ctx context.Context, plain string) string { return of(ctx).decimal(plain) }

// Percent writes plain decimal text as a percentage: "12.5" is "12.5%".
func Percent(ctx context.Context, plain string) string {
	g := of(ctx)
	return g.decimal(plain) + g.percent
}

// Money writes an amount with its currency's sign where the language puts it:
// "€1,234.50", "1234,50 €". An amount without a currency is in the locale's.
func Money(ctx context.Context, a money.Amount) string {
	l := from(ctx)
	if a.Currency == "" {
		a.Currency = l.Currency
	}
	g := grammarOf(l.Lang)
	figure, negative := strings.CutPrefix(a.Plain(), "-")
	figure = g.decimal(figure)
	switch sign, ok := signs[a.Currency]; {
	case ok && g.signFirst:
		figure = sign + figure
	case ok:
		figure += noBreak + sign
	default:
		figure += noBreak + Symbol(a.Currency)
	}
	if negative {
		return "-" + figure
	}
	return figure
}

// signs are written before the figure where the language does so.
var signs = map[string]string{
	"EUR": "€", "GBP": "£", "USD": "$", "GEL": "₾", "RUB": "₽", "JPY": "¥", "UAH": "₴", "TRY": "₺",
	"ILS": "₪", "INR": "₹", "KZT": "₸", "KRW": "₩", "AMD": "֏", "AZN": "₼",
}

// shorts are written after the figure in every language.
var shorts = map[string]string{
	"BGN": "лв.", "PLN": "zł", "CZK": "Kč", "HUF": "Ft", "RON": "lei",
}

// Symbol is the currency's sign, or its code where it has none.
func Symbol(currency string) string {
	if s, ok := signs[currency]; ok {
		return s
	}
	if s, ok := shorts[currency]; ok {
		return s
	}
	return currency
}

// Bytes writes a size: "512 B", "1.5 MB", counting in thousands.
func Bytes(ctx context.Context, n int64) string {
	ids := [...]string{"units.size-b", "units.size-kb", "units.size-mb", "units.size-gb", "units.size-tb"}
	step, size, rest := 0, n, int64(0)
	for size >= 1000 && step < len(ids)-1 {
		size, rest = size/1000, size%1000/100
		step++
	}
	figure := strconv.FormatInt(size, 10)
	if step > 0 && size < 100 && rest > 0 {
		figure += "." + strconv.FormatInt(rest, 10)
	}
	return T(ctx, ids[step], "Size", Decimal(ctx, figure))
}

func of(ctx context.Context) *grammar { return grammarOf(from(ctx).Lang) }

func (g *grammar) number(n int64) string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	digits = g.grouped(digits)
	if negative {
		return "-" + digits
	}
	return digits
}

func (g *grammar) decimal(plain string) string {
	figure, negative := strings.CutPrefix(plain, "-")
	whole, fraction, broken := strings.Cut(figure, ".")
	if !digits(whole) || broken && !digits(fraction) {
		return plain
	}
	out := g.grouped(whole)
	if broken {
		out += g.point + fraction
	}
	if negative {
		return "-" + out
	}
	return out
}

// grouped parts the thousands of a row of digits.
func (g *grammar) grouped(digits string) string {
	if len(digits) < g.groupFrom {
		return digits
	}
	var b strings.Builder
	for i, d := range []byte(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(g.group)
		}
		b.WriteByte(d)
	}
	return b.String()
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
