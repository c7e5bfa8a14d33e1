package files

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/errs"
)

func serve(t *testing.T, m Meta, header map[string]string, content string) *http.Response {
	t.Helper()
	p := newFolder(t)
	s := put(t, p, content)
	m.Hash, m.Added = s.Hash, start
	r := httptest.NewRequest(http.MethodGet, "/files/1", nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	err := ServeDownload(w, r, m, func(ctx context.Context) (io.ReadSeekCloser, int64, error) { return p.Open(ctx, s.Hash) })
	if err != nil {
		t.Fatal(err)
	}
	return w.Result()
}

func TestServeDownloadIsSandboxed(t *testing.T) {
	cases := []struct {
		mime                string
		inline              bool
		disposition, served string
	}{
		{"application/zip", false, "attachment", "application/zip"},
		{"text/html; charset=utf-8", true, "attachment", "application/octet-stream"},
		{"image/svg+xml", true, "attachment", "application/octet-stream"},
		{"image/png", true, "inline", "image/png"},
		{"image/png", false, "attachment", "image/png"},
		{"application/pdf", true, "inline", "application/pdf"},
		{"text/plain; charset=utf-8", true, "inline", "text/plain; charset=utf-8"},
	}
	for _, c := range cases {
		res := serve(t, Meta{Name: "a file", MIME: c.mime, Inline: c.inline}, nil, "<script>alert(1)</script>")
		if got := res.Header.Get("Content-Disposition"); !strings.HasPrefix(got, c.disposition+";") {
			t.Errorf("%s: %s", c.mime, got)
		}
		if got := res.Header.Get("Content-Type"); got != c.served {
			t.Errorf("%s served as %s", c.mime, got)
		}
		policy := res.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: policy %q", c.mime, policy)
		}
		if isPDF := c.inline && c.mime == "application/pdf"; strings.HasPrefix(policy, "sandbox;") == isPDF {
			t.Errorf("%s: policy %q", c.mime, policy)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %v", c.mime, res.Header)
		}
	}
}

func TestServeDownloadRangesAndConditions(t *testing.T) {
	m := Meta{Name: "a.bin", MIME: "application/octet-stream"}
	res := serve(t, m, map[string]string{"Range": "bytes=2-4"}, "0123456789")
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusPartialContent || string(body) != "234" {
		t.Fatalf("%d %q %v", res.StatusCode, body, err)
	}
	etag := res.Header.Get("ETag")
	if res := serve(t, m, map[string]string{"If-None-Match": etag}, "0123456789"); res.StatusCode != http.StatusNotModified {
		t.Fatalf("known content sent again: %d", res.StatusCode)
	}
	if res := serve(t, m, map[string]string{"Range": "bytes=90-"}, "0123456789"); res.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Fatalf("impossible range: %d", res.StatusCode)
	}
}

func TestServeDownloadReturnsErrorsUnwritten(t *testing.T) {
	p := newFolder(t)
	w := httptest.NewRecorder()
	err := ServeDownload(w, httptest.NewRequest(http.MethodGet, "/", nil), Meta{}, func(ctx context.Context) (io.ReadSeekCloser, int64, error) {
		return p.Open(ctx, hashOf("gone"))
	})
	wantKind(t, err, errs.NotFound, "files.error.not-found")
	if len(w.Header()) != 0 || w.Body.Len() != 0 {
		t.Fatalf("wrote %v", w.Header())
	}
}

func TestSniffTrustsContentOnly(t *testing.T) {
	var xlsx bytes.Buffer
	z := zip.NewWriter(&xlsx)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "xl/workbook.xml"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(bytes.Repeat([]byte("<x/>"), 2000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ content, want string }{
		{"", "text/plain"},
		{"Здравствуйте", "text/plain; charset=utf-8"},
		{"<!DOCTYPE html><p>hello", "text/html; charset=utf-8"},
		{`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "image/svg+xml"},
		{"%PDF-1.7\n", "application/pdf"},
		{"MZ\x90\x00", "application/vnd.microsoft.portable-executable"},
		{"\x00\x01\x02\x03", "application/octet-stream"},
		{string(pngOf(t, 1, 1)), "image/png"},
		{xlsx.String(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	}
	for _, c := range cases {
		if got := Sniff([]byte(c.content)); got != c.want {
			t.Errorf("%.20q is %s, want %s", c.content, got, c.want)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8X"))
	f.Add([]byte("<html"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if got := Sniff(head); !strings.Contains(got, "/") {
			t.Fatalf("%q", got)
		}
	})
}
