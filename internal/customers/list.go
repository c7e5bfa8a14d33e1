package customers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
)

// ListQuery asks for a page of customers.
type ListQuery struct {
	Filter  filter.Node
	Sort    string   // fields of Schema: "name", "-changed"; by name if empty
	Cursor  string   // Next of the page before
	Limit   int      // see filter.DefaultLimit, filter.MaxLimit
	IDs     []int64  // only these customers, if any are named
	Columns []string // fields of Schema that are shown: custom values are read for "custom.…" only
}

// Row is a customer in a list: its own fields and what is shortest of the
// rest. Points are blank if the actor may not see them.
type Row struct {
	Customer
	ParentName string
	Phone      string // E.164, the main one or the first
	Email      string
	City       string
	Tags       []string
	Custom     map[string]any
}

// List gives a page of the customers that satisfy the filter, archived ones
// only if it asks for their state.
func (s *Service) List(ctx context.Context, q ListQuery) (filter.Page[Row], error) {
	const op = "customers.List"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return filter.Page[Row]{}, err
	}
	var page filter.Page[Row]
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		page, err = s.list(ctx, tx, scope, q)
		return err
	})
	return page, errs.Wrap(op, err)
}

func (s *Service) list(ctx context.Context, tx *db.Tx, scope authz.Scope, q ListQuery) (page filter.Page[Row], err error) {
	schema, err := s.Schema(ctx)
	if err != nil {
		return page, err
	}
	if q.Sort == "" {
		q.Sort = "name"
	}
	where, args := within(scope, nil)
	asked, err := asked(ctx, tx, q.Filter)
	if err != nil {
		return page, err
	}
	way := wayOf(asked, q.Sort)
	if len(q.IDs) > 0 {
		where, way = where+" AND c.id"+in(len(args), len(q.IDs)), direct
		args = append(args, anys(q.IDs)...)
	}
	if shelved(asked) {
		where += " AND c.state <> 'active'"
	}
	st, err := filter.Prepare(schema, filter.Request{
		Filter: asked, Sort: q.Sort, Cursor: q.Cursor, Limit: q.Limit, Each: way > 0,
	}, s.env(ctx, tx, args))
	if err != nil {
		return page, err
	}
	page, err = collect(ctx, tx, found(where, st, way), st)
	if err != nil || len(page.Items) == 0 {
		return page, err
	}
	return page, s.complete(ctx, tx, page.Items, q.Columns)
}

// collect reads the customers of a page; the rows are closed before anything
// else is asked of the transaction.
func collect(ctx context.Context, tx *db.Tx, statement string, st *filter.Statement) (page filter.Page[Row], err error) {
	rows, err := tx.Query(ctx, statement, st.Args...)
	if err != nil {
		return page, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	page, err = filter.Collect(rows, st, func(into func(...any) error) (Row, error) {
		var c Customer
		err := into(c.targets()...)
		return Row{Customer: c.blank(ctx)}, err
	})
	return page, errors.Join(err, rows.Err())
}

// within is the part of the file a scope reaches, as a condition on c and the
// arguments of the statement so far.
func within(scope authz.Scope, args []any) (string, []any) {
	switch scope.Level {
	case authz.All:
		return "TRUE", args
	case authz.Own:
		return "c.owner_id" + in(len(args), 1), append(args, scope.UserID)
	case authz.Team:
		where := "(c.owner_id" + in(len(args), 1)
		args = append(args, scope.UserID)
		if len(scope.TeamIDs) > 0 {
			where += " OR c.team_id" + in(len(args), len(scope.TeamIDs))
			args = append(args, anys(scope.TeamIDs)...)
		}
		return where + ")", args
	}
	return "FALSE", args
}

// env is what filters are read against.
func (s *Service) env(ctx context.Context, tx *db.Tx, args []any) filter.Env {
	zone := s.defaults(ctx).Zone
	return filter.Env{
		Engine: tx.Engine(), UserID: authz.From(ctx).UserID, Zone: zone, Args: args,
		Today: clock.DayOf(tx.Now().Time(), zone),
	}
}

// complete reads what the rows of a page show besides their own fields.
func (s *Service) complete(ctx context.Context, tx *db.Tx, page []Row, columns []string) error {
	ids := make([]int64, len(page))
	byID := make(map[int64]*Row, len(page))
	for i := range page {
		ids[i], byID[page[i].ID] = page[i].ID, &page[i]
	}
	points, addresses := Readable(ctx, rightPoints), Readable(ctx, rightAddresses)
	_, err := db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var what, text string
		var id, order int64
		var main bool
		if err = row.Scan(&what, &id, &text, &main, &order); err != nil {
			return none, err
		}
		r := byID[id]
		switch {
		case what == "parent":
			r.ParentName = text
		case what == "tag":
			r.Tags = append(r.Tags, text)
		case what == string(Phone) && r.Phone == "" && points:
			r.Phone = text
		case what == string(Email) && r.Email == "" && points:
			r.Email = text
		case what == "city" && r.City == "" && addresses:
			r.City = text
		}
		return none, nil
	}, besides(len(ids)), anys(ids)...)
	if err != nil || s.fields == nil || !slices.ContainsFunc(columns, func(c string) bool { return strings.HasPrefix(c, "custom") }) {
		return err
	}
	values, err := s.fields.Values(ctx, tx, RecordType, ids)
	for id, v := range values {
		byID[id].Custom = v
	}
	return err
}

// besides is one statement for the parent's name, points, city and tags of so
// many customers; no other condition may lure the planner from their indexes.
func besides(count int) string {
	among := in(0, count)
	return `
SELECT 'parent', c.id, p.name, TRUE, c.id FROM customers_customers c JOIN customers_customers p ON p.id = c.parent_id WHERE c.id` + among + `
UNION ALL
SELECT kind, customer_id, value, main, id FROM customers_points WHERE COALESCE(contact_id, 0) = 0 AND customer_id` + among + `
UNION ALL
SELECT 'city', customer_id, city, main, id FROM customers_addresses WHERE customer_id` + among + `
UNION ALL
SELECT 'tag', l.customer_id, t.name, TRUE, t.id FROM customers_taggings l JOIN customers_tags t ON t.id = l.tag_id WHERE l.customer_id` + among + `
ORDER BY 4 DESC, 5`
}

// Counted is a number of customers; beyond CountLimit there are more than it
// says.
type Counted struct {
	N    int
	More bool
}

// CountLimit is how far customers are counted.
const CountLimit = 10_000

// Count tells how many customers satisfy the filter, see List.
func (s *Service) Count(ctx context.Context, n filter.Node) (Counted, error) {
	const op = "customers.Count"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Counted{}, err
	}
	var found int
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		schema, err := s.Schema(ctx)
		if err != nil {
			return err
		}
		reach, args := within(scope, nil)
		asked, err := asked(ctx, tx, n)
		if err != nil {
			return err
		}
		where, args, err := filter.Build(schema, asked, s.env(ctx, tx, args))
		if err != nil {
			return err
		}
		statement := "SELECT COUNT(*) FROM (SELECT 1 FROM customers_customers c WHERE " + reach + " AND " + where + " LIMIT " +
			strings.Trim(in(len(args), 1), " IN()") + ") few"
		found, err = db.One(ctx, tx, db.Value[int], statement, append(args, CountLimit+1)...)
		return err
	})
	return Counted{N: min(found, CountLimit), More: found > CountLimit}, errs.Wrap(op, err)
}

func label(id string) filter.Label { return filter.Label{ID: id} }

func column(expr string) filter.Source { return filter.Source{Expr: expr} }

func sorted(expr, sort string) filter.Source { return filter.Source{Expr: expr, Sort: sort} }

// hanging are rows that hang on a customer, in which expr is looked for; in is
// their column with the customer's id.
func hanging(expr, in, rows string) filter.Source {
	return filter.Source{Expr: expr, Rows: rows, Link: filter.Link{Of: "c.id", In: in}}
}

// pointsOf are the rows in which a kind of point is looked for.
func pointsOf(kind PointKind) filter.Source {
	return hanging("p.value_key", "p.customer_id", "FROM customers_points p WHERE p.kind = '"+string(kind)+"'")
}

var kindCodes = []string{string(Organisation), string(Person)}

var stateCodes = []string{string(Active), string(Archived), string(Erased), string(Merged)}

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
	filter.Field{Name: "city", Type: filter.Text, Label: label("customers.field.city"), Folded: true, SQL: hanging(
		"a.city_key", "a.customer_id", "FROM customers_addresses a WHERE TRUE",
	)},
	filter.Field{Name: "phone", Type: filter.Text, Plain: true, Label: label("customers.field.phone"), SQL: pointsOf(Phone)},
	filter.Field{Name: "email", Type: filter.Text, Plain: true, Label: label("customers.field.email"), SQL: pointsOf(Email)},
	filter.Field{Name: "source", Type: filter.Ref, Label: label("customers.field.source"), SQL: column("c.source_id"), To: "source", Source: "customers.sources"},
	filter.Field{Name: "tags", Type: filter.Tags, Label: label("customers.field.tags"), Source: "customers.tags", SQL: hanging(
		"t.name_key", "l.customer_id", "FROM customers_taggings l JOIN customers_tags t ON t.id = l.tag_id WHERE TRUE",
	)},
	filter.Field{Name: "created", Type: filter.Instant, Label: label("customers.field.created"), SQL: sorted("c.created_at", "c.created_at"), NotNull: true},
	filter.Field{Name: "changed", Type: filter.Instant, Label: label("customers.field.changed"), SQL: sorted("c.changed_at", "c.changed_at"), NotNull: true},
	filter.Field{Name: "last_contact", Type: filter.Instant, Label: label("customers.field.last-contact"), SQL: sorted("c.last_contact_at", "c.last_contact_at"), NotNull: true},
	filter.Field{Name: "do_not_contact_before", Type: filter.Day, Label: label("customers.field.do-not-contact-before"), SQL: sorted("c.do_not_contact_before", "c.do_not_contact_before"), NotNull: true},
	filter.Field{Name: "birthday", Type: filter.Day, Label: label("customers.field.birthday"), SQL: sorted("c.birthday", "c.birthday"), NotNull: true},
	filter.Field{Name: "parent", Type: filter.Ref, Label: label("customers.field.parent"), SQL: column("c.parent_id"), To: "customer"},
	filter.Field{Name: "has_units", Type: filter.Bool, Label: label("customers.field.has-units"), SQL: hanging(
		"TRUE", "u.parent_id", "FROM customers_customers u WHERE u.parent_id IS NOT NULL AND u.state NOT IN ('erased', 'merged')",
	)},
	filter.Field{Name: "recommended_by", Type: filter.Ref, Label: label("customers.field.recommended-by"), SQL: column("c.recommended_by_id"), To: "customer"},
	filter.Field{Name: "tax_id", Type: filter.Text, Plain: true, Label: label("customers.field.tax-id"), SQL: column("c.tax_key")},
	filter.Field{Name: "vat_id", Type: filter.Text, Plain: true, Label: label("customers.field.vat-id"), SQL: column("c.vat_key")},
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

// asked is a filter as the file answers it.
func asked(ctx context.Context, tx *db.Tx, n filter.Node) (filter.Node, error) {
	n, err := asNamed(ctx, tx, asKept(n))
	return withState(n), err
}

// asKept brings values to the form in which the file keeps them: people
// filter by phone and tax id as they write them.
func asKept(n filter.Node) filter.Node {
	return withValues(n, func(field, value string) string {
		if bring, ok := forms[field]; ok {
			return bring(value)
		}
		return ""
	})
}

// withValues puts other values into the conditions of a filter; "" leaves one
// as it is.
func withValues(n filter.Node, other func(field, value string) string) filter.Node {
	switch n := n.(type) {
	case filter.Not:
		return filter.Not{Node: withValues(n.Node, other)}
	case filter.Group:
		nodes := make([]filter.Node, len(n.Nodes))
		for i, child := range n.Nodes {
			nodes[i] = withValues(child, other)
		}
		return filter.Group{Any: n.Any, Nodes: nodes}
	case filter.Condition:
		n.Values = slices.Clone(n.Values)
		for i, v := range n.Values {
			if kept := other(n.Field, v); kept != "" {
				n.Values[i] = kept
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
