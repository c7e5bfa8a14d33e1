package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// planning is what the server should know to plan our statements, unless the
// URL says otherwise: a page read out of order costs hardly more than the next
// one, on flash as in memory, and a page for a person is not worth compiling
// code for.
var planning = map[string]string{"random_page_cost": "1.1", "jit": "off"}

func openPostgres(ctx context.Context, opts Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(opts.URL)
	if err != nil {
		return nil, errors.New("db.Open: the database URL cannot be read; it should look like postgres://user:password@host:5432/name")
	}
	if config.MaxConns < 16 {
		config.MaxConns = 16
	}
	for name, value := range planning {
		if _, given := config.ConnConfig.RuntimeParams[name]; !given {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	if opts.Schema != "" {
		config.ConnConfig.RuntimeParams["search_path"] = opts.Schema
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("db.Open: PostgreSQL does not answer: %w", err)
	}
	d := &DB{engine: Postgres, pool: pool, opts: opts}
	d.write = stdlib.OpenDBFromPool(pool)
	d.read = stdlib.OpenDBFromPool(pool)
	return d, nil
}

func (d *DB) writePostgres(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it goes back to the pool
	raw, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = raw.Rollback() }() // after a commit it does nothing
	tx.session = session{raw: raw, conn: conn}
	if err := fn(tx); err != nil {
		if isReadOnlyServer(err) {
			d.pool.Reset() // the old primary became a standby: find the new one
		}
		return err
	}
	return raw.Commit()
}

func isReadOnlyServer(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "25006"
}
