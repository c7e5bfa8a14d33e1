package team_test

import (
	"context"
	"slices"
	"testing"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/team"
)

func TestPeopleAreToldWhatHappensToTheirAccess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var told []team.AccessChange
		w.OnAccessChanged(func(_ context.Context, _ *db.Tx, e team.AccessChanged) error {
			if e.PersonID != w.admin.ID || e.Email != "maria@example.com" || e.At.IsZero() {
				t.Errorf("%+v", e)
			}
			told = append(told, e.Change)
			return nil
		})
		expect := func(what string, all ...team.AccessChange) {
			t.Helper()
			if !slices.Equal(told, all) {
				t.Errorf("%s: told %v, want %v", what, told, all)
			}
			told = nil
		}
		first, err := w.SignIn(t.Context(), "maria@example.com", password, office)
		ok(t, "sign in", err)
		expect("the first browser of all")
		known := office
		known.Browser = first.Browser
		again, err := w.SignIn(t.Context(), "maria@example.com", password, known)
		ok(t, "sign in again", err)
		if again.Browser != first.Browser {
			t.Error("a known browser is called otherwise")
		}
		expect("a known browser")
		_, err = w.SignIn(t.Context(), "maria@example.com", password, stranger)
		ok(t, "sign in elsewhere", err)
		expect("a new browser", team.NewDevice)
		forged := office
		forged.Browser = "made up"
		_, err = w.SignIn(t.Context(), "maria@example.com", password, forged)
		ok(t, "with a name nobody gave", err)
		expect("a name nobody gave", team.NewDevice)

		me := w.as(w.admin)
		_, err = w.ChangePassword(me, password, chosen, known)
		ok(t, "change password", err)
		expect("a new password", team.PasswordChanged)
		e, err := w.BeginTwoFactor(me)
		ok(t, "begin", err)
		codes, err := w.ConfirmTwoFactor(me, w.code(e.Key))
		ok(t, "confirm", err)
		expect("a second factor", team.TwoFactorSet)
		in, err := w.SignIn(t.Context(), "maria@example.com", chosen, known)
		ok(t, "sign in", err)
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, codes[0], known)
		ok(t, "recovery code", err)
		expect("a recovery code", team.RecoveryCodeUsed)
		ok(t, "end", w.EndTwoFactor(me, chosen, known))
		expect("no second factor any more", team.TwoFactorEnded)
	})
}
