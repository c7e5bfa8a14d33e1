package tabular

import (
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
)

// TestRealFiles reads the folder with real input: it must be understood
// without an option, down to the last row.
func TestRealFiles(t *testing.T) {
	tests := []struct {
		file   []string
		rows   int
		header string
		odd    int // rows with a problem
	}{
		{[]string{"maven-crm", "accounts.csv"}, 85, "account,sector,year_established,revenue,employees,office_location,subsidiary_of", 0},
		{[]string{"maven-crm", "sales_pipeline.csv"}, 8800, "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value", 0},
		{[]string{"online-retail", "online_retail.csv.gz"}, 541_909, "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", 0},
		{[]string{"dedup", "dataset1.csv"}, 1000, "rec_id,given_name,surname,street_number", 0},
		{[]string{"helpdesk", "helpdesk.csv.gz"}, 21_348, "Case ID,Activity,Resource,Complete Timestamp,Variant,Variant index,Variant 2", 0},
	}
	for _, tt := range tests {
		t.Run(tt.file[1], func(t *testing.T) {
			s := openBytes(t, sharedContent(t, tt.file...), Options{})
			rows := allRows(t, s)
			odd := 0
			for _, row := range rows {
				if row.Problem != nil {
					odd++
				}
			}
			header := strings.Join(s.Header, ",")
			if len(rows) != tt.rows || odd != tt.odd || !strings.HasPrefix(header, tt.header) {
				t.Errorf("%s %q: %d rows, %d odd, header %s", s.Encoding, s.Delimiter, len(rows), odd, header)
			}
		})
	}
}

func sharedContent(t *testing.T, parts ...string) []byte {
	t.Helper()
	f, err := os.Open(sharedFile(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(f.Name(), ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
