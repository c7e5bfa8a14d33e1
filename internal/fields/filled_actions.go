package fields

import (
	"context"
	"fmt"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// NewFilled is a form someone fills in. Edition is the one they saw; 0 is the
// newest.
type NewFilled struct {
	FormID     int64
	Edition    int
	RecordType string
	RecordID   int64
	Answers    map[string]any // by slug, in the shapes of the API
}

// Fill files a form with a record the actor may see. Answers that do not fit
// and required ones that are missing are errs.Invalid, each as answers.SLUG.
func (s *Service) Fill(ctx context.Context, in NewFilled) (Filled, error) {
	const op = "fields.Fill"
	if _, err := authz.Require(ctx, op, "forms.fill"); err != nil {
		return Filled{}, err
	}
	var out Filled
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		form, err := findForm(ctx, tx, op, in.FormID)
		if err != nil {
			return err
		}
		actor := authz.From(ctx)
		switch {
		case form.Archived:
			return errs.New(errs.Conflict, op, "fields.error.form-archived")
		case !form.opens(actor):
			return errs.New(errs.Forbidden, op, "fields.error.form-of-others", "Name", form.Name)
		}
		customerID, err := s.customerOf(ctx, tx, op, in.RecordType, in.RecordID)
		if err != nil {
			return err
		}
		questions := form.Questions
		if in.Edition != 0 && in.Edition != form.Edition {
			if questions, err = findEdition(ctx, tx, op, form.ID, in.Edition); err != nil {
				return err
			}
			form.Edition = in.Edition
		}
		out = Filled{
			FormID: form.ID, FormName: form.Name, Edition: form.Edition, Questions: questions,
			RecordType: in.RecordType, RecordID: in.RecordID,
			At: tx.Now(), ByID: actor.UserID, ByName: actor.Name,
		}
		if out.Answers, err = answers(op, questions, in.Answers); err != nil {
			return err
		}
		if out.ID, err = insertFilled(ctx, tx, out); err != nil {
			return err
		}
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: "fields.form_filled", Subject: journal.Ref{Type: "filled_form", ID: out.ID}, CustomerID: customerID, After: out,
		})
		return errs.Wrap(op, err)
	})
	return out, errs.Wrap(op, err)
}

// customerOf asks the record's module whether the actor may see it.
func (s *Service) customerOf(ctx context.Context, tx *db.Tx, op, recordType string, recordID int64) (int64, error) {
	if s.records == nil {
		return 0, errs.New(errs.NotFound, op, "errors.kind-not-found-title")
	}
	id, err := s.records.CustomerOf(ctx, tx, recordType, recordID)
	return id, errs.Wrap(op, err)
}

// pageOfFilled is how many filled forms are listed at once.
const pageOfFilled = 50

// ListFilled gives the forms filed with a record, newest first; before is the
// id of the last one of the page before, 0 for the first. next is 0 at the end.
func (s *Service) ListFilled(ctx context.Context, recordType string, recordID, before int64) (page []Filled, next int64, err error) {
	const op = "fields.ListFilled"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.customerOf(ctx, tx, op, recordType, recordID); err != nil {
			return err
		}
		page, err = db.All(ctx, tx, scanFilled, sqlListFilled, recordType, recordID, before, pageOfFilled+1)
		if err != nil {
			return fmt.Errorf("filled forms: %w", err)
		}
		return nil
	})
	if len(page) > pageOfFilled {
		page = page[:pageOfFilled]
		next = page[pageOfFilled-1].ID
	}
	return page, next, errs.Wrap(op, err)
}

// FilledIn gives the newest forms filed with a record within the caller's
// transaction, in one statement. The caller has checked the right to see the
// record.
func (s *Service) FilledIn(ctx context.Context, tx *db.Tx, recordType string, recordID int64) ([]Filled, error) {
	const op = "fields.FilledIn"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, scanFilled, sqlListFilled, recordType, recordID, int64(0), pageOfFilled)
	return all, errs.Wrap(op, err)
}

// Handing is forms that go from one record to another of its type: those with
// the ids, or all if there are none.
type Handing struct {
	RecordType string
	From, To   int64
	IDs        []int64
}

const (
	sqlFilledIDs = `SELECT id FROM fields_filled WHERE record_type = $1 AND record_id = $2 ORDER BY id`
	sqlHandOver  = `UPDATE fields_filled SET record_id = $4 WHERE record_type = $1 AND record_id = $2 AND id = $3`
)

// HandOver files forms with another record within the caller's transaction, and
// gives the ids of those it did. The caller has checked the right to change
// both.
func (s *Service) HandOver(ctx context.Context, tx *db.Tx, h Handing) ([]int64, error) {
	const op = "fields.HandOver"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return nil, err
	}
	ids, err := db.All(ctx, tx, db.Value[int64], sqlFilledIDs, h.RecordType, h.From)
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	if len(h.IDs) > 0 {
		ids = slices.DeleteFunc(ids, func(id int64) bool { return !slices.Contains(h.IDs, id) })
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, sqlHandOver, h.RecordType, h.From, id, h.To); err != nil {
			return nil, errs.Wrap(op, err)
		}
	}
	return ids, nil
}

// FindFilled gives one filled form with the questions of its edition. One of a
// record the actor may not see is not found.
func (s *Service) FindFilled(ctx context.Context, id int64) (Filled, error) {
	const op = "fields.FindFilled"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return Filled{}, err
	}
	var out Filled
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := findFilled(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if _, err := s.customerOf(ctx, tx, op, found.RecordType, found.RecordID); err != nil {
			if errs.Is(err, errs.NotFound) {
				return filledMissing(op)
			}
			return err
		}
		out = found
		return nil
	})
	return out, errs.Wrap(op, err)
}
