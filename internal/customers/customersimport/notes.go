package customersimport

import (
	"context"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// addNotes writes down what rows say in words of customers that are new. A note
// that cannot be kept is a remark of its row, which is in all the same.
func (r *run) addNotes(ctx context.Context, tx *db.Tx, changes []imports.Change, results []imports.Result) error {
	for i, c := range changes {
		rec := c.Record.(*record)
		if c.RecordID != 0 || results[i].ID == 0 || len(rec.notes) == 0 {
			continue
		}
		note := customers.NewNote{CustomerID: results[i].ID, Body: strings.Join(rec.notes, "\n\n")}
		_, err := r.Customers.AddNotes(ctx, tx, []customers.NewNote{note})
		switch errs.KindOf(err) {
		case errs.Invalid, errs.Forbidden, errs.NotFound: // found before anything was written
			for _, p := range refusals(err) {
				p.Field, p.Note = "note", true
				results[i].Problems = append(results[i].Problems, p)
			}
		default:
			if err != nil {
				return err
			}
		}
	}
	return nil
}
