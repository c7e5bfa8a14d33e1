package team

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team/secret"
)

// Visitor is who stands behind a valid session.
type Visitor struct {
	Actor     authz.Actor
	Person    Person
	SessionID int64
}

// Authenticate tells who the session's token belongs to; Unauthenticated for
// an unknown, ended or expired one, and for a deactivated person. It costs one
// statement, and once in five minutes a write. It needs no right: it is where
// rights come from.
func (s *Service) Authenticate(ctx context.Context, token string) (Visitor, error) {
	const op = "team.Authenticate"
	if token == "" {
		return Visitor{}, errSignedOut(op)
	}
	var session Session
	var snap *snapshot
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		found, version, ok, err := findSession(ctx, tx, token)
		if err != nil {
			return err
		}
		if !ok || !found.alive(s.now()) {
			return errSignedOut(op)
		}
		session = found
		snap, err = s.at(ctx, tx, version)
		return err
	})
	if err != nil {
		return Visitor{}, errs.Wrap(op, err)
	}
	p, ok := snap.people[session.PersonID]
	if !ok || !p.Active {
		return Visitor{}, errSignedOut(op)
	}
	if err := s.see(ctx, session); err != nil {
		return Visitor{}, errs.Wrap(op, err)
	}
	return Visitor{Actor: snap.actor(p), Person: p, SessionID: session.ID}, nil
}

// see notes that a session is in use, now and then.
func (s *Service) see(ctx context.Context, session Session) error {
	now := s.now()
	if now < session.SeenAt.Add(seenEvery) {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlSeeSession, session.ID, now, expiry(session.CreatedAt, now))
		return err
	})
}

func errSignedOut(op string) error {
	return errs.New(errs.Unauthenticated, op, "errors.kind-unauthenticated-title")
}

// SignOut ends the session of the token, which is all the right it needs; an
// unknown one is not an error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	const op = "team.SignOut"
	v, err := s.Authenticate(ctx, token)
	if errs.Is(err, errs.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx = authz.With(ctx, v.Actor)
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := touched(tx.Exec(ctx, sqlDeleteByToken, secret.Hash(token))); err != nil {
			return fmt.Errorf("delete session: %w", err)
		}
		return write(ctx, tx, "team.signed_out", personRef(v.Person.ID), nil, nil)
	}))
}

// Sessions gives the acting person's sessions, the one used last first.
func (s *Service) Sessions(ctx context.Context) (all []Session, err error) {
	const op = "team.Sessions"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanSession, sqlListSessions, id, s.now())
		return err
	})
	return all, errs.Wrap(op, err)
}

// RevokeSession ends one of the acting person's sessions.
func (s *Service) RevokeSession(ctx context.Context, sessionID int64) error {
	const op = "team.RevokeSession"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		ended, err := touched(tx.Exec(ctx, sqlDeleteSession, sessionID, id))
		if err != nil {
			return fmt.Errorf("delete session: %w", err)
		}
		if !ended {
			return errs.New(errs.NotFound, op, "team.error.session-not-found")
		}
		return write(ctx, tx, "team.session_revoked", personRef(id), nil, nil)
	}))
}

// RevokeOtherSessions ends all of the acting person's sessions but the one
// given; 0 spares none.
func (s *Service) RevokeOtherSessions(ctx context.Context, except int64) error {
	const op = "team.RevokeOtherSessions"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error { return s.signOutEverywhere(ctx, tx, id, except) }))
}

// SignOutPerson ends all sessions of a person, for those who manage people.
func (s *Service) SignOutPerson(ctx context.Context, personID int64) error {
	const op = "team.SignOutPerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	return s.onPerson(ctx, op, personID, func(tx *db.Tx, _ Person) error {
		return s.signOutEverywhere(ctx, tx, personID, 0)
	})
}

func (s *Service) signOutEverywhere(ctx context.Context, tx *db.Tx, personID, except int64) error {
	if err := removeSessions(ctx, tx, personID, except); err != nil {
		return err
	}
	return write(ctx, tx, "team.sessions_revoked", personRef(personID), nil, nil)
}

// onPerson runs what is done to a person's access by someone whose rights
// cover theirs.
func (s *Service) onPerson(ctx context.Context, op string, personID int64, fn func(tx *db.Tx, p Person) error) error {
	snap, err := s.current(ctx)
	if err != nil {
		return err
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, personID)
		if err != nil {
			return err
		}
		if !snap.policy.covers(authz.From(ctx), p.Roles) {
			return errBeyondOwn(op)
		}
		return fn(tx, p)
	})
}

// Sweep removes expired sessions, links, forgotten attempts and browsers; for
// a daily job.
func (s *Service) Sweep(ctx context.Context) error {
	const op = "team.Sweep"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return err
	}
	now := s.now()
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlExpiredSessions, now); err != nil {
			return fmt.Errorf("sessions: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlExpiredLinks, now); err != nil {
			return fmt.Errorf("links: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlExpiredAttempts, now.Add(-accountLimit.forget)); err != nil {
			return fmt.Errorf("attempts: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlForgottenBrowser, now.Add(-BrowserLife)); err != nil {
			return fmt.Errorf("browsers: %w", err)
		}
		return nil
	}))
}
