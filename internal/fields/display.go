package fields

import (
	"context"
	"strings"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
)

// Display writes a value, in the shape of the API, as the reader's language
// does; "" for no value.
func Display(ctx context.Context, q Question, value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return i18n.T(ctx, "common.yes")
		}
		return i18n.T(ctx, "common.no")
	case Amount:
		return displayMoney(ctx, v)
	case []string:
		names := make([]string, len(v))
		for i, slug := range v {
			names[i] = q.optionName(ctx, slug)
		}
		return strings.Join(names, ", ")
	case string:
		return displayText(ctx, q, v)
	}
	// What comes from JSON is brought into shape first.
	cells, bad := q.read(value, nil)
	if bad != nil || len(cells) == 0 {
		return ""
	}
	return Display(ctx, q, q.value(cells))
}

func displayText(ctx context.Context, q Question, s string) string {
	switch q.Type {
	case Number:
		return i18n.Decimal(ctx, s)
	case Date:
		if day, err := clock.ParseDay(s); err == nil {
			return i18n.Date(ctx, day)
		}
	case Choice, Multi:
		return q.optionName(ctx, s)
	case Money:
		return displayMoney(ctx, Amount{Amount: s, Currency: q.Currency})
	}
	return s
}

func displayMoney(ctx context.Context, m Amount) string {
	a, err := money.Parse(m.Amount, m.Currency)
	if err != nil {
		return strings.TrimSpace(m.Amount + " " + m.Currency)
	}
	return i18n.Money(ctx, a)
}

// optionName is what the option is called; its slug if it is gone.
func (q *Question) optionName(ctx context.Context, slug string) string {
	if o, ok := q.Option(slug); ok {
		return o.In(ctx)
	}
	return slug
}
