// Package fieldstest makes custom fields for other modules' tests.
package fieldstest

import (
	"context"
	"testing"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Records are records that everyone may see, by type and id; the value is the
// customer they belong to.
type Records map[string]map[int64]int64

// CustomerOf implements fields.Records.
func (r Records) CustomerOf(_ context.Context, _ *db.Tx, recordType string, id int64) (int64, error) {
	customerID, ok := r[recordType][id]
	if !ok {
		return 0, errs.New(errs.NotFound, "fieldstest.CustomerOf", "errors.kind-not-found-title")
	}
	return customerID, nil
}

// Service makes the service for customers and contacts.
func Service(t testing.TB, d *db.DB, records fields.Records) *fields.Service {
	t.Helper()
	return fields.New(fields.Deps{DB: d, RecordTypes: []string{"customer", "contact"}, Records: records})
}

// Each type's field is called after it: "text", "long_text", "multi_choice".
// Choices are "bakery", "it" and "mill", money is in EUR.
var slugs = map[fields.Type]string{
	fields.Text: "text", fields.LongText: "long_text", fields.Number: "number", fields.Money: "money",
	fields.Date: "date", fields.Choice: "choice", fields.Multi: "multi_choice", fields.YesNo: "yes_no", fields.Link: "link",
}

// OneOfEach creates a field of every type and gives them by slug.
func OneOfEach(t testing.TB, s *fields.Service, recordType string) map[string]fields.Definition {
	t.Helper()
	ctx := authz.AsSystem(context.Background(), "test")
	out := map[string]fields.Definition{}
	for _, typ := range fields.Types {
		q := fields.Question{Slug: slugs[typ], Words: fields.Words{Label: "The " + slugs[typ]}, Type: typ}
		switch typ {
		case fields.Money:
			q.Currency = "EUR"
		case fields.Choice, fields.Multi:
			q.Options = []fields.Option{
				{Slug: "bakery", Words: fields.Words{Label: "Bakery"}},
				{Slug: "it", Words: fields.Words{Label: "IT"}},
				{Slug: "mill", Words: fields.Words{Label: "Mill"}},
			}
		}
		d, err := s.CreateField(ctx, fields.NewField{RecordType: recordType, Question: q})
		if err != nil {
			t.Fatal(err)
		}
		out[d.Slug] = d
	}
	return out
}
