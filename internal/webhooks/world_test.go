package webhooks_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/webhooks"
)

// world is the service over a migrated database, with the other side.
type world struct {
	*webhooks.Service
	*testing.T
	d      *db.DB
	jobs   *jobs.Runner
	ctx    context.Context
	other  *otherSide
	hidden bool // the role may read nothing any more
}

// Admit implements webhooks.Readers: a manager may not read the journal, and a
// head may do more than anybody who asks.
func (w *world) Admit(_ context.Context, role authz.Role) error {
	switch role {
	case authz.Manager:
		return errs.New(errs.Invalid, "test", "webhooks.error.role-blind")
	case authz.Head:
		return errs.New(errs.Forbidden, "test", "webhooks.error.role-beyond")
	}
	return nil
}

// Tell implements webhooks.Readers.
func (w *world) Tell(_ context.Context, _ authz.Role, entries []journal.Record) ([]journal.Record, error) {
	if w.hidden {
		return nil, nil
	}
	return entries, nil
}

// kinds know two modules.
func kinds(choice string) []string {
	for module, all := range map[string][]string{"shop": {"shop.opened", "shop.closed"}, "dog": {"dog.barked"}} {
		if module == choice {
			return all
		}
		for _, k := range all {
			if k == choice {
				return []string{k}
			}
		}
	}
	return nil
}

func each(t *testing.T, test func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d, ctx: authz.AsSystem(t.Context(), "test"), other: newOtherSide(t)}
	if err := jobs.Migrate(w.ctx, d); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.jobs, err = jobs.New(d, jobs.Config{}); err != nil {
		t.Fatal(err)
	}
	if w.Service, err = webhooks.New(webhooks.Deps{DB: d, Jobs: w.jobs, Readers: w, Kinds: kinds, AllowPrivate: true}); err != nil {
		t.Fatal(err)
	}
	return w
}

// made adds an endpoint at the other side.
func (w *world) made(events ...string) (webhooks.Endpoint, string) {
	w.Helper()
	e, secret, err := w.Create(w.ctx, webhooks.Input{URL: w.other.URL, Events: events, Role: authz.Analyst, Enabled: true})
	if err != nil {
		w.Fatalf("%v %v", err, errs.FieldsOf(err))
	}
	return e, secret
}

// happen writes entries and gives their ids.
func (w *world) happen(kinds ...string) (ids []int64) {
	w.Helper()
	err := w.d.Write(w.ctx, func(tx *db.Tx) error {
		for i, k := range kinds {
			id, err := journal.Write(w.ctx, tx, journal.Entry{
				Kind: k, Subject: journal.Ref{Type: "shop", ID: 7}, CustomerID: 3, After: map[string]any{"number": i},
			})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return ids
}

// tell has what is new sent.
func (w *world) tell(e webhooks.Endpoint) {
	w.Helper()
	if err := w.Follow(w.ctx); err != nil {
		w.Fatal(err)
	}
	w.work(e)
}

func (w *world) work(e webhooks.Endpoint) {
	w.Helper()
	if err := w.Work(w.ctx, e.ID); err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(statement string, args ...any) {
	w.Helper()
	err := w.d.Write(w.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(w.ctx, statement, args...)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

// pass makes everything that lies ahead, and all that has been, so much
// earlier.
func (w *world) pass(d time.Duration) {
	w.Helper()
	n := d.Microseconds()
	w.exec(`UPDATE webhooks_deliveries SET next_at = next_at - $1, give_up_at = give_up_at - $1, created_at = created_at - $1`, n)
	w.exec(`UPDATE webhooks_endpoints SET old_until = old_until - $1, resume_at = resume_at - $1`, n)
	w.exec(`UPDATE webhooks_endpoints SET failing_since = failing_since - $1 WHERE failing_since > 0`, n)
}

func (w *world) now(e webhooks.Endpoint) webhooks.Endpoint {
	w.Helper()
	e, err := w.Find(w.ctx, e.ID)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

// log gives the deliveries, oldest first.
func (w *world) log(e webhooks.Endpoint) []webhooks.Delivery {
	w.Helper()
	all, _, err := w.Deliveries(w.ctx, e.ID, webhooks.LogQuery{Limit: 1000})
	if err != nil {
		w.Fatal(err)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// states are those of all deliveries, oldest first.
func (w *world) states(e webhooks.Endpoint) string {
	w.Helper()
	var all []string
	for _, d := range w.log(e) {
		all = append(all, string(d.State))
	}
	return strings.Join(all, " ")
}

// otherSide is somebody's program.
type otherSide struct {
	*httptest.Server
	*testing.T

	mu     sync.Mutex
	answer func(m told) (status int, text string)
	got    []told
}

// told is one message as it arrived.
type told struct {
	id, timestamp, signature string
	text                     string
	body                     struct {
		Type      string `json:"type"`
		Timestamp string `json:"timestamp"`
		Data      struct {
			ID         int64           `json:"id"`
			Actor      string          `json:"actor"`
			Subject    string          `json:"subject"`
			SubjectID  int64           `json:"subject_id"`
			CustomerID int64           `json:"customer_id"`
			After      json.RawMessage `json:"after"`
			Shortened  bool            `json:"shortened"`
		} `json:"data"`
	}
}

func newOtherSide(t *testing.T) *otherSide {
	t.Helper()
	o := &otherSide{T: t}
	o.answers(http.StatusOK, "thanks")
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	return o
}

// answers has everything answered like this from now on.
func (o *otherSide) answers(status int, text string) {
	o.answersAs(func(told) (int, string) { return status, text })
}

func (o *otherSide) answersAs(fn func(told) (int, string)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = fn
}

// ServeHTTP implements http.Handler.
func (o *otherSide) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		o.Errorf("body: %v", err)
	}
	m := told{id: r.Header.Get("webhook-id"), timestamp: r.Header.Get("webhook-timestamp"), signature: r.Header.Get("webhook-signature"), text: string(text)}
	if err := json.Unmarshal(text, &m.body); err != nil {
		o.Errorf("%v in %s", err, text)
	}
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		o.Errorf("%s %v", r.Method, r.Header)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got = append(o.got, m)
	status, answer := o.answer(m)
	if status == http.StatusFound {
		rw.Header().Set("Location", "/elsewhere")
	}
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, answer) // the program may have hung up
}

// heard gives what has arrived, and forgets it.
func (o *otherSide) heard() []told {
	o.mu.Lock()
	defer o.mu.Unlock()
	got := o.got
	o.got = nil
	return got
}

// events are the types and entries of messages.
func events(all []told) string {
	var words []string
	for _, m := range all {
		words = append(words, m.body.Type+":"+strconv.FormatInt(m.body.Data.ID, 10))
	}
	return strings.Join(words, " ")
}

// signedWith tells whether one of the signatures is that of the secret.
func (m told) signedWith(t *testing.T, secret string) bool {
	t.Helper()
	seconds, err := strconv.ParseInt(m.timestamp, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	want, err := webhooks.Sign(secret, m.id, time.Unix(seconds, 0), []byte(m.text))
	if err != nil {
		t.Fatal(err)
	}
	for one := range strings.SplitSeq(m.signature, " ") {
		if one == want {
			return true
		}
	}
	return false
}
