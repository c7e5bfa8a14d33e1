package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
)

// diary is a table of numbers on a pair of servers.
type diary struct {
	*testing.T
	db *db.DB
}

func (d *diary) write(n int) error {
	ctx, cancel := context.WithTimeout(d.Context(), 5*time.Second)
	defer cancel()
	return d.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO diary (n) VALUES ($1)", n)
		return err
	})
}

// recover writes until it works again. What fails meanwhile is told as
// something that passes.
func (d *diary) recover(n int) {
	d.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := d.write(n)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			d.Fatalf("it does not recover: %v", err)
		}
	}
}

func (d *diary) count() (n int) {
	d.Helper()
	err := d.db.Read(d.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(d.Context(), "SELECT COUNT(*) FROM diary").Scan(&n)
	})
	if err != nil {
		d.Fatal(err)
	}
	return n
}

func TestPostgresGoesAwayComesBackAndFailsOver(t *testing.T) {
	pair := dbtest.StartPair(t)
	opened, err := db.Open(t.Context(), db.Options{URL: pair.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	d := &diary{t, opened}
	err = opened.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "CREATE TABLE diary (n INTEGER PRIMARY KEY)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		if err := d.write(n); err != nil {
			t.Fatal(err)
		}
	}
	pair.Stop()
	for range 3 {
		if err := d.write(20); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("while it is away: %v, a %v", err, errs.KindOf(err))
		}
	}
	pair.Start()
	d.recover(20)
	follow(t, pair.Standby(), 21)
	pair.FailOver()
	d.recover(21)
	if n := d.count(); n != 22 {
		t.Errorf("%d of 22 are there after the failover", n)
	}
}

// follow waits until the standby has so many rows.
func follow(t *testing.T, standby string, want int) {
	t.Helper()
	d, err := sql.Open("pgx", standby)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var n int
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = d.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM diary").Scan(&n); err == nil && n == want {
			return
		}
	}
	t.Fatal(fmt.Errorf("the standby has %d of %d rows: %w", n, want, err))
}
