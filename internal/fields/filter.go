package fields

import (
	"context"
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/money"
)

// FilterFields describes the fields of a record type for lists and filters, as
// custom.SLUG. idExpr is the expression of the record's id in the list's
// statement: "c.id". Archived fields are left out.
func (s *Service) FilterFields(ctx context.Context, recordType, idExpr string) ([]filter.Field, error) {
	if err := authz.RequireSomeone(ctx, "fields.FilterFields"); err != nil {
		return nil, err
	}
	c, err := s.current(ctx, nil)
	if err != nil {
		return nil, errs.Wrap("fields.FilterFields", err)
	}
	var out []filter.Field
	for _, d := range c.of(recordType) {
		if !d.Archived {
			out = append(out, d.filterField(ctx, idExpr))
		}
	}
	return out, nil
}

func (d Definition) filterField(ctx context.Context, idExpr string) filter.Field {
	f := filter.Field{Name: d.Name(), Label: filter.Label{Words: d.In(ctx)}}
	// The alias is unlikely to be the list's own. Record types are names of the
	// program, checked when the field was created.
	f.SQL.Rows = fmt.Sprintf("FROM fields_values fv WHERE fv.record_type = '%s' AND fv.field_id = %d", d.RecordType, d.ID)
	f.SQL.Link = filter.Link{Of: idExpr, In: "fv.record_id"}
	order := ""
	switch d.Type {
	case LongText:
		f.Type, f.Folded, f.SQL.Expr = filter.Text, true, "fv.long_key"
	case Number:
		f.Type, f.Scale, f.SQL.Expr, order = filter.Number, numberScale, "fv.number", "fv.number"
	case Money:
		// Number, because a Money field of scale 0 would be taken for cents.
		f.Type, f.Scale, f.SQL.Expr, order = filter.Number, money.Exponent(d.Currency), "fv.number", "fv.number"
		if f.Scale > 0 {
			f.Type = filter.Money
		}
	case Date:
		f.Type, f.SQL.Expr, order = filter.Day, "fv.day", "fv.day"
	case Choice:
		f.Type, f.SQL.Expr, order = filter.Choice, "fv.word", d.optionOrder()
	case Multi:
		f.Type, f.SQL.Expr = filter.Multi, "fv.word"
	case YesNo:
		f.Type, f.SQL.Expr, order = filter.Bool, "(fv.number = 1)", "(fv.number = 1)"
	default:
		f.Type, f.Folded, f.SQL.Expr, order = filter.Text, true, "fv.word", "fv.sort_key"
	}
	if d.Type.chosen() {
		f.Codes, f.Source = d.slugs(), d.Name()
	}
	if order != "" {
		f.SQL.Sort = "(SELECT " + order + " " + f.SQL.Rows + " AND fv.record_id = " + idExpr + " AND fv.position = 0)"
	}
	return f
}

// optionOrder is an expression of an option's place in the question.
func (q *Question) optionOrder() string {
	var b strings.Builder
	b.WriteString("CASE fv.word")
	for i, o := range q.Options {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", o.Slug, i)
	}
	b.WriteString(" END")
	return b.String()
}

// Naming puts words to the options of a record type's fields when filters are
// described.
type Naming struct {
	defs []Definition
}

// Names gives the Naming of a record type's fields.
func (s *Service) Names(ctx context.Context, recordType string) (Naming, error) {
	defs, err := s.Fields(ctx, recordType)
	return Naming{defs}, err
}

// NameOf implements filter.Resolver for fields called custom.SLUG.
func (n Naming) NameOf(ctx context.Context, f filter.Field, value string) (string, bool) {
	for _, d := range n.defs {
		if d.Name() == f.Name {
			o, ok := d.Option(value)
			return o.In(ctx), ok
		}
	}
	return "", false
}
