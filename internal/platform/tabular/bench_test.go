package tabular

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// BenchmarkReadCSV reads 100,000 rows of 8 columns.
func BenchmarkReadCSV(b *testing.B) {
	var text bytes.Buffer
	text.WriteString("id,name,city,phone,day,amount,country,active\n")
	for i := range 100_000 {
		fmt.Fprintf(&text, "%d,\"Customer, %d\",Пловдив,+359 88 123 4567,2026-04-03,%d.50,BG,yes\n", i, i, i)
	}
	content := text.Bytes()
	cp1251 := encode(b, "windows-1251", text.String())
	for name, content := range map[string][]byte{
		"quoted":       content,
		"plain":        bytes.ReplaceAll(bytes.ReplaceAll(content, []byte(`"Customer, `), []byte("Customer ")), []byte(`",`), []byte(",")),
		"windows-1251": cp1251,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for row, err := range openBytes(b, content, Options{}).Rows(context.Background()) {
					if err != nil || row.Problem != nil {
						b.Fatal(err, row)
					}
					n++
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkReadXLSX reads 100,000 rows of 8 columns.
func BenchmarkReadXLSX(b *testing.B) {
	content := benchmarkSheet(b, 100_000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range openBytes(b, content, Options{}).Rows(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 100_000 {
			b.Fatal(n)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func benchmarkSheet(b *testing.B, rows int) []byte {
	b.Helper()
	var out bytes.Buffer
	w, err := NewXLSXWriter(&out, XLSXOptions{})
	if err == nil {
		err = w.Header([]string{"id", "name", "city", "phone", "day", "amount", "country", "active"})
	}
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := 0; i < rows && err == nil; i++ {
		err = w.Row([]Cell{Int(int64(i)), Text(fmt.Sprint("Customer ", i)), Text("Sofia"), Text("+359 88 123 4567"), Moment(day), Int(int64(i % 1000)), Text("BG"), Bool(i%2 == 0)})
	}
	if err = errors.Join(err, w.Close()); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
