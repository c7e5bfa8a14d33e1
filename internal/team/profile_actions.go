package team

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
)

// ProfileInput is what people set about themselves.
type ProfileInput struct {
	Name     string
	Language i18n.Lang
	Phone    string
	JobTitle string
	Theme    Theme
	Density  Density
}

func (in ProfileInput) check() []errs.FieldError {
	var bad fieldErrors
	bad.text("name", in.Name, maxName)
	bad.when(!in.Language.Valid(), "language", "errors.field-not-chosen")
	bad.max("phone", in.Phone, maxPhone)
	bad.max("job_title", in.JobTitle, maxName)
	bad.when(in.Theme != ThemeSystem && in.Theme != ThemeLight && in.Theme != ThemeDark, "theme", "errors.field-not-chosen")
	bad.when(in.Density != Comfortable && in.Density != Compact, "density", "errors.field-not-chosen")
	return bad
}

// ChangeProfile replaces what the acting person sets about themselves.
func (s *Service) ChangeProfile(ctx context.Context, in ProfileInput) (p Person, err error) {
	const op = "team.ChangeProfile"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return Person{}, err
	}
	in.Name, in.Phone, in.JobTitle = trim(in.Name), trim(in.Phone), trim(in.JobTitle)
	if bad := in.check(); len(bad) > 0 {
		return Person{}, errs.InvalidFields(op, bad...)
	}
	err = s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findPerson(ctx, tx, op, id)
		if err != nil {
			return err
		}
		p = before
		p.Name, p.Language, p.Phone, p.JobTitle = in.Name, in.Language, in.Phone, in.JobTitle
		p.Theme, p.Density = in.Theme, in.Density
		return s.keep(ctx, tx, op, "team.person_changed", before, &p)
	})
	return p, err
}

// ChangePassword replaces the acting person's password, ends all their
// sessions everywhere and opens a new one for the browser at hand. A wrong
// current password counts as a failed sign-in.
func (s *Service) ChangePassword(ctx context.Context, current, wanted string, from Device) (SignedIn, error) {
	const op = "team.ChangePassword"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return SignedIn{}, err
	}
	p, err := s.FindPerson(ctx, id)
	if err != nil {
		return SignedIn{}, err
	}
	var bad fieldErrors
	if bad.password("new_password", wanted, p.Name, p.Email); len(bad) > 0 {
		return SignedIn{}, errs.InvalidFields(op, bad...)
	}
	keys := attemptKeys(emailKey(p.Email), from)
	if err := s.admit(ctx, op, keys); err != nil {
		return SignedIn{}, err
	}
	if err := s.wantPassword(ctx, op, id, "current_password", current); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.hasher.Hash(ctx, wanted)
	if err != nil {
		return SignedIn{}, errs.Wrap(op, err)
	}
	var in SignedIn
	err = s.change(ctx, op, func(tx *db.Tx) error {
		if err := s.replacePassword(ctx, tx, p, hash, from); err != nil {
			return err
		}
		if err := forgive(ctx, tx, keys); err != nil {
			return err
		}
		in, err = s.open(ctx, tx, p, from)
		return err
	})
	return in, err
}

// wantPassword checks the person's current password and blames the field if it
// is wrong.
func (s *Service) wantPassword(ctx context.Context, op string, personID int64, field, password string) error {
	c, err := s.credentials(ctx, sqlCredentialsByID, personID)
	if err != nil {
		return errs.Wrap(op, err)
	}
	ok, _, err := s.hasher.Verify(ctx, c.password, password)
	if err != nil {
		return errs.Wrap(op, err)
	}
	if !ok {
		return errs.InvalidFields(op, errs.Field(field, "team.error.password-wrong"))
	}
	return nil
}

// replacePassword sets a new password and ends everything that rested on the
// old one: sessions, and links that would set it again.
func (s *Service) replacePassword(ctx context.Context, tx *db.Tx, p Person, hash string, from Device) error {
	if err := setPassword(ctx, tx, p.ID, hash); err != nil {
		return err
	}
	if err := removeSessions(ctx, tx, p.ID, 0); err != nil {
		return err
	}
	if err := removeLinks(ctx, tx, p.ID); err != nil {
		return err
	}
	if p.HasPassword {
		if err := s.tellAccess(ctx, tx, p, PasswordChanged, from); err != nil {
			return err
		}
	}
	return write(ctx, tx, "team.password_changed", personRef(p.ID), nil, nil)
}
