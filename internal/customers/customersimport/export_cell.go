package customersimport

import (
	"context"

	"github.com/govalues/decimal"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/tabular"
)

// dayCell is a day; one whose year is not known stays a text.
func dayCell(d clock.Day) tabular.Cell {
	if d.Valid() || d == 0 {
		return tabular.Date(d)
	}
	return tabular.Text(d.String())
}

// customCell is the value of a custom field, with its type where a spreadsheet
// has one.
func customCell(ctx context.Context, d *fields.Definition, value any) tabular.Cell {
	switch v := value.(type) {
	case nil:
		return tabular.Text("")
	case bool:
		return tabular.Bool(v)
	case string:
		if d.Type == fields.Number {
			if n, err := decimal.Parse(v); err == nil {
				return tabular.Decimal(n)
			}
		}
		if d.Type == fields.Date {
			if day, err := clock.ParseDay(v); err == nil {
				return tabular.Date(day)
			}
		}
	case fields.Amount:
		if n, err := decimal.Parse(v.Amount); err == nil {
			return tabular.Money(n, v.Currency)
		}
	}
	return tabular.Text(fields.Display(ctx, d.Question, value))
}
