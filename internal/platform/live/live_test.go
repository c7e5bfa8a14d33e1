package live_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/platform/live"
)

// startHub runs a hub until the test ends.
func startHub(t *testing.T, d *db.DB, node string) *live.Hub {
	t.Helper()
	h := live.NewHub(d, slog.New(slog.DiscardHandler), node)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { h.Run(ctx) })
	<-h.Ready()
	t.Cleanup(func() { cancel(); wg.Wait() })
	return h
}

func write(t *testing.T, d *db.DB, customer int64) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := journal.Write(t.Context(), tx, journal.Entry{
			Kind: "customers.changed", Subject: journal.Ref{Type: "customer", ID: customer}, CustomerID: customer,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, s *live.Subscription, customer int64) live.Event {
	t.Helper()
	select {
	case e := <-s.Events():
		if e.CustomerID != customer {
			t.Fatalf("event of customer %d, want %d", e.CustomerID, customer)
		}
		return e
	case <-time.After(10 * time.Second):
		t.Fatalf("no event of customer %d", customer)
		return live.Event{}
	}
}

func TestSubscribersHearOfCommits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := startHub(t, d, "a")
		one, two := h.Subscribe(), h.Subscribe()
		write(t, d, 7)
		first := expect(t, one, 7)
		expect(t, two, 7)
		h.Unsubscribe(two)
		write(t, d, 8)
		expect(t, one, 8)
		if _, open := <-two.Events(); open {
			t.Error("an ended subscription still gets events")
		}
		missed, err := h.Since(t.Context(), first.ID, 10)
		if err != nil || len(missed) != 1 || missed[0].CustomerID != 8 {
			t.Errorf("catching up: %v, %v", missed, err)
		}
	})
}

func TestTwoNodesHearOfEachOther(t *testing.T) {
	url := dbtest.PostgresURL(t)
	var nodes [2]*db.DB
	for i := range nodes {
		d, err := db.Open(t.Context(), db.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		nodes[i] = d
	}
	a, b := startHub(t, nodes[0], "a"), startHub(t, nodes[1], "b")
	atA, atB := a.Subscribe(), b.Subscribe()
	for i := int64(1); i <= 5; i++ {
		write(t, nodes[i%2], i)
		expect(t, atA, i)
		expect(t, atB, i)
	}
}

func TestAnotherProgramOnTheSameStoreIsHeard(t *testing.T) {
	d := dbtest.SQLite(t)
	s := startHub(t, d, "a").Subscribe()
	write(t, d, 1)
	expect(t, s, 1)
	other, err := db.Open(t.Context(), db.Options{Dir: dirOf(d)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	write(t, other, 2)
	expect(t, s, 2)
}

func TestSlowSubscriberIsCutOff(t *testing.T) {
	d := dbtest.SQLite(t)
	s := startHub(t, d, "a").Subscribe()
	for i := range int64(300) {
		write(t, d, i+1)
	}
	deadline := time.After(10 * time.Second)
	for n := 0; ; n++ {
		select {
		case _, open := <-s.Events():
			if !open {
				return
			}
			if n >= 300 {
				t.Fatal("the subscription was never cut off")
			}
			if n == 0 { // be slow until the buffer has overrun
				time.Sleep(500 * time.Millisecond)
			}
		case <-deadline:
			t.Fatal("neither events nor an end")
		}
	}
}

func dirOf(d *db.DB) string { return filepath.Dir(d.Path()) }

// A browser which comes back while the program stops is let go at once.
func TestWhoComesAfterTheEndIsLetGo(t *testing.T) {
	h := live.NewHub(dbtest.SQLite(t), slog.New(slog.DiscardHandler), "a")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	h.Run(ctx)
	s := h.Subscribe()
	if _, open := <-s.Events(); open {
		t.Error("a stopped hub tells events")
	}
	h.Unsubscribe(s)
}
