package teamtest_test

import (
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/team/teamtest"
)

func TestFactoriesMakeActorsWithRights(t *testing.T) {
	view := authz.Permission{ID: "x.view", Scoped: true, Default: map[authz.Role]authz.Level{authz.Supervisor: authz.Team}}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner, lead := teamtest.Person(t, d), teamtest.Person(t, d, authz.Supervisor)
		made := teamtest.Team(t, d, "Sales", owner, lead)
		scope, err := authz.Require(teamtest.As(t, d, lead, view), "test", "x.view")
		if err != nil || !scope.Allows(owner.ID, made.ID) || scope.Allows(owner.ID, 0) {
			t.Errorf("%+v, %v", scope, err)
		}
		if a := teamtest.Actor(t, d, owner, view); a.Level("x.view") != authz.None || a.UserID != owner.ID {
			t.Errorf("%+v", a)
		}
	})
}
