package jobs_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/jobs"
)

// kill leaves a job as a killed process would: running, on a node that is no
// more.
func kill(t *testing.T, d *db.DB, id int64, node string) {
	t.Helper()
	by := `{` + node + `}`
	if d.Engine() == db.SQLite {
		by = `["` + node + `"]`
	}
	statement := `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $2, attempted_by = $3 WHERE id = $1`
	if d.Engine() == db.SQLite {
		statement = `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $2, attempted_by = jsonb($3) WHERE id = $1`
	}
	mustExec(t, d, statement, id, time.Now().UTC().Format("2006-01-02 15:04:05.000"), by)
}

func TestJobOfAKilledProcessIsRescued(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.import", jobs.Options{Timeout: 6 * time.Hour, Backoff: soon})
		attempts := make(chan int, 1)
		f.handle(kind, func(_ context.Context, job jobs.Job[args]) error {
			attempts <- job.Attempt
			return nil
		})
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		kill(t, d, id, "ghost")
		f.start()
		if got := receive(t, attempts); got != 2 {
			t.Errorf("attempt %d", got)
		}
		f.await(id, jobs.Done)
	})
}

func TestRunningJobsOfLiveNodesAreLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := hasty(t, d)
		kind := jobs.Define[args]("test.import", jobs.Options{Timeout: 6 * time.Hour})
		f.handle(kind, func(context.Context, jobs.Job[args]) error {
			t.Error("the job of another node ran")
			return nil
		})
		mustExec(t, d, `INSERT INTO platform_job_nodes (id, beat) VALUES ('alive', 7)`)
		id := f.enqueue(kind, 1, jobs.InsertOptions{})
		kill(t, d, id, "alive")
		f.start()
		quick := jobs.Define[args]("test.other", jobs.Options{})
		f.enqueue(quick, 1, jobs.InsertOptions{})
		time.Sleep(300 * time.Millisecond)
		if got := f.find(id); got.State != jobs.Running || got.Attempt != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestNodeWithoutSignOfLifeIsStruckOff(t *testing.T) {
	c := clock.Fixed(time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC))
	url := dbtest.PostgresURL(t)
	f := nodeOf(t, db.Options{URL: url}, c)
	mustExec(t, f.d, `INSERT INTO platform_job_nodes (id, beat) VALUES ('still', 7), ('alive', 1)`)
	watch := f.Watch()
	for range 3 { // a minute and a half
		if err := watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.Advance(30 * time.Second)
		mustExec(t, f.d, `UPDATE platform_job_nodes SET beat = beat + 1 WHERE id = 'alive'`)
	}
	if err := watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, f.d, "SELECT COUNT(*) FROM platform_job_nodes WHERE id = 'still'"); n != 0 {
		t.Error("the dead node is still listed")
	}
	if n := countRows(t, f.d, "SELECT COUNT(*) FROM platform_job_nodes"); n != 2 {
		t.Errorf("%d nodes, want the live one and this one", n)
	}
}

func TestOwnJobsAreNoticedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d, jobs.Unhurried(jobs.Config{}))
		kind := jobs.Define[args]("test.prompt", jobs.Options{})
		ran := make(chan time.Time, 1)
		f.handle(kind, func(context.Context, jobs.Job[args]) error {
			ran <- time.Now()
			return nil
		})
		f.start()
		f.enqueue(kind, 0, jobs.InsertOptions{})
		receive(t, ran) // the runner is up
		var slowest time.Duration
		for i := range 10 {
			started := time.Now()
			f.enqueue(kind, i, jobs.InsertOptions{})
			slowest = max(slowest, receive(t, ran).Sub(started))
		}
		t.Logf("slowest of ten began after %s", slowest)
		if slowest > 900*time.Millisecond { // a mere poll would be a second or more
			t.Errorf("a job began only after %s", slowest)
		}
	})
}

func TestJobsOfAnotherProcessAreFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, command := newFixture(t, d, jobs.Unhurried(jobs.Config{})), hasty(t, d)
		kind := jobs.Define[args]("test.command", jobs.Options{})
		f.handle(kind, func(context.Context, jobs.Job[args]) error { return nil })
		f.start()
		f.await(command.enqueue(kind, 1, jobs.InsertOptions{}), jobs.Done)
		f.await(command.enqueue(kind, 2, jobs.InsertOptions{}), jobs.Done)
	})
}

func TestMistakesInWiringAreErrors(t *testing.T) {
	f := hasty(t, dbtest.SQLite(t))
	work := func(context.Context, jobs.Job[args]) error { return nil }
	kind, late := jobs.Define[args]("test.kind", jobs.Options{}), jobs.Define[args]("test.late", jobs.Options{})
	if err := f.Start(t.Context()); err == nil {
		t.Error("started without any work")
	}
	f.handle(kind, work)
	if err := kind.Schedule(f.Runner, jobs.Every(time.Hour), args{}); err != nil {
		t.Error(err)
	}
	if kind.Handle(f.Runner, work) == nil {
		t.Error("handled twice")
	}
	if kind.Schedule(f.Runner, jobs.Every(time.Hour), args{}) == nil {
		t.Error("scheduled twice")
	}
	f.start()
	if late.Handle(f.Runner, work) == nil || late.Schedule(f.Runner, jobs.Every(time.Hour), args{}) == nil {
		t.Error("wired after the start")
	}
	if f.Start(t.Context()) == nil {
		t.Error("started twice")
	}
}

// TestIdleRunnerIsCheap guards against a busy loop.
func TestIdleRunnerIsCheap(t *testing.T) {
	f := newFixture(t, dbtest.SQLite(t), jobs.Config{})
	f.handle(jobs.Define[args]("test.idle", jobs.Options{}), func(context.Context, jobs.Job[args]) error { return nil })
	f.start()
	time.Sleep(time.Second)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	time.Sleep(2 * time.Second)
	runtime.ReadMemStats(&after)
	allocated := (after.TotalAlloc - before.TotalAlloc) / 1024
	t.Logf("%d kB allocated in two idle seconds, heap %d kB, %d goroutines", allocated, after.HeapAlloc/1024, runtime.NumGoroutine())
	if allocated > 2048 {
		t.Errorf("%d kB allocated while idle", allocated)
	}
}
