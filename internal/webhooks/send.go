package webhooks

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Limits of what is sent and of what is kept of an answer, in bytes.
const (
	maxBody   = 256 << 10
	maxAnswer = 2 << 10
)

// message is the body by the convention.
type message struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      any    `json:"data"`
}

// event is an entry of the journal, as GET /api/v1/journal gives it.
type event struct {
	ID         int64           `json:"id"`
	ActorKind  string          `json:"actor_kind"`
	ActorID    int64           `json:"actor_id,omitempty"`
	Actor      string          `json:"actor"`
	Subject    string          `json:"subject"`
	SubjectID  int64           `json:"subject_id"`
	CustomerID int64           `json:"customer_id,omitempty"`
	Before     json.RawMessage `json:"before,omitempty"`
	After      json.RawMessage `json:"after,omitempty"`
	Shortened  bool            `json:"shortened,omitempty"` // before and after are too large
}

// errWithheld says that the endpoint's role may not know of the entry any more.
var errWithheld = errors.New("the role of the endpoint may not read this any more")

// body is what a delivery says now.
func (s *Service) body(ctx context.Context, e Endpoint, d Delivery) ([]byte, error) {
	if d.EntryID == 0 {
		return json.Marshal(message{TestEvent, moment(d.CreatedAt), map[string]int64{"endpoint_id": e.ID}})
	}
	var entry journal.Record
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		entry, err = journal.Find(ctx, tx, d.EntryID)
		return err
	})
	if err != nil {
		return nil, err
	}
	told, err := s.readers.Tell(ctx, e.Role, []journal.Record{entry})
	if err != nil {
		return nil, err
	}
	if len(told) == 0 {
		return nil, errWithheld
	}
	r := told[0]
	data := event{
		ID: r.ID, ActorKind: string(r.ActorKind), ActorID: r.ActorID, Actor: r.ActorName, Subject: r.Subject.Type, SubjectID: r.Subject.ID,
		CustomerID: r.CustomerID, Before: r.Before, After: r.After,
	}
	if len(data.Before)+len(data.After) > maxBody {
		data.Before, data.After, data.Shortened = nil, nil, true
	}
	return json.Marshal(message{r.Kind, moment(r.At), data})
}

func moment(i clock.Instant) string { return i.Time().Format(time.RFC3339Nano) }

// outcome is what an attempt means for the delivery and its line.
type outcome int

const (
	taken       outcome = iota
	refused             // the other side answered with a failure: the next may fare better
	unreachable         // there is nobody: the whole line waits
	gone                // never again
	withheld            // must not be told
)

// send makes one attempt. The error is ours, not that of the other side.
func (s *Service) send(ctx context.Context, e Endpoint, d Delivery) (Attempt, outcome, error) {
	started := s.clock.Now()
	a := Attempt{At: clock.InstantOf(started)}
	body, err := s.body(ctx, e, d)
	if errors.Is(err, errWithheld) {
		a.Trouble = TroubleWithheld
		return a, withheld, nil
	}
	if err != nil {
		return a, withheld, fmt.Errorf("delivery %d: %w", d.ID, err)
	}
	response, err := s.post(ctx, e, d, started, body)
	if err != nil {
		a.Trouble, a.Took = trouble(err), s.clock.Now().Sub(started)
		return a, unreachable, ctx.Err() // stopped from outside: it was no attempt
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	a.Status, a.Answer, a.Took = response.StatusCode, readable(text), s.clock.Now().Sub(started)
	if err != nil {
		a.Trouble = trouble(err)
	}
	return a, meaning(a.Status), nil
}

// meaning of a status. What a proxy answers when there is nobody behind it,
// and "not so fast", hold the line.
func meaning(status int) outcome {
	switch {
	case status >= 200 && status < 300:
		return taken
	case status == http.StatusGone:
		return gone
	case status == http.StatusTooManyRequests, status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout:
		return unreachable
	}
	return refused
}

func (s *Service) post(ctx context.Context, e Endpoint, d Delivery, at time.Time, body []byte) (*http.Response, error) {
	signature, err := signAll(e.secrets(clock.InstantOf(at)), d.MessageID(), at, body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Kartoteka-Webhooks")
	r.Header.Set(headerID, d.MessageID())
	r.Header.Set(headerTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(headerSignature, signature)
	return s.client.Do(r)
}

// What an attempt says when it knows why there was no answer; anything else
// is what the network said.
const (
	TroublePrivate  = "private"  // the address leads to this machine or a private network
	TroubleTimeout  = "timeout"  // no answer within 15 seconds
	TroubleWithheld = "withheld" // the role may not know of it any more: nothing was sent
)

// trouble says why there was no answer, without the address, which stands
// beside it.
func trouble(err error) string {
	if errors.Is(err, errPrivate) {
		return TroublePrivate
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return TroubleTimeout
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return readable([]byte(err.Error()))
}

// readable is the beginning of a text of others, fit to be kept.
func readable(text []byte) string {
	if len(text) > maxAnswer {
		text = text[:maxAnswer]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(string(text), "\uFFFD"), "\x00", "\uFFFD")
}

// workFor is how long a job sends before it makes room for others.
const workFor = 5 * time.Minute

// work sends what waits for an endpoint, in order.
func (s *Service) work(ctx context.Context, endpointID int64) error {
	started := s.clock.Now()
	for {
		e, d, found, err := s.next(ctx, endpointID)
		if err != nil || !found {
			return err
		}
		a, out, err := s.send(ctx, e, d)
		if err != nil {
			return err
		}
		if err := s.settle(ctx, e.ID, d, a, out); err != nil {
			return err
		}
		if out == unreachable || out == gone {
			return nil
		}
		if s.clock.Now().Sub(started) > workFor {
			return jobs.Later(time.Second)
		}
	}
}

// next is the delivery whose turn it is.
func (s *Service) next(ctx context.Context, endpointID int64) (e Endpoint, d Delivery, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		e, err = db.One(ctx, tx, scanEndpoint, sqlFindEndpoint, endpointID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // removed meanwhile
		}
		if err != nil || !e.Enabled || e.ResumeAt > tx.Now() {
			return err
		}
		d, err = db.One(ctx, tx, scanDelivery, sqlNextDelivery, endpointID, tx.Now())
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		found = err == nil
		return err
	})
	if err != nil {
		return e, d, false, fmt.Errorf("next delivery: %w", err)
	}
	return e, d, found, nil
}
