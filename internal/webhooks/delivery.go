package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// State is how far a delivery is.
type State string

// Waiting is for its turn or its next try; failed was given up.
const (
	Waiting   State = "waiting"
	Delivered State = "delivered"
	Failed    State = "failed"
)

// States are all of them.
var States = []State{Waiting, Delivered, Failed}

// Valid tells whether s is one of them.
func (s State) Valid() bool { return s == Waiting || s == Delivered || s == Failed }

// TestEvent is what a test says it is.
const TestEvent = "webhooks.test"

// Delivery is one entry of the journal on its way to one endpoint.
type Delivery struct {
	ID         int64
	EndpointID int64
	EntryID    int64 // 0: a test
	Event      string
	State      State
	NextAt     clock.Instant // it is tried again, while it waits
	CreatedAt  clock.Instant
	Attempts   int     // made so far
	Last       Attempt // the zero Attempt: none yet

	tries    int // since it was last begun with
	giveUpAt clock.Instant
}

// MessageID is the same each time a delivery is tried, by which the other side
// knows what it has already.
func (d Delivery) MessageID() string {
	if d.EntryID == 0 {
		return "msg_test_" + strconv.FormatInt(d.ID, 10)
	}
	return "msg_" + strconv.FormatInt(d.EndpointID, 10) + "_" + strconv.FormatInt(d.EntryID, 10)
}

// Attempt is one try. Status is 0 if there was no answer; Trouble says why,
// for whoever looks after the other side.
type Attempt struct {
	ID      int64
	At      clock.Instant
	Status  int
	Answer  string // the beginning, as text
	Trouble string
	Took    time.Duration
}

// triedFor is how long a delivery is tried, and keptFor how long the log
// tells of it.
const (
	triedFor = 72 * time.Hour
	keptFor  = 30 * 24 * time.Hour
)

// longest and shortest pause between two tries.
const (
	shortestPause = time.Minute
	longestPause  = 12 * time.Hour
	// longestStop is how long a line waits at most for an endpoint that cannot
	// be reached.
	longestStop = time.Hour
)

// pauseAfter doubles with every try.
func pauseAfter(tries int) time.Duration {
	pause := shortestPause
	for i := 1; i < tries && pause < longestPause; i++ {
		pause *= 2
	}
	return min(pause, longestPause)
}

const deliveryColumns = `
SELECT d.id, d.endpoint_id, d.entry_id, d.event, d.state, d.tries, d.next_at, d.give_up_at, d.created_at,
  (SELECT COUNT(*) FROM webhooks_attempts n WHERE n.delivery_id = d.id),
  COALESCE(a.id, 0), COALESCE(a.at, 0), COALESCE(a.status, 0), COALESCE(a.answer, ''), COALESCE(a.trouble, ''), COALESCE(a.took, 0)
FROM webhooks_deliveries d
LEFT JOIN webhooks_attempts a ON a.id = (SELECT MAX(m.id) FROM webhooks_attempts m WHERE m.delivery_id = d.id) `

const (
	sqlListDeliveries = deliveryColumns + `
WHERE d.endpoint_id = $1 AND d.id < $2 AND ($3 = '' OR d.state = $3) ORDER BY d.id DESC LIMIT $4`
	sqlFindDelivery = deliveryColumns + `WHERE d.endpoint_id = $1 AND d.id = $2`
	sqlNextDelivery = deliveryColumns + `
WHERE d.endpoint_id = $1 AND d.state = 'waiting' AND d.next_at <= $2 ORDER BY d.id LIMIT 1`
)

func scanDelivery(row db.Scanner) (d Delivery, err error) {
	var took int64
	err = row.Scan(&d.ID, &d.EndpointID, &d.EntryID, &d.Event, &d.State, &d.tries, &d.NextAt, &d.giveUpAt, &d.CreatedAt, &d.Attempts,
		&d.Last.ID, &d.Last.At, &d.Last.Status, &d.Last.Answer, &d.Last.Trouble, &took)
	d.Last.Took = time.Duration(took) * time.Microsecond
	return d, err
}

func findDelivery(ctx context.Context, tx *db.Tx, op string, endpointID, id int64) (Delivery, error) {
	d, err := db.One(ctx, tx, scanDelivery, sqlFindDelivery, endpointID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Delivery{}, errs.New(errs.NotFound, op, "webhooks.error.delivery-not-found")
	}
	if err != nil {
		return Delivery{}, fmt.Errorf("delivery: %w", err)
	}
	return d, nil
}

const sqlInsertDelivery = `
INSERT INTO webhooks_deliveries (endpoint_id, entry_id, event, state, tries, next_at, give_up_at, created_at)
VALUES ($1, $2, $3, $4, 0, $5, $6, $7) RETURNING id`

func insertDelivery(ctx context.Context, tx *db.Tx, d *Delivery) error {
	err := tx.QueryRow(ctx, sqlInsertDelivery, d.EndpointID, d.EntryID, d.Event, d.State, d.NextAt, d.giveUpAt, d.CreatedAt).Scan(&d.ID)
	if err != nil {
		return fmt.Errorf("insert delivery: %w", err)
	}
	return nil
}

const sqlMoveDelivery = `UPDATE webhooks_deliveries SET state = $2, tries = $3, next_at = $4, give_up_at = $5 WHERE id = $1`

func moveDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	if _, err := tx.Exec(ctx, sqlMoveDelivery, d.ID, d.State, d.tries, d.NextAt, d.giveUpAt); err != nil {
		return fmt.Errorf("move delivery: %w", err)
	}
	return nil
}

const (
	sqlInsertAttempt = `
INSERT INTO webhooks_attempts (delivery_id, at, status, answer, trouble, took) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`
	sqlListAttempts = `
SELECT id, at, status, answer, trouble, took FROM webhooks_attempts WHERE delivery_id = $1 ORDER BY id DESC LIMIT 100`
)

func insertAttempt(ctx context.Context, tx *db.Tx, deliveryID int64, a *Attempt) error {
	err := tx.QueryRow(ctx, sqlInsertAttempt, deliveryID, a.At, a.Status, a.Answer, a.Trouble, a.Took.Microseconds()).Scan(&a.ID)
	if err != nil {
		return fmt.Errorf("insert attempt: %w", err)
	}
	return nil
}

func scanAttempt(row db.Scanner) (a Attempt, err error) {
	var took int64
	err = row.Scan(&a.ID, &a.At, &a.Status, &a.Answer, &a.Trouble, &took)
	a.Took = time.Duration(took) * time.Microsecond
	return a, err
}
