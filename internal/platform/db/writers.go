package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Limits of one shared commit: large enough to spread the flush over many
// writers, short enough that nobody waits noticeably for another's work. The
// time counts from the end of the first one's work: whoever waited for a long
// one need not wait for its flush and then for another.
const (
	maxShared     = 128
	maxSharedTime = 4 * time.Millisecond
)

var errClosed = errors.New("db: closed")

// writers lets concurrent writers share a transaction. One goroutine owns it
// and hands it to one caller after the other; the caller runs its own function
// (so a panic stays its own) and waits for the commit of all.
type writers struct {
	pool     *sql.DB
	requests chan *writeRequest
	pauses   chan chan struct{} // nobody writes until the channel is closed
	written  func(*sql.Conn)    // told of each commit, before the next one begins
	kept     *keptStatements
	quit     chan struct{}
	stopped  sync.WaitGroup
	once     sync.Once
}

type writeRequest struct {
	turn   chan session // the owner gives the transaction, or closes it: see done
	result chan error   // the caller's function has ended with this
	done   chan error   // the shared commit has ended with this
}

// session is a transaction and the connection it runs on.
type session struct {
	raw      *sql.Tx
	conn     *sql.Conn
	kept     *keptStatements // SQLite, writing
	prepared *preparedTexts  // SQLite, reading
}

func newWriters(pool *sql.DB, written func(*sql.Conn)) *writers {
	w := &writers{
		pool: pool, requests: make(chan *writeRequest), pauses: make(chan chan struct{}), written: written,
		kept: &keptStatements{}, quit: make(chan struct{}),
	}
	w.stopped.Go(w.own)
	return w
}

// pause runs fn while nobody writes.
func (w *writers) pause(fn func()) {
	over := make(chan struct{})
	defer close(over)
	select {
	case w.pauses <- over:
		fn()
	case <-w.quit:
	}
}

func (w *writers) close() {
	w.once.Do(func() { close(w.quit) })
	w.stopped.Wait()
}

// write is the caller's side.
func (w *writers) write(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	r := &writeRequest{turn: make(chan session, 1), result: make(chan error, 1), done: make(chan error, 1)}
	select {
	case w.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	given, ok := <-r.turn
	if !ok {
		return <-r.done
	}
	tx.session = given
	if err := runTurn(ctx, r, tx, fn); err != nil {
		<-r.done //nolint:errcheck // the owner has taken the savepoint back; the caller's own error counts
		return err
	}
	return <-r.done
}

// runTurn reports to the owner whatever happens, a panic included.
func runTurn(ctx context.Context, r *writeRequest, tx *Tx, fn func(*Tx) error) (err error) {
	ended := false
	defer func() {
		tx.session = session{} // a Tx kept beyond its function must not reach another's turn
		if !ended {
			err = errors.New("db: the function did not return")
		}
		r.result <- err
	}()
	if err = ctx.Err(); err == nil {
		err = fn(tx)
	}
	ended = true
	return err
}

// own is the owner's loop: one shared transaction after the other.
func (w *writers) own() {
	for {
		select {
		case r := <-w.requests:
			w.share(r)
		case over := <-w.pauses:
			<-over
		case <-w.quit:
			return
		}
	}
}

func (w *writers) share(first *writeRequest) {
	ctx := context.Background() // the transaction belongs to all, not to one caller
	conn, err := w.pool.Conn(ctx)
	if err == nil {
		defer func() { _ = conn.Close() }() // it goes back to the pool
	}
	on := session{conn: conn, kept: w.kept}
	if err == nil {
		on.raw, err = conn.BeginTx(ctx, nil)
	}
	if err != nil {
		close(first.turn)
		first.done <- err
		return
	}
	if !alone(on, first) {
		return
	}
	kept := []*writeRequest{first}
	started := time.Now() //nolint:forbidigo // a duration, not a date
	for r := w.next(len(kept), started); r != nil; r = w.next(len(kept), started) {
		ok, broken := turn(ctx, on, r)
		if broken != nil {
			_ = on.raw.Rollback()
			r.done <- broken
			finish(kept, broken)
			return
		}
		if ok {
			kept = append(kept, r)
		} else {
			r.done <- nil // its error is already with the caller
		}
	}
	err = on.raw.Commit()
	finish(kept, err)
	w.written(conn)
}

// alone lets the first caller work. It needs no savepoint, for which SQLite
// copies every page that is changed: if it fails, nobody else's work is lost.
func alone(on session, r *writeRequest) (ok bool) {
	r.turn <- on
	if <-r.result == nil {
		return true
	}
	_ = on.raw.Rollback()
	r.done <- nil // its error is already with the caller
	return false
}

// next takes another waiting writer into the shared commit, if there is one.
func (w *writers) next(kept int, started time.Time) *writeRequest {
	if kept >= maxShared || time.Since(started) > maxSharedTime {
		return nil
	}
	select {
	case r := <-w.requests:
		return r
	default:
		return nil
	}
}

// turn lets a further caller work behind a savepoint. broken means that the whole
// transaction is lost (disk full, I/O error).
func turn(ctx context.Context, on session, r *writeRequest) (ok bool, broken error) {
	if _, err := on.raw.ExecContext(ctx, "SAVEPOINT turn"); err != nil {
		close(r.turn)
		return false, fmt.Errorf("savepoint: %w", err)
	}
	r.turn <- on
	failed := <-r.result
	if failed != nil {
		if _, err := on.raw.ExecContext(ctx, "ROLLBACK TO turn"); err != nil {
			return false, fmt.Errorf("roll back to savepoint: %w", errors.Join(err, failed))
		}
	}
	if _, err := on.raw.ExecContext(ctx, "RELEASE turn"); err != nil {
		return false, fmt.Errorf("release savepoint: %w", err)
	}
	return failed == nil, nil
}

func finish(all []*writeRequest, err error) {
	for _, r := range all {
		r.done <- err
	}
}
