package app

import (
	"context"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/customers/customersapi"
	"kartoteka.dev/internal/duplicates/duplicatesapi"
	"kartoteka.dev/internal/imports/importsapi"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/teamapi"
	"kartoteka.dev/internal/webhooks/webhooksapi"
)

// api is what programs use; every module adds its operations.
func (c *company) api(perMinute int) *api.API {
	a := api.New(api.Config{DB: c.db, Tokens: c.team, Locale: c.locale, PerMinute: perMinute})
	teamapi.Register(a, c.team)
	customersapi.Register(a, customersapi.Deps{Customers: c.customers, Words: c.words, Company: defaults{c}, Fields: c.fields, Merging: c.merging})
	duplicatesapi.Register(a, duplicatesapi.Deps{Duplicates: c.duplicates, Company: defaults{c}})
	importsapi.Register(a, c.imports)
	webhooksapi.Register(a, c.webhooks)
	api.RegisterJournal(a, c.db, api.JournalKinds{Of: chronicle.Kinds, Undoable: customers.UndoableKinds, UndoTime: customers.UndoTime, Tell: c.customers.Tell})
	return a
}

// locale is the company's zone and currency; the language is the request's.
func (c *company) locale(ctx context.Context) i18n.Locale {
	s := c.settings(ctx)
	return i18n.Locale{Lang: s.Language, Zone: s.Location(), Currency: s.Currency}
}
