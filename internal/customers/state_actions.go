package customers

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// Archive puts a customer away: lists leave it out, everything about it stays.
// For version see Change.
func (s *Service) Archive(ctx context.Context, id, version int64) error {
	const op = "customers.Archive"
	if _, err := authz.Require(ctx, op, "customers.archive"); err != nil {
		return err
	}
	_, err := s.write(ctx, s.moving(op, id, version, Archived))
	return err
}

// Restore brings a customer back from the archive.
func (s *Service) Restore(ctx context.Context, id, version int64) error {
	const op = "customers.Restore"
	if _, err := authz.Require(ctx, op, "customers.archive"); err != nil {
		return err
	}
	_, err := s.write(ctx, s.moving(op, id, version, Active))
	return err
}

// moving takes a customer into the archive or out of it.
func (s *Service) moving(op string, id, version int64, to State) alteration {
	a := alteration{
		op: op, permission: "customers.archive", id: id, version: version,
		edit: func(_ *db.Tx, c *Card, was, is map[string]any) error {
			if c.State == to {
				return nil
			}
			was["state"], is["state"] = c.State, to
			c.State = to
			return nil
		},
	}
	a.kind, a.handlers = "customers.archived", &s.events.archived
	if to == Active {
		a.kind, a.handlers = "customers.restored", &s.events.restored
	}
	return a
}

const (
	sqlErasePoints     = `DELETE FROM customers_points WHERE customer_id = $1`
	sqlEraseAddresses  = `DELETE FROM customers_addresses WHERE customer_id = $1`
	sqlEraseDates      = `DELETE FROM customers_dates WHERE customer_id = $1`
	sqlEraseTaggings   = `DELETE FROM customers_taggings WHERE customer_id = $1`
	sqlEraseNoteBodies = `UPDATE customers_notes SET body = '' WHERE customer_id = $1`
	sqlEraseConsents   = `UPDATE customers_consents SET how = '' WHERE customer_id = $1`
	sqlEraseContacts   = `
UPDATE customers_contacts SET name = '', name_key = '', position = '', language = '', address_form = '', style = '', mood = '',
  birthday = 0, main = FALSE, removed = TRUE WHERE customer_id = $1`
)

// Erase removes everything that tells who a person is, from the card, the
// notes, the files, the index and the journal, for good. That they were a customer, their
// number, where they came from and who looked after them remain: the business
// history stays.
func (s *Service) Erase(ctx context.Context, id, version int64) error {
	const op = "customers.Erase"
	if _, err := authz.Require(ctx, op, "customers.erase"); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.reachable(ctx, tx, alteration{op: op, permission: "customers.erase", id: id, version: version})
		if err != nil {
			return err
		}
		if c.Kind != Person {
			return errs.New(errs.Invalid, op, "customers.error.only-persons-erased")
		}
		return s.erase(ctx, tx, c)
	})
	return errs.Wrap(op, err)
}

const sqlMergedInto = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.merged_into = $1 ORDER BY c.id`

// erase erases a customer together with those that were merged into it.
func (s *Service) erase(ctx context.Context, tx *db.Tx, c Customer) error {
	former, err := db.All(ctx, tx, scanCustomer, sqlMergedInto, c.ID)
	if err != nil {
		return err
	}
	for _, f := range former {
		if err := s.erase(ctx, tx, f); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		sqlErasePoints, sqlEraseAddresses, sqlEraseDates, sqlEraseTaggings, sqlEraseConsents, sqlEraseContacts,
	} {
		if _, err := tx.Exec(ctx, statement, c.ID); err != nil {
			return err
		}
	}
	words, err := wordsOf(ctx, tx, []any{c.ID})
	if err != nil {
		return err
	}
	if err := moveWords(ctx, tx, c.ID, words[c.ID], nil); err != nil {
		return err
	}
	if err := eraseNotes(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := eraseFiles(ctx, tx, c.ID); err != nil {
		return err
	}
	if s.fields != nil {
		if err := s.fields.Erase(ctx, tx, RecordType, c.ID); err != nil {
			return err
		}
	}
	lang := i18n.Lang(s.defaults(ctx).Language)
	left := Customer{
		ID: c.ID, Number: c.Number, Kind: c.Kind, State: Erased, Name: i18n.TIn(lang, "customers.erased.name"),
		OwnerID: c.OwnerID, TeamID: c.TeamID, Country: c.Country, SourceID: c.SourceID,
		Version: c.Version + 1, CreatedAt: c.CreatedAt, ChangedAt: tx.Now(), LastContactAt: c.LastContactAt,
	}
	if err := update(ctx, tx, &left); err != nil {
		return err
	}
	if err := journal.Erase(ctx, tx, c.ID); err != nil {
		return err
	}
	_, err = journal.Write(ctx, tx, journal.Entry{Kind: "customers.erased", Subject: c.ref(), CustomerID: c.ID})
	if err != nil {
		return err
	}
	return tell(ctx, tx, s.events.erased, left)
}
