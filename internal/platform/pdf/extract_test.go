package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// textOf reads a document's text as a reader would: with pdftotext where there
// is one, otherwise from the drawing commands.
func textOf(t testing.TB, content []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		return drawnText(t, content)
	}
	run := exec.CommandContext(t.Context(), tool, "-layout", "-enc", "UTF-8", "-", "-")
	run.Stdin = bytes.NewReader(content)
	var complaints bytes.Buffer
	run.Stderr = &complaints
	text, err := run.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("pdftotext: %v %s", err, complaints.String())
	}
	return string(text)
}

var (
	streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown   = regexp.MustCompile(`(?s)\(((?:[^\\)]|\\.)*)\) Tj`)
	escaped = regexp.MustCompile(`(?s)\\(.)`)
)

// drawnText unpacks the pages and collects what their commands print.
func drawnText(t testing.TB, content []byte) string {
	var text strings.Builder
	for _, m := range streams.FindAllSubmatch(content, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue // not a packed stream
		}
		page, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shown.FindAllSubmatch(page, -1) {
			raw := escaped.ReplaceAllFunc(s[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte("\r")
				}
				return e[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = binary.BigEndian.Uint16(raw[2*i:])
			}
			text.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	return text.String()
}

// requireText looks for words in a document, however its lines are broken.
func requireText(t testing.TB, text, want string) {
	t.Helper()
	for word := range strings.FieldsSeq(want) {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in the document (of %q)", word, want)
			return
		}
	}
}
