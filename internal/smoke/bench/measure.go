package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// rounds is how often each request is made; the first tenth warms up.
const rounds = 400

// request is one thing that is measured.
type request struct {
	name, path string
	api        bool
}

// requests go round over several customers, so that no page is the same each
// time; %d is the customer.
var requests = []request{
	{"floor: /healthz", "/healthz", false},
	{"dossier, page", "/customers/%d", false},
	{"dossier, API", "/api/v1/customers/%d/dossier", true},
	{"list of 50 with a filter, page", "/customers?filter=country+%%3D+GE", false},
	{"list of 50 with a filter, API", "/api/v1/customers?limit=50&filter=country+%%3D+GE", true},
	{"list of 50 with a filter on tags, API", "/api/v1/customers?limit=50&filter=tags+has+vip", true},
	{"search by name, API", "/api/v1/search?q=ivanov&limit=10", true},
	{"search by phone, API", "/api/v1/search?q=8812&limit=10", true},
}

// idle measures a server with the usual demo company that nobody asks.
func idle(ctx context.Context, binary, dir string, out io.Writer) error {
	made := exec.CommandContext(ctx, binary, "demo", "--only", "--data", dir)
	if text, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w: %s", err, text)
	}
	s, err := start(ctx, binary, []string{"--data", dir})
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(5 * time.Second)
	mb, err := s.resident()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "idle with the demo company: %.0f MB resident, start to first answer %d ms\n", mb, s.started.Milliseconds())
	return nil
}

func measure(ctx context.Context, binary, engine string, store []string, customers int, out io.Writer) error {
	begun := clock.System.Now()
	fill := append([]string{"demo", "--only", "--customers", fmt.Sprint(customers), "--histories", fmt.Sprint(histories)}, store...)
	if text, err := exec.CommandContext(ctx, binary, fill...).CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w: %s", err, text)
	}
	_, _ = fmt.Fprintf(out, "\n%s, %d customers (made in %.0f s)\n\n| request | p50 ms | p95 ms | p99 ms | p50 ÷ floor |\n|---|---|---|---|---|\n",
		engine, customers, clock.System.Now().Sub(begun).Seconds())
	key, err := exec.CommandContext(ctx, binary, append([]string{"token", "create", "--name", "bench", "--role", "administrator"}, store...)...).Output()
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	s, err := start(ctx, binary, append(store, "--api-per-minute", "1000000"))
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.signIn(); err != nil {
		return err
	}
	floor := time.Duration(0)
	for _, r := range requests {
		took, err := s.time(r, strings.TrimSpace(string(key)))
		if err != nil {
			return err
		}
		if floor == 0 {
			floor = took[len(took)/2]
		}
		at := func(share float64) time.Duration { return took[int(float64(len(took))*share)] }
		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s | %.1f |\n", r.name, ms(at(.5)), ms(at(.95)), ms(at(.99)), float64(at(.5))/float64(floor))
	}
	mb, err := s.resident()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\nresident afterwards: %.0f MB\n", mb)
	return nil
}

// time makes a request many times, one after the other, and gives the sorted
// durations.
func (s *server) time(r request, token string) ([]time.Duration, error) {
	if !r.api {
		token = ""
	}
	var took []time.Duration
	for i := range rounds {
		path := r.path
		if strings.Contains(path, "%d") {
			path = fmt.Sprintf(path, 1+(i*37)%histories)
		} else {
			path = strings.ReplaceAll(path, "%%", "%")
		}
		begun := clock.System.Now()
		if _, err := s.get(path, token); err != nil {
			return nil, err
		}
		if i >= rounds/10 {
			took = append(took, clock.System.Now().Sub(begun))
		}
	}
	slices.Sort(took)
	return took, nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }
