package backup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"kartoteka.dev/internal/platform/db"
)

// skipped are tables of the queue that describe the program or the running
// server rather than the company: they are made anew.
var skipped = map[string]bool{"river_migration": true, "river_leader": true, "river_client": true, "river_client_queue": true}

const sqlTablesPostgres = `
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname = current_schema() AND c.relkind = 'r'
GROUP BY c.relname ORDER BY c.relname`

const sqlSequencesPostgres = `
SELECT sequencename::text, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL`

// exportPostgres writes every table as it was at one moment. Nobody who writes
// waits for it.
func exportPostgres(ctx context.Context, d *db.DB, scratch string, a *archive, m *Manifest) error {
	conn, err := d.PGX().Acquire(ctx)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing to keep
	if m.Tables, err = listTables(ctx, tx); err != nil {
		return err
	}
	for _, t := range m.Tables {
		path := filepath.Join(scratch, t.Name+".copy")
		if err := copyOut(ctx, tx, t, path); err != nil {
			return err
		}
		if err := a.addFile(ctx, databasePrefix+t.Name+".copy", path); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
	}
	// Numbers are given outside of transactions: read last, none is too low.
	m.Sequences, err = listSequences(ctx, tx)
	return err
}

func listTables(ctx context.Context, tx pgx.Tx) ([]Table, error) {
	rows, err := tx.Query(ctx, sqlTablesPostgres)
	if err != nil {
		return nil, fmt.Errorf("backup: list tables: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Table, err error) {
		err = row.Scan(&t.Name, &t.Columns)
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("backup: list tables: %w", err)
	}
	return slices.DeleteFunc(all, func(t Table) bool { return skipped[t.Name] }), nil
}

func listSequences(ctx context.Context, tx pgx.Tx) (map[string]int64, error) {
	rows, err := tx.Query(ctx, sqlSequencesPostgres)
	if err != nil {
		return nil, fmt.Errorf("backup: list sequences: %w", err)
	}
	defer rows.Close()
	all := map[string]int64{}
	for rows.Next() {
		var name string
		var last int64
		if err := rows.Scan(&name, &last); err != nil {
			return nil, fmt.Errorf("backup: list sequences: %w", err)
		}
		all[name] = last
	}
	return all, rows.Err()
}

func (t Table) list() string {
	quoted := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		quoted[i] = quote(c)
	}
	return strings.Join(quoted, ", ")
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func copyOut(ctx context.Context, tx pgx.Tx, t Table, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	_, err = tx.Conn().PgConn().CopyTo(ctx, f, "COPY (SELECT "+t.list()+" FROM "+quote(t.Name)+") TO STDOUT")
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("backup: table %s: %w", t.Name, err)
	}
	return nil
}

// importPostgres fills the tables of an empty migrated schema from the parts
// in dir, all or nothing. Rules between tables are checked when all are full.
func importPostgres(ctx context.Context, d *db.DB, dir string, m Manifest) error {
	conn, err := d.PGX().Acquire(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer conn.Release()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		have, err := listTables(ctx, tx)
		if err != nil {
			return err
		}
		if err := sameTables(have, m.Tables); err != nil {
			return err
		}
		restoreRules, err := dropRules(ctx, tx)
		if err != nil {
			return err
		}
		if err := empty(ctx, tx, have); err != nil {
			return err
		}
		for _, t := range m.Tables {
			if err := copyIn(ctx, tx, t, filepath.Join(dir, t.Name+".copy")); err != nil {
				return err
			}
		}
		if err := restoreRules(); err != nil {
			return err
		}
		return setSequences(ctx, tx, m.Sequences)
	})
}

// sameTables refuses a backup whose tables or columns this schema has not.
func sameTables(have, want []Table) error {
	columns := map[string][]string{}
	for _, t := range have {
		columns[t.Name] = t.Columns
	}
	for _, t := range want {
		known, ok := columns[t.Name]
		if !ok {
			return fmt.Errorf("the backup has a table %s, which this Kartoteka does not know", t.Name)
		}
		for _, c := range t.Columns {
			if !slices.Contains(known, c) {
				return fmt.Errorf("the backup has a column %s.%s, which this Kartoteka does not know", t.Name, c)
			}
		}
	}
	return nil
}

const sqlRulesPostgres = `
SELECT t.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = current_schema() AND k.contype = 'f' ORDER BY t.relname, k.conname`

// dropRules takes the foreign keys away and gives what puts them back.
func dropRules(ctx context.Context, tx pgx.Tx) (restore func() error, err error) {
	type rule struct{ Table, Name, Definition string }
	rows, err := tx.Query(ctx, sqlRulesPostgres)
	if err != nil {
		return nil, fmt.Errorf("restore: foreign keys: %w", err)
	}
	rules, err := pgx.CollectRows(rows, pgx.RowToStructByPos[rule])
	if err != nil {
		return nil, fmt.Errorf("restore: foreign keys: %w", err)
	}
	for _, r := range rules {
		if _, err := tx.Exec(ctx, "ALTER TABLE "+quote(r.Table)+" DROP CONSTRAINT "+quote(r.Name)); err != nil {
			return nil, fmt.Errorf("restore: foreign key %s: %w", r.Name, err)
		}
	}
	return func() error {
		for _, r := range rules {
			if _, err := tx.Exec(ctx, "ALTER TABLE "+quote(r.Table)+" ADD CONSTRAINT "+quote(r.Name)+" "+r.Definition); err != nil {
				return fmt.Errorf("restore: foreign key %s: %w", r.Name, err)
			}
		}
		return nil
	}, nil
}

// empty takes out what migrations have put in.
func empty(ctx context.Context, tx pgx.Tx, tables []Table) error {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = quote(t.Name)
	}
	if _, err := tx.Exec(ctx, "TRUNCATE "+strings.Join(names, ", ")); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func copyIn(ctx context.Context, tx pgx.Tx, t Table, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { _ = f.Close() }()
	_, err = tx.Conn().PgConn().CopyFrom(ctx, f, "COPY "+quote(t.Name)+" ("+t.list()+") FROM STDIN")
	if err != nil {
		return fmt.Errorf("restore: table %s: %w", t.Name, err)
	}
	return nil
}

func setSequences(ctx context.Context, tx pgx.Tx, last map[string]int64) error {
	for _, name := range slices.Sorted(maps.Keys(last)) {
		if _, err := tx.Exec(ctx, "SELECT setval($1::text::regclass, $2)", quote(name), last[name]); err != nil {
			return fmt.Errorf("restore: sequence %s: %w", name, err)
		}
	}
	return nil
}
