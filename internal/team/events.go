package team

import (
	"context"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
)

// PersonDeactivated is told in the transaction that deactivates a person; a
// handler that returns an error keeps the person active (their work has not
// been handed over yet).
type PersonDeactivated struct {
	PersonID int64
	Name     string
}

// PersonDeactivatedFunc handles PersonDeactivated.
type PersonDeactivatedFunc func(ctx context.Context, tx *db.Tx, e PersonDeactivated) error

// LinkCreated is told in the transaction that makes an invitation or a reset
// link, so that a message can be put on its way. It is the only place where
// Token is known besides the caller's answer.
type LinkCreated struct {
	Kind      LinkKind
	PersonID  int64
	Name      string
	Email     string
	Language  i18n.Lang
	Token     string
	ExpiresAt clock.Instant
}

// LinkCreatedFunc handles LinkCreated.
type LinkCreatedFunc func(ctx context.Context, tx *db.Tx, e LinkCreated) error

// AccessChange is what happened to a person's access.
type AccessChange string

// What people want to hear of at once if it was not them.
const (
	PasswordChanged  AccessChange = "password-changed"
	TwoFactorSet     AccessChange = "two-factor-set"
	TwoFactorEnded   AccessChange = "two-factor-ended"
	RecoveryCodeUsed AccessChange = "recovery-code-used"
	NewDevice        AccessChange = "new-device" // signed in with a browser never used before
)

// AccessChanged is told in the transaction that changes how a person comes in.
// It is not told of a first password.
type AccessChanged struct {
	Change   AccessChange
	PersonID int64
	Name     string
	Email    string
	Language i18n.Lang
	At       clock.Instant
	From     Device // empty if someone else did it for them
}

// AccessChangedFunc handles AccessChanged.
type AccessChangedFunc func(ctx context.Context, tx *db.Tx, e AccessChanged) error

// OnPersonDeactivated adds a handler; only while the program is put together.
func (s *Service) OnPersonDeactivated(f PersonDeactivatedFunc) {
	s.onDeactivated = append(s.onDeactivated, f)
}

// OnLinkCreated adds a handler; only while the program is put together.
func (s *Service) OnLinkCreated(f LinkCreatedFunc) { s.onLink = append(s.onLink, f) }

// OnAccessChanged adds a handler; only while the program is put together.
func (s *Service) OnAccessChanged(f AccessChangedFunc) { s.onAccess = append(s.onAccess, f) }

func (s *Service) tellAccess(ctx context.Context, tx *db.Tx, p Person, change AccessChange, from Device) error {
	e := AccessChanged{
		Change: change, PersonID: p.ID, Name: p.Name, Email: p.Email, Language: p.Language, At: s.now(), From: from.tidy(),
	}
	for _, handle := range s.onAccess {
		if err := handle(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellDeactivated(ctx context.Context, tx *db.Tx, e PersonDeactivated) error {
	for _, handle := range s.onDeactivated {
		if err := handle(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellLink(ctx context.Context, tx *db.Tx, e LinkCreated) error {
	for _, handle := range s.onLink {
		if err := handle(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}
