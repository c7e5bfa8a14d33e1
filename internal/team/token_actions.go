package team

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/team/secret"
)

// TokenInput is what is set about a new token.
type TokenInput struct {
	Name        string
	Roles       []authz.Role
	Permissions []string      // narrows what the roles grant; empty: not narrowed
	PersonID    int64         // whom it acts for; 0: nobody
	ExpiresAt   clock.Instant // zero: never
}

func (s *Service) checkToken(in TokenInput) []errs.FieldError {
	var bad fieldErrors
	bad.text("name", in.Name, maxName)
	bad.when(len(in.Roles) == 0, "roles", "team.error.roles-missing")
	bad.when(slices.ContainsFunc(in.Roles, func(r authz.Role) bool { return !r.Valid() }), "roles", "errors.field-not-chosen")
	bad.when(!in.ExpiresAt.IsZero() && in.ExpiresAt <= s.now(), "expires_at", "team.error.expiry-past")
	for _, id := range in.Permissions {
		if _, known := s.permission(id); !known {
			bad.add("permissions", "team.error.permission-unknown", "Permission", id)
		}
	}
	return bad
}

// CreateToken makes a token and gives its key, this once. A token never gets
// more rights than its maker has, unless the maker sets the rights anyway.
func (s *Service) CreateToken(ctx context.Context, in TokenInput) (t Token, key string, err error) {
	const op = "team.CreateToken"
	if _, err := authz.Require(ctx, op, "team.tokens"); err != nil {
		return Token{}, "", err
	}
	in.Name = trim(in.Name)
	in.Roles = orderedRoles(in.Roles)
	if bad := s.checkToken(in); len(bad) > 0 {
		return Token{}, "", errs.InvalidFields(op, bad...)
	}
	snap, err := s.current(ctx)
	if err != nil {
		return Token{}, "", err
	}
	if !snap.policy.covers(authz.From(ctx), in.Roles) {
		return Token{}, "", errBeyondOwn(op)
	}
	if p, ok := snap.people[in.PersonID]; in.PersonID != 0 && (!ok || !p.Active) {
		return Token{}, "", errs.InvalidFields(op, errs.Field("person", "errors.field-not-chosen"))
	}
	key = secret.NewAPIToken()
	t = Token{
		Name: in.Name, Hint: key[:len(secret.APIPrefix)+4], PersonID: in.PersonID, Roles: in.Roles,
		Permissions: in.Permissions, CreatedBy: authz.From(ctx).Name, CreatedAt: s.now(), ExpiresAt: in.ExpiresAt,
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if t.ID, err = insertToken(ctx, tx, t, key); err != nil {
			return err
		}
		return write(ctx, tx, "team.token_created", tokenRef(t.ID), nil, t.record())
	})
	if err != nil {
		return Token{}, "", errs.Wrap(op, err)
	}
	return t, key, nil
}

// ListTokens gives all tokens, the newest first, the revoked and expired too.
func (s *Service) ListTokens(ctx context.Context) (all []Token, err error) {
	const op = "team.ListTokens"
	if _, err := authz.Require(ctx, op, "team.tokens"); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanToken, sqlListTokens)
		return err
	})
	return all, errs.Wrap(op, err)
}

// RevokeToken ends a token at once and for good.
func (s *Service) RevokeToken(ctx context.Context, id int64) error {
	const op = "team.RevokeToken"
	if _, err := authz.Require(ctx, op, "team.tokens"); err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := findToken(ctx, tx, op, id)
		if err != nil {
			return err
		}
		ended, err := touched(tx.Exec(ctx, sqlRevokeToken, id, s.now()))
		if err != nil {
			return fmt.Errorf("revoke token: %w", err)
		}
		if !ended {
			return nil // already
		}
		return write(ctx, tx, "team.token_revoked", tokenRef(id), t.record(), nil)
	}))
}

// AuthenticateToken tells which program a key belongs to; Unauthenticated for
// an unknown, revoked or expired one, and when the person it acts for is
// deactivated. It costs one statement, and once a minute a write. It needs no right: it is where rights
// come from.
func (s *Service) AuthenticateToken(ctx context.Context, key string) (authz.Actor, error) {
	const op = "team.AuthenticateToken"
	refused := errs.New(errs.Unauthenticated, op, "team.error.token-refused")
	if !strings.HasPrefix(key, secret.APIPrefix) {
		return authz.Actor{}, refused
	}
	var t Token
	var snap *snapshot
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		found, version, ok, err := findByKey(ctx, tx, key)
		if err != nil {
			return err
		}
		if !ok || !found.Works(s.now()) {
			return refused
		}
		t = found
		snap, err = s.at(ctx, tx, version)
		return err
	})
	if err != nil {
		return authz.Actor{}, errs.Wrap(op, err)
	}
	p := snap.people[t.PersonID]
	if t.PersonID != 0 && !p.Active {
		return authz.Actor{}, refused
	}
	if err := s.use(ctx, t); err != nil {
		return authz.Actor{}, errs.Wrap(op, err)
	}
	return snap.tokenActor(t, p), nil
}

// use notes that a token is in use, at most once a minute.
func (s *Service) use(ctx context.Context, t Token) error {
	now := s.now()
	if !t.UsedAt.IsZero() && now < t.UsedAt.Add(usedEvery) {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlUseToken, t.ID, now, now.Add(-usedEvery))
		return err
	})
}

func tokenRef(id int64) journal.Ref { return journal.Ref{Type: "token", ID: id} }
