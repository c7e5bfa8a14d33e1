package jobs_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/jobs"
)

func TestPlansGiveTheLatestDueTime(t *testing.T) {
	sofia, err := time.LoadLocation("Europe/Sofia")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name      string
		plan      jobs.Plan
		now, want string
	}{
		{"hourly", jobs.Every(time.Hour), "2026-03-10 10:59", "2026-03-10 10:00"},
		{"daily, before its time", jobs.Daily(3, 30), "2026-03-10 03:29", "2026-03-09 03:30"},
		{"daily, at its time", jobs.Daily(3, 30), "2026-03-10 03:30", "2026-03-10 03:30"},
		{"daily, across the year", jobs.Daily(23, 0), "2026-01-01 22:59", "2025-12-31 23:00"},
		{"daily, in the hour that summer time leaves out", jobs.Daily(3, 30), "2026-03-29 12:00", "2026-03-29 04:30"},
		{"weekly, another day", jobs.Weekly(time.Monday, 6, 0), "2026-03-12 10:00", "2026-03-09 06:00"},
		{"weekly, the day, before its time", jobs.Weekly(time.Monday, 6, 0), "2026-03-09 05:00", "2026-03-02 06:00"},
		{"weekly, the day, after its time", jobs.Weekly(time.Monday, 6, 0), "2026-03-09 07:00", "2026-03-09 06:00"},
	}
	const layout = "2006-01-02 15:04"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now, err := time.ParseInLocation(layout, tt.now, sofia)
			if err != nil {
				t.Fatal(err)
			}
			if got := tt.plan(now).Format(layout); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// nodeOf opens a database as one more node, with this clock.
func nodeOf(t *testing.T, options db.Options, c clock.Clock) *fixture {
	t.Helper()
	options.Clock = c
	d, err := db.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return hasty(t, d)
}

func TestScheduledJobRunsOnceOnThreeNodes(t *testing.T) {
	url := dbtest.PostgresURL(t)
	c := clock.Fixed(time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC))
	kind := jobs.Define[args]("test.nightly", jobs.Options{})
	ran := make(chan struct{}, 100)
	var nodes []*fixture
	for range 3 {
		f := nodeOf(t, db.Options{URL: url}, c)
		f.handle(kind, func(context.Context, jobs.Job[args]) error {
			ran <- struct{}{}
			return nil
		})
		if err := kind.Schedule(f.Runner, jobs.Daily(3, 0), args{}); err != nil {
			t.Fatal(err)
		}
		f.start()
		nodes = append(nodes, f)
	}
	settled(t, nodes[0], "2026-03-09 03:00")
	c.Set(time.Date(2026, 3, 10, 3, 0, 1, 0, time.UTC))
	receive(t, ran)
	eventually(t, "first job done", func() bool { return nodes[0].count(jobs.Done) == 1 })
	c.Set(time.Date(2026, 3, 14, 4, 0, 0, 0, time.UTC)) // after some missed days
	receive(t, ran)
	time.Sleep(200 * time.Millisecond) // ten looks at the schedule, each node
	all, err := nodes[0].List(nodes[0].me, jobs.Filter{})
	if err != nil || len(all) != 2 || len(ran) != 0 {
		t.Errorf("%d jobs, %d more runs, %v", len(all), len(ran), err)
	}
}

// settled waits until the due time is taken note of.
func settled(t *testing.T, f *fixture, due string) {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", due)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "schedule at "+due, func() bool {
		return countRows(t, f.d, "SELECT COALESCE(MAX(slot), 0) FROM platform_job_schedules") == int(clock.InstantOf(at))
	})
}

func TestScheduledJobsDoNotPileUp(t *testing.T) {
	c := clock.Fixed(time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC))
	f := nodeOf(t, db.Options{Dir: filepath.Dir(dbtest.SQLite(t).Path())}, c)
	kind := jobs.Define[args]("test.hourly", jobs.Options{})
	goOn := make(chan struct{})
	f.handle(kind, func(context.Context, jobs.Job[args]) error {
		<-goOn
		return nil
	})
	if err := kind.Schedule(f.Runner, jobs.Every(time.Hour), args{}); err != nil {
		t.Fatal(err)
	}
	f.start()
	settled(t, f, "2026-03-10 02:00")
	for _, due := range []string{"2026-03-10 03:00", "2026-03-10 04:00", "2026-03-10 05:00"} {
		c.Advance(time.Hour)
		settled(t, f, due)
	}
	if all, err := f.List(f.me, jobs.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("%d jobs, %v", len(all), err)
	}
	close(goOn)
}
