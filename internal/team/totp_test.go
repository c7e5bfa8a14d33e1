package team_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/secret"
)

func (w *world) code(key string) string {
	w.t.Helper()
	code, err := secret.CodeAt(key, w.clock.Now())
	ok(w.t, "code", err)
	return code
}

// enrol gives the administrator a second factor.
func (w *world) enrol() (key string, recovery []string) {
	w.t.Helper()
	ctx := w.as(w.admin)
	e, err := w.BeginTwoFactor(ctx)
	ok(w.t, "begin", err)
	recovery, err = w.ConfirmTwoFactor(ctx, w.code(e.Key))
	ok(w.t, "confirm", err)
	w.clock.Advance(time.Minute) // the code of the enrolment is used up
	return e.Key, recovery
}

func TestTwoFactorIsOnOnlyAfterACode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		_, err := w.ConfirmTwoFactor(ctx, "123456")
		want(t, "not begun", err, errs.Conflict)
		e, err := w.BeginTwoFactor(ctx)
		ok(t, "begin", err)
		if !strings.Contains(e.URL, "Rodopi%20Cheese") && !strings.Contains(e.URL, "Rodopi+Cheese") {
			t.Errorf("the authenticator will not show the company: %s", e.URL)
		}
		_, err = w.ConfirmTwoFactor(ctx, "12345x")
		want(t, "wrong code", err, errs.Invalid)
		if in := w.signIn("maria@example.com"); in.Token == "" {
			t.Error("an unconfirmed key is asked for")
		}
		codes, err := w.ConfirmTwoFactor(ctx, w.code(e.Key))
		if err != nil || len(codes) != 10 {
			t.Fatalf("%v, %v", codes, err)
		}
		_, err = w.BeginTwoFactor(ctx)
		want(t, "begin again", err, errs.Conflict)
		if me, err := w.Me(ctx); err != nil || !me.TwoFactor {
			t.Errorf("%+v, %v", me, err)
		}
	})
}

func TestSecondStep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key, _ := w.enrol()
		in := w.signIn("maria@example.com")
		if in.Token != "" || in.Challenge == "" {
			t.Fatalf("a password alone opened a session: %+v", in)
		}
		_, err := w.Authenticate(t.Context(), in.Challenge)
		want(t, "a challenge is no session", err, errs.Unauthenticated)
		_, err = w.RedeemLink(t.Context(), in.Challenge, chosen, office)
		want(t, "a challenge is no reset link", err, errs.NotFound)
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, "000000x", office)
		want(t, "wrong code", err, errs.Invalid)
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, "", office)
		want(t, "empty code", err, errs.Invalid)
		used := w.code(key)
		done, err := w.ConfirmSignIn(t.Context(), in.Challenge, used, office)
		ok(t, "right code", err)
		_, err = w.Authenticate(t.Context(), done.Token)
		ok(t, "session", err)
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, used, office)
		want(t, "used challenge", err, errs.NotFound)
		again := w.signIn("maria@example.com")
		_, err = w.ConfirmSignIn(t.Context(), again.Challenge, used, office)
		want(t, "used code", err, errs.Invalid)
		w.clock.Advance(30 * time.Second)
		_, err = w.ConfirmSignIn(t.Context(), again.Challenge, w.code(key), office)
		ok(t, "next code", err)
		late := w.signIn("maria@example.com")
		w.clock.Advance(10 * time.Minute)
		_, err = w.ConfirmSignIn(t.Context(), late.Challenge, w.code(key), office)
		want(t, "expired challenge", err, errs.NotFound)
	})
}

func TestCodeAtOnceOpensOneSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key, _ := w.enrol()
		challenges := []string{w.signIn("maria@example.com").Challenge, w.signIn("maria@example.com").Challenge}
		code := w.code(key)
		var wg sync.WaitGroup
		results := make([]error, len(challenges))
		for i := range results {
			wg.Go(func() { _, results[i] = w.ConfirmSignIn(t.Context(), challenges[i], code, office) })
		}
		wg.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Errorf("one of the two should succeed: %v", results)
		}
	})
}

func TestCodesAreSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key, _ := w.enrol()
		in := w.signIn("maria@example.com") // the first attempt
		for range 4 {
			_, err := w.ConfirmSignIn(t.Context(), in.Challenge, "bad", office)
			want(t, "wrong code", err, errs.Invalid)
		}
		_, err := w.ConfirmSignIn(t.Context(), in.Challenge, w.code(key), office)
		want(t, "too many", err, errs.Limited)
	})
}

func TestRecoveryCodesWorkOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, recovery := w.enrol()
		left := func(n int) {
			t.Helper()
			if got, err := w.RecoveryCodesLeft(w.as(w.admin)); err != nil || got != n {
				t.Errorf("%d codes left, want %d, %v", got, n, err)
			}
		}
		in := w.signIn("maria@example.com")
		_, err := w.ConfirmSignIn(t.Context(), in.Challenge, strings.ToUpper(recovery[3]), office)
		ok(t, "recovery code", err)
		left(9)
		in = w.signIn("maria@example.com")
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, recovery[3], office)
		want(t, "used recovery code", err, errs.Invalid)
		_, err = w.RenewRecoveryCodes(w.as(w.admin), "wrong", office)
		want(t, "renewal without the password", err, errs.Invalid)
		fresh, err := w.RenewRecoveryCodes(w.as(w.admin), password, office)
		ok(t, "renew", err)
		left(10)
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, recovery[4], office)
		want(t, "replaced recovery code", err, errs.Invalid)
		_, err = w.ConfirmSignIn(t.Context(), in.Challenge, fresh[0], office)
		ok(t, "new recovery code", err)
	})
}

func TestTwoFactorEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, recovery := w.enrol()
		want(t, "without the password", w.EndTwoFactor(w.as(w.admin), "wrong", office), errs.Invalid)
		ok(t, "end", w.EndTwoFactor(w.as(w.admin), password, office))
		if in := w.signIn("maria@example.com"); in.Token == "" {
			t.Error("a code is still asked for")
		}
		w.enrol()
		in := w.signIn("maria@example.com")
		_, err := w.ConfirmSignIn(t.Context(), in.Challenge, recovery[0], office)
		want(t, "a recovery code of the past", err, errs.Invalid)
		ok(t, "by another administrator", w.EndTwoFactorOf(w.ctx, w.admin.ID))
		if in := w.signIn("maria@example.com"); in.Token == "" {
			t.Error("a code is still asked for")
		}
	})
}

func TestResetDoesNotBypassTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key, _ := w.enrol()
		link, err := w.ResetPerson(w.ctx, w.admin.ID)
		ok(t, "reset", err)
		in, err := w.RedeemLink(t.Context(), link.Token, chosen, office)
		if err != nil || in.Token != "" {
			t.Fatalf("%+v, %v", in, err)
		}
		var done team.SignedIn
		done, err = w.ConfirmSignIn(t.Context(), in.Challenge, w.code(key), office)
		if err != nil || done.Token == "" {
			t.Errorf("%+v, %v", done, err)
		}
	})
}
