package vcard_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/vcard"
)

// TestWritten comes back as it was, however long and whatever the alphabet.
func TestWritten(t *testing.T) {
	card := vcard.Card{Properties: []vcard.Property{
		vcard.Text("FN", `Роза, масло; "и" \ син`), vcard.Text("NOTE", strings.Repeat("ქართული ", 60)+"\nend"), vcard.Text("TITLE", ""),
		vcard.List("ADR", ";", "", "", "1 Rose; rear", "Казанлък", "", "6100", "България"), vcard.List("CATEGORIES", ",", "a,b", "c"),
		vcard.Text("TEL", "+359 88 123 4567", vcard.Param{Name: "TYPE", Values: []string{"voice"}}),
	}}
	var out strings.Builder
	if err := vcard.Write(&out, card, vcard.Card{Properties: []vcard.Property{vcard.Text("FN", "Next")}}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	back := read(t, out.String(), vcard.Options{})
	if len(back) != 2 || len(back[0].Faults) != 0 || back[0].Version != "4.0" {
		t.Fatalf("%+v", back)
	}
	want := []string{
		"VERSION 4.0", `FN Роза, масло; "и" \ син`, "NOTE " + strings.Repeat("ქართული ", 60) + "\nend",
		"ADR ||1 Rose; rear|Казанлък||6100|България", "CATEGORIES a,b,c", "TEL[voice] +359 88 123 4567",
	}
	if diff := cmp.Diff(want, told(back[0])); diff != "" {
		t.Error(diff)
	}
	if tags := back[0].Properties[4].Parts(','); len(tags) != 2 || tags[0] != "a,b" {
		t.Errorf("%q", tags)
	}
}
