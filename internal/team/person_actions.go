package team

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// CreatePerson adds a person. Without a password they need an invitation (see
// InvitePerson). Whoever may not change roles can only give rights they have
// themselves.
func (s *Service) CreatePerson(ctx context.Context, in PersonInput) (Person, error) {
	const op = "team.CreatePerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return Person{}, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return Person{}, err
	}
	in = in.tidy()
	if in.Language == "" {
		in.Language = snap.company.Language
	}
	if bad := in.check(); len(bad) > 0 {
		return Person{}, errs.InvalidFields(op, bad...)
	}
	if !snap.policy.covers(authz.From(ctx), in.Roles) {
		return Person{}, errBeyondOwn(op)
	}
	hash := ""
	if in.Password != "" {
		if hash, err = s.hasher.Hash(ctx, in.Password); err != nil {
			return Person{}, errs.Wrap(op, err)
		}
	}
	var p Person
	err = s.change(ctx, op, func(tx *db.Tx) error {
		p, err = s.addPerson(ctx, tx, op, in, hash)
		return err
	})
	return p, err
}

func (s *Service) addPerson(ctx context.Context, tx *db.Tx, op string, in PersonInput, hash string) (Person, error) {
	p := Person{
		Version: 1, Name: in.Name, Email: in.Email, Language: in.Language, Phone: in.Phone, JobTitle: in.JobTitle,
		Roles: in.Roles, TeamIDs: in.TeamIDs, Active: true, Theme: ThemeSystem, Density: Comfortable,
		HasPassword: hash != "", CreatedAt: s.now(),
	}
	var err error
	if p.ID, err = insertPerson(ctx, tx, op, p, hash); err != nil {
		return Person{}, err
	}
	if err := setTeams(ctx, tx, op, p.ID, p.TeamIDs); err != nil {
		return Person{}, err
	}
	return p, write(ctx, tx, "team.person_created", personRef(p.ID), nil, p.record())
}

// ChangePerson replaces what is set about a person; the password is left as it
// is. A change of roles needs team.roles.
func (s *Service) ChangePerson(ctx context.Context, id int64, in PersonInput) (Person, error) {
	const op = "team.ChangePerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return Person{}, err
	}
	in = in.tidy()
	in.Password = ""
	if bad := in.check(); len(bad) > 0 {
		return Person{}, errs.InvalidFields(op, bad...)
	}
	return s.alter(ctx, op, id, "team.person_changed", func(p *Person) error {
		if p.Version != in.Version {
			return errs.New(errs.Conflict, op, "errors.kind-conflict-title")
		}
		if !slices.Equal(p.Roles, in.Roles) && !authz.Can(ctx, "team.roles") {
			return errs.New(errs.Forbidden, op, "errors.permission-missing", "Permission", "team.roles")
		}
		p.Name, p.Email, p.Language, p.Phone, p.JobTitle = in.Name, in.Email, in.Language, in.Phone, in.JobTitle
		p.Roles, p.TeamIDs = in.Roles, in.TeamIDs
		return nil
	})
}

// DeactivatePerson ends a person's access at once: no sign-in, no session, no
// link, no token that acts for them. Their name stays in the history.
func (s *Service) DeactivatePerson(ctx context.Context, id int64) error {
	const op = "team.DeactivatePerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	_, err := s.alter(ctx, op, id, "team.person_deactivated", func(p *Person) error {
		if p.ID == authz.From(ctx).UserID {
			return errs.New(errs.Conflict, op, "team.error.self-deactivation")
		}
		p.Active = false
		return nil
	})
	return err
}

// ActivatePerson lets a deactivated person in again.
func (s *Service) ActivatePerson(ctx context.Context, id int64) error {
	const op = "team.ActivatePerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	_, err := s.alter(ctx, op, id, "team.person_activated", func(p *Person) error {
		p.Active = true
		return nil
	})
	return err
}

// alter is the one way in which a person's data changes: within the rights of
// who does it, never without an administrator left, told to the journal. A
// change that changes nothing leaves no trace.
func (s *Service) alter(ctx context.Context, op string, id int64, kind string, edit func(*Person) error) (after Person, err error) {
	snap, err := s.current(ctx)
	if err != nil {
		return Person{}, err
	}
	err = s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findPerson(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if !snap.policy.covers(authz.From(ctx), before.Roles) {
			return errBeyondOwn(op)
		}
		after = before
		if err := edit(&after); err != nil {
			return err
		}
		return s.keep(ctx, tx, op, kind, before, &after)
	})
	return after, err
}

func (s *Service) keep(ctx context.Context, tx *db.Tx, op, kind string, before Person, after *Person) error {
	if samePerson(before, *after) {
		return nil
	}
	if err := updatePerson(ctx, tx, op, *after); err != nil {
		return err
	}
	after.Version++
	if !slices.Equal(before.TeamIDs, after.TeamIDs) {
		if err := setTeams(ctx, tx, op, after.ID, after.TeamIDs); err != nil {
			return err
		}
	}
	if before.IsAdministrator() && !after.IsAdministrator() {
		if err := wantAdministrator(ctx, tx, op); err != nil {
			return err
		}
	}
	if emailKey(before.Email) != emailKey(after.Email) {
		// A link that went to the old address must not open the account.
		if err := removeLinks(ctx, tx, after.ID); err != nil {
			return err
		}
	}
	if before.Active && !after.Active {
		if err := s.shutOut(ctx, tx, *after); err != nil {
			return err
		}
	}
	return write(ctx, tx, kind, personRef(after.ID), before.record(), after.record())
}

// shutOut takes every way in from a person who has just been deactivated.
func (s *Service) shutOut(ctx context.Context, tx *db.Tx, p Person) error {
	if err := removeSessions(ctx, tx, p.ID, 0); err != nil {
		return err
	}
	if err := removeLinks(ctx, tx, p.ID); err != nil {
		return err
	}
	return s.tellDeactivated(ctx, tx, PersonDeactivated{PersonID: p.ID, Name: p.Name})
}

// wantAdministrator refuses a change after which nobody could administer.
func wantAdministrator(ctx context.Context, tx *db.Tx, op string) error {
	people, err := listPeople(ctx, tx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(people, Person.IsAdministrator) {
		return errs.New(errs.Conflict, op, "team.error.last-administrator")
	}
	return nil
}

func samePerson(a, b Person) bool {
	return a.Name == b.Name && a.Email == b.Email && a.Language == b.Language && a.Phone == b.Phone &&
		a.JobTitle == b.JobTitle && slices.Equal(a.Roles, b.Roles) && slices.Equal(a.TeamIDs, b.TeamIDs) &&
		a.Active == b.Active && a.Theme == b.Theme && a.Density == b.Density
}

func errBeyondOwn(op string) error {
	return errs.New(errs.Forbidden, op, "team.error.beyond-own-rights")
}
