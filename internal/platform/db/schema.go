package db

import (
	"context"
	_ "embed"
	"fmt"
	"sort"
	"strings"
)

// Schema describes the tables, columns, indexes and triggers of the database
// in words common to both engines, one fact a line, sorted. Equal text means
// equal schema: the committed snapshot and kartoteka doctor compare it.
func (d *DB) Schema(ctx context.Context) (string, error) {
	var lines []string
	err := d.Read(ctx, func(tx *Tx) error {
		for _, statement := range []string{
			Pick(tx, sqlColumnsPostgres, sqlColumnsSQLite),
			Pick(tx, sqlIndexesPostgres, sqlIndexesSQLite),
			Pick(tx, sqlTriggersPostgres, sqlTriggersSQLite),
		} {
			found, err := All(ctx, tx, Value[string], statement)
			if err != nil {
				return fmt.Errorf("db.Schema: %w", err)
			}
			lines = append(lines, found...)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	kept := lines[:0]
	for _, line := range lines {
		if !foreign(line) {
			kept = append(kept, line)
		}
	}
	sort.Strings(kept)
	return strings.Join(kept, "\n") + "\n", nil
}

// foreign tells that a fact is about a library's own table, whose schema is
// that library's business.
func foreign(line string) bool {
	_, name, _ := strings.Cut(line, " ")
	return strings.HasPrefix(name, "goose_") || strings.HasPrefix(name, "river_") || strings.HasPrefix(name, "sqlite_")
}

const sqlColumnsSQLite = `
SELECT 'column ' || m.name || '.' || c.name || ' ' ||
  CASE WHEN c.type IN ('INTEGER', 'BIGINT') THEN 'integer' ELSE lower(c.type) END ||
  CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
FROM sqlite_master m, pragma_table_info(m.name) c
WHERE m.type = 'table' ORDER BY 1`

const sqlColumnsPostgres = `
SELECT 'column ' || c.table_name || '.' || c.column_name || ' ' ||
  CASE c.data_type WHEN 'bigint' THEN 'integer' WHEN 'jsonb' THEN 'text' WHEN 'bytea' THEN 'blob'
    ELSE c.data_type END ||
  CASE WHEN c.is_nullable = 'NO' THEN ' not null' ELSE '' END
FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1`

const sqlIndexesSQLite = `
SELECT 'index ' || name || ' on ' || tbl_name FROM sqlite_master
WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1`

const sqlIndexesPostgres = `
SELECT 'index ' || i.relname || ' on ' || t.relname
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = current_schema()
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid) ORDER BY 1`

const sqlTriggersSQLite = `
SELECT 'trigger ' || name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1`

const sqlTriggersPostgres = `
SELECT 'trigger ' || g.tgname || ' on ' || t.relname
FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE NOT g.tgisinternal AND n.nspname = current_schema() ORDER BY 1`

//go:embed schema.snapshot.txt
var schemaSnapshot string

// Snapshot is the schema this program expects after all its migrations.
func Snapshot() string { return schemaSnapshot }
