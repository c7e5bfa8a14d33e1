package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// filled are the tables an import writes to, in an order that references
// allow.
var filled = []string{
	"customers_customers", "customers_contacts", "customers_points", "customers_addresses", "customers_tags",
	"customers_taggings", "customers_words", "platform_journal", "platform_journal_payloads", "imports_rows",
}

// plain puts the rows of a store's tables into empty ones, all else being
// equal, and tells how long that took.
func plain(ctx context.Context, engine, data, address string) (time.Duration, error) {
	dir := filepath.Join(data, "plain")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	if engine == "postgres" {
		return plainPostgres(ctx, dir, address)
	}
	return plainSQLite(ctx, dir, filepath.Join(data, db.FileName))
}

func plainSQLite(ctx context.Context, dir, full string) (time.Duration, error) {
	empty := filepath.Join(dir, "plain.db")
	out := ""
	in := ".bail on\n.mode csv\n"
	for _, table := range filled {
		file := filepath.Join(dir, table+".csv")
		out += ".mode csv\n.output " + file + "\nSELECT * FROM " + table + ";\n"
		in += ".import " + file + " " + table + "\n"
	}
	schema, err := sqlite(ctx, full, out+".output stdout\n.schema --nosys\n")
	if err != nil {
		return 0, err
	}
	if _, err := sqlite(ctx, empty, "PRAGMA journal_mode = WAL;\n"+schema); err != nil {
		return 0, err
	}
	begun := clock.System.Now()
	_, err = sqlite(ctx, empty, "PRAGMA synchronous = FULL;\nPRAGMA cache_size = -48000;\n"+in)
	return since(begun), err
}

func sqlite(ctx context.Context, file, commands string) (string, error) {
	return fed(exec.CommandContext(ctx, "sqlite3", file), commands)
}

func fed(command *exec.Cmd, commands string) (string, error) {
	var wrong strings.Builder
	command.Stdin, command.Stderr = strings.NewReader(commands), &wrong
	text, err := command.Output()
	if err == nil && wrong.Len() > 0 {
		err = fmt.Errorf("it complains")
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w: %.500s", filepath.Base(command.Path), err, wrong.String())
	}
	return string(text), nil
}

func plainPostgres(ctx context.Context, dir, address string) (time.Duration, error) {
	out, in := "", "BEGIN;\n"
	for _, table := range filled {
		file := filepath.Join(dir, table+".copy")
		out += `\copy ` + table + ` TO '` + file + "'\n"
		in += `\copy plain.` + table + ` FROM '` + file + "'\n"
	}
	in += "COMMIT;\n"
	prepare := "CREATE SCHEMA plain;\n"
	for _, table := range filled {
		prepare += "CREATE TABLE plain." + table + " (LIKE " + table + " INCLUDING ALL);\n"
	}
	if _, err := psql(ctx, address, out+prepare); err != nil {
		return 0, err
	}
	begun := clock.System.Now()
	_, err := psql(ctx, address, in)
	return since(begun), err
}

func psql(ctx context.Context, address, commands string) (string, error) {
	return fed(exec.CommandContext(ctx, "psql", "-q", "-v", "ON_ERROR_STOP=1", address), commands)
}
