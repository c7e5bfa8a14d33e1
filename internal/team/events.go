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

// OnPersonDeactivated adds a handler; only while the program is put together.
func (s *Service) OnPersonDeactivated(f PersonDeactivatedFunc) {
	s.onDeactivated = append(s.onDeactivated, f)
}

// OnLinkCreated adds a handler; only while the program is put together.
func (s *Service) OnLinkCreated(f LinkCreatedFunc) { s.onLink = append(s.onLink, f) }

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
