package db

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// Tx is one transaction, given to the function of Read or Write. It is valid
// only until that function returns.
type Tx struct {
	session

	db       *DB
	writable bool
	after    []func()

	announced []int64
}

// Engine tells which database the transaction runs on.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// Writable tells whether the transaction may change data.
func (tx *Tx) Writable() bool { return tx.writable }

// SQL is the transaction itself, for libraries that join it (jobs).
func (tx *Tx) SQL() *sql.Tx { return tx.raw }

// AfterCommit runs fn once the transaction is durable; never if it fails.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Announce tells the listeners of the database about id after the commit.
func (tx *Tx) Announce(id int64) { tx.announced = append(tx.announced, id) }

// Now is the moment by the database's clock.
func (tx *Tx) Now() clock.Instant { return clock.InstantOf(tx.db.opts.Clock.Now()) }

// Exec runs a statement that returns no rows.
func (tx *Tx) Exec(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	ctx, done, err := tx.begin(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer done()
	return tx.raw.ExecContext(ctx, statement, args...)
}

// Query runs a statement that returns rows; the caller closes them. All and
// One are shorter.
func (tx *Tx) Query(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	ctx, done, err := tx.begin(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer done()
	if tx.prepared != nil {
		if stmt, err := tx.prepared.find(ctx, tx.conn, statement); err != nil { //nolint:sqlclosecheck // it stays prepared
			return nil, err
		} else if stmt != nil {
			return stmt.QueryContext(ctx, args...) //nolint:sqlclosecheck // the caller closes them
		}
	}
	return tx.raw.QueryContext(ctx, statement, args...) //nolint:sqlclosecheck // the caller closes them
}

// QueryRow runs a statement that returns one row.
func (tx *Tx) QueryRow(ctx context.Context, statement string, args ...any) *sql.Row {
	ctx, done, err := tx.begin(ctx, statement)
	if err != nil { // the row carries the context's error to Scan
		return tx.raw.QueryRowContext(ctx, statement, args...)
	}
	defer done()
	if tx.prepared != nil {
		if stmt, err := tx.prepared.find(ctx, tx.conn, statement); err == nil && stmt != nil { //nolint:sqlclosecheck // it stays prepared
			return stmt.QueryRowContext(ctx, args...)
		}
	}
	return tx.raw.QueryRowContext(ctx, statement, args...) // which also tells what is wrong with the statement
}

// begin counts the statement and shields a shared SQLite transaction from the
// caller's cancellation, which would roll back everybody's work.
func (tx *Tx) begin(ctx context.Context, statement string) (context.Context, func(), error) {
	if err := ctx.Err(); err != nil {
		return ctx, nil, err
	}
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.n.Add(1)
	}
	if tx.writable && tx.db.engine == SQLite {
		ctx = context.WithoutCancel(ctx)
	}
	if tx.db.opts.OnSlow == nil || tx.db.opts.Slow == 0 {
		return ctx, func() {}, nil
	}
	started := time.Now() //nolint:forbidigo // a duration, not a date
	return ctx, func() {
		if took := time.Since(started); took > tx.db.opts.Slow {
			tx.db.opts.OnSlow(statement, took)
		}
	}, nil
}

// Scanner is a row to scan: *sql.Row and *sql.Rows are.
type Scanner interface {
	Scan(dest ...any) error
}

// All runs a statement and scans every row.
func All[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), statement string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// One runs a statement and scans its only row; sql.ErrNoRows if there is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), statement string, args ...any) (T, error) {
	return scan(tx.QueryRow(ctx, statement, args...))
}

// Value scans a single column.
func Value[T any](s Scanner) (T, error) {
	var v T
	err := s.Scan(&v)
	return v, err
}

// Pick chooses the text of the transaction's engine: the one visible fork for
// what the engines cannot say alike. A test counts its uses.
func Pick(tx *Tx, postgres, sqlite string) string {
	if tx.Engine() == Postgres {
		return postgres
	}
	return sqlite
}

type counterKey struct{}

// Counter counts statements, so that tests can hold pages to their budget.
type Counter struct{ n atomic.Int64 }

// Count is the number of statements so far.
func (c *Counter) Count() int { return int(c.n.Load()) }

// WithCounter returns a context whose statements are counted.
func WithCounter(ctx context.Context) (context.Context, *Counter) {
	c := &Counter{}
	return context.WithValue(ctx, counterKey{}, c), c
}
