package app

import (
	"context"
	"slices"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersweb"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/duplicates"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/backup"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/platform/mail"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/views"
	"kartoteka.dev/internal/webhooks"
)

// modules are the parts of the product, lower tiers first.
type modules struct {
	mail       *mail.Service
	team       *team.Service
	fields     *fields.Service
	views      *views.Service
	customers  *customers.Service
	words      *vocabulary.Service
	merging    *merging.Service
	duplicates *duplicates.Service
	imports    *imports.Service
	webhooks   *webhooks.Service
}

// permissions of all modules, for the matrix of roles.
func permissions() []authz.Permission {
	return slices.Concat(
		customers.Permissions, customers.NotePermissions, vocabulary.Permissions, merging.Permissions,
		imports.Permissions, fields.Permissions(), views.Permissions(),
		team.Permissions(), webhooks.Permissions, mail.Permissions, backup.Permissions, jobs.Permissions, journal.Permissions,
	)
}

// fieldDefinitions are the fields whose visibility is set for each role.
func fieldDefinitions() []team.FieldDefinition {
	var all []team.FieldDefinition
	for _, f := range customers.Fields {
		all = append(all, team.FieldDefinition{ID: f.ID, Label: f.Label})
	}
	return all
}

// connect builds the modules and tells them of each other.
func (c *company) connect(ctx context.Context) error {
	var err error
	if c.mail, err = mail.New(mail.Deps{DB: c.db, Jobs: c.jobs, Clock: c.db.Clock()}); err != nil {
		return err
	}
	c.team = team.New(team.Deps{
		DB: c.db, Clock: c.db.Clock(), Permissions: permissions(), Fields: fieldDefinitions(), Files: c.files, ResetLater: c.resetLater,
	})
	c.fields = fields.New(fields.Deps{DB: c.db, RecordTypes: []string{customers.RecordType}, Records: records{c}})
	c.customers = customers.New(customers.Deps{
		DB: c.db, Company: defaults{c}, Fields: c.fields, People: c.team, Sheets: c.fields, Files: c.files, Logger: c.log,
	})
	c.words = vocabulary.New(c.db)
	c.merging = merging.New(merging.Deps{DB: c.db, Customers: c.customers, Company: defaults{c}, Fields: c.fields})
	if c.duplicates, err = duplicates.New(duplicates.Deps{DB: c.db, Customers: c.customers, Merging: c.merging, Jobs: c.jobs, Logger: c.log}); err != nil {
		return err
	}
	c.views = views.New(views.Deps{DB: c.db, Lists: []views.List{customersweb.Views}})
	if err := c.connectImports(ctx); err != nil {
		return err
	}
	if err := c.connectWebhooks(); err != nil {
		return err
	}
	return c.schedule()
}

// defaults tells the customer file of the company.
type defaults struct{ c *company }

// Defaults implements customers.Company.
func (d defaults) Defaults(ctx context.Context) customers.Defaults {
	s := d.c.settings(ctx)
	return customers.Defaults{Country: s.Country, Language: string(s.Language), NumberPrefix: s.NumberPrefix, Zone: s.Location()}
}

// records tells custom fields whose customer a record is.
type records struct{ c *company }

// CustomerOf implements fields.Records.
func (r records) CustomerOf(ctx context.Context, tx *db.Tx, recordType string, id int64) (int64, error) {
	if recordType != customers.RecordType {
		return 0, errs.New(errs.NotFound, "app.CustomerOf", "errors.kind-not-found-title")
	}
	card, err := r.c.customers.FindCardIn(ctx, tx, id)
	return card.ID, err
}
