package customers

import (
	"context"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/fold"
)

// sqlTakeNumbers gives the last of $1 numbers in a row that nobody else has.
const sqlTakeNumbers = `
INSERT INTO customers_counters (name, value) VALUES ('number', $1)
ON CONFLICT (name) DO UPDATE SET value = customers_counters.value + excluded.value RETURNING value`

// insertDrafts writes new customers and all that hangs on them, table by
// table, and gives them their ids and numbers.
func insertDrafts(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	last, err := db.One(ctx, tx, db.Value[int64], sqlTakeNumbers, len(drafts))
	if err != nil {
		return err
	}
	customers := rowsOf{table: "customers_customers", columns: keptColumns}
	for i, d := range drafts {
		c := &d.card
		c.Number = last - int64(len(drafts)-1-i)
		c.CreatedAt, c.ChangedAt = tx.Now(), tx.Now()
		customers.rows = append(customers.rows, c.kept())
	}
	ids, err := customers.insertIDs(ctx, tx)
	if err != nil {
		return err
	}
	for i, d := range drafts {
		d.card.ID = ids[i]
	}
	if err := insertContacts(ctx, tx, drafts); err != nil {
		return err
	}
	if err := insertHanging(ctx, tx, drafts); err != nil {
		return err
	}
	if err := insertTags(ctx, tx, drafts); err != nil {
		return err
	}
	return insertWords(ctx, tx, drafts)
}

const contactColumns = "customer_id, name, name_key, position, language, address_form, style, mood, birthday, main, removed, version"

func (c *Contact) kept(customerID int64) []any {
	return []any{
		customerID, c.Name, nameKey(c.Name), c.Position, c.Language, c.AddressForm, c.Style, c.Mood, c.Birthday, c.Main, false, c.Version,
	}
}

func insertContacts(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	rows := rowsOf{table: "customers_contacts", columns: contactColumns}
	for _, d := range drafts {
		for i := range d.card.Contacts {
			rows.rows = append(rows.rows, d.card.Contacts[i].kept(d.card.ID))
		}
	}
	ids, err := rows.insertIDs(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		for i := range d.card.Contacts {
			contact := &d.card.Contacts[i]
			contact.ID, contact.CustomerID, ids = ids[0], d.card.ID, ids[1:]
			for j := range contact.Points {
				contact.Points[j].ContactID = contact.ID
			}
		}
	}
	return nil
}

const (
	pointColumns   = "customer_id, contact_id, kind, value, value_key, extension, label, main"
	addressColumns = "customer_id, label, street, city, city_key, region, postcode, country, main"
	dateColumns    = "customer_id, contact_id, label, day, yearly"
)

func (p *Point) kept(customerID int64) []any {
	return []any{customerID, orNull(p.ContactID), p.Kind, p.Value, p.key(), p.Extension, p.Label, p.Main}
}

func (a *Address) kept(customerID int64) []any {
	return []any{customerID, a.Label, a.Street, a.City, fold.Key(a.City), a.Region, a.Postcode, a.Country, a.Main}
}

func (d *ImportantDate) kept(customerID int64) []any {
	return []any{customerID, orNull(d.ContactID), d.Label, d.Day, d.Yearly}
}

// insertHanging writes points, addresses and dates. The cards get the ids, for
// the journal tells them and undo looks for them.
func insertHanging(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	points := rowsOf{table: "customers_points", columns: pointColumns}
	addresses := rowsOf{table: "customers_addresses", columns: addressColumns}
	dates := rowsOf{table: "customers_dates", columns: dateColumns}
	var pointIDs, addressIDs, dateIDs []*int64
	for _, d := range drafts {
		c := &d.card
		for _, p := range c.allPoints() {
			points.rows, pointIDs = append(points.rows, p.kept(c.ID)), append(pointIDs, &p.ID)
		}
		for i := range c.Addresses {
			addresses.rows, addressIDs = append(addresses.rows, c.Addresses[i].kept(c.ID)), append(addressIDs, &c.Addresses[i].ID)
		}
		for i := range c.Dates {
			dates.rows, dateIDs = append(dates.rows, c.Dates[i].kept(c.ID)), append(dateIDs, &c.Dates[i].ID)
		}
	}
	for _, part := range []struct {
		rows rowsOf
		ids  []*int64
	}{{points, pointIDs}, {addresses, addressIDs}, {dates, dateIDs}} {
		ids, err := part.rows.insertIDs(ctx, tx)
		if err != nil {
			return err
		}
		for i, id := range ids {
			*part.ids[i] = id
		}
	}
	return nil
}

// allPoints are the customer's own points and its contacts'.
func (c *Card) allPoints() []*Point {
	var all []*Point
	for i := range c.Points {
		all = append(all, &c.Points[i])
	}
	for i := range c.Contacts {
		for j := range c.Contacts[i].Points {
			all = append(all, &c.Contacts[i].Points[j])
		}
	}
	return all
}

func insertTags(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	var names []string
	for _, d := range drafts {
		names = append(names, d.tags...)
	}
	tags, err := wantTags(ctx, tx, names)
	if err != nil {
		return err
	}
	rows := rowsOf{table: "customers_taggings", columns: "customer_id, tag_id"}
	for _, d := range drafts {
		d.card.Tags = nil
		for _, name := range d.tags {
			t := tags[fold.Key(name)]
			if d.card.hasTag(t.ID) {
				continue // two names of one tag
			}
			d.card.Tags = append(d.card.Tags, t)
			rows.rows = append(rows.rows, []any{d.card.ID, t.ID})
		}
	}
	return rows.insert(ctx, tx)
}

// maxArgs is how many arguments one statement is given; SQLite takes 32,766.
const maxArgs = 15_000

// in writes " IN ($1, $2, …)" for so many arguments, numbered after those the
// statement has already.
func in(have, count int) string {
	var b strings.Builder
	b.WriteString(" IN (")
	list(&b, have, count)
	b.WriteString(")")
	return b.String()
}

func list(b *strings.Builder, have, count int) {
	for i := range count {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(have + i + 1))
	}
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// rowsOf are rows to insert into a table.
type rowsOf struct {
	table   string
	columns string // separated by ", "
	rows    [][]any
	ignore  bool // rows that are there already stay as they are
}

// insert writes the rows.
func (r rowsOf) insert(ctx context.Context, tx *db.Tx) error {
	rows := db.NewRows(r.table, r.columns)
	if r.ignore {
		rows.IgnoreThere()
	}
	for _, row := range r.rows {
		rows.Add(row...)
	}
	return rows.Insert(ctx, tx)
}

// insertIDs writes the rows and gives their ids in the order of the rows.
func (r rowsOf) insertIDs(ctx context.Context, tx *db.Tx) ([]int64, error) {
	ids, err := db.TakeIDs(ctx, tx, r.table, len(r.rows))
	if err != nil {
		return nil, err
	}
	rows := db.NewRows(r.table, "id, "+r.columns)
	for i, row := range r.rows {
		rows.Add(append([]any{ids[i]}, row...)...)
	}
	return ids, rows.Insert(ctx, tx)
}

// orNull makes the id 0 a NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
