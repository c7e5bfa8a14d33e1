package jobs_test

import (
	"context"
	"errors"
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

func (f *fixture) lastEvent() string {
	f.t.Helper()
	var kind string
	err := f.d.Read(f.me, func(tx *db.Tx) error {
		id, err := journal.Last(f.me, tx)
		if err != nil {
			return err
		}
		r, err := journal.Find(f.me, tx, id)
		kind = r.Kind
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return kind
}

func TestCancelEndsWaitingAndRunningJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d, jobs.Unhurried(jobs.Config{}))
		kind := jobs.Define[args]("test.cancel", jobs.Options{})
		running := make(chan struct{}, 1)
		f.handle(kind, func(ctx context.Context, _ jobs.Job[args]) error {
			running <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		})
		waiting := f.enqueue(kind, 1, jobs.InsertOptions{})
		if err := f.Cancel(f.me, waiting); err != nil {
			t.Fatal(err)
		}
		if got := f.find(waiting); got.State != jobs.Cancelled {
			t.Errorf("a waiting job is %s", got.State)
		}
		if got := f.lastEvent(); got != "jobs.cancelled" {
			t.Errorf("journal says %q", got)
		}
		if err := f.Cancel(f.me, waiting); !errs.Is(err, errs.Conflict) {
			t.Errorf("cancelled twice: %v", err)
		}
		f.start()
		id := f.enqueue(kind, 2, jobs.InsertOptions{})
		receive(t, running)
		if err := f.Retry(f.me, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("a running job was retried: %v", err)
		}
		if err := f.Cancel(f.me, id); err != nil {
			t.Fatal(err)
		}
		f.await(id, jobs.Cancelled)
	})
}

func TestRetryRunsAFailedJobAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.retry", jobs.Options{MaxAttempts: 1})
		f.handle(kind, func(_ context.Context, job jobs.Job[args]) error {
			if job.Attempt == 1 {
				return errors.New("no")
			}
			return nil
		})
		f.start()
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		f.await(id, jobs.Failed)
		if err := f.Retry(f.me, id); err != nil {
			t.Fatal(err)
		}
		if got := f.lastEvent(); got != "jobs.retried" {
			t.Errorf("journal says %q", got)
		}
		f.await(id, jobs.Done)
	})
}

func TestPausedQueueBeginsNoJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		quick, slow := jobs.Define[args]("test.quick", jobs.Options{}), jobs.Define[args]("test.slow", jobs.Options{Queue: jobs.Slow})
		work := func(context.Context, jobs.Job[args]) error { return nil }
		f.handle(quick, work)
		f.handle(slow, work)
		f.start()
		f.await(f.enqueue(slow, 0, jobs.InsertOptions{}), jobs.Done) // the queues are known from their first job
		if err := f.Pause(f.me, jobs.Slow); err != nil {
			t.Fatal(err)
		}
		if err := f.Pause(f.me, "absent"); !errs.Is(err, errs.NotFound) {
			t.Errorf("an absent queue was paused: %v", err)
		}
		queues, err := f.Queues(f.me)
		if err != nil || len(queues) != 2 || queues[0].Paused || !queues[1].Paused {
			t.Errorf("%+v, %v", queues, err)
		}
		// The pause reaches the workers by notification, behind which these jobs queue up.
		eventually(t, "a job that is left waiting", func() bool {
			held := f.enqueue(slow, 1, jobs.InsertOptions{})
			f.await(f.enqueue(quick, 1, jobs.InsertOptions{}), jobs.Done)
			return f.find(held).State == jobs.Waiting
		})
		if err := f.Resume(f.me, jobs.Slow); err != nil {
			t.Fatal(err)
		}
		eventually(t, "all jobs done", func() bool { return f.count(jobs.Waiting)+f.count(jobs.Running) == 0 })
	})
}

func TestListPagesAndFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		one, two := jobs.Define[args]("test.one", jobs.Options{}), jobs.Define[args]("test.two", jobs.Options{})
		var ids []int64
		for i := range 5 {
			ids = append(ids, f.enqueue(one, i, jobs.InsertOptions{}))
		}
		other := f.enqueue(two, 9, jobs.InsertOptions{})
		tests := []struct {
			name   string
			filter jobs.Filter
			want   []int64
		}{
			{"first page", jobs.Filter{Limit: 2}, []int64{other, ids[4]}},
			{"next page", jobs.Filter{Limit: 2, Before: ids[4]}, []int64{ids[3], ids[2]}},
			{"one kind", jobs.Filter{Kind: "test.two"}, []int64{other}},
			{"one state", jobs.Filter{State: jobs.Waiting, Limit: 1}, []int64{other}},
			{"none", jobs.Filter{State: jobs.Failed}, nil},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				found, err := f.List(f.me, tt.filter)
				if err != nil || len(found) != len(tt.want) {
					t.Fatalf("%+v, %v", found, err)
				}
				for i, info := range found {
					if info.ID != tt.want[i] {
						t.Errorf("%d. is %d, want %d", i, info.ID, tt.want[i])
					}
				}
			})
		}
		if _, err := f.Find(f.me, other+1); !errs.Is(err, errs.NotFound) {
			t.Errorf("found an absent job: %v", err)
		}
	})
}

func TestSteeringNeedsThePermission(t *testing.T) {
	f := hasty(t, dbtest.SQLite(t))
	kind := jobs.Define[args]("test.guarded", jobs.Options{})
	id := f.enqueue(kind, 1, jobs.InsertOptions{})
	calls := map[string]func(context.Context) error{
		"List":   func(ctx context.Context) error { _, err := f.List(ctx, jobs.Filter{}); return err },
		"Find":   func(ctx context.Context) error { _, err := f.Find(ctx, id); return err },
		"Queues": func(ctx context.Context) error { _, err := f.Queues(ctx); return err },
		"Retry":  func(ctx context.Context) error { return f.Retry(ctx, id) },
		"Cancel": func(ctx context.Context) error { return f.Cancel(ctx, id) },
		"Pause":  func(ctx context.Context) error { return f.Pause(ctx, jobs.Quick) },
		"Resume": func(ctx context.Context) error { return f.Resume(ctx, jobs.Quick) },
	}
	without := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1})
	for name, call := range calls {
		if err := call(without); !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s without the permission: %v", name, err)
		}
	}
}
