// Package dbtest gives tests a fresh, migrated database on each engine: a copy
// of a template file on SQLite, a copy of a template database on PostgreSQL.
// The PostgreSQL server is KARTOTEKA_TEST_POSTGRES (a URL), or else a private
// one on loopback that ends with the test process.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
)

// Each runs the test once on each engine, each time on a fresh database.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite opens a fresh embedded database, closed when the test ends.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, db.FileName), template, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, db.Options{Dir: dir})
}

// Postgres opens a fresh PostgreSQL database, dropped when the test ends.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, db.Options{URL: PostgresURL(t)})
}

// PostgresURL makes a fresh migrated database and returns its address.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := postgresServer()
	if err != nil {
		t.Fatalf("dbtest: PostgreSQL is needed (Debian package postgresql, or set KARTOTEKA_TEST_POSTGRES): %v", err)
	}
	template, err := postgresTemplate(server)
	if err != nil {
		t.Fatal(err)
	}
	name := "kt_" + randomName()
	if err := admin(server, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return withDatabase(server, name)
}

func open(t testing.TB, opts db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return d
}

// sqliteTemplate is the bytes of an empty migrated database.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kartoteka-template-")
	if err != nil {
		return nil, fmt.Errorf("dbtest: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := migrateNew(db.Options{Dir: dir}); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, db.FileName))
})

func migrateNew(opts db.Options) error {
	ctx := context.Background()
	d, err := db.Open(ctx, opts)
	if err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	if err := d.Migrate(ctx); err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	if err := jobs.Migrate(ctx, d); err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	return d.Close()
}

var templates sync.Map // server URL → func() (string, error)

// postgresTemplate makes the template database of this process once.
func postgresTemplate(server string) (string, error) {
	once, _ := templates.LoadOrStore(server, sync.OnceValues(func() (string, error) {
		name := "kt_template_" + randomName()
		if err := admin(server, "CREATE DATABASE "+name); err != nil {
			return "", err
		}
		return name, migrateNew(db.Options{URL: withDatabase(server, name)})
	}))
	return once.(func() (string, error))()
}

func admin(server, statement string) error {
	d, err := sql.Open("pgx", server)
	if err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	defer func() { _ = d.Close() }()
	if _, err := d.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("dbtest: %s: %w", statement, err)
	}
	return nil
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func randomName() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
