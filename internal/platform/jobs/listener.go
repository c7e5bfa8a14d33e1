package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver"

	"kartoteka.dev/internal/platform/db"
)

// listenInterval is how soon this process notices what another one (a command)
// enqueued on SQLite; what it enqueued itself it notices at once.
const listenInterval = time.Second

// listener hears of new jobs on SQLite. River writes a notification beside
// each change into the table river_notification; the listener looks there
// after each commit of this process, and otherwise once a second, through a
// reading connection.
type listener struct {
	d    *db.DB
	wake <-chan struct{}

	mu      sync.Mutex
	topics  map[string]bool
	last    int64
	pending []notification
}

type notification struct {
	id             int64
	topic, payload string
}

const sqlLastNotification = `SELECT COALESCE(MAX(id), 0) FROM river_notification`

const sqlNotifications = `
SELECT id, topic, payload FROM river_notification WHERE id > $1 ORDER BY id LIMIT 256`

// Connect begins to listen at what is written from now on.
func (l *listener) Connect(ctx context.Context) error {
	return l.d.Read(ctx, func(tx *db.Tx) error {
		last, err := db.One(ctx, tx, db.Value[int64], sqlLastNotification)
		if err != nil {
			return fmt.Errorf("jobs: listen: %w", err)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.last, l.pending = last, nil
		return nil
	})
}

// Close forgets what was subscribed.
func (l *listener) Close(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = nil
	clear(l.topics)
	return nil
}

// Listen subscribes to a topic.
func (l *listener) Listen(_ context.Context, topic string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.topics[topic] = true
	return nil
}

// Unlisten ends a subscription.
func (l *listener) Unlisten(_ context.Context, topic string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.topics, topic)
	return nil
}

// Ping tells whether the database answers.
func (l *listener) Ping(ctx context.Context) error { return l.d.Ping(ctx) }

// Schema is empty: there is only one.
func (*listener) Schema() string { return "" }

// SetAfterConnectExec is only for River's own tests.
func (*listener) SetAfterConnectExec(string) {}

// WaitForNotification returns the next notification of a subscribed topic.
func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	timer := time.NewTimer(listenInterval)
	defer timer.Stop()
	for {
		if n := l.next(); n != nil {
			return n, nil
		}
		found, err := l.fetch(ctx)
		if err != nil {
			return nil, err
		}
		if found {
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.wake:
		case <-timer.C:
			timer.Reset(listenInterval)
		}
	}
}

func (l *listener) next() *riverdriver.Notification {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.pending) > 0 {
		n := l.pending[0]
		l.pending = l.pending[1:]
		if l.topics[n.topic] {
			return &riverdriver.Notification{Topic: n.topic, Payload: n.payload}
		}
	}
	return nil
}

func (l *listener) fetch(ctx context.Context) (bool, error) {
	l.mu.Lock()
	last := l.last
	l.mu.Unlock()
	var found []notification
	err := l.d.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = db.All(ctx, tx, scanNotification, sqlNotifications, last)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("jobs: listen: %w", err)
	}
	if len(found) == 0 {
		return false, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.pending = found[len(found)-1].id, append(l.pending, found...)
	return true, nil
}

func scanNotification(s db.Scanner) (n notification, err error) {
	err = s.Scan(&n.id, &n.topic, &n.payload)
	return n, err
}
