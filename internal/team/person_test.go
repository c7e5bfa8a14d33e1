package team_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

func TestInitials(t *testing.T) {
	for name, wanted := range map[string]string{
		"Maria Ivanova": "MI", "мария иванова": "МИ", "Jan Maria Rokita": "JR", "Cher": "C", "": "", " - ": "",
		"ნინო მაისურაძე": "ნმ", "Łucja Śliwa": "ŁŚ", "O'Neil": "ON",
	} {
		if got := (team.Person{Name: name}).Initials(); got != wanted {
			t.Errorf("%q: %q, want %q", name, got, wanted)
		}
	}
}

func TestPeopleAreKeptAndFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		sales, err := w.CreateTeam(ctx, team.NamedTeam{Name: "Продажби", HeadID: w.admin.ID})
		ok(t, "team", err)
		p, err := w.CreatePerson(ctx, team.PersonInput{
			Name: " Юлия Щербакова ", Email: "Julia@example.com", Phone: "+359 2 123", JobTitle: "Key accounts",
			Roles: []authz.Role{authz.Manager, authz.Head, authz.Manager}, TeamIDs: []int64{sales.ID, sales.ID},
		})
		ok(t, "create", err)
		got, err := w.FindPerson(ctx, p.ID)
		ok(t, "find", err)
		if diff := cmp.Diff(p, got); diff != "" {
			t.Errorf("kept otherwise: %s", diff)
		}
		wanted := []authz.Role{authz.Head, authz.Manager}
		if diff := cmp.Diff(wanted, got.Roles); diff != "" || got.Language != i18n.Bulgarian || got.Name != "Юлия Щербакова" || got.HasPassword {
			t.Errorf("%s %+v", diff, got)
		}
		for text, found := range map[string]int{"": 2, "юлия": 1, "Shcherbakova": 1, "julia@": 1, "KEY": 1, "nobody": 0} {
			if list, err := w.ListPeople(ctx, team.PeopleFilter{Text: text}); err != nil || len(list) != found {
				t.Errorf("%q finds %d, want %d, %v", text, len(list), found, err)
			}
		}
		for _, f := range []team.PeopleFilter{{Role: authz.Head}, {TeamID: sales.ID}} {
			if list, err := w.ListPeople(ctx, f); err != nil || len(list) != 1 || list[0].ID != p.ID {
				t.Errorf("%+v: %v, %v", f, list, err)
			}
		}
		ok(t, "deactivate", w.DeactivatePerson(ctx, p.ID))
		if list, err := w.ListPeople(ctx, team.PeopleFilter{Deactivated: true}); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		all, err := w.People(ctx)
		if err != nil || len(all) != 2 || all[0].Name != "Maria Ivanova" || all[1].Initials != "ЮЩ" || all[1].Active {
			t.Errorf("%+v, %v", all, err)
		}
		names, err := w.Names(ctx, p.ID, 999)
		if diff := cmp.Diff(map[int64]string{p.ID: "Юлия Щербакова"}, names); err != nil || diff != "" {
			t.Errorf("%s, %v", diff, err)
		}
		ok(t, "activate", w.ActivatePerson(ctx, p.ID))
	})
}

func TestPersonInputIsChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := func() team.PersonInput {
			return team.PersonInput{Name: "Ivan", Email: "ivan@example.com", Roles: []authz.Role{authz.Manager}}
		}
		for field, spoil := range map[string]func(*team.PersonInput){
			"name":      func(in *team.PersonInput) { in.Name = strings.Repeat("x", 121) },
			"email":     func(in *team.PersonInput) { in.Email = "ivan" },
			"language":  func(in *team.PersonInput) { in.Language = "fr" },
			"phone":     func(in *team.PersonInput) { in.Phone = strings.Repeat("1", 51) },
			"job_title": func(in *team.PersonInput) { in.JobTitle = strings.Repeat("x", 121) },
			"roles":     func(in *team.PersonInput) { in.Roles = nil },
			"password":  func(in *team.PersonInput) { in.Password = "short" },
			"teams":     func(in *team.PersonInput) { in.TeamIDs = []int64{999} },
		} {
			in := good()
			spoil(&in)
			_, err := w.CreatePerson(w.ctx, in)
			if diff := cmp.Diff([]string{field}, fieldsOf(err)); diff != "" {
				t.Errorf("%s: %s", field, diff)
			}
		}
		taken := good()
		taken.Email = "MARIA@example.com"
		_, err := w.CreatePerson(w.ctx, taken)
		if diff := cmp.Diff([]string{"email"}, fieldsOf(err)); diff != "" {
			t.Error(diff)
		}
	})
}

func change(p team.Person) team.PersonInput {
	return team.PersonInput{
		Name: p.Name, Email: p.Email, Language: p.Language, Phone: p.Phone, JobTitle: p.JobTitle,
		Roles: p.Roles, TeamIDs: p.TeamIDs, Version: p.Version,
	}
}

func TestChangePersonIsJournaledAndGuarded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		in := change(p)
		in.Name, in.Roles = "Ivan Petrov-Danchev", []authz.Role{authz.Supervisor}
		after, err := w.ChangePerson(ctx, p.ID, in)
		if err != nil || after.Version != 2 || after.Name != in.Name {
			t.Fatalf("%+v, %v", after, err)
		}
		_, err = w.ChangePerson(ctx, p.ID, in)
		want(t, "from an old form", err, errs.Conflict)
		before := len(w.entries(personRef(p)))
		_, err = w.ChangePerson(ctx, p.ID, change(after))
		ok(t, "nothing changed", err)
		if n := len(w.entries(personRef(p))); n != before {
			t.Errorf("nothing changed, but the journal has %d entries instead of %d", n, before)
		}
		entry := w.entries(personRef(p))[0]
		var was, is struct{ Name string }
		if json.Unmarshal(entry.Before, &was) != nil || json.Unmarshal(entry.After, &is) != nil || was.Name != "Ivan Petrov" || is.Name != in.Name || entry.ActorName != "Maria Ivanova" {
			t.Errorf("%+v", entry)
		}
		_, err = w.ChangePerson(ctx, 999, in)
		want(t, "nobody", err, errs.NotFound)
		_, err = w.ChangePerson(w.as(p), p.ID, change(after))
		want(t, "by a seller", err, errs.Forbidden)
		for _, e := range w.entries(personRef(p)) {
			if strings.Contains(string(e.After), "argon2") {
				t.Errorf("the journal holds a secret: %s", e.After)
			}
		}
	})
}

func TestManagingPeopleGivesNoMoreThanOnesOwnRights(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ok(t, "heads manage people", w.ChangeRights(w.ctx, []team.RightChange{{Role: authz.Head, Permission: "team.people", Level: authz.All}}, nil))
		head := w.as(w.person("Elena Head", "elena@example.com", authz.Head))
		seller := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		_, err := w.CreatePerson(head, team.PersonInput{Name: "x", Email: "x@example.com", Roles: []authz.Role{authz.Administrator}})
		want(t, "making an administrator", err, errs.Forbidden)
		_, err = w.CreatePerson(head, team.PersonInput{Name: "x", Email: "x@example.com", Roles: []authz.Role{authz.Manager}})
		ok(t, "making a seller", err)
		in := change(seller)
		in.Roles = []authz.Role{authz.Head}
		_, err = w.ChangePerson(head, seller.ID, in)
		want(t, "changing roles", err, errs.Forbidden)
		_, err = w.ResetPerson(head, w.admin.ID)
		want(t, "taking over an administrator by a link", err, errs.Forbidden)
		want(t, "by ending the second factor", w.EndTwoFactorOf(head, w.admin.ID), errs.Forbidden)
		in = change(w.admin)
		in.Email = "elena2@example.com"
		_, err = w.ChangePerson(head, w.admin.ID, in)
		want(t, "by the address", err, errs.Forbidden)
		want(t, "deactivating an administrator", w.DeactivatePerson(head, w.admin.ID), errs.Forbidden)
		_, err = w.ResetPerson(head, seller.ID)
		ok(t, "resetting a seller", err)
	})
}

func TestLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := change(w.admin)
		in.Roles = []authz.Role{authz.Head}
		_, err := w.ChangePerson(w.ctx, w.admin.ID, in)
		want(t, "losing the role", err, errs.Conflict)
		want(t, "deactivated", w.DeactivatePerson(w.ctx, w.admin.ID), errs.Conflict)
		want(t, "by themselves", w.DeactivatePerson(w.as(w.admin), w.admin.ID), errs.Conflict)
		second := w.person("Ivan Petrov", "ivan@example.com", authz.Administrator)
		ok(t, "with another one", w.DeactivatePerson(w.ctx, w.admin.ID))
		want(t, "now the last", w.DeactivatePerson(w.ctx, second.ID), errs.Conflict)
	})
}

func TestLastAdministratorStaysWhenAllGoAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		people := []team.Person{w.admin}
		for _, name := range []string{"a", "b", "c", "d"} {
			people = append(people, w.person(name, name+"@example.com", authz.Administrator))
		}
		var wg sync.WaitGroup
		results := make([]error, len(people))
		for i, p := range people {
			wg.Go(func() { results[i] = newService(t, w.db, w.clock, func() {}).DeactivatePerson(w.ctx, p.ID) })
		}
		wg.Wait()
		refused := 0
		for _, err := range results {
			if err != nil {
				want(t, "refused", err, errs.Conflict)
				refused++
			}
		}
		if refused != 1 {
			t.Errorf("%d of %d were refused, want exactly the last one", refused, len(people))
		}
	})
}

func TestDeactivationShutsOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		in := w.signIn("ivan@example.com")
		handedOver := false
		w.OnPersonDeactivated(func(_ context.Context, _ *db.Tx, e team.PersonDeactivated) error {
			if e.PersonID != p.ID || e.Name != p.Name {
				t.Errorf("%+v", e)
			}
			if !handedOver {
				return errs.New(errs.Conflict, "test", "errors.kind-conflict-title").Because(errors.New("work left"))
			}
			return nil
		})
		want(t, "before the hand-over", w.DeactivatePerson(w.ctx, p.ID), errs.Conflict)
		_, err := w.Authenticate(t.Context(), in.Token)
		ok(t, "still active", err)
		handedOver = true
		ok(t, "after it", w.DeactivatePerson(w.ctx, p.ID))
		_, err = w.Authenticate(t.Context(), in.Token)
		want(t, "the session", err, errs.Unauthenticated)
		ok(t, "activate", w.ActivatePerson(w.ctx, p.ID))
		_, err = w.Authenticate(t.Context(), in.Token)
		want(t, "the old session", err, errs.Unauthenticated)
		w.signIn("ivan@example.com")
	})
}

func TestProfileIsOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		me, err := w.ChangeProfile(w.as(p), team.ProfileInput{
			Name: "Ivan P.", Language: i18n.Georgian, Theme: team.ThemeDark, Density: team.Compact,
		})
		ok(t, "change", err)
		again, err := w.Me(w.as(p))
		if diff := cmp.Diff(me, again); err != nil || diff != "" || again.Theme != team.ThemeDark || again.Language != i18n.Georgian {
			t.Errorf("%s, %v", diff, err)
		}
		if diff := cmp.Diff(p.Roles, again.Roles); diff != "" {
			t.Error(diff)
		}
		_, err = w.ChangeProfile(w.as(p), team.ProfileInput{Name: "x", Language: "en", Theme: "pink", Density: "airy"})
		if diff := cmp.Diff([]string{"theme", "density"}, fieldsOf(err)); diff != "" {
			t.Error(diff)
		}
		_, err = w.FindPerson(w.as(p), w.admin.ID)
		want(t, "somebody else", err, errs.Forbidden)
		_, err = w.ChangeProfile(w.ctx, team.ProfileInput{})
		want(t, "by no person", err, errs.Forbidden)
	})
}

func TestTeams(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		made, err := w.CreateTeam(ctx, team.NamedTeam{Name: "Sales", HeadID: w.admin.ID})
		ok(t, "create", err)
		_, err = w.CreateTeam(ctx, team.NamedTeam{Name: "SALES"})
		want(t, "the same name", err, errs.Invalid)
		_, err = w.CreateTeam(ctx, team.NamedTeam{Name: "Service", HeadID: 999})
		want(t, "headed by nobody", err, errs.Invalid)
		_, err = w.CreateTeam(ctx, team.NamedTeam{})
		want(t, "without a name", err, errs.Invalid)
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Supervisor)
		in := change(p)
		in.TeamIDs = []int64{made.ID}
		p, err = w.ChangePerson(ctx, p.ID, in)
		ok(t, "join", err)
		want(t, "remove with people", w.RemoveTeam(ctx, made.ID), errs.Conflict)
		teams, err := w.Teams(ctx)
		if diff := cmp.Diff([]team.Team{{ID: made.ID, Name: "Sales", HeadID: w.admin.ID, MemberIDs: []int64{p.ID}}}, teams); err != nil || diff != "" {
			t.Errorf("%s, %v", diff, err)
		}
		a, err := w.ActorOf(w.ctx, w.admin.ID)
		if diff := cmp.Diff([]int64{made.ID}, a.TeamIDs); err != nil || diff != "" {
			t.Errorf("a head reaches the team: %s, %v", diff, err)
		}
		in = change(p)
		in.TeamIDs = nil
		_, err = w.ChangePerson(ctx, p.ID, in)
		ok(t, "leave", err)
		ok(t, "rename", w.ChangeTeam(ctx, made.ID, team.NamedTeam{Name: "Sales and service"}))
		names, err := w.TeamNames(ctx, made.ID)
		if err != nil || names[made.ID] != "Sales and service" {
			t.Errorf("%v, %v", names, err)
		}
		ok(t, "remove", w.RemoveTeam(ctx, made.ID))
		want(t, "remove twice", w.RemoveTeam(ctx, made.ID), errs.NotFound)
		want(t, "change what is gone", w.ChangeTeam(ctx, made.ID, team.NamedTeam{Name: "x"}), errs.NotFound)
	})
}

// An exported use case that anyone could call without signing in would be
// found here.
func TestNobodyMayDoAnything(t *testing.T) {
	w := empty(t, dbtest.SQLite(t))
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"ChangeCompany":       func() error { return w.ChangeCompany(ctx, team.CompanyInput{}) },
		"LockCompany":         func() error { return w.LockCompany(ctx, "", "") },
		"UnlockCompany":       func() error { return w.UnlockCompany(ctx) },
		"CreatePerson":        func() error { _, err := w.CreatePerson(ctx, team.PersonInput{}); return err },
		"ChangePerson":        func() error { _, err := w.ChangePerson(ctx, 1, team.PersonInput{}); return err },
		"DeactivatePerson":    func() error { return w.DeactivatePerson(ctx, 1) },
		"ActivatePerson":      func() error { return w.ActivatePerson(ctx, 1) },
		"People":              func() error { _, err := w.People(ctx); return err },
		"Names":               func() error { _, err := w.Names(ctx, 1); return err },
		"FindColleague":       func() error { _, err := w.FindColleague(ctx, 1); return err },
		"ListPeople":          func() error { _, err := w.ListPeople(ctx, team.PeopleFilter{}); return err },
		"FindPerson":          func() error { _, err := w.FindPerson(ctx, 0); return err },
		"Me":                  func() error { _, err := w.Me(ctx); return err },
		"ChangeProfile":       func() error { _, err := w.ChangeProfile(ctx, team.ProfileInput{}); return err },
		"ChangePassword":      func() error { _, err := w.ChangePassword(ctx, "", "", office); return err },
		"Teams":               func() error { _, err := w.Teams(ctx); return err },
		"CreateTeam":          func() error { _, err := w.CreateTeam(ctx, team.NamedTeam{}); return err },
		"ChangeTeam":          func() error { return w.ChangeTeam(ctx, 1, team.NamedTeam{}) },
		"RemoveTeam":          func() error { return w.RemoveTeam(ctx, 1) },
		"Sessions":            func() error { _, err := w.Sessions(ctx); return err },
		"RevokeSession":       func() error { return w.RevokeSession(ctx, 1) },
		"RevokeOtherSessions": func() error { return w.RevokeOtherSessions(ctx, 0) },
		"SignOutPerson":       func() error { return w.SignOutPerson(ctx, 1) },
		"Sweep":               func() error { return w.Sweep(ctx) },
		"InvitePerson":        func() error { _, err := w.InvitePerson(ctx, 1); return err },
		"ResetPerson":         func() error { _, err := w.ResetPerson(ctx, 1); return err },
		"BeginTwoFactor":      func() error { _, err := w.BeginTwoFactor(ctx); return err },
		"ConfirmTwoFactor":    func() error { _, err := w.ConfirmTwoFactor(ctx, ""); return err },
		"RenewRecoveryCodes":  func() error { _, err := w.RenewRecoveryCodes(ctx, "", office); return err },
		"RecoveryCodesLeft":   func() error { _, err := w.RecoveryCodesLeft(ctx); return err },
		"EndTwoFactor":        func() error { return w.EndTwoFactor(ctx, "", office) },
		"EndTwoFactorOf":      func() error { return w.EndTwoFactorOf(ctx, 1) },
		"CreateToken":         func() error { _, _, err := w.CreateToken(ctx, team.TokenInput{}); return err },
		"ListTokens":          func() error { _, err := w.ListTokens(ctx); return err },
		"RevokeToken":         func() error { return w.RevokeToken(ctx, 1) },
		"Rights":              func() error { _, err := w.Rights(ctx); return err },
		"ChangeRights":        func() error { return w.ChangeRights(ctx, nil, nil) },
		"ActorOf":             func() error { _, err := w.ActorOf(ctx, 1); return err },
		"Explain":             func() error { _, err := w.Explain(ctx, "customers.view", 1, 1); return err },
		"ExplainPerson":       func() error { _, err := w.ExplainPerson(ctx, 1, "customers.view", 1, 1); return err },
	} {
		want(t, name, call(), errs.Unauthenticated)
	}
}
