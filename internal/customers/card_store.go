package customers

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

const customerColumns = `c.id, c.number, c.kind, c.state, c.name, c.legal_name, COALESCE(c.parent_id, 0),
  COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0), c.language, c.country, c.time_zone, c.tax_id, c.vat_id, c.website,
  c.source_id, c.source_note, COALESCE(c.recommended_by_id, 0), c.terms, c.preferred_channel, c.address_form,
  c.competitors, c.do_not_contact_before, c.birthday, c.external_source, c.external_id, c.quality, c.version,
  c.created_at, c.changed_at, c.last_contact_at, COALESCE(c.merged_into, 0)`

func (c *Customer) targets() []any {
	return []any{
		&c.ID, &c.Number, &c.Kind, &c.State, &c.Name, &c.LegalName, &c.ParentID,
		&c.OwnerID, &c.TeamID, &c.Language, &c.Country, &c.TimeZone, &c.TaxID, &c.VATID, &c.Website,
		&c.SourceID, &c.SourceNote, &c.RecommendedByID, &c.Terms, &c.PreferredChannel, &c.AddressForm,
		&c.Competitors, &c.DoNotContactBefore, &c.Birthday, &c.ExternalSource, &c.ExternalID, &c.Quality, &c.Version,
		&c.CreatedAt, &c.ChangedAt, &c.LastContactAt, &c.MergedIntoID,
	}
}

func scanCustomer(s db.Scanner) (c Customer, err error) {
	err = s.Scan(c.targets()...)
	return c, err
}

const keptColumns = `number, kind, state, name, name_key, name_sort, legal_name, parent_id, owner_id, team_id, language,
  country, time_zone, tax_id, tax_key, vat_id, vat_key, website, source_id, source_note, recommended_by_id, terms,
  preferred_channel, address_form, competitors, do_not_contact_before, birthday, external_source, external_id, quality,
  version, created_at, changed_at, last_contact_at, merged_into`

// kept are the values of keptColumns.
func (c *Customer) kept() []any {
	return []any{
		c.Number, c.Kind, c.State, c.Name, nameKey(c.Name), fold.Sort(c.Name), c.LegalName, orNull(c.ParentID), orNull(c.OwnerID),
		orNull(c.TeamID), c.Language, c.Country, c.TimeZone, c.TaxID, taxKey(c.TaxID), c.VATID, taxKey(c.VATID), c.Website,
		c.SourceID, c.SourceNote, orNull(c.RecommendedByID), c.Terms, c.PreferredChannel, c.AddressForm, c.Competitors,
		c.DoNotContactBefore, c.Birthday, c.ExternalSource, c.ExternalID, c.Quality, c.Version, c.CreatedAt, c.ChangedAt,
		c.LastContactAt, orNull(c.MergedIntoID),
	}
}

const sqlUpdate = `
UPDATE customers_customers SET (` + keptColumns + `) =
  ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
  $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)
WHERE id = $1`

func update(ctx context.Context, tx *db.Tx, c *Customer) error {
	_, err := tx.Exec(ctx, sqlUpdate, append([]any{c.ID}, c.kept()...)...)
	return err
}

const (
	sqlFindCustomer = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.id = $1`

	// sqlLock takes the row for the rest of the transaction on both engines.
	sqlLock = `UPDATE customers_customers SET version = version WHERE id = $1`
)

// findCustomer gives a customer as it is; with lock, nobody else changes it
// until the transaction ends.
func findCustomer(ctx context.Context, tx *db.Tx, op string, id int64, lock bool) (Customer, error) {
	if lock {
		if _, err := tx.Exec(ctx, sqlLock, id); err != nil {
			return Customer{}, err
		}
	}
	c, err := db.One(ctx, tx, scanCustomer, sqlFindCustomer, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Customer{}, errNotFound(op)
	}
	return c, err
}

func errNotFound(op string) error { return errs.New(errs.NotFound, op, "customers.error.not-found") }

const (
	selectPoints = `
SELECT id, customer_id, COALESCE(contact_id, 0), kind, value, extension, label, main FROM customers_points WHERE customer_id`
	selectContacts = `
SELECT id, customer_id, name, position, language, address_form, style, mood, birthday, main, version
FROM customers_contacts WHERE NOT removed AND customer_id`
	selectAddresses = `
SELECT id, customer_id, label, street, city, region, postcode, country, main FROM customers_addresses WHERE customer_id`
	selectTags = `
SELECT l.customer_id, t.id, t.name FROM customers_taggings l JOIN customers_tags t ON t.id = l.tag_id WHERE l.customer_id`
	selectDates = `
SELECT id, customer_id, COALESCE(contact_id, 0), label, day, yearly FROM customers_dates WHERE customer_id`
	selectFormer = `SELECT merged_into, id, number FROM customers_customers WHERE merged_into`
)

func scanPoint(s db.Scanner) (p Point, err error) {
	err = s.Scan(&p.ID, &p.CustomerID, &p.ContactID, &p.Kind, &p.Value, &p.Extension, &p.Label, &p.Main)
	return p, err
}

func scanContact(s db.Scanner) (c Contact, err error) {
	err = s.Scan(&c.ID, &c.CustomerID, &c.Name, &c.Position, &c.Language, &c.AddressForm, &c.Style, &c.Mood, &c.Birthday,
		&c.Main, &c.Version)
	return c, err
}

func scanAddress(s db.Scanner) (a Address, err error) {
	err = s.Scan(&a.ID, &a.CustomerID, &a.Label, &a.Street, &a.City, &a.Region, &a.Postcode, &a.Country, &a.Main)
	return a, err
}

func scanDate(s db.Scanner) (d ImportantDate, err error) {
	err = s.Scan(&d.ID, &d.CustomerID, &d.ContactID, &d.Label, &d.Day, &d.Yearly)
	return d, err
}

type tagging struct {
	customerID int64
	tag        Tag
}

func scanTagging(s db.Scanner) (t tagging, err error) {
	err = s.Scan(&t.customerID, &t.tag.ID, &t.tag.Name)
	return t, err
}

// fill reads what hangs on the customers of the cards: six statements however
// many there are. Consents and custom values are read where they are shown.
func fill(ctx context.Context, tx *db.Tx, cards []*Card) error {
	ids := make([]any, len(cards))
	byID := make(map[int64]*Card, len(cards))
	for i, c := range cards {
		ids[i], byID[c.ID] = c.ID, c
	}
	among := in(0, len(ids))
	contacts, err := db.All(ctx, tx, scanContact, selectContacts+among+" ORDER BY main DESC, id", ids...)
	if err != nil {
		return err
	}
	for _, p := range contacts {
		byID[p.CustomerID].Contacts = append(byID[p.CustomerID].Contacts, p)
	}
	points, err := db.All(ctx, tx, scanPoint, selectPoints+among+" ORDER BY main DESC, id", ids...)
	if err != nil {
		return err
	}
	for _, p := range points {
		byID[p.CustomerID].place(p)
	}
	addresses, err := db.All(ctx, tx, scanAddress, selectAddresses+among+" ORDER BY main DESC, id", ids...)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		byID[a.CustomerID].Addresses = append(byID[a.CustomerID].Addresses, a)
	}
	taggings, err := db.All(ctx, tx, scanTagging, selectTags+among+" ORDER BY t.name_key, t.id", ids...)
	if err != nil {
		return err
	}
	for _, t := range taggings {
		byID[t.customerID].Tags = append(byID[t.customerID].Tags, t.tag)
	}
	dates, err := db.All(ctx, tx, scanDate, selectDates+among+" ORDER BY day, id", ids...)
	if err != nil {
		return err
	}
	for _, d := range dates {
		byID[d.CustomerID].Dates = append(byID[d.CustomerID].Dates, d)
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var into int64
		var f Former
		err = row.Scan(&into, &f.ID, &f.Number)
		if c := byID[into]; c != nil {
			c.Former = append(c.Former, f)
		}
		return none, err
	}, selectFormer+among+" ORDER BY merged_into, id", ids...)
	return err
}

// place puts a point where it belongs: to the customer or to its contact.
func (c *Card) place(p Point) {
	if p.ContactID == 0 {
		c.Points = append(c.Points, p)
		return
	}
	if i := slices.IndexFunc(c.Contacts, func(k Contact) bool { return k.ID == p.ContactID }); i >= 0 {
		c.Contacts[i].Points = append(c.Contacts[i].Points, p)
	}
}
