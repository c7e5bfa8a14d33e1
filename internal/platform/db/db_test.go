package db_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
)

var update = flag.Bool("update", false, "write the schema snapshot anew")

func TestSchemaEqualsSnapshotOnBothEngines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		got, err := d.Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if *update && d.Engine() == db.SQLite {
			if err := os.WriteFile("schema.snapshot.txt", []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(db.Snapshot(), got); diff != "" {
			t.Errorf("schema differs from schema.snapshot.txt (write it with: go test ./internal/platform/db -run Snapshot -update)\n%s", diff)
		}
	})
}

func table(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "CREATE TABLE t (n BIGINT PRIMARY KEY)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM t").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func insert(ctx context.Context, n int) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO t (n) VALUES ($1)", n)
		return err
	}
}

func TestConcurrentWritersKeepTheirOwnResult(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		refused := errors.New("refused")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					if err := insert(t.Context(), i)(tx); err != nil {
						return err
					}
					if i%4 == 0 {
						return refused
					}
					return nil
				})
				if want := i%4 == 0; errors.Is(err, refused) != want {
					t.Errorf("writer %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := count(t, d); got != 150 {
			t.Errorf("%d rows are kept, want 150", got)
		}
	})
}

func TestWriteFailsAloneOnAConstraint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if err := d.Write(t.Context(), insert(t.Context(), 1)); err != nil {
			t.Fatal(err)
		}
		err := d.Write(t.Context(), insert(t.Context(), 1))
		if !db.IsUnique(err) {
			t.Errorf("second insert: %v, want a uniqueness error", err)
		}
		if got := count(t, d); got != 1 {
			t.Errorf("%d rows", got)
		}
	})
}

func TestPanicRollsBackAndLeavesOthersAtWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic did not reach the caller")
				}
			}()
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				_ = insert(t.Context(), 1)(tx)
				panic("defect")
			})
		}()
		if err := d.Write(t.Context(), insert(t.Context(), 2)); err != nil {
			t.Fatal(err)
		}
		if got := count(t, d); got != 1 {
			t.Errorf("%d rows, want only the second", got)
		}
	})
}

func TestAfterCommitRunsOnlyAfterSuccess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ran := ""
		for _, fail := range []bool{true, false} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				tx.AfterCommit(func() { ran += fmt.Sprint(fail) })
				if fail {
					return errs.New(errs.Conflict, "test", "errors.kind-conflict-title")
				}
				return nil
			})
			if errs.Is(err, errs.Conflict) != fail {
				t.Error(err)
			}
		}
		if ran != "false" {
			t.Errorf("hooks ran for %q", ran)
		}
	})
}

func TestCancelledCallerDoesNotSpoilTheSharedTransaction(t *testing.T) {
	d := dbtest.SQLite(t)
	table(t, d)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			err := d.Write(ctx, func(tx *db.Tx) error {
				if i%2 == 0 {
					cancel()
				}
				return insert(ctx, i)(tx)
			})
			cancel()
			if (err != nil) != (i%2 == 0) {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if got := count(t, d); got != 50 {
		t.Errorf("%d rows, want 50", got)
	}
}

func TestReadRefusesToWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if err := d.Read(t.Context(), insert(t.Context(), 1)); err == nil {
			t.Error("a read transaction wrote a row")
		}
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)", db.NewestVersion()+1, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Errorf("a newer database was accepted: %v", err)
		}
	})
}

func TestCounterCountsStatements(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, c := db.WithCounter(t.Context())
	err := d.Read(ctx, func(tx *db.Tx) error {
		var one int
		if err := tx.QueryRow(ctx, "SELECT 1").Scan(&one); err != nil {
			return err
		}
		_, err := db.All(ctx, tx, db.Value[int], "SELECT 1")
		return err
	})
	if err != nil || c.Count() != 2 {
		t.Errorf("%d statements, %v", c.Count(), err)
	}
}

// Whoever copies the folder of a program that has stopped has everything in
// one file.
func TestCloseLeavesNoLog(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "CREATE TABLE left_over (id INTEGER)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		_, err := db.One(t.Context(), tx, db.Value[int64], "SELECT COUNT(*) FROM left_over")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.Path() + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the log is still there: %v", err)
	}
}
