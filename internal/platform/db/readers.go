package db

import (
	"container/list"
	"context"
	"database/sql"
	"sync"
)

// readers are SQLite's connections that read. Each keeps the statements it has
// prepared, which is much of the work of a short one; the connection used last
// is taken first, because its pages and statements are at hand.
type readers struct {
	pool    *sql.DB
	tickets chan struct{} // one for each connection in use

	mu    sync.Mutex
	free  []*reader
	ended bool
}

// reader is a connection and what it has prepared; one transaction at a time
// has it.
type reader struct {
	conn     *sql.Conn
	prepared preparedTexts
}

func newReaders(pool *sql.DB, most int) *readers {
	return &readers{pool: pool, tickets: make(chan struct{}, most)}
}

// read runs fn in a transaction of its own.
func (r *readers) read(ctx context.Context, fn func(session) error) error {
	select {
	case r.tickets <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.tickets }()
	on, err := r.take(ctx)
	if err != nil {
		return err
	}
	// The caller's context ends statements, not the transaction: the connection is to be used again.
	raw, err := on.conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		on.close() // whatever is wrong with it, the next one is new
		return err
	}
	defer func() {
		if raw.Rollback() == nil { // there is nothing to keep
			r.give(on)
		} else {
			on.close()
		}
	}()
	return fn(session{raw: raw, conn: on.conn, prepared: &on.prepared})
}

func (r *readers) take(ctx context.Context) (*reader, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free); n > 0 {
		on := r.free[n-1]
		r.free = r.free[:n-1]
		return on, nil
	}
	conn, err := r.pool.Conn(ctx)
	return &reader{conn: conn}, err
}

func (r *readers) give(on *reader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		on.close()
		return
	}
	r.free = append(r.free, on)
}

// close gives the connections back to the pool, which closes them; those in use
// follow when their transaction ends.
func (r *readers) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	for _, on := range r.free {
		on.close()
	}
	r.free = nil
}

// close gives the connection back to the pool. Its statements are closed before:
// SQLite keeps a connection half open, and its log, as long as there is one.
func (on *reader) close() {
	for e := on.prepared.byUse.Front(); e != nil; e = e.Next() {
		_ = e.Value.(*preparedText).stmt.Close() //nolint:forcetypeassert // nothing else is put in
	}
	_ = on.conn.Close()
}

// What a connection keeps prepared: more than the pages people open have
// statements, and no text that was built for one request alone.
const (
	maxPrepared     = 256
	maxPreparedText = 16 << 10
)

// preparedTexts are the statements of one connection, the least used of which
// make room for new ones.
type preparedTexts struct {
	byText map[string]*list.Element
	byUse  list.List // of *preparedText, the last used in front
}

type preparedText struct {
	text string
	stmt *sql.Stmt
}

// find gives the prepared statement of a text; nil if it is not worth keeping.
func (p *preparedTexts) find(ctx context.Context, conn *sql.Conn, text string) (*sql.Stmt, error) {
	if len(text) > maxPreparedText {
		return nil, nil
	}
	if e, ok := p.byText[text]; ok {
		p.byUse.MoveToFront(e)
		return e.Value.(*preparedText).stmt, nil //nolint:forcetypeassert // nothing else is put in
	}
	stmt, err := conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if p.byText == nil {
		p.byText = map[string]*list.Element{}
	}
	if p.byUse.Len() >= maxPrepared {
		last := p.byUse.Remove(p.byUse.Back()).(*preparedText) //nolint:forcetypeassert // nothing else is put in
		delete(p.byText, last.text)
		_ = last.stmt.Close() // once its rows are read
	}
	p.byText[text] = p.byUse.PushFront(&preparedText{text: text, stmt: stmt})
	return stmt, nil
}
