package assets

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) []byte {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestServesTheSmallestFormTheBrowserAccepts(t *testing.T) {
	plain := Bytes("app.css")
	cases := []struct{ accept, coding string }{
		{"gzip, deflate, br, zstd", "br"},
		{"gzip;q=1.0, br;q=0", "gzip"},
		{"gzip", "gzip"},
		{"identity", ""},
		{"", ""},
		{"BR;q=0.5", "br"},
	}
	for _, c := range cases {
		res := get(t, Handler(), URL("app.css"), "Accept-Encoding", c.accept)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != c.coding {
			t.Errorf("%q: status %d, coding %q, want %q", c.accept, res.StatusCode, res.Header.Get("Content-Encoding"), c.coding)
		}
		if got := decode(t, body(t, res), c.coding); !bytes.Equal(got, plain) {
			t.Errorf("%q: the content differs from the file", c.accept)
		}
		if res.Header.Get("Cache-Control") != forever || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: headers %v", c.accept, res.Header)
		}
		if res.Header.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("content type %q", res.Header.Get("Content-Type"))
		}
	}
}

func decode(t *testing.T, b []byte, coding string) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	switch coding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnswersNotModifiedAndNotFound(t *testing.T) {
	first := get(t, Handler(), URL("app.js"), "Accept-Encoding", "br")
	again := get(t, Handler(), URL("app.js"), "Accept-Encoding", "br", "If-None-Match", `"x", `+first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || len(body(t, again)) != 0 {
		t.Errorf("same tag: status %d", again.StatusCode)
	}
	for _, path := range []string{"/assets/app.css", "/assets/app.css.br", "/assets/", "/assets/../assets.go"} {
		if res := get(t, Handler(), path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	r := httptest.NewRequest(http.MethodPost, URL("app.js"), nil)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", w.Code)
	}
}

// The build writes font addresses into the style sheet with its own
// fingerprint; they must be the ones that are served.
func TestStyleSheetNamesFontsThatAreServed(t *testing.T) {
	found := regexp.MustCompile(`url\(["']?(fonts/[^"')]+)`).FindAllSubmatch(Bytes("app.css"), -1)
	if len(found) != 24 {
		t.Fatalf("the style sheet names %d times a font, want 24", len(found))
	}
	for _, m := range found {
		res := get(t, Handler(), Prefix+string(m[1]))
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "font/woff2" {
			t.Errorf("%s: status %d", m[1], res.StatusCode)
		}
	}
}

func TestStyleSheetAsksNobodyElse(t *testing.T) {
	for _, name := range []string{"app.css", "sw.js"} {
		if bytes.Contains(Bytes(name), []byte("https://")) {
			t.Errorf("%s names an outside address", name)
		}
	}
}

func TestFixedAddresses(t *testing.T) {
	sw := get(t, ServiceWorker(), "/sw.js")
	if sw.StatusCode != http.StatusOK || sw.Header.Get("Cache-Control") != revalidate || !strings.HasPrefix(sw.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("service worker: %d %v", sw.StatusCode, sw.Header)
	}
	if icon := get(t, Favicon(), "/favicon.ico"); icon.StatusCode != http.StatusOK || icon.Header.Get("Content-Type") != "image/png" {
		t.Errorf("favicon: %d %v", icon.StatusCode, icon.Header)
	}
	var manifest struct {
		Name  string
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(body(t, get(t, Manifest(), "/manifest.webmanifest")), &manifest); err != nil {
		t.Fatal(err)
	}
	for _, icon := range manifest.Icons {
		if res := get(t, Handler(), icon.Src); res.StatusCode != http.StatusOK {
			t.Errorf("manifest icon %s: status %d", icon.Src, res.StatusCode)
		}
	}
}

// A first page must stay below 150 KB over the wire, also when its list has
// names in all alphabets.
func TestFirstLoadIsSmall(t *testing.T) {
	const limit = 128_000 // leaves 22 KB for the page itself
	size := 0
	for _, name := range []string{"app.css", "app.js", "icons.svg"} {
		size += len(all().byName[name].brotli)
	}
	for name, a := range all().byName {
		if strings.HasPrefix(name, "fonts/") && (strings.HasPrefix(name, "fonts/firago-latin-") && !strings.Contains(name, "-ext-") || !strings.Contains(name, "600")) {
			size += len(a.plain)
		}
	}
	t.Logf("style, script, icons and letters: %d bytes", size)
	if size > limit {
		t.Errorf("first load %d bytes, limit %d", size, limit)
	}
}
