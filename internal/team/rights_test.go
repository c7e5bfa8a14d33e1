package team_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team"
)

func TestChangedRightsHoldFromTheNextRequest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		in := w.signIn("ivan@example.com")
		actor := func() authz.Actor {
			t.Helper()
			v, err := w.Authenticate(t.Context(), in.Token)
			ok(t, "authenticate", err)
			return v.Actor
		}
		if got := actor().Level("customers.view"); got != authz.Own {
			t.Errorf("by default %v", got)
		}
		ok(t, "change", w.ChangeRights(w.as(w.admin),
			[]team.RightChange{{Role: authz.Manager, Permission: "customers.view", Level: authz.All}},
			[]team.FieldRightChange{{Role: authz.Manager, Field: "customers.tax_id", Right: authz.FieldRead}}))
		a := actor()
		right := authz.FieldRightOf(authz.With(t.Context(), a), "customers.tax_id")
		if a.Level("customers.view") != authz.All || right != authz.FieldRead {
			t.Errorf("%v, %v", a.Level("customers.view"), right)
		}
		entry := w.entries(companyRef)[0]
		var before, after []map[string]string
		if json.Unmarshal(entry.Before, &before) != nil || json.Unmarshal(entry.After, &after) != nil || entry.Kind != "team.rights_changed" {
			t.Fatalf("%+v", entry)
		}
		if diff := cmp.Diff([]map[string]string{
			{"role": "manager", "permission": "customers.view", "level": "own"},
			{"role": "manager", "field": "customers.tax_id", "level": "write"},
		}, before); diff != "" {
			t.Error(diff)
		}
		if after[0]["level"] != "all" || after[1]["level"] != "read" {
			t.Errorf("%v", after)
		}
		// A second role widens: it may write the field.
		changed := change(p)
		changed.Roles = []authz.Role{authz.Manager, authz.Analyst}
		_, err := w.ChangePerson(w.ctx, p.ID, changed)
		ok(t, "second role", err)
		if got := authz.FieldRightOf(authz.With(t.Context(), actor()), "customers.tax_id"); got != authz.FieldWrite {
			t.Errorf("with a second role %v", got)
		}
	})
}

func TestMatrix(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		set := func(r authz.Role, id string, l authz.Level) error {
			return w.ChangeRights(ctx, []team.RightChange{{Role: r, Permission: id, Level: l}}, nil)
		}
		cell := func(id string, r authz.Role) (found team.RightCell) {
			t.Helper()
			m, err := w.Rights(ctx)
			ok(t, "matrix", err)
			for _, row := range m.Permissions {
				for _, c := range row.Cells {
					if row.ID == id && c.Role == r {
						found = c
					}
				}
			}
			return found
		}
		ok(t, "narrow", set(authz.Head, "customers.view", authz.Team))
		if got := cell("customers.view", authz.Head); got.Level != authz.Team || got.Default != authz.All {
			t.Errorf("%+v", got)
		}
		ok(t, "back", set(authz.Head, "customers.view", authz.All))
		if got := cell("customers.view", authz.Head); got.Level != authz.All {
			t.Errorf("%+v", got)
		}
		ok(t, "half of an undivided right is the whole", set(authz.Head, "team.tokens", authz.Own))
		if got := cell("team.tokens", authz.Head); got.Level != authz.All || got.Fixed {
			t.Errorf("%+v", got)
		}
		if got := cell("team.roles", authz.Administrator); !got.Fixed || got.Level != authz.All {
			t.Errorf("%+v", got)
		}
		want(t, "administrators without their rights", set(authz.Administrator, "team.roles", authz.None), errs.Conflict)
		want(t, "no such permission", set(authz.Head, "no.such", authz.All), errs.Invalid)
		want(t, "no such role", set("king", "customers.view", authz.All), errs.Invalid)
		want(t, "no such level", set(authz.Head, "customers.view", 9), errs.Invalid)
		want(t, "no such field", w.ChangeRights(ctx, nil, []team.FieldRightChange{{Role: authz.Head, Field: "no.such"}}), errs.Invalid)
		before := len(w.entries(companyRef))
		ok(t, "nothing new", set(authz.Head, "customers.view", authz.All))
		if n := len(w.entries(companyRef)); n != before {
			t.Error("nothing changed, but the journal has an entry")
		}
	})
}

func TestExplain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sales, err := w.CreateTeam(w.ctx, team.NamedTeam{Name: "Sales"})
		ok(t, "team", err)
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Supervisor, authz.Manager)
		in := change(p)
		in.TeamIDs = []int64{sales.ID}
		_, err = w.ChangePerson(w.ctx, p.ID, in)
		ok(t, "join", err)
		ok(t, "change", w.ChangeRights(w.ctx, []team.RightChange{{Role: authz.Manager, Permission: "customers.view", Level: authz.None}}, nil))
		for _, c := range []struct {
			name        string
			owner, team int64
			way         team.Way
		}{
			{"own", p.ID, 0, team.ByOwn},
			{"of the team", w.admin.ID, sales.ID, team.ByTeam},
			{"of another", w.admin.ID, sales.ID + 1, team.ByNone},
			{"of nobody", 0, 0, team.ByNone},
		} {
			e, err := w.Explain(w.as(p), "customers.view", c.owner, c.team)
			if err != nil || e.Way != c.way || e.Allowed() != (c.way != team.ByNone) || e.Level != authz.Team {
				t.Errorf("%s: %+v, %v", c.name, e, err)
			}
			if diff := cmp.Diff([]team.RoleGrant{{Role: authz.Supervisor, Level: authz.Team}, {Role: authz.Manager, Level: authz.None, Changed: true}}, e.Roles); diff != "" {
				t.Error(diff)
			}
			if (e.TeamName == "Sales") != (c.way == team.ByTeam) {
				t.Errorf("%s: team %q", c.name, e.TeamName)
			}
		}
		_, err = w.ExplainPerson(w.as(p), w.admin.ID, "customers.view", 0, 0)
		want(t, "about another, by a seller", err, errs.Forbidden)
		e, err := w.ExplainPerson(w.as(w.admin), w.admin.ID, "team.people", 0, 0)
		if err != nil || e.Way != team.ByAll {
			t.Errorf("%+v, %v", e, err)
		}
		_, err = w.Explain(w.as(p), "no.such", 0, 0)
		want(t, "no such permission", err, errs.NotFound)
	})
}
