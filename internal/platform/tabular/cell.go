package tabular

import (
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"kartoteka.dev/internal/platform/clock"
)

// Writer writes one table. Header comes first, at most once; Close finishes
// the file and does not close what it writes to.
type Writer interface {
	Header(names []string) error
	Row(cells []Cell) error
	Close() error
}

type valueKind int8

const (
	blankValue valueKind = iota
	textValue
	intValue
	decimalValue
	moneyValue
	dateValue
	momentValue
	boolValue
)

// Cell is one value to write; the zero value is a blank cell.
type Cell struct {
	kind   valueKind
	text   string // the text, or a money's currency
	whole  int64
	number decimal.Decimal
	moment time.Time
}

// Text is a cell that stays a text, whatever it looks like.
func Text(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{kind: textValue, text: s}
}

// Int is a whole number.
func Int(n int64) Cell { return Cell{kind: intValue, whole: n} }

// Decimal is an exact number.
func Decimal(d decimal.Decimal) Cell { return Cell{kind: decimalValue, number: d} }

// Money is an amount in a currency (EUR). A text file gets the amount alone:
// give the currency a column of its own.
func Money(amount decimal.Decimal, currency string) Cell {
	return Cell{kind: moneyValue, number: amount, text: currency}
}

// Date is a day; none is a blank cell.
func Date(d clock.Day) Cell {
	if d.IsZero() {
		return Cell{}
	}
	return Cell{kind: dateValue, moment: d.Time(time.UTC)}
}

// Moment is a day and time as the clock on the wall of t's zone shows it.
func Moment(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: momentValue, moment: t}
}

// Bool is yes or no.
func Bool(b bool) Cell {
	if b {
		return Cell{kind: boolValue, whole: 1}
	}
	return Cell{kind: boolValue}
}

// plain is the cell as text files have it: numbers with a point, days and
// times in ISO order.
func (c Cell) plain() string {
	switch c.kind {
	case textValue:
		return guard(strings.ToValidUTF8(c.text, "\uFFFD"))
	case intValue:
		return strconv.FormatInt(c.whole, 10)
	case decimalValue, moneyValue:
		return c.number.String()
	case dateValue:
		return c.moment.Format(time.DateOnly)
	case momentValue:
		return c.moment.Format(time.DateTime)
	case boolValue:
		return strconv.FormatBool(c.whole == 1)
	}
	return ""
}
