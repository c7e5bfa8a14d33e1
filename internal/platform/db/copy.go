package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
)

// URL is the address of PostgreSQL; empty for the embedded database.
func (d *DB) URL() string { return d.opts.URL }

const sqlCopySQLite = `VACUUM INTO $1`

// CopyTo writes the embedded database as it is at this moment into a new file.
// It has a connection of its own and reads one state of the data: those who
// write do not wait for it.
func (d *DB) CopyTo(ctx context.Context, path string) error {
	return withFile(d.path, func(conn *sql.DB) error {
		if _, err := conn.ExecContext(ctx, sqlCopySQLite, path); err != nil {
			return fmt.Errorf("db.CopyTo: %w", d.classify("db.CopyTo", err))
		}
		return nil
	})
}

const sqlSettleSQLite = `PRAGMA journal_mode = DELETE`

// Settle brings the embedded database at path into its one file, with no log
// beside it. It fails while any program has the database open.
func Settle(ctx context.Context, path string) error {
	return withFile(path, func(conn *sql.DB) error {
		var mode string
		if err := conn.QueryRowContext(ctx, sqlSettleSQLite).Scan(&mode); err != nil || mode != "delete" {
			return fmt.Errorf("the database %s is in use: stop Kartoteka first: %w", path, errors.Join(err))
		}
		return nil
	})
}

// withFile opens an embedded database aside from the pools.
func withFile(path string, use func(*sql.DB) error) error {
	q := url.Values{"_pragma": {"busy_timeout(3000)"}}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	conn, err := sql.Open("sqlite", u.String())
	if err != nil {
		return fmt.Errorf("db: %w", err)
	}
	conn.SetMaxOpenConns(1)
	return errors.Join(use(conn), conn.Close())
}

const sqlSoundSQLite = `PRAGMA quick_check`

// Damage tells what is wrong with the file of the embedded database; nothing
// if it is sound. PostgreSQL keeps an eye on its files itself.
func (d *DB) Damage(ctx context.Context) (found []string, err error) {
	if d.engine == Postgres {
		return nil, nil
	}
	err = d.Read(ctx, func(tx *Tx) error {
		found, err = All(ctx, tx, Value[string], sqlSoundSQLite)
		return err
	})
	if len(found) == 1 && found[0] == "ok" {
		found = nil
	}
	return found, err
}
