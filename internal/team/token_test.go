package team_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/team"
)

func TestTokenLife(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ends := clock.InstantOf(w.clock.Now().Add(time.Hour))
		made, key, err := w.CreateToken(w.as(w.admin), team.TokenInput{Name: " Shop ", Roles: []authz.Role{authz.Operator}, ExpiresAt: ends})
		ok(t, "create", err)
		if !regexp.MustCompile(`^kt_[0-9A-Za-z]{43}$`).MatchString(key) || !strings.HasPrefix(key, made.Hint) || made.Name != "Shop" || made.CreatedBy != "Maria Ivanova" {
			t.Errorf("%q %+v", key, made)
		}
		a, err := w.AuthenticateToken(t.Context(), key)
		if err != nil || a.Kind != authz.Token || a.TokenID != made.ID || a.Level("customers.view") != authz.Team || a.Level("team.people") != authz.None {
			t.Errorf("%+v, %v", a, err)
		}
		for _, wrong := range []string{"", "kt_", key + "x", strings.ToLower(key), "Bearer " + key} {
			_, err := w.AuthenticateToken(t.Context(), wrong)
			want(t, wrong, err, errs.Unauthenticated)
		}
		w.clock.Advance(time.Hour)
		_, err = w.AuthenticateToken(t.Context(), key)
		want(t, "expired", err, errs.Unauthenticated)

		forever, key2, err := w.CreateToken(w.ctx, team.TokenInput{Name: "Phone", Roles: []authz.Role{authz.Operator}})
		ok(t, "create", err)
		w.clock.Advance(10 * 365 * 24 * time.Hour)
		_, err = w.AuthenticateToken(t.Context(), key2)
		ok(t, "without an end", err)
		ok(t, "revoke", w.RevokeToken(w.as(w.admin), forever.ID))
		ok(t, "revoke twice", w.RevokeToken(w.as(w.admin), forever.ID))
		_, err = w.AuthenticateToken(t.Context(), key2)
		want(t, "revoked", err, errs.Unauthenticated)
		want(t, "revoke nothing", w.RevokeToken(w.ctx, 999), errs.NotFound)
		all, err := w.ListTokens(w.as(w.admin))
		if err != nil || len(all) != 2 || all[0].ID != forever.ID || all[0].RevokedAt.IsZero() {
			t.Errorf("%+v, %v", all, err)
		}
		for _, e := range w.entries(journal.Ref{Type: "token", ID: forever.ID}) {
			if strings.Contains(string(e.After), key2) {
				t.Error("the journal holds the key")
			}
		}
	})
}

func TestTokenNotesItsUseOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, key, err := w.CreateToken(w.ctx, team.TokenInput{Name: "Shop", Roles: []authz.Role{authz.Operator}})
		ok(t, "create", err)
		cost := func() int {
			t.Helper()
			ctx, counter := db.WithCounter(t.Context())
			_, err := w.AuthenticateToken(ctx, key)
			ok(t, "use", err)
			return counter.Count()
		}
		cost() // loads what is kept in memory
		if n := cost(); n != 1 {
			t.Errorf("%d statements within the minute", n)
		}
		w.clock.Advance(time.Minute)
		if n := cost(); n != 2 {
			t.Errorf("%d statements after a minute", n)
		}
		all, err := w.ListTokens(w.ctx)
		if err != nil || all[0].UsedAt != clock.InstantOf(w.clock.Now()) {
			t.Errorf("last used %v, %v", all[0].UsedAt.Time(), err)
		}
	})
}

func TestTokenIsNarrowedAndActsForAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seller := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		_, key, err := w.CreateToken(w.ctx, team.TokenInput{
			Name: "Ivan's phone", Roles: []authz.Role{authz.Administrator, authz.Manager}, Permissions: []string{"customers.view"}, PersonID: seller.ID,
		})
		ok(t, "create", err)
		a, err := w.AuthenticateToken(t.Context(), key)
		ok(t, "use", err)
		if a.UserID != seller.ID || a.Level("customers.view") != authz.Own || a.Level("team.people") != authz.None {
			t.Errorf("%+v", a)
		}
		ok(t, "deactivate", w.DeactivatePerson(w.ctx, seller.ID))
		_, err = w.AuthenticateToken(t.Context(), key)
		want(t, "for a deactivated person", err, errs.Unauthenticated)
	})
}

func TestTokenInputIsChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		manager := []authz.Role{authz.Manager}
		for name, in := range map[string]team.TokenInput{
			"no name":            {Roles: manager},
			"no role":            {Name: "x"},
			"unknown role":       {Name: "x", Roles: []authz.Role{"king"}},
			"unknown permission": {Name: "x", Roles: manager, Permissions: []string{"a,b"}},
			"over already":       {Name: "x", Roles: manager, ExpiresAt: 1},
			"nobody":             {Name: "x", Roles: manager, PersonID: 999},
		} {
			_, _, err := w.CreateToken(w.ctx, in)
			want(t, name, err, errs.Invalid)
		}
		ok(t, "analysts may issue tokens", w.ChangeRights(w.ctx, []team.RightChange{{Role: authz.Analyst, Permission: "team.tokens", Level: authz.All}}, nil))
		analyst := w.as(w.person("Elena", "elena@example.com", authz.Analyst))
		_, _, err := w.CreateToken(analyst, team.TokenInput{Name: "x", Roles: []authz.Role{authz.Administrator}})
		want(t, "more than the maker's rights", err, errs.Forbidden)
		_, _, err = w.CreateToken(analyst, team.TokenInput{Name: "x", Roles: []authz.Role{authz.Analyst}})
		ok(t, "the maker's rights", err)
	})
}
