package fields

import (
	"context"
	"reflect"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Forms gives all forms by name, archived ones included; from memory, open to
// every signed-in actor.
func (s *Service) Forms(ctx context.Context) ([]Form, error) {
	if err := authz.RequireSomeone(ctx, "fields.Forms"); err != nil {
		return nil, err
	}
	c, err := s.current(ctx, nil)
	if err != nil {
		return nil, err
	}
	return append([]Form(nil), c.forms...), nil
}

// FindForm gives one form in its newest edition; from memory.
func (s *Service) FindForm(ctx context.Context, id int64) (Form, error) {
	const op = "fields.FindForm"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return Form{}, err
	}
	c, err := s.current(ctx, nil)
	if err != nil {
		return Form{}, err
	}
	f, ok := c.form(id)
	if !ok {
		return Form{}, errs.New(errs.NotFound, op, "fields.error.form-not-found")
	}
	return f, nil
}

// CreateForm adds a form in its first edition.
func (s *Service) CreateForm(ctx context.Context, in FormInput) (Form, error) {
	const op = "fields.CreateForm"
	if _, err := authz.Require(ctx, op, "fields.forms"); err != nil {
		return Form{}, err
	}
	f, err := in.settled(op, nil)
	if err != nil {
		return Form{}, err
	}
	err = s.change(ctx, op, func(tx *db.Tx) error {
		if f.ID, err = insertForm(ctx, tx, op, f); err != nil {
			return err
		}
		return write(ctx, tx, "fields.form_created", formRef(f.ID), nil, f)
	})
	return f, err
}

// ChangeForm replaces what the designer sets; other questions make a new
// edition.
func (s *Service) ChangeForm(ctx context.Context, id int64, in FormInput) (Form, error) {
	const op = "fields.ChangeForm"
	if _, err := authz.Require(ctx, op, "fields.forms"); err != nil {
		return Form{}, err
	}
	var after Form
	err := s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findForm(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if in.Version != 0 && in.Version != before.Version {
			return errs.New(errs.Conflict, op, "errors.kind-conflict-title")
		}
		if after, err = in.settled(op, &before); err != nil {
			return err
		}
		if !reflect.DeepEqual(before.Questions, after.Questions) {
			after.Edition++
			if err := insertEdition(ctx, tx, after); err != nil {
				return err
			}
		}
		return keepForm(ctx, tx, op, "fields.form_changed", before, &after)
	})
	return after, err
}

// ArchiveForm takes a form out of use; what was filled stays.
func (s *Service) ArchiveForm(ctx context.Context, id int64) error {
	const op = "fields.ArchiveForm"
	if _, err := authz.Require(ctx, op, "fields.forms"); err != nil {
		return err
	}
	return s.setFormArchived(ctx, op, id, true)
}

// RestoreForm brings an archived form back.
func (s *Service) RestoreForm(ctx context.Context, id int64) error {
	const op = "fields.RestoreForm"
	if _, err := authz.Require(ctx, op, "fields.forms"); err != nil {
		return err
	}
	return s.setFormArchived(ctx, op, id, false)
}

func (s *Service) setFormArchived(ctx context.Context, op string, id int64, archived bool) error {
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findForm(ctx, tx, op, id)
		if err != nil || before.Archived == archived {
			return err
		}
		after := before
		after.Archived = archived
		kind := "fields.form_restored"
		if archived {
			kind = "fields.form_archived"
		}
		return keepForm(ctx, tx, op, kind, before, &after)
	})
}

func keepForm(ctx context.Context, tx *db.Tx, op, kind string, before Form, after *Form) error {
	if err := updateForm(ctx, tx, op, *after); err != nil {
		return err
	}
	after.Version++
	return write(ctx, tx, kind, formRef(after.ID), before, *after)
}

func formRef(id int64) journal.Ref { return journal.Ref{Type: "form", ID: id} }
