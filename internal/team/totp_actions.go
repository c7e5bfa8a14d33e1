package team

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team/secret"
)

const (
	sqlBeginTwoFactor = `UPDATE team_people SET totp_pending = $2 WHERE id = $1`
	sqlSetTwoFactor   = `UPDATE team_people SET totp_secret = $2, totp_pending = '', totp_step = $3 WHERE id = $1 AND totp_secret = ''`
	sqlEndTwoFactor   = `UPDATE team_people SET totp_secret = '', totp_pending = '' WHERE id = $1`
	sqlRemoveCodes    = `DELETE FROM team_recovery_codes WHERE person_id = $1`
	sqlAddCode        = `INSERT INTO team_recovery_codes (person_id, hash) VALUES ($1, $2)`
	sqlCountCodes     = `SELECT COUNT(*) FROM team_recovery_codes WHERE person_id = $1`
)

// BeginTwoFactor gives the acting person a key for their authenticator; it
// counts only once ConfirmTwoFactor has seen a code made with it.
func (s *Service) BeginTwoFactor(ctx context.Context) (e secret.Enrolment, err error) {
	const op = "team.BeginTwoFactor"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return secret.Enrolment{}, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return secret.Enrolment{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if p.TwoFactor {
			return errs.New(errs.Conflict, op, "team.error.two-factor-on")
		}
		if e, err = secret.NewEnrolment("Kartoteka "+snap.company.Name, p.Email); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlBeginTwoFactor, id, e.Key)
		return err
	})
	return e, errs.Wrap(op, err)
}

// ConfirmTwoFactor switches the second factor on and gives the recovery codes,
// this once. The acting person's sessions stay.
func (s *Service) ConfirmTwoFactor(ctx context.Context, code string) (codes []string, err error) {
	const op = "team.ConfirmTwoFactor"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, op, func(tx *db.Tx) error {
		c, err := db.One(ctx, tx, scanCredentials, sqlCredentialsByID, id)
		if err != nil {
			return fmt.Errorf("credentials: %w", err)
		}
		if c.pending == "" {
			return errs.New(errs.Conflict, op, "team.error.two-factor-not-begun")
		}
		step, ok := secret.MatchCode(c.pending, code, s.clock.Now())
		if !ok {
			return errs.InvalidFields(op, errs.Field("code", "team.error.code-wrong"))
		}
		set, err := touched(tx.Exec(ctx, sqlSetTwoFactor, id, c.pending, step))
		if err != nil {
			return fmt.Errorf("set two factors: %w", err)
		}
		if !set {
			return errs.New(errs.Conflict, op, "team.error.two-factor-on")
		}
		if codes, err = replaceCodes(ctx, tx, id); err != nil {
			return err
		}
		p, err := findPerson(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if err := s.tellAccess(ctx, tx, p, TwoFactorSet, Device{}); err != nil {
			return err
		}
		return write(ctx, tx, "team.two_factor_set", personRef(id), nil, nil)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func replaceCodes(ctx context.Context, tx *db.Tx, personID int64) ([]string, error) {
	if _, err := tx.Exec(ctx, sqlRemoveCodes, personID); err != nil {
		return nil, fmt.Errorf("remove recovery codes: %w", err)
	}
	codes := secret.NewRecoveryCodes()
	for _, code := range codes {
		if _, err := tx.Exec(ctx, sqlAddCode, personID, secret.HashRecovery(code)); err != nil {
			return nil, fmt.Errorf("add recovery code: %w", err)
		}
	}
	return codes, nil
}

// RenewRecoveryCodes replaces the acting person's recovery codes; the password
// is asked again.
func (s *Service) RenewRecoveryCodes(ctx context.Context, password string, from Device) (codes []string, err error) {
	const op = "team.RenewRecoveryCodes"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return nil, err
	}
	err = s.afterPassword(ctx, op, id, password, from, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if !p.TwoFactor {
			return errs.New(errs.Conflict, op, "team.error.two-factor-not-begun")
		}
		if codes, err = replaceCodes(ctx, tx, id); err != nil {
			return err
		}
		return write(ctx, tx, "team.recovery_codes_renewed", personRef(id), nil, nil)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RecoveryCodesLeft is how many unused recovery codes the acting person has.
func (s *Service) RecoveryCodesLeft(ctx context.Context) (n int, err error) {
	const op = "team.RecoveryCodesLeft"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return 0, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = db.One(ctx, tx, db.Value[int], sqlCountCodes, id)
		return err
	})
	return n, errs.Wrap(op, err)
}

// EndTwoFactor switches the acting person's second factor off; the password is
// asked again.
func (s *Service) EndTwoFactor(ctx context.Context, password string, from Device) error {
	const op = "team.EndTwoFactor"
	id, err := authz.RequirePerson(ctx, op)
	if err != nil {
		return err
	}
	return s.afterPassword(ctx, op, id, password, from, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, id)
		if err != nil {
			return err
		}
		return s.endTwoFactor(ctx, tx, p, from)
	})
}

// EndTwoFactorOf switches a person's second factor off, for someone who has
// lost telephone and recovery codes; it ends their sessions.
func (s *Service) EndTwoFactorOf(ctx context.Context, personID int64) error {
	const op = "team.EndTwoFactorOf"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	return s.onPerson(ctx, op, personID, func(tx *db.Tx, p Person) error {
		if err := removeSessions(ctx, tx, p.ID, 0); err != nil {
			return err
		}
		return s.endTwoFactor(ctx, tx, p, Device{})
	})
}

func (s *Service) endTwoFactor(ctx context.Context, tx *db.Tx, p Person, from Device) error {
	if _, err := tx.Exec(ctx, sqlEndTwoFactor, p.ID); err != nil {
		return fmt.Errorf("end two factors: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlRemoveCodes, p.ID); err != nil {
		return fmt.Errorf("remove recovery codes: %w", err)
	}
	if p.TwoFactor {
		if err := s.tellAccess(ctx, tx, p, TwoFactorEnded, from); err != nil {
			return err
		}
	}
	return write(ctx, tx, "team.two_factor_ended", personRef(p.ID), nil, nil)
}

// afterPassword runs a change for a person who has just given their password
// again; wrong ones are slowed down as at sign-in.
func (s *Service) afterPassword(ctx context.Context, op string, id int64, password string, from Device, fn func(tx *db.Tx) error) error {
	p, err := s.FindPerson(ctx, id)
	if err != nil {
		return err
	}
	keys := attemptKeys(emailKey(p.Email), from)
	if err := s.admit(ctx, op, keys); err != nil {
		return err
	}
	if err := s.wantPassword(ctx, op, id, "password", password); err != nil {
		return err
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		if err := forgive(ctx, tx, keys); err != nil {
			return err
		}
		return fn(tx)
	})
}
