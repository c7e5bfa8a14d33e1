package customersimport_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
)

// BenchmarkImport brings in 100,000 customers, matched by e-mail, while others
// write: what they wait at most is told, and how much memory is in use.
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	var text strings.Builder
	text.WriteString("id,name,country,city,phone,email,tags,contact person\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,Rila Trade %d,Bulgaria,Sofia,+35988%07d,office%d@rila.example,wholesale,Petar Petrov %d\n", i, i, i, i, i)
	}
	for b.Loop() {
		w := newWorld(b, dbtest.SQLite(b))
		path := filepath.Join(b.TempDir(), "many.csv")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			b.Fatal(err)
		}
		var waits []time.Duration
		var memory atomic.Int64
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Millisecond):
				}
				began := time.Now()
				_ = w.d.Write(w.ctx, func(*db.Tx) error { return nil })
				waits = append(waits, time.Since(began))
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				memory.Store(max(memory.Load(), int64(m.HeapInuse)))
			}
		}()
		i, err := w.RunFile(w.ctx, imports.FileRun{Path: path, NewImport: imports.NewImport{
			Kind: "customers", Options: imports.Options{Match: imports.MatchEmail},
		}}, nil)
		close(stop)
		<-stopped
		if err != nil || i.Created != rows {
			b.Fatalf("%v, %+v", err, i.Counts)
		}
		slices.Sort(waits)
		b.ReportMetric(waits[len(waits)*99/100].Seconds()*1e3, "ms-wait-p99")
		b.ReportMetric(waits[len(waits)-1].Seconds()*1e3, "ms-longest-wait")
		b.ReportMetric(float64(memory.Load())/1e6, "MB-heap")
	}
}
