package db

import (
	"context"
	"database/sql"
)

// What Close has SQLite do: look at all tables whose size has changed much.
const sqlLearnAllSQLite = `PRAGMA optimize=0x10002`

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

func learn(ctx context.Context, tx *sql.Tx, index string) error {
	for _, statement := range []string{sqlLearnLimitSQLite, `ANALYZE "` + index + `"`, sqlLearnSeriesSQLite} {
		if _, err := tx.ExecContext(context.WithoutCancel(ctx), statement); err != nil {
			return err
		}
	}
	return nil
}
