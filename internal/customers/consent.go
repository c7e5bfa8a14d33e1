package customers

import (
	"context"

	"kartoteka.dev/internal/platform/db"
)

const sqlConsents = `
SELECT id, customer_id, COALESCE(contact_id, 0), purpose, given, how, at, COALESCE(by_id, 0)
FROM customers_consents WHERE customer_id = $1 ORDER BY id DESC`

func scanConsent(s db.Scanner) (c Consent, err error) {
	err = s.Scan(&c.ID, &c.CustomerID, &c.ContactID, &c.Purpose, &c.Given, &c.How, &c.At, &c.ByID)
	return c, err //nolint:wrapcheck // the caller names the use case
}

func consents(ctx context.Context, tx *db.Tx, id int64) ([]Consent, error) {
	return db.All(ctx, tx, scanConsent, sqlConsents, id)
}
