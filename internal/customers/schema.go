package customers

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
)

func label(id string) filter.Label { return filter.Label{ID: id} }

func column(expr string) filter.Source { return filter.Source{Expr: expr} }

func sorted(expr, sort string) filter.Source { return filter.Source{Expr: expr, Sort: sort} }

// pointsOf are the rows in which a kind of point is looked for.
func pointsOf(kind PointKind) filter.Source {
	return filter.Source{
		Expr: "p.value_key",
		Rows: "FROM customers_points p WHERE p.customer_id = c.id AND p.kind = '" + string(kind) + "'",
	}
}

var kindCodes = []string{string(Organisation), string(Person)}

var stateCodes = []string{string(Active), string(Archived), string(Erased)}

// base is what every customer can be filtered and sorted by.
var base = filter.MustSchema("c.id",
	filter.Field{Name: "name", Type: filter.Text, Label: label("customers.field.name"), SQL: sorted("c.name_key", "c.name_sort"), Folded: true, NotNull: true},
	filter.Field{Name: "number", Type: filter.Number, Label: label("customers.field.number"), SQL: sorted("c.number", "c.number"), NotNull: true},
	filter.Field{Name: "kind", Type: filter.Choice, Label: label("customers.field.kind"), SQL: column("c.kind"), Codes: kindCodes, Source: "customers.kinds"},
	filter.Field{Name: "state", Type: filter.Choice, Label: label("customers.field.state"), SQL: column("c.state"), Codes: stateCodes, Source: "customers.states"},
	filter.Field{Name: "owner", Type: filter.Ref, Label: label("customers.field.owner"), SQL: column("c.owner_id"), To: "person", Source: "people"},
	filter.Field{Name: "team", Type: filter.Ref, Label: label("customers.field.team"), SQL: column("c.team_id"), To: "team", Source: "teams"},
	filter.Field{Name: "country", Type: filter.Country, Label: label("customers.field.country"), SQL: sorted("c.country", "c.country"), Source: "countries", NotNull: true},
	filter.Field{Name: "language", Type: filter.Choice, Label: label("customers.field.language"), SQL: column("c.language"), Source: "languages"},
	filter.Field{Name: "city", Type: filter.Text, Label: label("customers.field.city"), Folded: true, SQL: filter.Source{
		Expr: "a.city_key", Rows: "FROM customers_addresses a WHERE a.customer_id = c.id",
	}},
	filter.Field{Name: "phone", Type: filter.Text, Label: label("customers.field.phone"), SQL: pointsOf(Phone)},
	filter.Field{Name: "email", Type: filter.Text, Label: label("customers.field.email"), SQL: pointsOf(Email)},
	filter.Field{Name: "source", Type: filter.Ref, Label: label("customers.field.source"), SQL: column("c.source_id"), To: "source", Source: "customers.sources"},
	filter.Field{Name: "tags", Type: filter.Tags, Label: label("customers.field.tags"), Source: "customers.tags", SQL: filter.Source{
		Expr: "t.name_key", Rows: "FROM customers_taggings l JOIN customers_tags t ON t.id = l.tag_id WHERE l.customer_id = c.id",
	}},
	filter.Field{Name: "created", Type: filter.Instant, Label: label("customers.field.created"), SQL: sorted("c.created_at", "c.created_at"), NotNull: true},
	filter.Field{Name: "changed", Type: filter.Instant, Label: label("customers.field.changed"), SQL: sorted("c.changed_at", "c.changed_at"), NotNull: true},
	filter.Field{Name: "last_contact", Type: filter.Instant, Label: label("customers.field.last-contact"), SQL: sorted("c.last_contact_at", "c.last_contact_at"), NotNull: true},
	filter.Field{Name: "do_not_contact_before", Type: filter.Day, Label: label("customers.field.do-not-contact-before"), SQL: sorted("c.do_not_contact_before", "c.do_not_contact_before"), NotNull: true},
	filter.Field{Name: "birthday", Type: filter.Day, Label: label("customers.field.birthday"), SQL: sorted("c.birthday", "c.birthday"), NotNull: true},
	filter.Field{Name: "parent", Type: filter.Ref, Label: label("customers.field.parent"), SQL: column("c.parent_id"), To: "customer"},
	filter.Field{Name: "has_units", Type: filter.Bool, Label: label("customers.field.has-units"), SQL: filter.Source{
		Expr: "TRUE", Rows: "FROM customers_customers u WHERE u.parent_id = c.id AND u.state <> 'erased'",
	}},
	filter.Field{Name: "recommended_by", Type: filter.Ref, Label: label("customers.field.recommended-by"), SQL: column("c.recommended_by_id"), To: "customer"},
	filter.Field{Name: "tax_id", Type: filter.Text, Label: label("customers.field.tax-id"), SQL: column("c.tax_key")},
	filter.Field{Name: "vat_id", Type: filter.Text, Label: label("customers.field.vat-id"), SQL: column("c.vat_key")},
	filter.Field{Name: "quality", Type: filter.Number, Label: label("customers.field.quality"), SQL: sorted("c.quality", "c.quality"), NotNull: true},
)

// guarded are the fields of the schema that have rights of their own.
var guarded = map[string]string{
	"tax_id": rightTax, "vat_id": rightTax, "birthday": rightBirthday, "phone": rightPoints, "email": rightPoints,
	"city": rightAddresses,
}

// Schema is what customers can be filtered and sorted by, the company's own
// fields included, as far as the actor may see them.
func (s *Service) Schema(ctx context.Context) (*filter.Schema, error) {
	const op = "customers.Schema"
	schema := base.Only(func(f filter.Field) bool {
		right, has := guarded[f.Name]
		return !has || Readable(ctx, right)
	})
	if s.fields == nil {
		return schema, nil
	}
	own, err := s.fields.FilterFields(ctx, RecordType, "c.id")
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	schema, err = schema.With(own...)
	return schema, errs.Wrap(op, err)
}

// asKept brings values to the form in which the file keeps them: people
// filter by phone and tax id as they write them.
func asKept(n filter.Node) filter.Node {
	switch n := n.(type) {
	case filter.Not:
		return filter.Not{Node: asKept(n.Node)}
	case filter.Group:
		nodes := make([]filter.Node, len(n.Nodes))
		for i, child := range n.Nodes {
			nodes[i] = asKept(child)
		}
		return filter.Group{Any: n.Any, Nodes: nodes}
	case filter.Condition:
		if bring, ok := forms[n.Field]; ok {
			n.Values = slices.Clone(n.Values)
			for i, v := range n.Values {
				if kept := bring(v); kept != "" {
					n.Values[i] = kept
				}
			}
		}
		return n
	}
	return n
}

// forms are how values of a field are kept.
var forms = map[string]func(string) string{
	"phone": phoneDigits, "email": strings.ToLower, "tax_id": taxKey, "vat_id": taxKey,
}

// withState hides archived and erased customers from those who do not ask for
// them.
func withState(n filter.Node) filter.Node {
	for _, c := range filter.Conditions(n) {
		if c.Field == "state" {
			return n
		}
	}
	return filter.All(n, filter.Where("state", filter.Is, string(Active)))
}
