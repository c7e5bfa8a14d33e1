package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
)

// schemaPrefix begins the schemas of PostgreSQL in which backups are tried and
// restored beside the one that is in use.
const schemaPrefix = "kartoteka_restore_"

// fillSchema restores an unpacked backup into a schema of its own, has it
// proved and gives its name. If anything fails the schema is gone again.
func fillSchema(ctx context.Context, url, dir string, m Manifest, prove Proof) (string, error) {
	if m.Schema > db.NewestVersion() {
		return "", errs.New(errs.Unavailable, "backup.Restore", "errors.database-newer", "Have", m.Schema, "Know", db.NewestVersion())
	}
	schema := schemaPrefix + strings.ToLower(rand.Text()[:12])
	if err := execute(ctx, url, "CREATE SCHEMA "+quote(schema)); err != nil {
		return "", fmt.Errorf("PostgreSQL does not let this user make a schema, into which the backup is restored beside the present one: %w", err)
	}
	at := db.Options{URL: url, Schema: schema}
	err := fill(ctx, at, dir, m)
	if err == nil {
		err = prove(ctx, at)
	}
	if err != nil {
		return "", errors.Join(err, dropSchema(context.WithoutCancel(ctx), url, schema))
	}
	return schema, nil
}

// fill makes the schema as it was when the backup was made, and fills it.
func fill(ctx context.Context, at db.Options, dir string, m Manifest) (err error) {
	d, err := db.Open(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.MigrateTo(ctx, m.Schema); err != nil {
		return err
	}
	if err := jobs.Migrate(ctx, d); err != nil {
		return err
	}
	if err := importPostgres(ctx, d, dir, m); err != nil {
		return err
	}
	return d.Learn(ctx)
}

func dropSchema(ctx context.Context, url, schema string) error {
	if err := execute(ctx, url, "DROP SCHEMA "+quote(schema)+" CASCADE"); err != nil {
		return fmt.Errorf("the scratch schema %s is left: %w", schema, err)
	}
	return nil
}

func execute(ctx context.Context, url, statement string) error {
	return withConn(ctx, url, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}

func withConn(ctx context.Context, url string, use func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("PostgreSQL does not answer: %w", err)
	}
	return errors.Join(use(conn), conn.Close(context.WithoutCancel(ctx)))
}

const (
	sqlSchemaPostgres = `
SELECT n.nspname::text, (SELECT COUNT(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p'))
FROM pg_namespace n WHERE n.nspname = current_schema()`
	sqlOthersPostgres = `
SELECT COUNT(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`
)

// present tells the schema in use and how many tables it has.
func present(ctx context.Context, conn *pgx.Conn) (schema string, tables int, err error) {
	err = conn.QueryRow(ctx, sqlSchemaPostgres).Scan(&schema, &tables)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", 0, errors.New("the database has no schema that can be used; is search_path right?")
	}
	return schema, tables, err
}

// swapSchemas puts the restored schema in the place of the present one in one
// transaction, and gives the name the old one is kept under; "" if it was
// empty and is gone.
func swapSchemas(ctx context.Context, url, restored string, now time.Time) (aside string, err error) {
	err = withConn(ctx, url, func(conn *pgx.Conn) error {
		if err := alone(ctx, conn); err != nil {
			return err
		}
		schema, tables, err := present(ctx, conn)
		if err != nil {
			return err
		}
		aside = "kartoteka_before_" + strings.ToLower(now.UTC().Format(nameTime))
		err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			for _, statement := range []string{
				"ALTER SCHEMA " + quote(schema) + " RENAME TO " + quote(aside),
				"ALTER SCHEMA " + quote(restored) + " RENAME TO " + quote(schema),
			} {
				if _, err := tx.Exec(ctx, statement); err != nil {
					return fmt.Errorf("the restored schema cannot take its place: %w", err)
				}
			}
			return nil
		})
		if err == nil && tables == 0 {
			if _, err := conn.Exec(ctx, "DROP SCHEMA "+quote(aside)); err == nil {
				aside = ""
			} // something else is in it: it stays
		}
		return err
	})
	return aside, err
}

// leaving is how long connections that have been closed may still be listed.
const leaving = 5 * time.Second

// alone refuses to change what others are using.
func alone(ctx context.Context, conn *pgx.Conn) error {
	var others int
	ctx, cancel := context.WithTimeout(ctx, leaving)
	defer cancel()
	for ctx.Err() == nil {
		if err := conn.QueryRow(ctx, sqlOthersPostgres).Scan(&others); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		if others == 0 {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return fmt.Errorf("%d other sessions use this database: stop Kartoteka on all machines first", others)
}
