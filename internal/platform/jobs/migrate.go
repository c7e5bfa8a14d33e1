package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"kartoteka.dev/internal/platform/db"
)

// migrationLock keeps nodes that start at once from migrating at once.
const migrationLock = 0x6b617274_6a6f6273 // "kartjobs"

const (
	sqlLockPostgres   = `SELECT pg_advisory_lock($1)`
	sqlUnlockPostgres = `SELECT pg_advisory_unlock($1)`
)

// Migrate brings the tables of the queue to this program's version. Call it
// after db.Migrate.
func Migrate(ctx context.Context, d *db.DB) error {
	if d.Engine() == db.SQLite {
		return migrate(ctx, riversqlite.New(d.WritePool()))
	}
	conn, err := d.PGX().Acquire(ctx)
	if err != nil {
		return fmt.Errorf("jobs.Migrate: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, sqlLockPostgres, int64(migrationLock)); err != nil {
		return fmt.Errorf("jobs.Migrate: %w", err)
	}
	defer func() {
		// A lost connection has lost its lock, too.
		_, _ = conn.Exec(context.WithoutCancel(ctx), sqlUnlockPostgres, int64(migrationLock))
	}()
	return migrate(ctx, riverpgxv5.New(d.PGX()))
}

func migrate[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("jobs.Migrate: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("jobs.Migrate: %w", err)
	}
	return nil
}
