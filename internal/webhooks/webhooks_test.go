package webhooks_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/webhooks"
)

func TestEventsArriveSignedAndInOrder(t *testing.T) {
	each(t, func(w *world) {
		w.happen("shop.opened") // before there was an endpoint
		e, secret := w.made("shop.opened", "dog")
		ids := w.happen("shop.opened", "shop.closed", "dog.barked", "cat.slept", "shop.opened")
		w.tell(e)
		got := w.other.heard()
		if want := fmt.Sprintf("shop.opened:%d dog.barked:%d shop.opened:%d", ids[0], ids[2], ids[4]); events(got) != want {
			w.Fatalf("%s, want %s", events(got), want)
		}
		m := got[1]
		data := m.body.Data
		if !m.signedWith(w.T, secret) || m.id != fmt.Sprintf("msg_%d_%d", e.ID, ids[2]) || data.Actor != "test" || data.Subject != "shop" ||
			data.SubjectID != 7 || data.CustomerID != 3 || string(data.After) != `{"number":2}` {
			w.Errorf("%+v", m)
		}
		if _, err := time.Parse(time.RFC3339Nano, m.body.Timestamp); err != nil {
			w.Error(err)
		}
		w.tell(e)
		if again := w.other.heard(); len(again) != 0 || w.states(e) != "delivered delivered delivered" {
			w.Errorf("told again: %s; %s", events(again), w.states(e))
		}
		d := w.log(e)[0]
		if d.Attempts != 1 || d.Last.Status != http.StatusOK || d.Last.Answer != "thanks" || d.Event != "shop.opened" || d.EntryID != ids[0] {
			w.Errorf("%+v", d)
		}
	})
}

func TestFailuresAreTriedForThreeDays(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.made()
		ids := w.happen("shop.opened", "shop.closed")
		w.other.answersAs(func(m told) (int, string) {
			if m.body.Data.ID == ids[0] {
				return http.StatusInternalServerError, strings.Repeat("no ", 2000)
			}
			return http.StatusNoContent, ""
		})
		w.tell(e)
		if w.states(e) != "waiting delivered" || w.now(e).FailingSince != 0 { // the second one arrived after it
			w.Fatalf("%s, %+v", w.states(e), w.now(e))
		}
		first := w.log(e)[0]
		if first.Last.Status != 500 || len(first.Last.Answer) != 2<<10 || first.NextAt <= clock.InstantOf(time.Now()) {
			w.Errorf("%+v", first)
		}
		w.work(e)
		if n := len(w.other.heard()); n != 2 {
			w.Errorf("%d messages before the pause is over", n)
		}
		var waited time.Duration
		pause, attempts := time.Minute, 1
		for w.log(e)[0].State == webhooks.Waiting {
			w.pass(pause)
			waited += pause
			w.work(e)
			pause, attempts = min(2*pause, 12*time.Hour), attempts+1
			if attempts > 50 {
				w.Fatal("it is tried for ever")
			}
		}
		if waited < 60*time.Hour || waited > 72*time.Hour || attempts < 12 || w.log(e)[0].State != webhooks.Failed {
			w.Errorf("given up after %s and %d attempts", waited, attempts)
		}
		got := w.other.heard()
		for _, m := range got {
			if m.id != got[0].id {
				w.Errorf("%s and %s are one message", m.id, got[0].id)
			}
		}
		d, log, body, err := w.FindDelivery(w.ctx, e.ID, first.ID)
		if err != nil || len(log) != attempts || d.Attempts != attempts || !strings.Contains(body, `"type":"shop.opened"`) {
			w.Errorf("%d of %d attempts, %s, %v", len(log), attempts, body, err)
		}
	})
}

func TestReplay(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.made()
		ids := w.happen("shop.opened", "shop.closed", "dog.barked")
		w.other.answers(http.StatusBadRequest, "")
		w.tell(e)
		w.pass(80 * time.Hour)
		w.work(e)
		if w.states(e) != "failed failed failed" {
			w.Fatal(w.states(e))
		}
		w.other.heard()
		w.other.answers(http.StatusOK, "")
		all := w.log(e)
		if _, err := w.Replay(w.ctx, e.ID, all[1].ID); err != nil {
			w.Fatal(err)
		}
		w.work(e)
		if got := events(w.other.heard()); got != fmt.Sprintf("shop.closed:%d", ids[1]) || w.states(e) != "failed delivered failed" {
			w.Errorf("%s; %s", got, w.states(e))
		}
		w.exec(`UPDATE webhooks_deliveries SET created_at = created_at - 1000000 WHERE id = $1`, all[0].ID)
		n, err := w.ReplayFailed(w.ctx, e.ID, all[0].CreatedAt)
		if err != nil || n != 1 {
			w.Errorf("%d since then, %v", n, err)
		}
		if n, err = w.ReplayFailed(w.ctx, e.ID, 0); err != nil || n != 1 {
			w.Errorf("%d in all, %v", n, err)
		}
		w.work(e)
		if got := events(w.other.heard()); got != fmt.Sprintf("shop.opened:%d dog.barked:%d", ids[0], ids[2]) || w.states(e) != "delivered delivered delivered" {
			w.Errorf("%s; %s", got, w.states(e))
		}
		if _, err := w.Replay(w.ctx, e.ID, 999); !errs.Is(err, errs.NotFound) {
			w.Errorf("a delivery that is not there: %v", err)
		}
	})
}

// TestLineWaitsWhileNobodyIsThere keeps the order while the other side is down.
func TestLineWaitsWhileNobodyIsThere(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.made()
		w.other.answers(http.StatusServiceUnavailable, "")
		ids := w.happen("shop.opened", "shop.closed", "dog.barked")
		w.tell(e)
		w.work(e)
		if n := len(w.other.heard()); n != 1 || w.states(e) != "waiting waiting waiting" || w.now(e).ResumeAt == 0 || w.now(e).FailingSince == 0 {
			w.Fatalf("%d tried; %s; %+v", n, w.states(e), w.now(e))
		}
		w.other.answers(http.StatusOK, "")
		w.pass(time.Minute)
		w.work(e)
		if got, want := events(w.other.heard()), fmt.Sprintf("shop.opened:%d shop.closed:%d dog.barked:%d", ids[0], ids[1], ids[2]); got != want {
			w.Errorf("%s, want %s", got, want)
		}
		if now := w.now(e); now.ResumeAt != 0 || now.FailingSince != 0 {
			w.Errorf("%+v", now)
		}
	})
}

func TestNobodyListening(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	e, _ := w.made()
	w.other.Close()
	w.happen("shop.opened")
	w.tell(e)
	if got := w.log(e)[0]; got.Last.Status != 0 || !strings.Contains(got.Last.Trouble, "refused") || got.State != webhooks.Waiting {
		t.Errorf("%+v", got)
	}
}

func TestEndpointsAreTurnedOff(t *testing.T) {
	each(t, func(w *world) {
		gone, _ := w.made()
		w.happen("shop.opened", "shop.closed")
		w.other.answers(http.StatusGone, "")
		w.tell(gone)
		if now := w.now(gone); now.Enabled || now.Why != webhooks.WhyGone || w.states(gone) != "failed failed" || len(w.other.heard()) != 1 {
			w.Errorf("%+v; %s", now, w.states(gone))
		}

		failing, _ := w.made()
		w.other.answers(http.StatusTeapot, "")
		for range 6 {
			w.happen("shop.opened")
			w.tell(failing)
			w.pass(24 * time.Hour)
		}
		w.happen("shop.opened")
		w.tell(failing)
		if now := w.now(failing); now.Enabled || now.Why != webhooks.WhyFailing || strings.Contains(w.states(failing), "waiting") {
			w.Errorf("%+v; %s", now, w.states(failing))
		}
		if _, err := w.ReplayFailed(w.ctx, failing.ID, 0); !errs.Is(err, errs.Conflict) {
			w.Errorf("replay to one that is off: %v", err)
		}

		w.happen("shop.opened")
		on, err := w.Change(w.ctx, failing.ID, webhooks.Input{URL: failing.URL, Role: failing.Role, Enabled: true})
		if err != nil || !on.Enabled || on.Why != webhooks.WhyNot || on.FailingSince != 0 {
			w.Fatalf("%+v %v", on, err)
		}
		w.other.answers(http.StatusOK, "")
		w.other.heard()
		after := w.happen("shop.closed")
		w.tell(failing)
		if got := events(w.other.heard()); got != fmt.Sprintf("shop.closed:%d", after[0]) {
			w.Errorf("after it was turned on: %s", got)
		}
		if n := len(w.entries("webhooks.endpoint_disabled")); n != 2 {
			w.Errorf("%d entries tell that one was turned off", n)
		}
	})
}

// entries are those of a kind in the journal.
func (w *world) entries(kind string) (all []journal.Record) {
	w.Helper()
	err := w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
		all, err = journal.List(w.ctx, tx, journal.Query{Kind: kind})
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

func TestSecretIsChangedWithoutABreak(t *testing.T) {
	each(t, func(w *world) {
		e, old := w.made("dog")
		_, fresh, err := w.ChangeSecret(w.ctx, e.ID)
		if err != nil || fresh == old || !strings.HasPrefix(fresh, "whsec_") {
			w.Fatalf("%s %v", fresh, err)
		}
		for _, c := range []struct{ old, fresh bool }{{true, true}, {false, true}} {
			w.happen("dog.barked")
			w.tell(e)
			m := w.other.heard()[0]
			if m.signedWith(w.T, old) != c.old || m.signedWith(w.T, fresh) != c.fresh {
				w.Errorf("old %v, new %v: %s", m.signedWith(w.T, old), m.signedWith(w.T, fresh), m.signature)
			}
			w.pass(25 * time.Hour)
		}
		for _, entry := range slices.Concat(w.entries("webhooks.secret_changed"), w.entries("webhooks.endpoint_created")) {
			if strings.Contains(string(entry.After), "whsec") || strings.Contains(string(entry.Before), "whsec") {
				w.Errorf("the journal holds a secret: %s", entry.After)
			}
		}
	})
}

func TestATestIsAnsweredAtOnce(t *testing.T) {
	each(t, func(w *world) {
		e, secret := w.made()
		d, err := w.Test(w.ctx, e.ID)
		got := w.other.heard()
		if err != nil || d.State != webhooks.Delivered || len(got) != 1 || got[0].body.Type != "webhooks.test" || !got[0].signedWith(w.T, secret) {
			w.Errorf("%+v %v %v", d, err, got)
		}
		w.other.answers(http.StatusFound, "")
		d, err = w.Test(w.ctx, e.ID)
		if err != nil || d.State != webhooks.Failed || d.Last.Status != http.StatusFound || len(w.other.heard()) != 1 {
			w.Errorf("a redirect: %+v %v", d, err)
		}
		if now := w.now(e); now.FailingSince != 0 {
			w.Errorf("a test counts as a failure: %+v", now)
		}
		if _, err := w.Test(w.ctx, 999); !errs.Is(err, errs.NotFound) {
			w.Errorf("no endpoint: %v", err)
		}
	})
}

func TestOnlyWhatTheRoleMayKnow(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.made()
		w.happen("shop.opened")
		if err := w.Follow(w.ctx); err != nil {
			w.Fatal(err)
		}
		w.hidden = true
		w.happen("shop.closed")
		w.tell(e)
		log := w.log(e)
		if len(w.other.heard()) != 0 || len(log) != 1 || log[0].State != webhooks.Failed || log[0].Last.Trouble != webhooks.TroubleWithheld {
			w.Errorf("%+v", log)
		}
		w.hidden = false
		w.exec(`DELETE FROM platform_journal_payloads`) // a person was erased
		if _, err := w.Replay(w.ctx, e.ID, log[0].ID); err != nil {
			w.Fatal(err)
		}
		w.work(e)
		if got := w.other.heard(); len(got) != 1 || got[0].body.Data.After != nil {
			w.Errorf("what was erased is told: %+v", got)
		}
	})
}

func TestWhatIsSetIsChecked(t *testing.T) {
	each(t, func(w *world) {
		good := webhooks.Input{URL: "https://shop.example/hook", Role: authz.Analyst, Events: []string{"shop.opened", "shop", "dog.barked"}, Enabled: true}
		for field, in := range map[string]webhooks.Input{
			"url":         {URL: "shop.example", Role: authz.Analyst},
			"role":        {URL: good.URL, Role: "king"},
			"events":      {URL: good.URL, Role: authz.Analyst, Events: []string{"moon.rose"}},
			"description": {URL: good.URL, Role: authz.Analyst, Description: strings.Repeat("x", 501)},
		} {
			_, _, err := w.Create(w.ctx, in)
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != field {
				w.Errorf("%s: %v %v", field, err, fields)
			}
		}
		for role, text := range map[authz.Role]string{authz.Manager: "webhooks.error.role-blind", authz.Head: "webhooks.error.role-beyond"} {
			_, _, err := w.Create(w.ctx, webhooks.Input{URL: good.URL, Role: role})
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Text.ID != text {
				w.Errorf("%s: %v", role, err)
			}
		}
		e, _, err := w.Create(w.ctx, good)
		if err != nil || strings.Join(e.Events, " ") != "dog.barked shop" { // the whole module says it all
			w.Errorf("%v %v", e.Events, err)
		}
		runner, err := jobs.New(w.d, jobs.Config{})
		if err != nil {
			w.Fatal(err)
		}
		strict, err := webhooks.New(webhooks.Deps{DB: w.d, Jobs: runner, Readers: w, Kinds: kinds})
		if err != nil {
			w.Fatal(err)
		}
		for _, url := range []string{
			"http://shop.example", "https://127.0.0.1/", "https://[::1]/", "https://localhost", "https://a.localhost.", "https://10.0.0.1:8080/x",
			"https://me:secret@shop.example/", "ftp://shop.example", "https://", "https://shop.example/#part", "https://shop.example/a b",
		} {
			_, _, err := strict.Create(w.ctx, webhooks.Input{URL: url, Role: authz.Analyst})
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != "url" {
				w.Errorf("%s: %v", url, err)
			}
		}
	})
}

func TestEverythingNeedsTheRight(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	e, _ := w.made()
	ctx := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1, Grants: map[string]authz.Level{"journal.view": authz.All}})
	in := webhooks.Input{URL: w.other.URL, Role: authz.Analyst}
	for name, call := range map[string]func(context.Context) error{
		"Create":       func(ctx context.Context) error { _, _, err := w.Create(ctx, in); return err },
		"List":         func(ctx context.Context) error { _, err := w.List(ctx); return err },
		"Find":         func(ctx context.Context) error { _, err := w.Find(ctx, e.ID); return err },
		"Change":       func(ctx context.Context) error { _, err := w.Change(ctx, e.ID, in); return err },
		"Remove":       func(ctx context.Context) error { return w.Remove(ctx, e.ID) },
		"ChangeSecret": func(ctx context.Context) error { _, _, err := w.ChangeSecret(ctx, e.ID); return err },
		"Deliveries": func(ctx context.Context) error {
			_, _, err := w.Deliveries(ctx, e.ID, webhooks.LogQuery{})
			return err
		},
		"FindDelivery": func(ctx context.Context) error { _, _, _, err := w.FindDelivery(ctx, e.ID, 1); return err },
		"Test":         func(ctx context.Context) error { _, err := w.Test(ctx, e.ID); return err },
		"Replay":       func(ctx context.Context) error { _, err := w.Replay(ctx, e.ID, 1); return err },
		"ReplayFailed": func(ctx context.Context) error { _, err := w.ReplayFailed(ctx, e.ID, 0); return err },
	} {
		if err := call(ctx); !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s without the right: %v", name, err)
		}
	}
	if len(w.other.heard()) != 0 || !w.now(e).Enabled {
		t.Error("a refusal did something")
	}
}

func TestLogIsKeptForAMonth(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.made("dog")
		w.happen("dog.barked")
		w.tell(e)
		w.pass(29 * 24 * time.Hour)
		w.happen("dog.barked")
		w.tell(e)
		w.pass(2 * 24 * time.Hour)
		if err := w.Sweep(w.ctx); err != nil || w.states(e) != "delivered" {
			w.Errorf("%s %v", w.states(e), err)
		}
		if err := w.Remove(w.ctx, e.ID); err != nil {
			w.Fatal(err)
		}
		if _, err := w.Find(w.ctx, e.ID); !errs.Is(err, errs.NotFound) {
			w.Errorf("after it was removed: %v", err)
		}
	})
}

// TestEventsArriveByThemselves runs everything as the server does.
func TestEventsArriveByThemselves(t *testing.T) {
	each(t, func(w *world) {
		if err := w.jobs.Start(w.ctx); err != nil {
			w.Fatal(err)
		}
		ctx, cancel := context.WithCancel(w.ctx)
		ended := make(chan struct{})
		go func() {
			w.Service.Run(ctx)
			close(ended)
		}()
		w.Cleanup(func() {
			cancel()
			<-ended
			stopping, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := w.jobs.Stop(stopping); err != nil {
				w.Errorf("stop: %v", err)
			}
		})
		w.made("dog")
		var want []int64
		for range 3 {
			want = append(want, w.happen("dog.barked", "shop.opened")[0])
		}
		var got []int64
		for deadline := time.Now().Add(30 * time.Second); len(got) < len(want); time.Sleep(10 * time.Millisecond) {
			for _, m := range w.other.heard() {
				got = append(got, m.body.Data.ID)
			}
			if time.Now().After(deadline) {
				w.Fatalf("%v of %v arrived", got, want)
			}
		}
		if !slices.Equal(got, want) {
			w.Errorf("%v, want %v", got, want)
		}
	})
}
