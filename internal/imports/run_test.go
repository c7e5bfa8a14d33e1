package imports_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/jobs"
)

// TestKilledImport breaks an import off after each of its transactions in
// turn, and lets another process go on.
func TestKilledImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil)
		crashes := 0
		w.OnChunk(func(int) error { crashes++; return errCrash })
		i, err := w.run(lamps(40), imports.FileRun{})
		if !errors.Is(err, errCrash) || w.find(i.ID).State != imports.Running {
			t.Fatalf("%v, %+v", err, w.find(i.ID))
		}
		for w.find(i.ID).State != imports.Done && crashes < 20 {
			other := w.service(nil)
			other.OnChunk(func(int) error { crashes++; return errCrash })
			if err := other.Go(w.ctx, i.ID); err != nil && !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
		}
		if done := w.find(i.ID); done.State != imports.Done || done.Rows != 40 || done.Created != 40 || crashes != 7 {
			t.Fatalf("%d crashes, %+v", crashes, done)
		}
		all := w.kept()
		if len(all) != 40 || all[0] != "Lamp 1/1/40" || all[39] != "Lamp 40/40/40" {
			t.Errorf("%d things: %v", len(all), all)
		}
		if rows, err := w.ListRows(w.ctx, i.ID, imports.Created, 0, 1000); err != nil || len(rows) != 40 || rows[39].RecordID != 40 {
			t.Errorf("%v, %d rows", err, len(rows))
		}
	})
}

// TestTwoProcessesDoNothingTwice has two of them work on one import at once.
func TestTwoProcessesDoNothingTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil)
		other := w.service(nil)
		meanwhile := false
		w.OnChunk(func(int) error {
			if meanwhile {
				return nil
			}
			meanwhile = true
			all, err := w.List(w.ctx, 0, 1)
			if err != nil {
				return err
			}
			return other.Go(w.ctx, all[0].ID)
		})
		if _, err := w.run(lamps(40), imports.FileRun{}); err == nil {
			t.Error("the slower one did not notice")
		}
		if all := w.kept(); len(all) != 40 {
			t.Errorf("%d things", len(all))
		}
	})
}

func TestBadRowStandsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nil)
		i, err := w.run(lamps(10)+"poison,,\ntaken,,\n,,5\nLast,Nobody,\n", imports.FileRun{})
		if err != nil {
			t.Fatal(err)
		}
		if want := (imports.Counts{Created: 11, Rejected: 3, Noted: 1}); i.Counts != want {
			t.Fatalf("%+v", i.Counts)
		}
		var out bytes.Buffer
		if err := w.WriteRejects(w.ctx, i.ID, &out, imports.CSV); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Split(out.String(), "\r\n"); len(lines) != 5 || !strings.HasPrefix(lines[1], "poison,,,") || !strings.HasPrefix(lines[2], "taken,,,") {
			t.Errorf("%q", lines)
		}
	})
}

func TestRepeatedRowsOfOneChunk(t *testing.T) {
	for on, want := range map[imports.OnMatch]imports.Counts{
		imports.Update: {Created: 1, Updated: 3}, imports.Skip: {Created: 1, Skipped: 3}, imports.CreateAnyway: {Created: 1, Rejected: 3},
	} {
		t.Run(string(on), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, nil)
				f := imports.FileRun{NewImport: imports.NewImport{Options: imports.Options{Match: imports.MatchExternal, OnMatch: on}}}
				text := "name,size\nLamp,1\nLamp,2\nLamp,3\nLamp,4\n"
				f.DryRun = true
				dry, err := w.run(text, f)
				if err != nil || dry.Counts != want || len(w.kept()) != 0 {
					t.Fatalf("dry: %v, %+v", err, dry.Counts)
				}
				f.DryRun = false
				i, err := w.run(text, f)
				if err != nil || i.Counts != want {
					t.Fatalf("%v, %+v", err, i.Counts)
				}
				if all := w.kept(); len(all) != 1 || on == imports.Update && all[0] != "Lamp/4/0" {
					t.Errorf("%v", all)
				}
			})
		})
	}
}

// TestJob starts imports in the background: one after a trial run, one that is
// cancelled and resumed, one whose file cannot be read to the end.
func TestJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		runner, err := jobs.New(d, jobs.Config{})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, d, runner)
		gate := make(chan struct{})
		w.OnChunk(func(int) error {
			select {
			case <-gate:
			case <-time.After(20 * time.Second):
			}
			return nil
		})
		if err := runner.Start(w.ctx); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = runner.Stop(w.ctx) }()

		i := w.upload(lamps(40), imports.NewImport{})
		if _, err := w.Start(w.ctx, i.ID, false); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Start(w.ctx, i.ID, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("started twice: %v", err)
		}
		for w.find(i.ID).Rows == 0 {
			time.Sleep(20 * time.Millisecond)
		}
		if err := w.Cancel(w.ctx, i.ID); err != nil {
			t.Fatal(err)
		}
		close(gate)
		if stopped := w.find(i.ID); stopped.State != imports.Cancelled || stopped.Rows != 7 {
			t.Errorf("%+v", stopped)
		}
		if _, err := w.Resume(w.ctx, i.ID); err != nil {
			t.Fatal(err)
		}
		if done := w.await(i.ID, imports.Done); done.Created != 40 || done.Percent() != 100 || len(w.kept()) != 40 {
			t.Errorf("%+v", done)
		}

		tried := w.upload("name\nDesk\n", imports.NewImport{})
		if _, err := w.Start(w.ctx, tried.ID, true); err != nil {
			t.Fatal(err)
		}
		if done := w.await(tried.ID, imports.Done); !done.DryRun || done.Created != 1 || len(w.kept()) != 40 {
			t.Errorf("%+v", done)
		}
		if _, err := w.Start(w.ctx, tried.ID, false); err != nil {
			t.Fatal(err)
		}
		if done := w.await(tried.ID, imports.Done); done.DryRun || done.Rows != 1 || len(w.kept()) != 41 {
			t.Errorf("%+v", done)
		}
	})
}
