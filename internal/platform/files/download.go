package files

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Meta is how a file is offered.
type Meta struct {
	Hash   string // of the content: makes the ETag
	Name   string // cleaned before it is sent
	MIME   string // as Put found it, never as the sender said
	Inline bool   // show it in the page if its type allows
	Added  time.Time
}

// Opener opens the content of a download: usually Store.Open with the hash
// already chosen.
type Opener func(ctx context.Context) (io.ReadSeekCloser, int64, error)

const (
	sandboxPolicy = "sandbox; default-src 'none'; frame-ancestors 'self'"
	// Browsers refuse to show a PDF in a sandbox; their viewer runs no script of
	// the page.
	pdfPolicy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)

// ServeDownload sends a file so that it cannot act in our name: as an
// attachment, or inline for the few previewable types when asked; sandboxed, its
// type not to be guessed, not to be embedded by other sites. It answers ranges
// and conditional requests. Errors before the first byte are returned and
// nothing has been written then.
func ServeDownload(w http.ResponseWriter, r *http.Request, m Meta, open Opener) error {
	content, _, err := open(r.Context())
	if err != nil {
		return err
	}
	defer content.Close()
	inline := m.Inline && Previewable(m.MIME)
	h := w.Header()
	h.Set("Content-Type", servedType(m.MIME, inline))
	h.Set("Content-Disposition", Disposition(m.Name, inline))
	h.Set("Content-Security-Policy", sandboxPolicy)
	if inline && baseType(m.MIME) == "application/pdf" {
		h.Set("Content-Security-Policy", pdfPolicy)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	// Kept by the person's own browser only, and asked for again each time:
	// rights may have changed since.
	h.Set("Cache-Control", "private, no-cache")
	if ValidHash(m.Hash) {
		h.Set("ETag", `"`+m.Hash+`"`)
	}
	http.ServeContent(w, r, "", m.Added, content)
	return nil
}

// servedType keeps types that a browser would run out of its hands.
func servedType(mime string, inline bool) string {
	switch base := baseType(mime); {
	case inline, previewable[base]:
		return mime
	case base == "text/html", base == "image/svg+xml", base == "application/xhtml+xml", base == "text/xml",
		base == "application/xml", base == "text/javascript", base == "application/javascript", base == "":
		return "application/octet-stream"
	}
	return mime
}
