package authz_test

import (
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
)

func TestRequirePersonAndSomeone(t *testing.T) {
	for _, c := range []struct {
		name            string
		actor           authz.Actor
		person, someone errs.Kind // Internal: let through
	}{
		{"nobody", authz.Actor{Kind: authz.Anonymous}, errs.Unauthenticated, errs.Unauthenticated},
		{"a person", authz.Actor{Kind: authz.Person, UserID: 7}, errs.Internal, errs.Internal},
		{"a program for a person", authz.Actor{Kind: authz.Token, UserID: 7, TokenID: 1}, errs.Forbidden, errs.Internal},
		{"Kartoteka itself", authz.Actor{Kind: authz.System}, errs.Forbidden, errs.Internal},
	} {
		ctx := authz.With(t.Context(), c.actor)
		id, err := authz.RequirePerson(ctx, "test")
		if (err == nil) != (c.person == errs.Internal) || err != nil && !errs.Is(err, c.person) || err == nil && id != 7 {
			t.Errorf("%s: person %d, %v", c.name, id, err)
		}
		err = authz.RequireSomeone(ctx, "test")
		if (err == nil) != (c.someone == errs.Internal) || err != nil && !errs.Is(err, c.someone) {
			t.Errorf("%s: someone, %v", c.name, err)
		}
	}
}
