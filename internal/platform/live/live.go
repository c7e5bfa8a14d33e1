// Package live tells browsers that something changed, moments after it was
// committed. A hub hears of new journal entries from this program's own
// commits, from other app nodes (PostgreSQL LISTEN/NOTIFY, ids only) and, every
// few seconds while somebody listens, from other programs on the same store.
// Subscribers get ids and kinds, never contents: a page fetches what its reader
// may see.
package live

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/journal"
)

// Event is one committed journal entry.
type Event struct {
	ID          int64  `json:"id"`
	Kind        string `json:"kind"`
	CustomerID  int64  `json:"customer,omitempty"`
	SubjectType string `json:"subjectType"`
	SubjectID   int64  `json:"subject"`
}

// lookEvery is how often the hub looks for entries nobody told it about.
const lookEvery = 3 * time.Second

// buffered is how many events may wait for one subscriber; a slower one is cut
// off and catches up from the journal when it comes back.
const buffered = 256

// Hub spreads events to subscribers; safe for concurrent use.
type Hub struct {
	db   *db.DB
	log  *slog.Logger
	node string

	announced chan []int64
	ready     chan struct{}

	mu          sync.Mutex
	subscribers map[*Subscription]struct{}
	ended       bool  // Run is over: nobody would end another subscription
	last        int64 // the newest id seen
	recent      map[int64]struct{}
}

// NewHub makes a hub; Run makes it work.
func NewHub(d *db.DB, log *slog.Logger, node string) *Hub {
	return &Hub{
		db: d, log: log, node: node, announced: make(chan []int64, 1024), ready: make(chan struct{}),
		subscribers: map[*Subscription]struct{}{}, recent: map[int64]struct{}{},
	}
}

// Run works until ctx ends, and then ends every subscription.
func (h *Hub) Run(ctx context.Context) {
	defer h.endAll()
	cancel := h.db.Subscribe(func(ids []int64) {
		select {
		case h.announced <- ids:
		default: // overrun: the next look finds them
		}
	})
	defer cancel()
	if err := h.start(ctx); err != nil {
		h.log.WarnContext(ctx, "live updates start late", "error", err.Error())
	}
	close(h.ready)
	var wg sync.WaitGroup
	defer wg.Wait()
	if h.db.Engine() == db.Postgres {
		wg.Go(func() { h.listen(ctx) })
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case ids := <-h.announced:
			h.tell(ctx, h.collect(ids))
		case <-tick.C:
			h.look(ctx)
		}
	}
}

// Ready is closed when the hub hears of every commit from then on. Run may be
// called once.
func (h *Hub) Ready() <-chan struct{} { return h.ready }

func (h *Hub) start(ctx context.Context) error {
	return h.db.Read(ctx, func(tx *db.Tx) error {
		last, err := journal.Last(ctx, tx)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.last = last
		return err
	})
}

// collect joins what was announced meanwhile, so that a burst costs one query.
func (h *Hub) collect(ids []int64) []int64 {
	for len(ids) < 500 {
		select {
		case more := <-h.announced:
			ids = append(ids, more...)
		default:
			return ids
		}
	}
	return ids
}

// tell publishes this node's own entries and passes their ids to other nodes.
func (h *Hub) tell(ctx context.Context, ids []int64) {
	h.publish(ctx, ids)
	if h.db.Engine() != db.Postgres {
		return
	}
	for len(ids) > 0 { // a payload may have 8,000 bytes
		n := min(len(ids), 300)
		words := make([]string, n)
		for i, id := range ids[:n] {
			words[i] = strconv.FormatInt(id, 10)
		}
		if _, err := h.db.PGX().Exec(ctx, "SELECT pg_notify($1, $2)", channel, h.node+" "+strings.Join(words, " ")); err != nil {
			h.log.WarnContext(ctx, "live updates do not reach other nodes", "error", err.Error())
			return
		}
		ids = ids[n:]
	}
}

// publish loads the entries and hands them to every subscriber.
func (h *Hub) publish(ctx context.Context, ids []int64) {
	if !h.wanted(ids) {
		return
	}
	var events []Event
	err := h.db.Read(ctx, func(tx *db.Tx) error {
		for _, id := range ids {
			r, err := journal.Find(ctx, tx, id)
			if err != nil {
				return err
			}
			events = append(events, eventOf(r))
		}
		return nil
	})
	if err != nil {
		h.log.WarnContext(ctx, "live updates are delayed", "error", err.Error())
		return
	}
	h.spread(events)
}

// wanted notes the newest id and tells whether anyone listens.
func (h *Hub) wanted(ids []int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subscribers) > 0 {
		return true
	}
	for _, id := range ids {
		h.last = max(h.last, id)
	}
	return false
}

// look finds entries written by programs that cannot tell us.
func (h *Hub) look(ctx context.Context) {
	h.mu.Lock()
	after, listening := h.last, len(h.subscribers) > 0
	h.mu.Unlock()
	if !listening {
		return
	}
	events, err := h.Since(ctx, after, buffered/2)
	if err != nil {
		h.log.WarnContext(ctx, "live updates are delayed", "error", err.Error())
		return
	}
	h.spread(events)
}

// Since gives up to limit events after an id, oldest first, for a subscriber
// that comes back.
func (h *Hub) Since(ctx context.Context, after int64, limit int) ([]Event, error) {
	var events []Event
	err := h.db.Read(ctx, func(tx *db.Tx) error {
		records, err := journal.List(ctx, tx, journal.Query{Follow: true, AfterID: after, Limit: limit})
		for _, r := range records {
			events = append(events, eventOf(r))
		}
		return err
	})
	return events, err
}

func eventOf(r journal.Record) Event {
	return Event{ID: r.ID, Kind: r.Kind, CustomerID: r.CustomerID, SubjectType: r.Subject.Type, SubjectID: r.Subject.ID}
}

// spread hands each event to each subscriber once, although it may have been
// heard of in several ways.
func (h *Hub) spread(events []Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		if _, seen := h.recent[e.ID]; seen {
			continue
		}
		h.recent[e.ID] = struct{}{}
		h.last = max(h.last, e.ID)
		for s := range h.subscribers {
			select {
			case s.events <- e:
			default:
				h.end(s)
			}
		}
	}
	if len(h.recent) > 20_000 {
		h.recent = map[int64]struct{}{}
	}
}

// Subscription is one listener's stream of events.
type Subscription struct {
	events chan Event
}

// Events is closed when the hub stops or the listener was too slow.
func (s *Subscription) Events() <-chan Event { return s.events }

// Subscribe adds a listener; give it to Unsubscribe when it leaves. Once the
// hub has stopped the subscription is ended from the start.
func (h *Hub) Subscribe() *Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &Subscription{events: make(chan Event, buffered)}
	if h.ended {
		close(s.events)
		return s
	}
	h.subscribers[s] = struct{}{}
	return s
}

// Unsubscribe ends a subscription; ending it twice is harmless.
func (h *Hub) Unsubscribe(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.end(s)
}

func (h *Hub) end(s *Subscription) {
	if _, ok := h.subscribers[s]; ok {
		delete(h.subscribers, s)
		close(s.events)
	}
}

func (h *Hub) endAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for s := range h.subscribers {
		h.end(s)
	}
}

// Listeners is the number of open subscriptions.
func (h *Hub) Listeners() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subscribers)
}
