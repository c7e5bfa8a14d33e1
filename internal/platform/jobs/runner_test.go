package jobs_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/jobs"
)

func TestProgressIsKeptWithoutWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.progress", jobs.Options{})
		goOn := make(chan struct{})
		f.handle(kind, func(ctx context.Context, job jobs.Job[args]) error {
			job.Progress(1, 0, "reading")
			<-goOn
			return d.Write(ctx, func(*db.Tx) error { // a report within a transaction must not lock up
				for i := range int64(10_000) {
					job.Progress(i+1, 10_000, "writing")
				}
				return nil
			})
		})
		f.start()
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		eventually(t, "first report", func() bool { return f.find(id).Progress.Text == "reading" })
		close(goOn)
		f.await(id, jobs.Done)
		var p jobs.Progress
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			p, err = jobs.FindProgress(t.Context(), tx, id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if p.Done != 10_000 || p.Percent() != 100 || p.Text != "writing" || p.At.IsZero() {
			t.Errorf("%+v", p)
		}
	})
}

func TestStopLetsJobsFinish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.finish", jobs.Options{})
		running := make(chan struct{}, 1)
		f.handle(kind, func(ctx context.Context, _ jobs.Job[args]) error {
			running <- struct{}{}
			time.Sleep(200 * time.Millisecond)
			return ctx.Err()
		})
		f.start()
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		receive(t, running)
		if err := f.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.find(id); got.State != jobs.Done {
			t.Errorf("state %s", got.State)
		}
	})
}

func TestStopPutsLongJobsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d, jobs.Hasty(jobs.Config{Grace: 50 * time.Millisecond}))
		kind := jobs.Define[args]("test.long", jobs.Options{MaxAttempts: 1})
		running := make(chan struct{}, 1)
		f.handle(kind, func(ctx context.Context, _ jobs.Job[args]) error {
			running <- struct{}{}
			<-ctx.Done()
			return errors.New("interrupted")
		})
		f.start()
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		receive(t, running)
		if err := f.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.find(id); got.State != jobs.Waiting || got.Attempt != 0 || len(got.Failures) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestManyJobsRunWhileOthersWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d, jobs.Hasty(jobs.Config{Workers: map[string]int{jobs.Quick: 32}}))
		mustExec(t, d, "CREATE TABLE t (n BIGINT NOT NULL)")
		kind := jobs.Define[args]("test.many", jobs.Options{})
		f.handle(kind, func(ctx context.Context, job jobs.Job[args]) error { return insert(ctx, d, job.Args.N) })
		f.start()
		all := make([]args, 1000)
		for i := range all {
			all[i].N = i
		}
		started := time.Now()
		err := d.Write(f.me, func(tx *db.Tx) error {
			ids, err := kind.EnqueueMany(f.me, f.Runner, tx, all, jobs.InsertOptions{})
			if len(ids) != len(all) {
				t.Errorf("%d ids", len(ids))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		var writers sync.WaitGroup
		var written atomic.Int64
		for range 8 {
			writers.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					if err := insert(t.Context(), d, -1); err != nil {
						t.Error(err)
						return
					}
					written.Add(1)
				}
			})
		}
		eventually(t, "1000 jobs done", func() bool { return f.count(jobs.Done) == 1000 })
		close(done)
		writers.Wait()
		took := time.Since(started)
		t.Logf("1000 jobs in %s (%.0f/s), beside %d other writes", took, 1000/took.Seconds(), written.Load())
		if got := countRows(t, d, "SELECT COUNT(*) FROM t WHERE n >= 0"); got != 1000 {
			t.Errorf("%d rows", got)
		}
	})
}
