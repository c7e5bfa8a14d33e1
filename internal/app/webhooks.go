package app

import (
	"context"

	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/customers/customersweb"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/webhooks"
	"kartoteka.dev/internal/webhooks/webhooksweb"
)

func (c *company) connectWebhooks() (err error) {
	c.webhooks, err = webhooks.New(webhooks.Deps{
		DB: c.db, Jobs: c.jobs, Readers: readers{c}, Kinds: chronicle.Kinds, AllowPrivate: c.allowPrivateWebhooks, Logger: c.log,
	})
	return err
}

// readers tells webhooks what a role may know of the journal: what GET
// /api/v1/journal would answer a token with that role.
type readers struct{ c *company }

// Admit implements webhooks.Readers.
func (r readers) Admit(ctx context.Context, role authz.Role) error {
	a, err := r.c.team.ActorAs(ctx, role)
	if err == nil && a.Level("journal.view") == authz.None {
		err = errs.New(errs.Invalid, "app.Admit", "webhooks.error.role-blind")
	}
	return err
}

// Tell implements webhooks.Readers.
func (r readers) Tell(ctx context.Context, role authz.Role, entries []journal.Record) ([]journal.Record, error) {
	a, err := r.c.team.ActorAs(authz.AsSystem(ctx, "webhooks"), role)
	if err != nil || a.Level("journal.view") == authz.None {
		return nil, err
	}
	return r.c.customers.Tell(authz.With(ctx, a), entries)
}

// webhookPages are the settings of webhooks.
func (c *company) webhookPages() *webhooksweb.Pages {
	return webhooksweb.New(webhooksweb.Deps{
		Webhooks: c.webhooks, Clock: c.db.Clock(), Events: customersweb.KindOptions,
		Roles: func(ctx context.Context) []field.Option {
			var all []field.Option
			for _, role := range authz.Roles {
				if (readers{c}).Admit(ctx, role) == nil {
					all = append(all, field.Option{Value: string(role), Label: i18n.T(ctx, team.RoleLabel(role))})
				}
			}
			return all
		},
	})
}
