package team_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

func TestEverythingThatIsShownHasAName(t *testing.T) {
	var ids []string
	for _, r := range authz.Roles {
		ids = append(ids, team.RoleLabel(r), team.RoleHint(r))
	}
	for _, l := range []authz.Level{authz.None, authz.Own, authz.Team, authz.All} {
		ids = append(ids, team.LevelLabel(l))
	}
	for _, r := range []authz.FieldRight{authz.FieldHidden, authz.FieldRead, authz.FieldWrite} {
		ids = append(ids, team.FieldRightLabel(r))
	}
	for _, w := range []team.Way{team.ByAll, team.ByTeam, team.ByOwn, team.ByNone} {
		ids = append(ids, w.Label())
	}
	for _, p := range team.Permissions() {
		ids = append(ids, p.Label)
	}
	for _, id := range ids {
		if !i18n.Known(id) {
			t.Errorf("%q is no text", id)
		}
	}
}

func TestTakenAddressOnChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		in := change(p)
		in.Email = "Maria@Example.com"
		_, err := w.ChangePerson(w.ctx, p.ID, in)
		if names := fieldsOf(err); len(names) != 1 || names[0] != "email" {
			t.Errorf("%v, %v", names, err)
		}
		c, err := w.FindColleague(w.as(p), w.admin.ID)
		if err != nil || c.Name != "Maria Ivanova" {
			t.Errorf("%+v, %v", c, err)
		}
		_, err = w.FindColleague(w.as(p), 999)
		want(t, "nobody", err, errs.NotFound)
	})
}

func TestOddInputDoesNoHarm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, d := range []team.Device{{}, {Address: "not an address", Agent: strings.Repeat("ж", 1000)}, {Agent: "a\x00b\xff"}} {
			_, err := w.SignIn(t.Context(), "maria@example.com", password, d)
			ok(t, fmt.Sprintf("%.20q", d.Agent), err)
		}
		all, err := w.Sessions(w.as(w.admin))
		if err != nil || len(all) != 3 || all[0].Agent != "ab" || len([]rune(all[1].Agent)) != 300 || all[1].Address != "" {
			t.Errorf("%+v, %v", all, err)
		}
		_, err = w.SignIn(t.Context(), "a\x00b\xff@example.com", "x\x00\xff", office)
		want(t, "an odd address", err, errs.Unauthenticated)
		if p := w.person("Iv\x00an\xff", "ivan@example.com", authz.Manager); p.Name != "Ivan" {
			t.Errorf("%q", p.Name)
		}
	})
}

func TestLongWaitIsToldInMinutes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var err error
		for n := range 20 {
			_, err = w.SignIn(t.Context(), "maria@example.com", "wrong", team.Device{Address: fmt.Sprintf("192.0.2.%d", n)})
			want(t, "wrong", err, errs.Unauthenticated)
			w.clock.Advance(15 * time.Minute)
		}
		w.clock.Advance(-14*time.Minute - 10*time.Second)
		_, err = w.SignIn(t.Context(), "maria@example.com", password, office)
		text, _ := errs.TextOf(err)
		if said := i18n.TIn(i18n.Polish, text.ID, text.Args...); !strings.Contains(said, "15 minut") {
			t.Errorf("%q, %v", said, err)
		}
	})
}
