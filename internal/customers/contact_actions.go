package customers

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

const (
	sqlChangeContact = `
UPDATE customers_contacts SET name = $3, name_key = $4, position = $5, language = $6, address_form = $7, style = $8, mood = $9,
  birthday = $10, main = $11, version = version + 1 WHERE customer_id = $1 AND id = $2`
	sqlOtherContacts  = `UPDATE customers_contacts SET main = FALSE WHERE customer_id = $1 AND id <> $2 AND main`
	sqlRemoveContact  = `UPDATE customers_contacts SET removed = $3 WHERE customer_id = $1 AND id = $2`
	sqlRemovePointsOf = `DELETE FROM customers_points WHERE customer_id = $1 AND contact_id = $2`
)

var contacts = parts[Contact]{
	name:  "contact",
	id:    func(c *Contact) *int64 { return &c.ID },
	among: func(c *Card) []Contact { return c.Contacts },
	told:  func(c Contact) Contact { c.Points = nil; return c },
	tidy: func(_ *Card, c *Contact, country string, bad *problems) {
		c.tidy()
		c.check("contact", bad)
		c.Points = tidyPoints(c.Points, country, "contact.points", bad)
	},
	insert: insertContact,
	update: func(ctx context.Context, tx *db.Tx, id int64, c *Contact) error {
		_, err := tx.Exec(ctx, sqlChangeContact, id, c.ID, c.Name, nameKey(c.Name), c.Position, c.Language, c.AddressForm,
			c.Style, c.Mood, c.Birthday, c.Main)
		if err != nil || !c.Main {
			return err
		}
		_, err = tx.Exec(ctx, sqlOtherContacts, id, c.ID)
		return err
	},
	remove: func(ctx context.Context, tx *db.Tx, id int64, c *Contact) error {
		if _, err := tx.Exec(ctx, sqlRemovePointsOf, id, c.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlRemoveContact, id, c.ID, true)
		return err
	},
}

// insertContact adds a contact with its points; one that was removed comes
// back under its id, because notes and dates still refer to it.
func insertContact(ctx context.Context, tx *db.Tx, id int64, c *Contact) error {
	if c.ID != 0 {
		if _, err := tx.Exec(ctx, sqlRemoveContact, id, c.ID, false); err != nil {
			return err
		}
	} else {
		c.Version = 1
		if err := insertOne(ctx, tx, "customers_contacts", contactColumns, c.kept(id), &c.ID); err != nil {
			return err
		}
	}
	for i := range c.Points {
		c.Points[i].ContactID = c.ID
		if err := points.insert(ctx, tx, id, &c.Points[i]); err != nil {
			return err
		}
	}
	return nil
}

// AddContact adds a person at a customer, with their points. For version see
// Change.
func (s *Service) AddContact(ctx context.Context, customerID, version int64, c Contact) (Contact, error) {
	const op = "customers.AddContact"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Contact{}, err
	}
	a := contacts.alteration(ctx, op, customerID, version, "added")
	if len(c.Points) > 0 && a.allowed == nil {
		a.allowed = mayWrite(ctx, op, rightPoints)
	}
	return contacts.add(ctx, s, a, c)
}

// ChangeContact replaces what is known of a contact; its points are changed
// one by one. What the actor may not change stays as it is.
func (s *Service) ChangeContact(ctx context.Context, customerID, version int64, c Contact) (Contact, error) {
	const op = "customers.ChangeContact"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Contact{}, err
	}
	c.Points = nil
	guarded := contacts
	guarded.tidy = func(card *Card, c *Contact, country string, bad *problems) {
		if before, ok := contacts.find(card, c.ID); ok {
			if !Writable(ctx, rightManner) {
				c.Style, c.Mood = before.Style, before.Mood
			}
			if !Writable(ctx, rightBirthday) {
				c.Birthday = before.Birthday
			}
		}
		contacts.tidy(card, c, country, bad)
	}
	return guarded.change(ctx, s, guarded.alteration(ctx, op, customerID, version, "changed"), c)
}

// RemoveContact takes a contact out of the file, together with their points.
func (s *Service) RemoveContact(ctx context.Context, customerID, version, id int64) error {
	const op = "customers.RemoveContact"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return err
	}
	return contacts.drop(ctx, s, contacts.alteration(ctx, op, customerID, version, "removed"), id)
}

const (
	sqlChangeDate = `UPDATE customers_dates SET contact_id = $3, label = $4, day = $5, yearly = $6 WHERE customer_id = $1 AND id = $2`
	sqlRemoveDate = `DELETE FROM customers_dates WHERE customer_id = $1 AND id = $2`
)

var dates = parts[ImportantDate]{
	name:  "date",
	id:    func(d *ImportantDate) *int64 { return &d.ID },
	among: func(c *Card) []ImportantDate { return c.Dates },
	tidy: func(c *Card, d *ImportantDate, _ string, bad *problems) {
		d.check("date", bad)
		bad.when(d.ContactID != 0 && !c.hasContact(d.ContactID), "contact_id", "errors.field-not-chosen")
	},
	insert: func(ctx context.Context, tx *db.Tx, id int64, d *ImportantDate) error {
		return insertOne(ctx, tx, "customers_dates", dateColumns, d.kept(id), &d.ID)
	},
	update: func(ctx context.Context, tx *db.Tx, id int64, d *ImportantDate) error {
		_, err := tx.Exec(ctx, sqlChangeDate, id, d.ID, orNull(d.ContactID), d.Label, d.Day, d.Yearly)
		return err
	},
	remove: func(ctx context.Context, tx *db.Tx, id int64, d *ImportantDate) error {
		_, err := tx.Exec(ctx, sqlRemoveDate, id, d.ID)
		return err
	},
}

// AddDate adds an important date. For version see Change.
func (s *Service) AddDate(ctx context.Context, customerID, version int64, d ImportantDate) (ImportantDate, error) {
	const op = "customers.AddDate"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return ImportantDate{}, err
	}
	return dates.add(ctx, s, dates.alteration(ctx, op, customerID, version, "added"), d)
}

// ChangeDate replaces an important date.
func (s *Service) ChangeDate(ctx context.Context, customerID, version int64, d ImportantDate) (ImportantDate, error) {
	const op = "customers.ChangeDate"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return ImportantDate{}, err
	}
	return dates.change(ctx, s, dates.alteration(ctx, op, customerID, version, "changed"), d)
}

// RemoveDate removes an important date.
func (s *Service) RemoveDate(ctx context.Context, customerID, version, id int64) error {
	const op = "customers.RemoveDate"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return err
	}
	return dates.drop(ctx, s, dates.alteration(ctx, op, customerID, version, "removed"), id)
}

const sqlRemoveTagging = `DELETE FROM customers_taggings WHERE customer_id = $1 AND tag_id = $2`

// ChangeTags puts tags on a customer and takes others off, by name. For
// version see Change.
func (s *Service) ChangeTags(ctx context.Context, customerID, version int64, add, remove []string) error {
	const op = "customers.ChangeTags"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return err
	}
	_, err := s.write(ctx, tagChange(ctx, op, customerID, version, add, remove))
	return err
}

func tagChange(ctx context.Context, op string, customerID, version int64, add, remove []string) alteration {
	return alteration{
		op: op, permission: "customers.edit", id: customerID, version: version, kind: "customers.tags_changed", hangs: true,
		edit: func(tx *db.Tx, c *Card, was, is map[string]any) error {
			var bad problems
			added, err := tag(ctx, tx, c, tidyTags(add, &bad))
			if len(bad) > 0 {
				return errs.InvalidFields(op, bad...)
			}
			if err != nil {
				return err
			}
			removed, err := untag(ctx, tx, c, remove)
			if len(added) > 0 {
				is["tags"] = added
			}
			if len(removed) > 0 {
				was["tags"] = removed
			}
			return err
		},
	}
}

// tag puts tags on the card's customer and gives the names of the new ones.
func tag(ctx context.Context, tx *db.Tx, c *Card, names []string) (added []string, err error) {
	tags, err := wantTags(ctx, tx, names)
	if err != nil {
		return nil, err
	}
	rows := rowsOf{table: "customers_taggings", columns: "customer_id, tag_id", ignore: true}
	for _, name := range names {
		if t := tags[fold.Key(name)]; !c.hasTag(t.ID) && !slices.Contains(added, t.Name) {
			added = append(added, t.Name)
			rows.rows = append(rows.rows, []any{c.ID, t.ID})
		}
	}
	return added, rows.insert(ctx, tx)
}

func untag(ctx context.Context, tx *db.Tx, c *Card, names []string) (removed []string, err error) {
	if names, err = tagsNow(ctx, tx, names); err != nil {
		return nil, err
	}
	for _, name := range names {
		for _, t := range c.Tags {
			if fold.Key(t.Name) != fold.Key(name) {
				continue
			}
			if _, err := tx.Exec(ctx, sqlRemoveTagging, c.ID, t.ID); err != nil {
				return nil, err
			}
			removed = append(removed, t.Name)
		}
	}
	return removed, nil
}

func (c *Card) hasTag(id int64) bool {
	for _, t := range c.Tags {
		if t.ID == id {
			return true
		}
	}
	return false
}

const (
	sqlConsents = `
SELECT id, customer_id, COALESCE(contact_id, 0), purpose, given, how, at, COALESCE(by_id, 0)
FROM customers_consents WHERE customer_id = $1 ORDER BY id DESC`
	sqlInsertConsent = `
INSERT INTO customers_consents (customer_id, contact_id, purpose, given, how, at, by_id)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`
)

func scanConsent(s db.Scanner) (c Consent, err error) {
	err = s.Scan(&c.ID, &c.CustomerID, &c.ContactID, &c.Purpose, &c.Given, &c.How, &c.At, &c.ByID)
	return c, err
}

func consents(ctx context.Context, tx *db.Tx, id int64) ([]Consent, error) {
	return db.All(ctx, tx, scanConsent, sqlConsents, id)
}

// RecordConsent notes what a customer agreed to or refused, now.
func (s *Service) RecordConsent(ctx context.Context, customerID int64, in Consent) (Consent, error) {
	const op = "customers.RecordConsent"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Consent{}, err
	}
	in.Purpose, in.How = trim(in.Purpose), trim(in.How)
	var bad problems
	bad.when(in.Purpose == "", "purpose", "errors.field-missing")
	bad.short("purpose", in.Purpose)
	bad.short("how", in.How)
	if len(bad) > 0 {
		return Consent{}, errs.InvalidFields(op, bad...)
	}
	_, err := s.write(ctx, alteration{
		op: op, permission: "customers.edit", id: customerID, kind: "customers.consent_added",
		edit: func(tx *db.Tx, c *Card, _, is map[string]any) (err error) {
			if in.ContactID != 0 && !c.hasContact(in.ContactID) {
				return errs.InvalidFields(op, errs.Field("contact_id", "errors.field-not-chosen"))
			}
			in.At, in.ByID, in.CustomerID = tx.Now(), actingPerson(ctx), c.ID
			in.ID, err = db.One(ctx, tx, db.Value[int64], sqlInsertConsent, c.ID, orNull(in.ContactID), in.Purpose, in.Given,
				in.How, in.At, orNull(in.ByID))
			is["consent"] = in
			return err
		},
	})
	return in, err
}

// actingPerson is the person who acts, or for whom a program does; 0 if none.
func actingPerson(ctx context.Context) int64 { return authz.From(ctx).UserID }
