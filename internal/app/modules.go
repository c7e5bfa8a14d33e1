package app

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/team"
)

// modules are the parts of the product, lower tiers first.
type modules struct {
	team *team.Service
}

// permissions of all modules, for the matrix of roles.
func permissions() []authz.Permission {
	var all []authz.Permission
	all = append(all, team.Permissions()...)
	all = append(all, jobs.Permissions...)
	all = append(all, journal.Permissions...)
	return all
}

// connect builds the modules and tells them of each other.
func (c *company) connect(context.Context) error {
	c.team = team.New(team.Deps{DB: c.db, Clock: clock.System, Permissions: permissions()})
	return c.schedule()
}
