package api

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const (
	sqlClaim = `
INSERT INTO platform_idempotency (token_id, key, request, status, headers, body, created_at)
VALUES ($1, $2, $3, 0, '', '', $4) ON CONFLICT (token_id, key) DO NOTHING`
	sqlForget = `DELETE FROM platform_idempotency WHERE token_id = $1 AND key = $2 AND created_at < $3`
	sqlRecall = `SELECT request, status, headers, body FROM platform_idempotency WHERE token_id = $1 AND key = $2`
	sqlKeep   = `UPDATE platform_idempotency SET status = $3, headers = $4, body = $5 WHERE token_id = $1 AND key = $2`
	sqlFree   = `DELETE FROM platform_idempotency WHERE token_id = $1 AND key = $2 AND status = 0`
	sqlSweep  = `DELETE FROM platform_idempotency WHERE created_at < $1`
)

func scanMemory(s db.Scanner) (m memory, err error) {
	err = s.Scan(&m.request, &m.status, &m.headers, &m.body)
	return m, err
}

// claim takes the key for this request, or gives what is known of the one that
// has it.
func (a *API) claim(ctx context.Context, m memory) (found memory, claimed bool, err error) {
	err = a.config.DB.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec(ctx, sqlForget, m.token, m.key, now.Add(-keptFor)); err != nil {
			return fmt.Errorf("forget: %w", err)
		}
		done, err := tx.Exec(ctx, sqlClaim, m.token, m.key, m.request, now)
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		if claimed = n == 1; claimed {
			return nil
		}
		found, err = db.One(ctx, tx, scanMemory, sqlRecall, m.token, m.key)
		return err
	})
	return found, claimed, errs.Wrap("api.once", err)
}

// recall gives what is known of the request that has the key; false if it was
// released.
func (a *API) recall(ctx context.Context, m memory) (found memory, there bool, err error) {
	err = a.config.DB.Read(ctx, func(tx *db.Tx) error {
		found, err = db.One(ctx, tx, scanMemory, sqlRecall, m.token, m.key)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return memory{}, false, nil
	}
	return found, err == nil, errs.Wrap("api.once", err)
}

func (a *API) keep(ctx context.Context, m memory) error {
	return errs.Wrap("api.once", a.config.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlKeep, m.token, m.key, m.status, m.headers, m.body)
		return err
	}))
}

func (a *API) release(ctx context.Context, m memory) error {
	return errs.Wrap("api.once", a.config.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlFree, m.token, m.key)
		return err
	}))
}

// Sweep removes the answers that are no longer replayed; a daily job calls it.
func Sweep(ctx context.Context, d *db.DB) error {
	before := clock.InstantOf(d.Clock().Now()).Add(-keptFor)
	return errs.Wrap("api.Sweep", d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlSweep, before)
		return err
	}))
}
