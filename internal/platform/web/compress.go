package web

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// worthPacking is from how many bytes on a page is sent compressed.
const worthPacking = 1400 // less goes in one packet anyway

var packers = sync.Pool{New: func() any {
	p, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for other levels
	return p
}}

// takesGzip tells whether the client unpacks gzip.
func takesGzip(r *http.Request) bool {
	for _, offer := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(offer), ";")
		if name == "gzip" {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(quality), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

// send writes a whole page, compressed where that saves time on the line.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Add("Vary", "Accept-Encoding")
	if len(body) < worthPacking || !takesGzip(r) {
		w.WriteHeader(status)
		_, _ = w.Write(body) // a reader who left needs no answer
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	p := packers.Get().(*gzip.Writer)
	defer packers.Put(p)
	p.Reset(w)
	_, _ = p.Write(body)
	_ = p.Close()
}
