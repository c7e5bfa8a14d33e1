package db

import (
	"context"
	"database/sql"
	"sync"

	"modernc.org/sqlite"
)

// The log of SQLite (WAL) is copied into the database's file when so many pages
// of 4 KB are in it: 16 MB, for an import writes a page several times. What the
// writer adds meanwhile is copied in the same way, until it was so little that
// the writers can wait for the rest.
const (
	checkpointAfter = 4_000
	checkpointRest  = 500
	checkpointTries = 5
)

const sqlCheckpointSQLite = `PRAGMA wal_checkpoint(PASSIVE)`

// checkpointer keeps the log short without making those wait who write: SQLite
// by itself would have whoever commits do it.
type checkpointer struct {
	db    *DB
	pages int // in the log since the last time; only the owner of the writers counts
	due   chan struct{}
	quit  chan struct{}
	once  sync.Once
	ended sync.WaitGroup
}

func newCheckpointer(d *DB) *checkpointer {
	c := &checkpointer{db: d, due: make(chan struct{}, 1), quit: make(chan struct{})}
	c.ended.Go(c.work)
	return c
}

func (c *checkpointer) close() {
	c.once.Do(func() { close(c.quit) })
	c.ended.Wait()
}

// written counts the pages of a commit.
func (c *checkpointer) written(conn *sql.Conn) {
	err := conn.Raw(func(driverConn any) error {
		n, _, err := driverConn.(sqlite.DBStatus).Status(sqlite.DBStatusCacheWrite, true)
		c.pages += n
		return err
	})
	if err != nil || c.pages < checkpointAfter {
		return
	}
	select {
	case c.due <- struct{}{}:
		c.pages = 0
	default: // it is at it
	}
}

func (c *checkpointer) work() {
	for {
		select {
		case <-c.due:
			c.copy()
		case <-c.quit:
			return
		}
	}
}

// copy moves the log into the file. Its last pages are moved while nobody
// writes: only when all of it is moved does the next writer begin it anew. An
// error means that it is tried again the next time.
func (c *checkpointer) copy() {
	moved := 0
	for range checkpointTries {
		before := moved
		var err error
		if moved, err = c.pass(); err != nil {
			return
		}
		if moved-before < checkpointRest {
			break
		}
	}
	c.db.writers.pause(func() { _, _ = c.pass() })
}

// pass copies what is in the log at this moment, and tells how many of its
// pages have been copied in all. It does not wait for those who read.
func (c *checkpointer) pass() (moved int, err error) {
	var busy, all int
	err = c.db.read.QueryRowContext(context.Background(), sqlCheckpointSQLite).Scan(&busy, &all, &moved)
	return moved, err
}
