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

func main() {
	customers := flag.Int("customers", 100_000, "how many customers the company has")
	engines := flag.String("engines", "sqlite,postgres", "which databases to measure")
	flag.Parse()
	if err := run(context.Background(), *customers, strings.Split(*engines, ","), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// histories is how many customers have notes and files: enough that no page
// is measured on an empty dossier, few enough to be made in a minute.
const histories = 2_000

func run(ctx context.Context, customers int, engines []string, out io.Writer) error {
	dir, err := os.MkdirTemp("", "kartoteka-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "kartoteka")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/kartoteka")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, text)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "binary: %.1f MB\n", float64(info.Size())/1e6)
	if err := idle(ctx, binary, filepath.Join(dir, "idle"), out); err != nil {
		return err
	}
	for _, engine := range engines {
		store := []string{"--data", filepath.Join(dir, engine)}
		if engine == "postgres" {
			address, err := dbtest.StartPostgres()
			if err != nil {
				return err
			}
			store = append(store, "--database-url", address)
		}
		if err := measure(ctx, binary, engine, store, customers, out); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}
