package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// histories is how many customers have notes and files: enough that no page
// is measured on an empty dossier, few enough to be made in a minute.
const histories = 2_000

// starts is how often the server is started to see how long it takes.
const starts = 5

// idle measures a server with the usual demo company that nobody asks.
func idle(ctx context.Context, binary, dir string, out io.Writer) error {
	made := exec.CommandContext(ctx, binary, "demo", "--only", "--data", dir)
	if text, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w: %s", err, text)
	}
	var took []time.Duration
	for range starts {
		s, err := start(ctx, binary, []string{"--data", dir})
		if err != nil {
			return err
		}
		if took = append(took, s.started); len(took) < starts {
			s.stop()
			continue
		}
		defer s.stop()
		time.Sleep(5 * time.Second)
		mb, err := s.resident()
		if err != nil {
			return err
		}
		slices.Sort(took)
		least := float64(took[starts/2].Milliseconds())
		_, _ = fmt.Fprintf(out, "| start to the first answer, demo company, median of %d | %.0f ms | %s |\n", starts, least, verdict(least, 300, "ms"))
		_, _ = fmt.Fprintf(out, "| resident memory, idle, demo company | %.0f MB | %s |\n", mb, verdict(mb, 60, "MB"))
	}
	return nil
}

// bench is the measuring of one engine.
type bench struct {
	options
	binary, engine string
	store          []string // the flags that name the data
	out            io.Writer
}

func (b bench) program(ctx context.Context, args ...string) ([]byte, error) {
	text, err := exec.CommandContext(ctx, b.binary, append(args, b.store...)...).Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s: %w: %s", args[0], err, failed.Stderr)
	}
	return text, err
}

func measure(ctx context.Context, b bench) error {
	begun := clock.System.Now()
	if _, err := b.program(ctx, "demo", "--only", "--customers", fmt.Sprint(b.customers), "--histories", fmt.Sprint(histories)); err != nil {
		return err
	}
	made := clock.System.Now().Sub(begun).Seconds()
	if err := settle(ctx, b.store); err != nil {
		return err
	}
	key, err := b.program(ctx, "token", "create", "--name", "bench", "--role", "administrator")
	if err != nil {
		return err
	}
	s, err := start(ctx, b.binary, append(slices.Clone(b.store), "--api-per-minute", "1000000"))
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.signIn(); err != nil {
		return err
	}
	least, err := s.time(request{path: floor}, b.rounds, "")
	if err != nil {
		return err
	}
	at := func(took []time.Duration, share float64) time.Duration { return took[int(float64(len(took))*share)] }
	zero := at(least, .5)
	_, _ = fmt.Fprintf(b.out, "\n%s, the company opened or made in %.0f s; floor (%s) %s ms at p50\n\n"+
		"| request | p50 ms | p95 ms | p99 ms | p50 ÷ floor | target |\n|---|---|---|---|---|---|\n", b.engine, made, floor, ms(zero))
	for _, r := range requests {
		rounds := b.rounds
		if r.alike {
			rounds = max(20, rounds/4)
		}
		took, err := s.time(r, rounds, strings.TrimSpace(string(key)))
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(b.out, "| %s | %s | %s | %s | %.1f | %s |\n", r.name, ms(at(took, .5)), ms(at(took, .95)), ms(at(took, .99)),
			float64(at(took, .5))/float64(zero), r.verdict(at(took, .5), at(took, .95)))
	}
	mb, err := s.resident()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(b.out, "\nresident afterwards: %.0f MB\n", mb)
	return nil
}

func (r request) verdict(p50, p95 time.Duration) string {
	switch {
	case r.most == 0:
		return "none"
	case r.p95:
		return "p95 " + verdict(float64(p95.Microseconds())/1000, r.most, "ms")
	}
	return "p50 " + verdict(float64(p50.Microseconds())/1000, r.most, "ms")
}

const sqlSettlePostgres = `VACUUM (ANALYZE)`

// settle does what a PostgreSQL server does by itself in the minutes after much
// was written; the one of the bench has that switched off.
func settle(ctx context.Context, store []string) error {
	if len(store) < 4 {
		return nil
	}
	d, err := db.Open(ctx, db.Options{URL: store[3]})
	if err != nil {
		return err
	}
	_, err = d.WritePool().ExecContext(ctx, sqlSettlePostgres)
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}

// time makes a request many times, one after the other, and gives the sorted
// durations; a tenth more warms up.
func (s *server) time(r request, rounds int, token string) ([]time.Duration, error) {
	if !r.api {
		token = ""
	}
	var took []time.Duration
	for i := range rounds + max(5, rounds/10) {
		path := r.path
		if strings.Contains(path, "%d") {
			path = fmt.Sprintf(path, 1+(i*37)%histories)
		}
		begun := clock.System.Now()
		if err := s.get(path, token); err != nil {
			return nil, err
		}
		if i >= max(5, rounds/10) {
			took = append(took, clock.System.Now().Sub(begun))
		}
	}
	slices.Sort(took)
	return took, nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }
