package imports

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
)

// datesScanned is how many rows are looked at for a date that settles the order
// of its column.
const datesScanned = 200_000

// settleOrders reads on where the first rows leave open whether days or months
// come first: one date with a number over 12 tells.
func settleOrders(ctx context.Context, src *tabular.Source, columns []Column) error {
	open := map[int]*tabular.DateTally{}
	for _, c := range columns {
		if c.AsksOrder() {
			open[c.Index] = &tabular.DateTally{}
		}
	}
	if len(open) == 0 {
		return nil
	}
	n := 0
	for row, err := range src.Rows(ctx) {
		if err != nil {
			return err
		}
		if n++; n > datesScanned {
			break
		}
		for at, tally := range open {
			if at < len(row.Cells) {
				tally.Add(row.Cells[at])
			}
		}
	}
	for c := range columns {
		if tally := open[columns[c].Index]; tally != nil {
			columns[c].Order = tally.Order()
		}
	}
	return nil
}

// AskedOrders are the columns whose dates can be read in two ways and go where
// that matters: the person should say which.
func (p Plan) AskedOrders(d Description) []Column {
	var all []Column
	for _, c := range p.Columns {
		if c.AsksOrder() && d.takesDates(c) {
			all = append(all, c)
		}
	}
	return all
}

// takesDates tells whether a column goes to a field of dates.
func (d Description) takesDates(c Column) bool {
	if f := d.field(c.Field); f != nil {
		return f.Dates
	}
	return c.New != nil && c.New.Type == TypeDate
}

// assumeOrders reads day first where nobody was there to ask, and keeps that it
// did.
func (p *Plan) assumeOrders(d Description) {
	for _, asked := range p.AskedOrders(d) {
		c := &p.Columns[slices.IndexFunc(p.Columns, func(c Column) bool { return c.Index == asked.Index })]
		c.Order, c.Assumed = tabular.DMY, true
	}
}

// Assumed are the names of the columns whose dates were read day first without
// anybody having said so.
func (p Plan) Assumed() []string {
	var all []string
	for _, c := range p.Columns {
		if c.Assumed && c.Header != "" {
			all = append(all, c.Header)
		} else if c.Assumed {
			all = append(all, letters(c.Index))
		}
	}
	return all
}

// orderByName applies orders of dates given by header.
func orderByName(op string, columns []Column, orders map[string]tabular.DateOrder) error {
	for name, order := range orders {
		found := name == ""
		for i := range columns {
			c := &columns[i]
			switch {
			case name != "" && (c.Header == name || letters(c.Index) == name):
				c.Order, found = order, true
			case name == "" && c.AsksOrder():
				c.Order = order
			}
		}
		if !found {
			return errs.InvalidFields(op, errs.Field("dates", "imports.error.column-unknown", "Column", name))
		}
	}
	return nil
}

// ParseOrder reads the order of dates as commands and programs write it: dmy,
// mdy or ymd.
func ParseOrder(s string) (order tabular.DateOrder, ok bool) {
	order, ok = map[string]tabular.DateOrder{"dmy": tabular.DMY, "mdy": tabular.MDY, "ymd": tabular.YMD}[s]
	return order, ok
}
