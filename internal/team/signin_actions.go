package team

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team/secret"
)

// SignedIn is the outcome of a right password: a session's token for the
// cookie, or, with two factors, a challenge for ConfirmSignIn.
type SignedIn struct {
	Token     string
	ExpiresAt clock.Instant // latest end of the session
	Browser   string        // what the browser shows next time to be known again
	Challenge string
	PersonID  int64
}

// SignIn checks an e-mail address and a password. It takes the same steps for
// an unknown address, a deactivated person and a wrong password, says the same
// in all three cases (Unauthenticated), and slows down who fails often
// (Limited). It needs no right: nobody acts yet.
func (s *Service) SignIn(ctx context.Context, email, password string, from Device) (SignedIn, error) {
	const op = "team.SignIn"
	account := emailKey(email)
	keys := attemptKeys(account, from)
	if err := s.admit(ctx, op, keys); err != nil {
		return SignedIn{}, err
	}
	c, err := s.credentials(ctx, sqlCredentialsByEmail, account)
	if err != nil {
		return SignedIn{}, errs.Wrap(op, err)
	}
	ok, stale, err := s.hasher.Verify(ctx, c.password, password)
	if err != nil {
		return SignedIn{}, errs.Wrap(op, err)
	}
	if !ok || !c.active {
		return SignedIn{}, errs.New(errs.Unauthenticated, op, "team.error.sign-in-failed")
	}
	rehashed := ""
	if stale {
		if rehashed, err = s.hasher.Hash(ctx, password); err != nil {
			return SignedIn{}, errs.Wrap(op, err)
		}
	}
	return s.letIn(ctx, op, c, keys, letIn{from: from, rehashed: rehashed})
}

type letIn struct {
	from     Device
	rehashed string // the password at today's cost; empty: as it is
}

// letIn follows a right password: to the session, or to the second factor.
func (s *Service) letIn(ctx context.Context, op string, c credentials, keys []key, how letIn) (in SignedIn, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.stillAllowed(ctx, tx, op, c)
		if err != nil {
			return err
		}
		if how.rehashed != "" {
			if err := setPassword(ctx, tx, c.id, how.rehashed); err != nil {
				return err
			}
		}
		if c.key != "" {
			in.PersonID = c.id
			in.Challenge, _, err = insertLink(ctx, tx, linkChallenge, c.id, s.now())
			return err
		}
		if err := forgive(ctx, tx, keys); err != nil {
			return err
		}
		in, err = s.open(ctx, tx, p, how.from)
		return err
	})
	return in, errs.Wrap(op, err)
}

// stillAllowed makes sure that what was checked outside the transaction is
// still so: the same password, an active person.
func (s *Service) stillAllowed(ctx context.Context, tx *db.Tx, op string, c credentials) (Person, error) {
	now, err := db.One(ctx, tx, scanCredentials, sqlCredentialsByID, c.id)
	if err != nil {
		return Person{}, fmt.Errorf("credentials: %w", err)
	}
	if now.password != c.password || now.key != c.key || !now.active {
		return Person{}, errs.New(errs.Unauthenticated, op, "team.error.sign-in-failed")
	}
	return findPerson(ctx, tx, op, c.id)
}

// open makes a session for a person who has proved who they are.
func (s *Service) open(ctx context.Context, tx *db.Tx, p Person, from Device) (SignedIn, error) {
	now := s.now()
	token, err := insertSession(ctx, tx, p.ID, now, from)
	if err != nil {
		return SignedIn{}, err
	}
	if err := setSignedIn(ctx, tx, p.ID, now); err != nil {
		return SignedIn{}, err
	}
	ctx = authz.With(ctx, authz.Actor{Kind: authz.Person, UserID: p.ID, Name: p.Name})
	browser, known, err := recognise(ctx, tx, p.ID, from, now)
	if err != nil {
		return SignedIn{}, err
	}
	if !known {
		if err := s.tellAccess(ctx, tx, p, NewDevice, from); err != nil {
			return SignedIn{}, err
		}
	}
	if err := write(ctx, tx, "team.signed_in", personRef(p.ID), nil, map[string]string{"address": from.tidy().Address}); err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Token: token, ExpiresAt: now.Add(SessionLife), Browser: browser, PersonID: p.ID}, nil
}

// ConfirmSignIn is the second step: a one-time code or a recovery code for the
// challenge that SignIn gave. Wrong codes are slowed down like wrong
// passwords; a code works once. It needs no right: nobody acts yet.
func (s *Service) ConfirmSignIn(ctx context.Context, challenge, code string, from Device) (in SignedIn, err error) {
	const op = "team.ConfirmSignIn"
	link, err := s.findLink(ctx, op, challenge, linkChallenge)
	if err != nil {
		return SignedIn{}, err
	}
	keys := attemptKeys(emailKey(link.Email), from)
	if err := s.admit(ctx, op, keys); err != nil {
		return SignedIn{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, link.PersonID)
		if err != nil {
			return err
		}
		if !p.Active {
			return errs.New(errs.Unauthenticated, op, "team.error.sign-in-failed")
		}
		recovered, err := s.useCode(ctx, tx, op, p.ID, code)
		if err != nil {
			return err
		}
		if recovered {
			if err := s.tellAccess(ctx, tx, p, RecoveryCodeUsed, from); err != nil {
				return err
			}
		}
		if err := useLink(ctx, tx, op, link.id); err != nil {
			return err
		}
		if err := forgive(ctx, tx, keys); err != nil {
			return err
		}
		in, err = s.open(ctx, tx, p, from)
		return err
	})
	return in, errs.Wrap(op, err)
}

const (
	sqlUseStep     = `UPDATE team_people SET totp_step = $2 WHERE id = $1 AND totp_step < $2`
	sqlUseRecovery = `DELETE FROM team_recovery_codes WHERE person_id = $1 AND hash = $2`
)

// useCode accepts a one-time code of a period later than the last one used, or
// an unused recovery code, and tells if it was one of those.
func (s *Service) useCode(ctx context.Context, tx *db.Tx, op string, personID int64, code string) (recovered bool, err error) {
	c, err := db.One(ctx, tx, scanCredentials, sqlCredentialsByID, personID)
	if err != nil {
		return false, fmt.Errorf("credentials: %w", err)
	}
	used := false
	if step, ok := secret.MatchCode(c.key, code, s.clock.Now()); ok && c.key != "" {
		used, err = touched(tx.Exec(ctx, sqlUseStep, personID, step))
	} else if c.key != "" {
		used, err = touched(tx.Exec(ctx, sqlUseRecovery, personID, secret.HashRecovery(code)))
		recovered = used
		if used && err == nil {
			err = write(ctx, tx, "team.recovery_code_used", personRef(personID), nil, nil)
		}
	}
	if err != nil {
		return false, fmt.Errorf("use code: %w", err)
	}
	if !used {
		return false, errs.InvalidFields(op, errs.Field("code", "team.error.code-wrong"))
	}
	return recovered, nil
}
