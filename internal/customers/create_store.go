package customers

import (
	"context"
	"slices"
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
	words := rowsOf{table: "customers_words", columns: wordColumns}
	for _, d := range drafts {
		words.rows = append(words.rows, d.card.wordRows()...)
	}
	sortRows(words.rows)
	return words.insert(ctx, tx)
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

// insert writes the rows, many in one statement.
func (r rowsOf) insert(ctx context.Context, tx *db.Tx) error {
	return r.each(tx, func(statement string, args []any) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
}

// insertIDs writes the rows and gives their ids in the order of the rows: ids
// are given out rising, whatever order the statement returns them in.
func (r rowsOf) insertIDs(ctx context.Context, tx *db.Tx) ([]int64, error) {
	var all []int64
	err := r.each(tx, func(statement string, args []any) error {
		ids, err := db.All(ctx, tx, db.Value[int64], statement+" RETURNING id", args...)
		slices.Sort(ids)
		all = append(all, ids...)
		return err
	})
	return all, err
}

// each runs a statement for as many rows at a time as fit. SQLite takes "$1" for
// a name and compares every one with all before it, which thousands of them
// make slow.
func (r rowsOf) each(tx *db.Tx, run func(statement string, args []any) error) error {
	width := strings.Count(r.columns, ",") + 1
	sign := db.Pick(tx, "$", "?")
	for chunk := range slices.Chunk(r.rows, max(1, maxArgs/width)) {
		var b strings.Builder
		b.WriteString("INSERT INTO " + r.table + " (" + r.columns + ") VALUES ")
		args := make([]any, 0, len(chunk)*width)
		for i, row := range chunk {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('(')
			if sign == "$" {
				list(&b, len(args), width)
			} else {
				b.WriteString(strings.TrimPrefix(strings.Repeat(", ?", width), ", "))
			}
			b.WriteByte(')')
			args = append(args, row...)
		}
		if r.ignore {
			b.WriteString(" ON CONFLICT DO NOTHING")
		}
		if err := run(b.String(), args); err != nil {
			return err
		}
	}
	return nil
}

// orNull makes the id 0 a NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
