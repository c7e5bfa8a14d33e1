package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

func TestJobRunsOnBehalfOfItsEnqueuer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.greet", jobs.Options{})
		type seen struct {
			job     jobs.Job[args]
			actor   authz.Actor
			locale  i18n.Locale
			request string
		}
		got := make(chan seen, 1)
		f.handle(kind, func(ctx context.Context, job jobs.Job[args]) error {
			got <- seen{job, authz.From(ctx), i18n.From(ctx), journal.RequestID(ctx)}
			return nil
		})
		f.start()
		sofia, err := time.LoadLocation("Europe/Sofia")
		if err != nil {
			t.Fatal(err)
		}
		ctx := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 7, Name: "Vera"})
		ctx = i18n.With(ctx, i18n.Locale{Lang: i18n.Bulgarian, Zone: sofia, Currency: "BGN"})
		ctx = journal.WithRequest(ctx, "r-1")
		var id int64
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			id, err = kind.Enqueue(ctx, f.Runner, tx, args{5}, jobs.InsertOptions{})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		s := receive(t, got)
		if s.job.ID != id || s.job.Args.N != 5 || s.job.Attempt != 1 || s.job.Last() {
			t.Errorf("job %+v", s.job)
		}
		if want := (jobs.Who{Kind: authz.Person, UserID: 7, Name: "Vera"}); s.job.By != want {
			t.Errorf("by %+v", s.job.By)
		}
		if s.actor.Kind != authz.System || s.actor.UserID != 7 || s.actor.Name != "Vera" {
			t.Errorf("actor %+v", s.actor)
		}
		if s.locale.Lang != i18n.Bulgarian || s.locale.Zone.String() != "Europe/Sofia" || s.locale.Currency != "BGN" {
			t.Errorf("locale %+v", s.locale)
		}
		if s.request != "r-1" {
			t.Errorf("request %q", s.request)
		}
		info := f.await(id, jobs.Done)
		if info.By.Name != "Vera" || info.Kind != "test.greet" || info.Queue != jobs.Quick {
			t.Errorf("info %+v", info)
		}
		if info.Created.IsZero() || info.Attempted.IsZero() || info.Finished < info.Attempted {
			t.Errorf("times of %+v", info)
		}
	})
}

func TestRolledBackTransactionLeavesNoJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.never", jobs.Options{})
		refused := errors.New("refused")
		err := d.Write(f.me, func(tx *db.Tx) error {
			if _, err := kind.Enqueue(f.me, f.Runner, tx, args{1}, jobs.InsertOptions{}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		kept := f.enqueue(kind, 2, jobs.InsertOptions{})
		all, err := f.List(f.me, jobs.Filter{})
		if err != nil || len(all) != 1 || all[0].ID != kept {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestFailingJobIsTriedAgainThenGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.fail", jobs.Options{MaxAttempts: 3, Backoff: soon})
		var attempts atomic.Int32
		f.handle(kind, func(_ context.Context, job jobs.Job[args]) error {
			if attempts.Add(1) == 2 {
				panic("defect")
			}
			return errors.New("mail server away")
		})
		f.start()
		info := f.await(f.enqueue(kind, 1, jobs.InsertOptions{}), jobs.Failed)
		if attempts.Load() != 3 || info.Attempt != 3 || len(info.Failures) != 3 {
			t.Fatalf("%d attempts: %+v", attempts.Load(), info)
		}
		if got := info.Failures[0]; got.Text != "mail server away" || got.Attempt != 1 || got.At.IsZero() {
			t.Errorf("first failure %+v", got)
		}
		if got := info.Failures[1]; got.Text != "defect" || got.Trace == "" {
			t.Errorf("panic %+v", got)
		}
	})
}

func TestPausesGrowByDefault(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.fail", jobs.Options{})
		f.handle(kind, func(context.Context, jobs.Job[args]) error { return errors.New("no") })
		f.start()
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		var info jobs.Info
		eventually(t, "second failure", func() bool {
			info = f.find(id)
			return len(info.Failures) == 2
		})
		pause := info.Scheduled.Time().Sub(info.Failures[1].At)
		if info.State != jobs.Retrying || pause < 12*time.Second || pause > 20*time.Second {
			t.Errorf("%s after a pause of %s, want about 16 s", info.State, pause)
		}
	})
}

func TestPermanentAndLater(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		hopeless := jobs.Define[args]("test.hopeless", jobs.Options{})
		f.handle(hopeless, func(context.Context, jobs.Job[args]) error { return jobs.Permanent(errors.New("no such customer")) })
		early := jobs.Define[args]("test.early", jobs.Options{MaxAttempts: 1})
		var calls atomic.Int32
		f.handle(early, func(_ context.Context, job jobs.Job[args]) error {
			if calls.Add(1) < 3 {
				return jobs.Later(10 * time.Millisecond)
			}
			return nil
		})
		f.start()
		a, b := f.enqueue(hopeless, 1, jobs.InsertOptions{}), f.enqueue(early, 1, jobs.InsertOptions{})
		if info := f.await(a, jobs.Cancelled); len(info.Failures) != 1 {
			t.Errorf("%+v", info)
		}
		if info := f.await(b, jobs.Done); calls.Load() != 3 || len(info.Failures) != 0 {
			t.Errorf("%d calls: %+v", calls.Load(), info)
		}
	})
}

func TestTimeoutEndsTheAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.slow", jobs.Options{Timeout: 30 * time.Millisecond, MaxAttempts: 1})
		f.handle(kind, func(ctx context.Context, _ jobs.Job[args]) error {
			<-ctx.Done()
			return ctx.Err()
		})
		f.start()
		info := f.await(f.enqueue(kind, 1, jobs.InsertOptions{}), jobs.Failed)
		if len(info.Failures) != 1 || info.Failures[0].Text != context.DeadlineExceeded.Error() {
			t.Errorf("%+v", info)
		}
	})
}

func TestUniqueJobsWaitOnlyOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		byArgs := jobs.Define[args]("test.unique", jobs.Options{Unique: true})
		byKey := jobs.Define[args]("test.keyed", jobs.Options{})
		first := f.enqueue(byArgs, 1, jobs.InsertOptions{})
		if again := f.enqueue(byArgs, 1, jobs.InsertOptions{}); again != first {
			t.Errorf("the same arguments made job %d beside %d", again, first)
		}
		if other := f.enqueue(byArgs, 2, jobs.InsertOptions{}); other == first {
			t.Error("other arguments made no job")
		}
		key := jobs.InsertOptions{UniqueKey: "customer 5"}
		keyed := f.enqueue(byKey, 1, key)
		if again := f.enqueue(byKey, 2, key); again != keyed {
			t.Errorf("the same key made job %d beside %d", again, keyed)
		}
		work := func(context.Context, jobs.Job[args]) error { return nil }
		f.handle(byArgs, work)
		f.handle(byKey, work)
		f.start()
		f.await(first, jobs.Done)
		if next := f.enqueue(byArgs, 1, jobs.InsertOptions{}); next == first {
			t.Error("a finished job stands in the way of the next")
		}
	})
}

func TestPlannedJobWaitsForItsTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.plan", jobs.Options{})
		ran := make(chan time.Time, 2)
		f.handle(kind, func(context.Context, jobs.Job[args]) error {
			ran <- time.Now()
			return nil
		})
		f.start()
		due := time.Now().Add(1500 * time.Millisecond)
		id := f.enqueue(kind, 1, jobs.InsertOptions{At: clock.InstantOf(due)})
		far := f.enqueue(kind, 2, jobs.InsertOptions{At: clock.InstantOf(due.Add(time.Hour))})
		if got := f.find(id); got.State.Finished() || got.Attempt != 0 {
			t.Errorf("%+v before its time", got)
		}
		if at := receive(t, ran); at.Before(due.Add(-10 * time.Millisecond)) {
			t.Errorf("ran %s early", due.Sub(at))
		}
		if got := f.find(far); got.State != jobs.Planned {
			t.Errorf("state %s an hour before its time", got.State)
		}
	})
}

func TestUnreadableArgumentsAreGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		old := jobs.Define[json.RawMessage]("test.changed", jobs.Options{})
		var id int64
		if err := d.Write(f.me, func(tx *db.Tx) (err error) {
			id, err = old.Enqueue(f.me, f.Runner, tx, json.RawMessage(`{"n":"five"}`), jobs.InsertOptions{})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		f.handle(jobs.Define[args]("test.changed", jobs.Options{}), func(context.Context, jobs.Job[args]) error {
			t.Error("work was called")
			return nil
		})
		f.start()
		f.await(id, jobs.Cancelled)
	})
}
