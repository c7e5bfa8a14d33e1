package team_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team"
)

func TestEveryFailedSignInLooksAndCostsTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		gone := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		ok(t, "deactivate", w.DeactivatePerson(w.ctx, gone.ID))
		_, err := w.CreatePerson(w.ctx, team.PersonInput{Name: "Nino", Email: "nino@example.com", Roles: []authz.Role{authz.Analyst}})
		ok(t, "invited", err)
		statements := map[int]bool{}
		for i, c := range []struct{ name, email, password string }{
			{"wrong password", "maria@example.com", "seven quiet plums"},
			{"empty password", "maria@example.com", ""},
			{"unknown address", "nobody@example.com", password},
			{"deactivated, right password", "ivan@example.com", password},
			{"no password yet", "nino@example.com", ""},
			{"empty address", "", ""},
		} {
			w.hashes.Store(0)
			ctx, counter := db.WithCounter(t.Context())
			_, err := w.SignIn(ctx, c.email, c.password, team.Device{Address: fmt.Sprintf("192.0.2.%d", i)})
			want(t, c.name, err, errs.Unauthenticated)
			if text, _ := errs.TextOf(err); text.ID != "team.error.sign-in-failed" {
				t.Errorf("%s: says %s", c.name, text.ID)
			}
			if n := w.hashes.Load(); n != 1 {
				t.Errorf("%s: %d hashes", c.name, n)
			}
			statements[counter.Count()] = true
		}
		if len(statements) != 1 {
			t.Errorf("the paths take different numbers of statements: %v", statements)
		}
	})
}

func TestSignInIsSlowedDownByAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		try := func(n int, password string) error {
			_, err := w.SignIn(t.Context(), "maria@example.com", password, team.Device{Address: fmt.Sprintf("192.0.2.%d", n)})
			return err
		}
		for n := range 5 {
			want(t, "free attempt", try(n, "wrong"), errs.Unauthenticated)
		}
		want(t, "sixth attempt, right password", try(6, password), errs.Limited)
		again := newService(t, w.db, w.clock, func() {})
		_, err := again.SignIn(t.Context(), "MARIA@example.com", password, office)
		want(t, "after a restart", err, errs.Limited)
		w.clock.Advance(time.Second)
		want(t, "after the wait", try(7, "wrong"), errs.Unauthenticated)
		w.clock.Advance(time.Second)
		want(t, "the wait has doubled", try(8, password), errs.Limited)
		w.clock.Advance(time.Second)
		ok(t, "after the doubled wait", try(9, password))
		for n := range 5 {
			want(t, "a success starts anew", try(n, "wrong"), errs.Unauthenticated)
		}
	})
}

func TestSignInIsSlowedDownByAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		try := func(n int, address string) error {
			_, err := w.SignIn(t.Context(), fmt.Sprintf("guess%d@example.com", n), "wrong", team.Device{Address: address})
			return err
		}
		for n := range 30 {
			want(t, "free attempt", try(n, fmt.Sprintf("2001:db8::%x", n)), errs.Unauthenticated)
		}
		want(t, "same network", try(31, "2001:db8::ffff"), errs.Limited)
		want(t, "another network", try(32, "2001:db8:0:1::1"), errs.Unauthenticated)
		_, err := w.SignIn(t.Context(), "maria@example.com", password, team.Device{Address: "2001:db8::1"})
		want(t, "a good account from there", err, errs.Limited)
	})
}

func TestAttemptsAtOnceAreAllCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		results := make([]error, 12)
		for i := range results {
			wg.Go(func() { _, results[i] = w.SignIn(t.Context(), "maria@example.com", "wrong", office) })
		}
		wg.Wait()
		checked := 0
		for _, err := range results {
			if errs.Is(err, errs.Unauthenticated) {
				checked++
			} else {
				want(t, "beyond the free attempts", err, errs.Limited)
			}
		}
		if checked != 5 {
			t.Errorf("%d passwords were checked, want 5", checked)
		}
	})
}

func TestSessionLivesByUse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.signIn("maria@example.com")
		alive := func(what string, wanted bool) {
			t.Helper()
			v, err := w.Authenticate(t.Context(), in.Token)
			if wanted && (err != nil || v.Person.ID != w.admin.ID || v.Actor.UserID != w.admin.ID || v.Actor.Level("team.people") != authz.All) {
				t.Errorf("%s: %+v, %v", what, v, err)
			}
			if !wanted {
				want(t, what, err, errs.Unauthenticated)
			}
		}
		alive("at once", true)
		for day := 13; day < 90; day += 13 {
			w.clock.Advance(13 * 24 * time.Hour)
			alive(fmt.Sprintf("day %d", day), true)
		}
		w.clock.Advance(12 * 24 * time.Hour)
		alive("after 90 days, however busy", false)

		in = w.signIn("maria@example.com")
		w.clock.Advance(team.SessionIdle)
		alive("after 14 idle days", false)
		for _, token := range []string{"", "rubbish", strings.Repeat("x", 100_000)} {
			_, err := w.Authenticate(t.Context(), token)
			want(t, "a token nobody has", err, errs.Unauthenticated)
		}
		ok(t, "sweep", w.Sweep(w.ctx))
	})
}

func TestAuthenticateCostsOneStatement(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.signIn("maria@example.com")
		if _, err := w.Authenticate(t.Context(), in.Token); err != nil {
			t.Fatal(err)
		}
		ctx, counter := db.WithCounter(t.Context())
		if _, err := w.Authenticate(ctx, in.Token); err != nil || counter.Count() != 1 {
			t.Errorf("%d statements, %v", counter.Count(), err)
		}
	})
}

func TestSignOutAndRevoke(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b, c := w.signIn("maria@example.com"), w.signIn("maria@example.com"), w.signIn("maria@example.com")
		ctx := w.as(w.admin)
		other := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		visit := func(in team.SignedIn) (team.Visitor, error) { return w.Authenticate(t.Context(), in.Token) }
		all, err := w.Sessions(ctx)
		if err != nil || len(all) != 3 || all[0].Address != office.Address || all[0].Agent != office.Agent {
			t.Fatalf("%+v, %v", all, err)
		}
		ok(t, "sign out", w.SignOut(t.Context(), a.Token))
		ok(t, "sign out twice", w.SignOut(t.Context(), a.Token))
		_, err = visit(a)
		want(t, "signed out", err, errs.Unauthenticated)
		vb, err := visit(b)
		ok(t, "the others stay", err)
		want(t, "a stranger's session", w.RevokeSession(w.as(other), vb.SessionID), errs.NotFound)
		ok(t, "all others", w.RevokeOtherSessions(ctx, vb.SessionID))
		_, err = visit(c)
		want(t, "revoked with the others", err, errs.Unauthenticated)
		ok(t, "this one", w.RevokeSession(ctx, vb.SessionID))
		want(t, "once more", w.RevokeSession(ctx, vb.SessionID), errs.NotFound)
		_, err = visit(b)
		want(t, "revoked", err, errs.Unauthenticated)
		d := w.signIn("ivan@example.com")
		ok(t, "by the administrator", w.SignOutPerson(ctx, other.ID))
		_, err = visit(d)
		want(t, "signed out by the administrator", err, errs.Unauthenticated)
		if !w.told(personRef(w.admin), "team.signed_in") || !w.told(personRef(w.admin), "team.signed_out") {
			t.Error("the journal misses a sign-in or sign-out")
		}
	})
}

func TestChangePasswordSignsOutEverywhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		old := w.signIn("maria@example.com")
		ctx := w.as(w.admin)
		_, err := w.ChangePassword(ctx, password, "short", office)
		want(t, "too short", err, errs.Invalid)
		_, err = w.ChangePassword(ctx, "wrong", "eight loud plums", office)
		want(t, "wrong current one", err, errs.Invalid)
		in, err := w.ChangePassword(ctx, password, "eight loud plums", office)
		ok(t, "change", err)
		_, err = w.Authenticate(t.Context(), old.Token)
		want(t, "the old session", err, errs.Unauthenticated)
		_, err = w.Authenticate(t.Context(), in.Token)
		ok(t, "the new session", err)
		_, err = w.SignIn(t.Context(), "maria@example.com", password, office)
		want(t, "the old password", err, errs.Unauthenticated)
		_, err = w.SignIn(t.Context(), "maria@example.com", "eight loud plums", office)
		ok(t, "the new password", err)
		for range 5 {
			_, err = w.ChangePassword(ctx, "guess", "nine green figs", office)
			want(t, "guessing at an open screen", err, errs.Invalid)
		}
		_, err = w.ChangePassword(ctx, "eight loud plums", "nine green figs", office)
		want(t, "guessing is slowed down", err, errs.Limited)
	})
}

func TestPasswordIsRehashedAtTodaysCost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		stored := oldHash()
		setStored(t, w.db, w.admin.ID, stored)
		w.signIn("maria@example.com")
		if now := getStored(t, w.db, w.admin.ID); now == stored || !strings.Contains(now, "m=19456,t=2,p=1") {
			t.Errorf("still %s", now)
		}
		w.signIn("maria@example.com")
	})
}
