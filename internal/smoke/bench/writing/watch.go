package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// meanwhile is what others noticed of an import.
type meanwhile struct {
	reads, notes []time.Duration
	memory       float64 // at most, in MB
}

func (m *meanwhile) print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "| meanwhile | requests | p50 ms | p95 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|\n")
	for _, line := range []struct {
		name string
		took []time.Duration
	}{{"dossier, API", m.reads}, {"add a note, API", m.notes}} {
		slices.Sort(line.took)
		if len(line.took) == 0 {
			continue
		}
		at := func(share float64) float64 {
			return line.took[int(float64(len(line.took)-1)*share)].Seconds() * 1000
		}
		_, _ = fmt.Fprintf(out, "| %s | %d | %.1f | %.1f | %.1f | %.1f |\n", line.name, len(line.took), at(.5), at(.95), at(.99), at(1))
	}
}

// watch imports a file while somebody reads and somebody writes, and tells how
// long it took from its first row to its last.
func (s *server) watch(file string, pause time.Duration) (took time.Duration, m *meanwhile, err error) {
	m = &meanwhile{}
	i, err := s.upload(file)
	if err != nil {
		return 0, m, err
	}
	begun := clock.System.Now()
	stop := make(chan struct{})
	var others sync.WaitGroup
	failed := make(chan error, 2)
	others.Go(func() {
		failed <- repeat(stop, pause, &m.reads, func(n int) error {
			return s.ask(http.MethodGet, fmt.Sprintf("/api/v1/customers/%d/dossier", 1+n%100), "", nil, nil)
		})
	})
	others.Go(func() {
		failed <- repeat(stop, pause, &m.notes, func(n int) error {
			return s.ask(http.MethodPost, fmt.Sprintf("/api/v1/customers/%d/notes", 1+n%100), "application/json",
				bytes.NewReader([]byte(`{"body":"Called back, all is well."}`)), nil)
		})
	})
	for i.State == "queued" || i.State == "running" {
		time.Sleep(200 * time.Millisecond)
		m.memory = max(m.memory, s.resident())
		if err = s.ask(http.MethodGet, fmt.Sprintf("/api/v1/imports/%d", i.ID), "", nil, &i); err != nil {
			break
		}
	}
	took = since(begun)
	close(stop)
	others.Wait()
	for range 2 {
		if wrong := <-failed; err == nil {
			err = wrong
		}
	}
	if err == nil && (i.State != "done" || i.Created != i.Rows) {
		err = fmt.Errorf("the import ended as %+v", i)
	}
	return took, m, err
}

// repeat does something again and again and keeps how long it took.
func repeat(stop <-chan struct{}, pause time.Duration, took *[]time.Duration, do func(n int) error) error {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return nil
		case <-time.After(pause):
		}
		begun := clock.System.Now()
		if err := do(n); err != nil {
			return err
		}
		*took = append(*took, since(begun))
	}
}
