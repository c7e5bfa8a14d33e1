package team

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/team/calendar"
)

// Settings gives the company. It needs no right: every page,
// the sign-in page too, is in the company's language and name.
func (s *Service) Settings(ctx context.Context) (Company, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return Company{}, err
	}
	return snap.company, nil
}

// ChangeCompany replaces the settings; the lock has its own use cases.
func (s *Service) ChangeCompany(ctx context.Context, in CompanyInput) error {
	const op = "team.ChangeCompany"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return err
	}
	in = in.tidy()
	if bad := in.check(); len(bad) > 0 {
		return errs.InvalidFields(op, bad...)
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, _, err := findCompany(ctx, tx)
		if err != nil {
			return err
		}
		after := in.company(before)
		if err := updateCompany(ctx, tx, after); err != nil {
			return err
		}
		return write(ctx, tx, "team.company_changed", companyRef, before, after)
	})
}

// SetupInput is the answers of the guided first run. An empty Calendar stands
// for the country's usual one.
type SetupInput struct {
	Language      i18n.Lang
	Company       string
	Country       string
	Currency      string
	Zone          string
	Calendar      calendar.Calendar
	AdminName     string
	AdminEmail    string
	AdminPassword string
}

// Setup is the guided first run: company and first administrator at once. It
// needs no right, because nobody exists yet, and is refused for ever after.
func (s *Service) Setup(ctx context.Context, in SetupInput) (Person, error) {
	const op = "team.Setup"
	settings, err := s.Settings(ctx)
	if err != nil {
		return Person{}, err
	}
	if settings.SetUp {
		return Person{}, errSetUp(op)
	}
	ctx = authz.AsSystem(ctx, "setup")
	company := CompanyInput{
		Name: in.Company, Country: in.Country, Language: in.Language, Currency: in.Currency, Zone: in.Zone,
		Calendar: in.Calendar, NumberPrefix: settings.NumberPrefix,
	}.tidy()
	admin := PersonInput{
		Name: in.AdminName, Email: in.AdminEmail, Language: in.Language,
		Roles: []authz.Role{authz.Administrator}, Password: in.AdminPassword,
	}.tidy()
	bad := renamed(company.check(), map[string]string{"name": "company"})
	people := admin.check()
	if in.AdminPassword == "" {
		people = append(people, errs.Field("password", "errors.field-missing"))
	}
	bad = append(bad, renamed(people, map[string]string{"name": "admin_name", "email": "admin_email", "password": "admin_password"})...)
	if len(bad) > 0 {
		return Person{}, errs.InvalidFields(op, bad...)
	}
	return s.setUp(ctx, op, company, admin)
}

func (s *Service) setUp(ctx context.Context, op string, company CompanyInput, admin PersonInput) (p Person, err error) {
	hash, err := s.hasher.Hash(ctx, admin.Password)
	if err != nil {
		return Person{}, errs.Wrap(op, err)
	}
	err = s.change(ctx, op, func(tx *db.Tx) error {
		first, err := finishSetup(ctx, tx, s.now())
		if err != nil {
			return err
		}
		if !first {
			return errSetUp(op)
		}
		before, _, err := findCompany(ctx, tx)
		if err != nil {
			return err
		}
		after := company.company(before)
		if err := updateCompany(ctx, tx, after); err != nil {
			return err
		}
		if err := write(ctx, tx, "team.company_set_up", companyRef, nil, after); err != nil {
			return err
		}
		p, err = s.addPerson(ctx, tx, op, admin, hash)
		return err
	})
	return p, err
}

func errSetUp(op string) error { return errs.New(errs.Conflict, op, "team.error.set-up-already") }

// renamed calls fields by the names the form of the first run uses.
func renamed(fields []errs.FieldError, names map[string]string) []errs.FieldError {
	for i, f := range fields {
		if name, ok := names[f.Name]; ok {
			fields[i].Name = name
		}
	}
	return fields
}

var companyRef = journal.Ref{Type: "company", ID: 1}

func personRef(id int64) journal.Ref { return journal.Ref{Type: "person", ID: id} }

// write adds to the journal what concerns no customer.
func write(ctx context.Context, tx *db.Tx, kind string, subject journal.Ref, before, after any) error {
	_, err := journal.Write(ctx, tx, journal.Entry{Kind: kind, Subject: subject, Before: before, After: after})
	return err
}
