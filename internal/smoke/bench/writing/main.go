// Command writing measures how fast customers come in from one CSV, and what
// others notice of it: it serves a small company on each engine, has the file
// imported through the API while somebody reads dossiers and somebody writes
// notes, and then has the engine's own tool (sqlite3 .import, COPY) put the very
// same rows into the same tables with the same indexes.
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
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db/dbtest"
)

func main() {
	rows := flag.Int("rows", 100_000, "how many customers the file has")
	engines := flag.String("engines", "sqlite,postgres", "which databases to measure")
	pause := flag.Duration("pause", 20*time.Millisecond, "how long those who read and write meanwhile rest between requests")
	flag.Parse()
	for _, engine := range strings.Split(*engines, ",") {
		if err := measure(context.Background(), engine, *rows, *pause, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "writing:", engine, err)
			os.Exit(1)
		}
	}
}

func measure(ctx context.Context, engine string, rows int, pause time.Duration, out io.Writer) error {
	dir, err := os.MkdirTemp("", "kartoteka-writing-")
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
	store, address := []string{"--data", filepath.Join(dir, "data")}, ""
	if engine == "postgres" {
		if address, err = dbtest.StartPostgres(); err != nil {
			return err
		}
		store = append(store, "--database-url", address)
	}
	file := filepath.Join(dir, "customers.csv")
	if err := writeFile(file, rows); err != nil {
		return err
	}
	s, err := start(ctx, binary, store)
	if err != nil {
		return err
	}
	took, others, err := s.watch(file, pause)
	used := s.stop()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\n## %s, %d rows\n\n%.1f s, %.0f rows/s, %.1f s of processor time, at most %.0f MB resident\n\n",
		engine, rows, took.Seconds(), float64(rows)/took.Seconds(), used.Seconds(), others.memory)
	others.print(out)
	floor, err := plain(ctx, engine, filepath.Join(dir, "data"), address)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\nThe same rows by the engine's own tool: %.1f s, %.0f rows/s. Kartoteka reaches %.0f %% of it.\n",
		floor.Seconds(), float64(rows)/floor.Seconds(), 100*floor.Seconds()/took.Seconds())
	return nil
}

// writeFile makes up a file: eight columns, a phone, an e-mail, a contact.
func writeFile(path string, rows int) error {
	var b strings.Builder
	b.WriteString("id,name,country,city,phone,email,tags,contact person\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%s Trade %d,Bulgaria,Sofia,+35988%07d,office%d@%s.example,wholesale,Petar %s %d\n",
			i, name(i), i, i%10_000_000, i, strings.ToLower(name(i)), name(i*7+3), i%1000)
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

// name makes words up out of syllables: some thousand different ones.
func name(i int) string {
	syllables := []string{"ka", "ri", "to", "me", "lu", "ban", "ser", "vo", "din", "pa", "gor", "ni", "sha", "te", "zo", "mir"}
	word := syllables[i%16] + syllables[i/16%16] + syllables[i/256%16]
	return strings.ToUpper(word[:1]) + word[1:]
}

func since(begun time.Time) time.Duration { return clock.System.Now().Sub(begun) }
