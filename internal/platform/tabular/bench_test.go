package tabular

import (
	"bytes"
	"context"
	"fmt"
	"testing"
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
