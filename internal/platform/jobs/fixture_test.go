package jobs_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
)

func TestMain(m *testing.M) {
	// The shell that holds the test server lives as long as this process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"))
}

type args struct {
	N int `json:"n"`
}

func soon(int) time.Duration { return 10 * time.Millisecond }

// patience is longer than anything awaited here takes on a busy machine.
const patience = time.Minute

// fixture is a runner on a fresh database, stopped when the test ends.
type fixture struct {
	*jobs.Runner

	t  *testing.T
	d  *db.DB
	me context.Context
}

func newFixture(t *testing.T, d *db.DB, config jobs.Config) *fixture {
	t.Helper()
	r, err := jobs.New(d, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return &fixture{Runner: r, t: t, d: d, me: authz.AsSystem(t.Context(), "test")}
}

func hasty(t *testing.T, d *db.DB) *fixture { return newFixture(t, d, jobs.Hasty(jobs.Config{})) }

func (f *fixture) start() {
	f.t.Helper()
	if err := f.Start(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) handle(kind jobs.Kind[args], work func(context.Context, jobs.Job[args]) error) {
	f.t.Helper()
	if err := kind.Handle(f.Runner, work); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) enqueue(kind jobs.Kind[args], n int, opts jobs.InsertOptions) (id int64) {
	f.t.Helper()
	err := f.d.Write(f.me, func(tx *db.Tx) (err error) {
		id, err = kind.Enqueue(f.me, f.Runner, tx, args{n}, opts)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

func (f *fixture) find(id int64) jobs.Info {
	f.t.Helper()
	info, err := f.Find(f.me, id)
	if err != nil {
		f.t.Fatal(err)
	}
	return info
}

func (f *fixture) await(id int64, state jobs.State) jobs.Info {
	f.t.Helper()
	var info jobs.Info
	eventually(f.t, string(state), func() bool {
		info = f.find(id)
		return info.State == state
	})
	return info
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("not within %s: %s", patience, what)
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func (f *fixture) count(state jobs.State) (n int64) {
	f.t.Helper()
	counts, err := f.Stats(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	for _, c := range counts {
		if c.State == state {
			n += c.Jobs
		}
	}
	return n
}

func insert(ctx context.Context, d *db.DB, n int) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO t (n) VALUES ($1)", n)
		return err
	})
}

func mustExec(t *testing.T, d *db.DB, statement string, arguments ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), statement, arguments...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func countRows(t *testing.T, d *db.DB, statement string) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int], statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
