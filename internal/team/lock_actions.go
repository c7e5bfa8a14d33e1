package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team/secret"
)

const (
	maxLockMessage = 500
	minLockCode    = 6
)

// LockCompany closes Kartoteka for maintenance: everyone sees the message,
// only who knows the access code gets in.
func (s *Service) LockCompany(ctx context.Context, message, code string) error {
	const op = "team.LockCompany"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return err
	}
	message, code = trim(message), trim(code)
	var bad fieldErrors
	bad.max("message", message, maxLockMessage)
	bad.max("code", code, secret.MaxPassword)
	if len([]rune(code)) < minLockCode {
		bad.add("code", "errors.field-too-short", "Min", minLockCode)
	}
	if len(bad) > 0 {
		return errs.InvalidFields(op, bad...)
	}
	hash, err := s.hasher.Hash(ctx, code)
	if err != nil {
		return errs.Wrap(op, err)
	}
	return s.changeLock(ctx, op, "team.company_locked", Lock{On: true, Message: message}, hash)
}

// UnlockCompany opens it again; passes given out for the lock end.
func (s *Service) UnlockCompany(ctx context.Context) error {
	const op = "team.UnlockCompany"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return err
	}
	return s.changeLock(ctx, op, "team.company_unlocked", Lock{}, "")
}

func (s *Service) changeLock(ctx context.Context, op, kind string, lock Lock, hash string) error {
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, _, err := findCompany(ctx, tx)
		if err != nil {
			return err
		}
		if err := setLock(ctx, tx, lock, hash); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRemovePass); err != nil {
			return fmt.Errorf("remove passes: %w", err)
		}
		return write(ctx, tx, kind, companyRef, before.Lock, lock)
	})
}

// PassLock gives a pass through the maintenance lock, for a cookie, in
// exchange for the access code; wrong ones are slowed down like passwords. The
// code is all the right it needs.
func (s *Service) PassLock(ctx context.Context, code string, from Device) (pass NewLink, err error) {
	const op = "team.PassLock"
	keys := attemptKeys("lock", from)[1:] // one stranger must not shut out the administrators
	if err := s.admit(ctx, op, keys); err != nil {
		return NewLink{}, err
	}
	hash, err := s.lockCode(ctx)
	if err != nil {
		return NewLink{}, errs.Wrap(op, err)
	}
	ok, _, err := s.hasher.Verify(ctx, hash, trim(code))
	if err != nil {
		return NewLink{}, errs.Wrap(op, err)
	}
	if !ok {
		return NewLink{}, errs.InvalidFields(op, errs.Field("code", "team.error.access-code-wrong"))
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forgive(ctx, tx, keys); err != nil {
			return err
		}
		pass.Token, pass.ExpiresAt, err = insertLink(ctx, tx, linkPass, 0, s.now())
		return err
	})
	return pass, errs.Wrap(op, err)
}

func (s *Service) lockCode(ctx context.Context) (hash string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		hash, err = db.One(ctx, tx, db.Value[string], sqlFindLockCode)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// HasPass tells whether a pass given by PassLock still leads through the lock.
// It needs no right: the pass is one.
func (s *Service) HasPass(ctx context.Context, pass string) (bool, error) {
	if pass == "" {
		return false, nil
	}
	var expires clock.Instant
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, sqlFindPass, secret.Hash(pass)).Scan(&expires)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && s.now() < expires, errs.Wrap("team.HasPass", err)
}
