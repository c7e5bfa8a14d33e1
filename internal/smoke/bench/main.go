// Command bench measures what docs/benchmarks.md tells: it builds the program,
// makes a company of 100,000 customers on each engine, serves it, and asks for
// pages and API answers one after the other over loopback.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kartoteka.dev/internal/platform/db/dbtest"
)

// options are the flags.
type options struct {
	customers int
	engines   []string
	data      string
	rounds    int
}

func main() {
	var o options
	flag.IntVar(&o.customers, "customers", 100_000, "how many customers the company has, if it is not made yet")
	engines := flag.String("engines", "sqlite,postgres", "which databases to measure")
	flag.StringVar(&o.data, "data", "", "folder that keeps the companies for the next time; a temporary one if empty")
	flag.IntVar(&o.rounds, "rounds", 200, "how often each request is made; as many again, a tenth, warm up")
	flag.Parse()
	o.engines = strings.Split(*engines, ",")
	if err := run(context.Background(), o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) error {
	scratch, err := os.MkdirTemp("", "kartoteka-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	if o.data == "" {
		if o.data = scratch; os.Chmod(scratch, 0o711) != nil { //nolint:gosec // PostgreSQL runs as somebody else, who must get through
			return fmt.Errorf("%s cannot be opened for PostgreSQL", scratch)
		}
	}
	if o.data, err = filepath.Abs(o.data); err != nil {
		return err
	}
	binary := filepath.Join(scratch, "kartoteka")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/kartoteka")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, text)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s\n\n| | | target |\n|---|---|---|\n", machine())
	_, _ = fmt.Fprintf(out, "| binary | %.1f MB | %s |\n", float64(info.Size())/1e6, verdict(float64(info.Size())/1e6, 60, "MB"))
	if err := idle(ctx, binary, filepath.Join(scratch, "idle"), out); err != nil {
		return err
	}
	for _, engine := range o.engines {
		store := []string{"--data", filepath.Join(o.data, engine)}
		if engine == "postgres" {
			address, err := dbtest.StartPostgresIn(filepath.Join(o.data, "server"))
			if err != nil {
				return err
			}
			store = append(store, "--database-url", address)
		}
		if err := measure(ctx, bench{binary: binary, engine: engine, store: store, options: o, out: out}); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}

// verdict compares a figure with the most it should be.
func verdict(is, most float64, unit string) string {
	met := "met"
	if is > most {
		met = "missed"
	}
	return fmt.Sprintf("≤ %g %s: %s", most, unit, met)
}

// machine tells what the figures were measured on, and what else it was doing.
func machine() string {
	model := "an unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
			}
		}
		model = fmt.Sprintf("%s, %d cores", model, strings.Count(string(text), "processor\t"))
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return model
	}
	return model + ", load average at the start " + strings.Join(strings.Fields(string(load))[:3], " ")
}
