package team_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team"
)

const chosen = "eight loud plums"

func (w *world) invited(email string) team.Person {
	w.t.Helper()
	p, err := w.CreatePerson(w.ctx, team.PersonInput{Name: "Nino Maisuradze", Email: email, Roles: []authz.Role{authz.Manager}})
	ok(w.t, "create", err)
	return p
}

func TestInvitationWorksOnceUntilItExpires(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		p := w.invited("nino@example.com")
		first, err := w.InvitePerson(ctx, p.ID)
		ok(t, "invite", err)
		second, err := w.InvitePerson(ctx, p.ID)
		ok(t, "invite again", err)
		_, err = w.FindLink(t.Context(), first.Token)
		want(t, "replaced by a newer one", err, errs.NotFound)
		link, err := w.FindLink(t.Context(), second.Token)
		if err != nil || link.Kind != team.Invitation || link.Email != p.Email || link.Name != p.Name {
			t.Fatalf("%+v, %v", link, err)
		}
		_, err = w.RedeemLink(t.Context(), second.Token, "short", office)
		want(t, "a weak password", err, errs.Invalid)
		in, err := w.RedeemLink(t.Context(), second.Token, chosen, office)
		ok(t, "redeem", err)
		_, err = w.Authenticate(t.Context(), in.Token)
		ok(t, "signed in by it", err)
		_, err = w.RedeemLink(t.Context(), second.Token, "nine green figs", office)
		want(t, "used", err, errs.NotFound)
		_, err = w.InvitePerson(ctx, p.ID)
		want(t, "who has a password needs no invitation", err, errs.Conflict)
		for _, token := range []string{"", "rubbish", in.Token} {
			_, err = w.RedeemLink(t.Context(), token, "nine green figs", office)
			want(t, "no link", err, errs.NotFound)
		}

		late := w.invited("giorgi@example.com")
		link3, err := w.InvitePerson(ctx, late.ID)
		ok(t, "invite", err)
		w.clock.Advance(72*time.Hour - time.Second)
		_, err = w.FindLink(t.Context(), link3.Token)
		ok(t, "a second before the end", err)
		w.clock.Advance(time.Second)
		_, err = w.RedeemLink(t.Context(), link3.Token, chosen, office)
		want(t, "expired", err, errs.NotFound)
	})
}

func TestLinkRedeemedAtOnceWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		link, err := w.InvitePerson(w.as(w.admin), w.invited("nino@example.com").ID)
		ok(t, "invite", err)
		var wg sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wg.Go(func() { _, results[i] = w.RedeemLink(t.Context(), link.Token, chosen, office) })
		}
		wg.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
			} else {
				want(t, "the slower", err, errs.NotFound)
			}
		}
		if done != 1 {
			t.Errorf("%d times", done)
		}
	})
}

func TestResetReplacesPasswordAndEndsSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("Ivan Petrov", "ivan@example.com", authz.Manager)
		old := w.signIn("ivan@example.com")
		link, err := w.ResetPerson(w.as(w.admin), p.ID)
		ok(t, "reset", err)
		w.signIn("ivan@example.com") // until the link is used the old password works
		_, err = w.RedeemLink(t.Context(), link.Token, chosen, office)
		ok(t, "redeem", err)
		_, err = w.Authenticate(t.Context(), old.Token)
		want(t, "old session", err, errs.Unauthenticated)
		_, err = w.SignIn(t.Context(), "ivan@example.com", password, office)
		want(t, "old password", err, errs.Unauthenticated)

		link, err = w.ResetPerson(w.as(w.admin), p.ID)
		ok(t, "reset", err)
		w.clock.Advance(2 * time.Hour)
		_, err = w.RedeemLink(t.Context(), link.Token, "nine green figs", office)
		want(t, "expired", err, errs.NotFound)
	})
}

func TestLinkDiesWithWhatItRestsOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		p := w.invited("nino@example.com")
		link, err := w.InvitePerson(ctx, p.ID)
		ok(t, "invite", err)
		p, err = w.ChangePerson(ctx, p.ID, team.PersonInput{
			Name: p.Name, Email: "nino.m@example.com", Language: p.Language, Roles: p.Roles, Version: p.Version,
		})
		ok(t, "new address", err)
		_, err = w.FindLink(t.Context(), link.Token)
		want(t, "sent to the old address", err, errs.NotFound)
		link, err = w.InvitePerson(ctx, p.ID)
		ok(t, "invite", err)
		ok(t, "deactivate", w.DeactivatePerson(ctx, p.ID))
		_, err = w.RedeemLink(t.Context(), link.Token, chosen, office)
		want(t, "deactivated", err, errs.NotFound)
		_, err = w.InvitePerson(ctx, p.ID)
		want(t, "inviting the deactivated", err, errs.Conflict)
		_, err = w.InvitePerson(ctx, 999)
		want(t, "inviting nobody", err, errs.NotFound)
	})
}

func TestForgottenPasswordTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var sent []team.LinkCreated
		w.OnLinkCreated(func(_ context.Context, _ *db.Tx, e team.LinkCreated) error {
			sent = append(sent, e)
			return nil
		})
		ok(t, "unknown", w.RequestReset(t.Context(), "nobody@example.com", stranger))
		if len(sent) != 0 {
			t.Fatalf("a link for nobody: %+v", sent)
		}
		ok(t, "known", w.RequestReset(t.Context(), "Maria@example.com", stranger))
		if len(sent) != 1 || sent[0].Email != "maria@example.com" || sent[0].Kind != team.Reset {
			t.Fatalf("%+v", sent)
		}
		_, err := w.RedeemLink(t.Context(), sent[0].Token, chosen, office)
		ok(t, "redeem", err)
		for range 4 {
			ok(t, "again", w.RequestReset(t.Context(), "maria@example.com", stranger))
		}
		want(t, "too often", w.RequestReset(t.Context(), "maria@example.com", stranger), errs.Limited)
		_, err = w.SignIn(t.Context(), "maria@example.com", chosen, office)
		ok(t, "asking for resets does not slow down the person's sign-in", err)
	})
}
