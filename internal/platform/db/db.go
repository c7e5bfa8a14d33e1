package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kartoteka.dev/internal/platform/clock"
)

// Engine names the database behind a DB.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options say which database to open: a URL for PostgreSQL, else the folder of
// the embedded one.
type Options struct {
	Dir    string        // folder of the embedded database; created if absent
	URL    string        // postgres://…, wins over Dir
	Schema string        // of PostgreSQL, where the tables are; empty: as the server says
	Clock  clock.Clock   // what everything written is dated by; nil: the machine\'s
	Slow   time.Duration // statements slower than this are given to OnSlow; 0: never
	OnSlow func(statement string, took time.Duration)
}

// DB is an open database; safe for concurrent use.
type DB struct {
	engine  Engine
	write   *sql.DB // SQLite: exactly one connection
	read    *sql.DB
	pool    *pgxpool.Pool // PostgreSQL only
	writers *writers      // SQLite only
	readers *readers      // SQLite only
	log     *checkpointer // SQLite only
	opts    Options
	path    string

	mu        sync.Mutex
	listeners map[int]func(ids []int64)
	nextID    int
}

// FileName is the embedded database's file inside its folder.
const FileName = "kartoteka.db"

// Open connects and checks the settings that durability rests on; it does not
// migrate.
func Open(ctx context.Context, opts Options) (*DB, error) {
	if opts.Clock == nil {
		opts.Clock = clock.System
	}
	if opts.URL != "" {
		return openPostgres(ctx, opts)
	}
	if opts.Dir == "" {
		return nil, errors.New("db.Open: neither a folder nor a URL is given")
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("db.Open: the data folder cannot be made: %w", err)
	}
	return openSQLite(ctx, filepath.Join(opts.Dir, FileName), opts)
}

// Engine tells which database this is.
func (d *DB) Engine() Engine { return d.engine }

// Clock is the clock that everything written is dated by.
func (d *DB) Clock() clock.Clock { return d.opts.Clock }

// Path is the embedded database's file; empty on PostgreSQL.
func (d *DB) Path() string { return d.path }

// WritePool is the pool of writers, for libraries that bring their own
// transactions (jobs, migrations). Use Write for everything else.
func (d *DB) WritePool() *sql.DB { return d.write }

// PGX is the PostgreSQL pool for what database/sql cannot do (LISTEN); nil on
// SQLite.
func (d *DB) PGX() *pgxpool.Pool { return d.pool }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Close waits for running writes, then closes all connections. SQLite learns
// before how much is in its tables where that changed much, which tells it the
// fastest way next time; PostgreSQL does so by itself.
func (d *DB) Close() error {
	if d.writers != nil {
		d.writers.close()
		d.readers.close()
		d.log.close()
		d.writers.kept.drop(d.write)
		_ = learnAll(context.Background(), d.write) // only makes it faster
	}
	err := errors.Join(d.read.Close(), d.write.Close())
	if d.pool != nil {
		d.pool.Close()
	}
	return err
}

// Read runs fn in one read-only transaction: all its statements see the same
// state of the data.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if d.readers != nil {
		return d.classify("db.Read", d.readers.read(ctx, func(on session) error { return fn(&Tx{session: on, db: d}) }))
	}
	raw, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return d.classify("db.Read", err)
	}
	defer func() { _ = raw.Rollback() }() // nothing to keep
	return d.classify("db.Read", fn(&Tx{session: session{raw: raw}, db: d}))
}

// Write runs fn in one transaction and returns when it is durable. If fn or
// the commit fails, nothing of it remains. fn must not call Write or Read of
// the same DB.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	tx := &Tx{db: d, writable: true}
	var err error
	if d.writers != nil {
		err = d.writers.write(ctx, tx, fn)
	} else {
		err = d.writePostgres(ctx, tx, fn)
	}
	if err != nil {
		return d.classify("db.Write", err)
	}
	for _, after := range tx.after {
		after()
	}
	d.announce(tx.announced)
	return nil
}

// Subscribe calls fn with the ids that committed transactions announced (see
// Tx.Announce) until cancel is called. fn must not block.
func (d *DB) Subscribe(fn func(ids []int64)) (cancel func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := d.nextID
	d.nextID++
	if d.listeners == nil {
		d.listeners = map[int]func(ids []int64){}
	}
	d.listeners[id] = fn
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.listeners, id)
	}
}

func (d *DB) announce(ids []int64) {
	if len(ids) == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, fn := range d.listeners {
		fn(ids)
	}
}
