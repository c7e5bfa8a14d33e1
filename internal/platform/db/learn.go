package db

import (
	"context"
	"database/sql"
)

// What Close has SQLite do: look at all tables whose size has changed much.
const sqlLearnAllSQLite = `PRAGMA optimize=0x10002`

// SQLite also notes samples of values (sqlite_stat4), and with them plans a
// prepared statement anew for each value it is given, which takes longer than
// most of our statements. What says how many rows there are stays.
const (
	sqlHasSamplesSQLite    = `SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat4'`
	sqlForgetSamplesSQLite = `DELETE FROM sqlite_stat4`
	sqlLearnedSQLite       = `ANALYZE sqlite_master` // only reads what is noted
)

const (
	sqlIndexNamesSQLite  = `SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	sqlLearnAllPostgres  = `ANALYZE`
	sqlLearnLimitSQLite  = `PRAGMA analysis_limit = 10000` // rows of an index: some milliseconds
	sqlLearnSeriesSQLite = `PRAGMA analysis_limit = 0`     // all of them, again
)

// Learn lets the database find out how much is in its tables, which tells it
// the fastest way to answer; for after much was added. Others can write
// meanwhile: SQLite looks at one index at a time, and only at a part of it.
func (d *DB) Learn(ctx context.Context) error {
	if d.engine == Postgres {
		_, err := d.write.ExecContext(ctx, sqlLearnAllPostgres)
		return d.classify("db.Learn", err)
	}
	var names []string
	err := d.Read(ctx, func(tx *Tx) (err error) {
		names, err = All(ctx, tx, Value[string], sqlIndexNamesSQLite)
		return err
	})
	for _, name := range names {
		if err == nil {
			err = d.Write(ctx, func(tx *Tx) error { return learn(ctx, tx.raw, name) })
		}
	}
	return err
}

func learnAll(ctx context.Context, pool *sql.DB) error {
	if _, err := pool.ExecContext(ctx, sqlLearnAllSQLite); err != nil {
		return err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := forgetSamples(ctx, tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func forgetSamples(ctx context.Context, tx *sql.Tx) error {
	var there int
	if err := tx.QueryRowContext(ctx, sqlHasSamplesSQLite).Scan(&there); err != nil || there == 0 {
		return err
	}
	for _, statement := range []string{sqlForgetSamplesSQLite, sqlLearnedSQLite} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func learn(ctx context.Context, tx *sql.Tx, index string) error {
	for _, statement := range []string{sqlLearnLimitSQLite, `ANALYZE "` + index + `"`, sqlLearnSeriesSQLite} {
		if _, err := tx.ExecContext(context.WithoutCancel(ctx), statement); err != nil {
			return err
		}
	}
	return forgetSamples(context.WithoutCancel(ctx), tx)
}
