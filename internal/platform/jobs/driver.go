package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"kartoteka.dev/internal/platform/db"
)

// joined is one of our transactions in the form River can work in.
type joined struct {
	tx   *db.Tx
	conn *pgx.Conn // PostgreSQL only
}

// join prepares the transaction for River. The context it returns is for the
// calls within: on SQLite, where the transaction is shared, a cancelled
// statement would roll back the work of others.
func join(ctx context.Context, tx *db.Tx) (context.Context, joined, error) {
	if err := ctx.Err(); err != nil {
		return ctx, joined{}, fmt.Errorf("jobs: %w", err)
	}
	if tx.Engine() == db.SQLite {
		return context.WithoutCancel(ctx), joined{tx: tx}, nil
	}
	conn, err := connOf(ctx, tx)
	return ctx, joined{tx: tx, conn: conn}, err
}

// connOf finds the connection of a PostgreSQL transaction. database/sql keeps
// it to itself, but pgx shows it to whoever rewrites a query; this one takes
// it and refuses, before anything is sent.
func connOf(ctx context.Context, tx *db.Tx) (*pgx.Conn, error) {
	var c catcher
	if _, err := tx.SQL().ExecContext(ctx, "", &c); !errors.Is(err, errCaught) {
		return nil, fmt.Errorf("jobs: the transaction's connection is out of reach: %w", err)
	}
	return c.conn, nil
}

type catcher struct{ conn *pgx.Conn }

var errCaught = errors.New("jobs: caught")

// RewriteQuery implements pgx.QueryRewriter.
func (c *catcher) RewriteQuery(_ context.Context, conn *pgx.Conn, _ string, _ []any) (string, []any, error) {
	c.conn = conn
	return "", nil, errCaught
}

func driverFor(d *db.DB, wake <-chan struct{}) riverdriver.Driver[joined] {
	if d.Engine() == db.Postgres {
		return postgresDriver{riverpgxv5.New(d.PGX())}
	}
	return sqliteDriver{Driver: riversqlite.New(d.WritePool()), d: d, wake: wake}
}

type postgresDriver struct{ *riverpgxv5.Driver }

// UnwrapExecutor lets River work in our transaction.
func (p postgresDriver) UnwrapExecutor(j joined) riverdriver.ExecutorTx {
	return p.Driver.UnwrapExecutor(connTx{j.conn})
}

// UnwrapTx is only for River's own test helpers.
func (postgresDriver) UnwrapTx(riverdriver.ExecutorTx) joined { return joined{} }

type sqliteDriver struct {
	*riversqlite.Driver

	d    *db.DB
	wake <-chan struct{}
}

// UnwrapExecutor lets River work in our transaction.
func (s sqliteDriver) UnwrapExecutor(j joined) riverdriver.ExecutorTx {
	return s.Driver.UnwrapExecutor(j.tx.SQL())
}

// UnwrapTx is only for River's own test helpers.
func (sqliteDriver) UnwrapTx(riverdriver.ExecutorTx) joined { return joined{} }

// GetListener replaces River's listener, which asks the only writing
// connection twenty times a second.
func (s sqliteDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{d: s.d, wake: s.wake, topics: map[string]bool{}}
}

type pgxConn = pgx.Conn

// connTx shows a connection inside a transaction as pgx.Tx. Its beginning and
// end belong to db.Write.
type connTx struct{ *pgxConn }

var errNotOurs = errors.New("jobs: the transaction belongs to db.Write")

func (connTx) Begin(context.Context) (pgx.Tx, error) { return nil, errNotOurs }
func (connTx) Commit(context.Context) error          { return errNotOurs }
func (connTx) Rollback(context.Context) error        { return errNotOurs }
func (connTx) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (c connTx) Conn() *pgx.Conn                     { return c.pgxConn }
