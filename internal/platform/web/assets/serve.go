package assets

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// forever is allowed because another content has another address.
const forever = "public, max-age=31536000, immutable"

// revalidate is for what has a fixed address: the service worker, the manifest.
const revalidate = "no-cache"

// Handler serves every asset at the address URL gives for it. Mount it at
// "GET /assets/".
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := all().byPath[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, forever)
	})
}

// ServiceWorker serves the service worker. Mount it at "GET /sw.js": a worker
// sees only what lies below its own address.
func ServiceWorker() http.Handler { return fixed("sw.js") }

// Favicon serves the icon browsers ask for by themselves. Mount it at
// "GET /favicon.ico".
func Favicon() http.Handler { return fixed("icon-32.png") }

func fixed(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := all().byName[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, revalidate)
	})
}

// manifestIcon is an icon of the installed application.
type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
}

// Manifest serves what a browser needs to install Kartoteka on a phone. Mount
// it at "GET /manifest.webmanifest".
func Manifest() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/manifest+json")
		w.Header().Set("Cache-Control", "public, max-age=86400")
		// Writing fails only when the browser has gone away.
		_ = json.NewEncoder(w).Encode(map[string]any{
			"id":               "/",
			"name":             "Kartoteka",
			"short_name":       "Kartoteka",
			"start_url":        "/",
			"scope":            "/",
			"display":          "standalone",
			"background_color": "#f6f2e9",
			"theme_color":      "#ede7da",
			"icons": []manifestIcon{
				{Src: URL("icon-192.png"), Sizes: "192x192", Type: "image/png"},
				{Src: URL("icon-512.png"), Sizes: "512x512", Type: "image/png"},
				{Src: URL("icon-mask-512.png"), Sizes: "512x512", Type: "image/png", Purpose: "maskable"},
			},
		})
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request, caching string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", caching)
	h.Set("Content-Type", a.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	body, coding := a.choose(r.Header.Get("Accept-Encoding"))
	etag := a.etag
	if a.brotli != nil || a.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
		etag = strings.TrimSuffix(a.etag, `"`) + "-" + coding + `"`
	}
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		// Writing fails only when the browser has gone away.
		_, _ = bytes.NewReader(body).WriteTo(w)
	}
}

// choose picks the smallest form the browser accepts.
func (a *asset) choose(accept string) (body []byte, coding string) {
	if a.brotli != nil && accepts(accept, "br") {
		return a.brotli, "br"
	}
	if a.gzip != nil && accepts(accept, "gzip") {
		return a.gzip, "gzip"
	}
	return a.plain, ""
}

// accepts tells whether an Accept-Encoding header names the coding without
// refusing it by a quality of zero.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, quality, found := strings.Cut(params, "q=")
		if !found {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
		return err == nil && q > 0
	}
	return false
}

// matches tells whether an If-None-Match header contains the tag.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == "*" || part == etag {
			return true
		}
	}
	return false
}
