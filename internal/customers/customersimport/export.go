package customersimport

import (
	"context"
	"io"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
)

// ExportQuery says which customers to write, and how.
type ExportQuery struct {
	Filter  filter.Node
	Sort    string   // as in customers.ListQuery
	Columns []string // names of ExportColumns, in this order; all if empty
	Format  imports.Format
	TempDir string           // where a large sheet grows; the system's place if empty
	OnPage  func(rows int64) // told how many rows are written so far; may be nil
}

// ExportColumn is a column that can be written.
type ExportColumn struct {
	Name  string
	Label string

	custom *fields.Definition
}

// notWritten is only for reading. An export has the whole name, and of what a
// customer has many, such as notes, it has the main one or none.
var notWritten = []string{"first_name", "middle_name", "last_name", "other_address", "note"}

// ExportColumns are the columns the actor may write, in the order of the file.
func (t *Target) ExportColumns(ctx context.Context) ([]ExportColumn, error) {
	const op = "customersimport.ExportColumns"
	if _, err := authz.Require(ctx, op, "customers.export"); err != nil {
		return nil, errs.Wrap(op, err)
	}
	var all []ExportColumn
	for _, k := range known {
		if !slices.Contains(notWritten, k.name) && (k.right == "" || customers.Readable(ctx, k.right)) {
			all = append(all, ExportColumn{Name: k.name, Label: i18n.T(ctx, k.label)})
		}
	}
	custom, err := t.definitions(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range custom {
		all = append(all, ExportColumn{Name: d.Name(), Label: d.In(ctx), custom: &d})
	}
	return all, nil
}

// Export writes customers as a spreadsheet that an import reads back, page by
// page: memory does not grow with the file. It returns how many it wrote.
func (t *Target) Export(ctx context.Context, q ExportQuery, w io.Writer) (rows int64, err error) {
	const op = "customersimport.Export"
	scope, err := authz.Require(ctx, op, "customers.export")
	if err != nil {
		return 0, errs.Wrap(op, err)
	}
	e, err := t.exporter(ctx, q)
	if err != nil {
		return 0, errs.Wrap(op, err)
	}
	out, err := q.writer(ctx, w)
	if err != nil {
		return 0, errs.Wrap(op, err)
	}
	names := make([]string, len(e.columns))
	for i, c := range e.columns {
		names[i] = c.Label
	}
	if err := out.Header(names); err != nil {
		return 0, errs.Wrap(op, err)
	}
	list := customers.ListQuery{Filter: q.Filter, Sort: q.Sort, Limit: filter.MaxLimit, Columns: []string{"custom"}}
	for {
		page, err := t.Customers.List(ctx, list)
		if err != nil {
			return rows, errs.Wrap(op, err)
		}
		items := slices.DeleteFunc(page.Items, func(r customers.Row) bool { return !scope.Allows(r.OwnerID, r.TeamID) })
		if err := e.page(ctx, items, out); err != nil {
			return rows, errs.Wrap(op, err)
		}
		rows += int64(len(items))
		if q.OnPage != nil {
			q.OnPage(rows)
		}
		if page.Next == "" {
			return rows, errs.Wrap(op, out.Close())
		}
		list.Cursor = page.Next
	}
}

func (q ExportQuery) writer(ctx context.Context, w io.Writer) (tabular.Writer, error) {
	if q.Format == imports.XLSX {
		return tabular.NewXLSXWriter(w, tabular.XLSXOptions{Sheet: i18n.T(ctx, "imports.customers.title"), TempDir: q.TempDir})
	}
	return tabular.NewCSVWriter(w, tabular.CSVOptions{BOM: true})
}

// exporter writes pages of customers.
type exporter struct {
	*Target

	columns []ExportColumn
	owners  map[int64]string
	sources map[int64]string
	prefix  string
}

func (t *Target) exporter(ctx context.Context, q ExportQuery) (*exporter, error) {
	e := &exporter{Target: t, owners: map[int64]string{}, sources: map[int64]string{}, prefix: t.Company.Defaults(ctx).NumberPrefix}
	offered, err := t.ExportColumns(ctx)
	if err != nil {
		return nil, err
	}
	e.columns = offered
	if len(q.Columns) > 0 {
		e.columns = nil
	}
	for _, name := range q.Columns {
		at := slices.IndexFunc(offered, func(c ExportColumn) bool { return c.Name == name })
		if at < 0 {
			return nil, errs.InvalidFields("customersimport.Export", errs.Field("columns", "imports.error.field-unknown", "Field", name))
		}
		e.columns = append(e.columns, offered[at])
	}
	people, err := t.people(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		e.owners[p.ID] = p.Name
	}
	sources, err := t.Customers.Sources(ctx)
	for _, s := range sources {
		e.sources[s.ID] = s.Label(ctx)
	}
	return e, err
}

// besides is what hangs on one customer of a page.
type besides struct {
	points  []customers.Point
	address customers.Address
	contact customers.Contact
	adviser string
}

func (e *exporter) page(ctx context.Context, rows []customers.Row, out tabular.Writer) error {
	if len(rows) == 0 {
		return nil
	}
	var hanging map[int64]*besides
	err := e.DB.Read(ctx, func(tx *db.Tx) (err error) {
		hanging, err = readBesides(ctx, tx, rows)
		return err
	})
	if err != nil {
		return err
	}
	cells := make([]tabular.Cell, len(e.columns))
	for i := range rows {
		for n, c := range e.columns {
			cells[n] = e.cell(ctx, c, &rows[i], hanging[rows[i].ID])
		}
		if err := out.Row(cells); err != nil {
			return err
		}
	}
	return nil
}

const (
	besidesPoints = `
SELECT customer_id, COALESCE(contact_id, 0), kind, value, extension FROM customers_points WHERE customer_id IN `
	besidesAddresses = `
SELECT customer_id, street, city, region, postcode FROM customers_addresses WHERE customer_id IN `
	besidesContacts = `
SELECT customer_id, id, name, position, birthday FROM customers_contacts WHERE NOT removed AND customer_id IN `
	besidesAdvisers = `
SELECT c.id, r.name FROM customers_customers c JOIN customers_customers r ON r.id = c.recommended_by_id WHERE c.id IN `
	mainFirst = ` ORDER BY main DESC, id`
)

// readBesides reads what a page needs besides its rows: four statements. Of
// addresses and contacts the main one is taken.
func readBesides(ctx context.Context, tx *db.Tx, rows []customers.Row) (map[int64]*besides, error) {
	all := make(map[int64]*besides, len(rows))
	ids := make([]any, len(rows))
	for i, r := range rows {
		ids[i], all[r.ID] = r.ID, &besides{}
	}
	among := list(0, len(ids))
	read := func(statement string, scan func(db.Scanner) error) error {
		_, err := db.All(ctx, tx, func(s db.Scanner) (struct{}, error) { return struct{}{}, scan(s) }, statement, ids...)
		return err
	}
	err := read(besidesContacts+among+mainFirst, func(s db.Scanner) error {
		var c customers.Contact
		err := s.Scan(&c.CustomerID, &c.ID, &c.Name, &c.Position, &c.Birthday)
		if b := all[c.CustomerID]; err == nil && b.contact.ID == 0 {
			b.contact = c
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = read(besidesPoints+among+mainFirst, func(s db.Scanner) error {
		var p customers.Point
		err := s.Scan(&p.CustomerID, &p.ContactID, &p.Kind, &p.Value, &p.Extension)
		switch b := all[p.CustomerID]; {
		case err != nil:
		case p.ContactID == 0:
			b.points = append(b.points, p)
		case p.ContactID == b.contact.ID:
			b.contact.Points = append(b.contact.Points, p)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = read(besidesAddresses+among+mainFirst, func(s db.Scanner) error {
		var a customers.Address
		err := s.Scan(&a.CustomerID, &a.Street, &a.City, &a.Region, &a.Postcode)
		if b := all[a.CustomerID]; err == nil && b.address.CustomerID == 0 {
			b.address = a
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, read(besidesAdvisers+among, func(s db.Scanner) error {
		var id int64
		var name string
		err := s.Scan(&id, &name)
		if err == nil {
			all[id].adviser = name
		}
		return err
	})
}

func (e *exporter) cell(ctx context.Context, c ExportColumn, r *customers.Row, b *besides) tabular.Cell {
	if c.custom != nil {
		return customCell(ctx, c.custom, r.Custom[c.custom.Slug])
	}
	switch c.Name {
	case "birthday":
		return dayCell(r.Birthday)
	case "contact_birthday":
		return dayCell(b.contact.Birthday)
	case "do_not_contact_before":
		return dayCell(r.DoNotContactBefore)
	case "phone":
		return tabular.Text(values(b.points, customers.Phone))
	case "email":
		return tabular.Text(values(b.points, customers.Email))
	case "messenger":
		return tabular.Text(values(b.points, customers.Messenger))
	case "contact_phone":
		return tabular.Text(values(b.contact.Points, customers.Phone))
	case "contact_email":
		return tabular.Text(values(b.contact.Points, customers.Email))
	}
	return tabular.Text(e.line(ctx, c.Name, r, b))
}

func (e *exporter) line(ctx context.Context, name string, r *customers.Row, b *besides) string {
	switch name {
	case "kind":
		return kindText(ctx, r.Kind)
	case "number":
		return customers.FormatNumber(e.prefix, r.Number)
	case "parent":
		return r.ParentName
	case "recommended_by":
		return b.adviser
	case "owner":
		return e.owners[r.OwnerID]
	case "source":
		return e.sources[r.SourceID]
	case "country":
		return countryName(i18n.From(ctx).Lang, r.Country)
	case "language":
		return r.Language
	case "website":
		return r.Website
	case "preferred_channel":
		return string(r.PreferredChannel)
	case "tags":
		return strings.Join(r.Tags, "; ")
	}
	rec := &record{NewCustomer: customers.NewCustomer{Customer: r.Customer}, contact: b.contact, address: b.address}
	if line := (&reading{rec: rec}).line(name); line != nil {
		return *line
	}
	return ""
}

// values are the points of a kind, as an import reads them.
func values(points []customers.Point, kind customers.PointKind) string {
	var all []string
	for _, p := range points {
		if p.Kind != kind {
			continue
		}
		if p.Extension != "" {
			p.Value += " ext. " + p.Extension
		}
		all = append(all, p.Value)
	}
	return strings.Join(all, "; ")
}
