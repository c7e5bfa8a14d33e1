package importsweb

import (
	"mime"
	"net/http"

	"kartoteka.dev/internal/imports"
)

// format is what a download is asked for as; XLSX unless the address says CSV.
func format(r *http.Request) imports.Format {
	if r.URL.Query().Get("format") == string(imports.CSV) {
		return imports.CSV
	}
	return imports.XLSX
}

var formatTypes = map[imports.Format]string{
	imports.CSV:  "text/csv; charset=utf-8",
	imports.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// download is an answer that becomes a file with the first byte written, so
// that whatever fails before that still gets its page.
type download struct {
	w      http.ResponseWriter
	name   string // without its ending
	format imports.Format
	begun  bool
}

// Write implements io.Writer.
func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		h := d.w.Header()
		h.Set("Content-Type", formatTypes[d.format])
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name + "." + string(d.format)}))
	}
	return d.w.Write(b)
}

// sent gives the error of making the file. One that comes too late for a page
// breaks the connection, lest half a file passes for a whole one.
func (d *download) sent(err error) error {
	if err != nil && d.begun {
		panic(http.ErrAbortHandler)
	}
	return err
}
