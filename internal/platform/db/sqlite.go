package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"runtime"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// pragmas are set on every connection and read back at start, because the
// driver ignores a misspelt parameter in silence.
var pragmas = []struct{ name, set, want string }{
	{"busy_timeout", "10000", "10000"}, // first: the others may meet a lock
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "ON", "1"},
	{"temp_store", "MEMORY", "2"},
	{"wal_autocheckpoint", "64000", "64000"}, // 256 MB; see checkpointer, which comes long before
	{"journal_size_limit", "67108864", "67108864"},
	{"recursive_triggers", "ON", "1"},
}

// The memory of a connection, taken only when it is needed: 16 MB for those
// that read, 48 MB for the one that writes, so that what an import changes in
// a transaction stays there until the commit.
const (
	readerCache = "cache_size(-16000)"
	writerCache = "cache_size(-48000)"
)

func openSQLite(ctx context.Context, path string, opts Options) (*DB, error) {
	write, err := sql.Open("sqlite", sqliteDSN(path, "immediate", writerCache))
	if err != nil {
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	if err := checkPragmas(ctx, write); err != nil {
		_ = write.Close()
		return nil, err
	}
	read, err := sql.Open("sqlite", sqliteDSN(path, "deferred", readerCache, "query_only(ON)"))
	if err != nil {
		_ = write.Close()
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	most := max(4, 2*runtime.NumCPU())
	read.SetMaxOpenConns(most + 1) // Ping has one of its own
	read.SetMaxIdleConns(most + 1)
	d := &DB{engine: SQLite, write: write, read: read, readers: newReaders(read, most), opts: opts, path: path}
	d.log = newCheckpointer(d)
	d.writers = newWriters(write, d.log.written)
	return d, nil
}

func sqliteDSN(path, lock string, more ...string) string {
	q := url.Values{"_txlock": {lock}}
	for _, p := range pragmas {
		q.Add("_pragma", p.name+"("+p.set+")")
	}
	for _, p := range more {
		q.Add("_pragma", p)
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

func checkPragmas(ctx context.Context, d *sql.DB) error {
	for _, p := range pragmas {
		var got string
		if err := d.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("db.Open: the embedded database cannot be opened: %w", err)
		}
		if got != p.want {
			return fmt.Errorf("db.Open: pragma %s is %s, not %s", p.name, got, p.want)
		}
	}
	return nil
}
