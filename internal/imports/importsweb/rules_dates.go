package importsweb

import (
	"context"
	"strconv"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// orderField is the name of the question about one column's dates.
func orderField(c imports.Column) string { return "dates-" + strconv.Itoa(c.Index) }

// asked are the columns whose dates can be read in two ways.
func (p rulesPage) asked() []imports.Column { return p.Import.Plan.AskedOrders(p.Description) }

// orderQuestion asks whether days or months come first, by an example of the
// column's own.
func (p rulesPage) orderQuestion(ctx context.Context, c imports.Column) field.Props {
	sample := doubtful(c.Samples)
	props := field.Props{
		Name: orderField(c), Kind: field.Radio, Value: p.orders[c.Index], Error: p.of(orderField(c)), Required: true,
		Label: i18n.T(ctx, "imports.rules.dates", "Column", columnName(ctx, c), "Sample", sample),
	}
	for _, o := range []struct {
		value string
		order tabular.DateOrder
		label string
	}{
		{"dmy", tabular.DMY, i18n.T(ctx, "imports.rules.day-first")},
		{"mdy", tabular.MDY, i18n.T(ctx, "imports.rules.month-first")},
	} {
		option := field.Option{Value: o.value, Label: o.label}
		if day, how := tabular.ParseDate(sample, o.order); how != tabular.Unreadable {
			option.Label = i18n.T(ctx, "imports.rules.date-is", "Order", o.label, "Date", i18n.Date(ctx, day))
		}
		props.Options = append(props.Options, option)
	}
	return props
}

// doubtful is the first of the samples that can be read in two ways, or the
// first at all.
func doubtful(samples []string) string {
	for _, s := range samples {
		if _, how := tabular.ParseDate(s, tabular.Ambiguous); how == tabular.Doubtful {
			return s
		}
	}
	if len(samples) > 0 {
		return samples[0]
	}
	return ""
}

// readOrders reads the answers; each question needs one.
func (p *rulesPage) readOrders(in *web.Form) []imports.Column {
	var answered []imports.Column
	p.orders = map[int]string{}
	for _, c := range p.asked() {
		order, ok := orders[in.Text(orderField(c))]
		if !ok {
			in.Fail(orderField(c), "imports.rules.dates-missing")
			continue
		}
		p.orders[c.Index] = orderName(order)
		c.Order = order
		answered = append(answered, c)
	}
	return answered
}
