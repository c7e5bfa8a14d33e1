package authz

import (
	"context"

	"kartoteka.dev/internal/platform/errs"
)

// RequirePerson is the first statement of what every person may do with what
// is their own (profile, sessions, own views): it gives the id of the acting
// person, or an error for anyone else.
func RequirePerson(ctx context.Context, op string) (int64, error) {
	a := From(ctx)
	if a.Kind == Person && a.UserID != 0 {
		return a.UserID, nil
	}
	if a.Kind == Anonymous {
		return 0, errs.New(errs.Unauthenticated, op, "errors.kind-unauthenticated-title")
	}
	return 0, errs.New(errs.Forbidden, op, "errors.kind-forbidden-title")
}

// RequireSomeone is the first statement of what everyone who is signed in may
// see, programs included: the names of colleagues, for one.
func RequireSomeone(ctx context.Context, op string) error {
	if From(ctx).Kind == Anonymous {
		return errs.New(errs.Unauthenticated, op, "errors.kind-unauthenticated-title")
	}
	return nil
}
