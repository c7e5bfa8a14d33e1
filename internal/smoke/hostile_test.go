package smoke

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/authz"
)

// hostile are texts that would act if some page, file or statement took them
// for its own: script, SQL, formula, header and template.
var hostile = []string{
	`<img src=x onerror=alert(7001)>`,
	`"><script>alert(7002)</script>`,
	`' onmouseover='alert(7003)`,
	`javascript:alert(7004)`,
	`'; DROP TABLE customers_customers; --`,
	`=HYPERLINK("http://evil.example";"7005")`,
	`+7006+cmd|' /C calc'!A0`,
	`@SUM(7007)`,
	"seven\r\nX-Injected: 7008",
	`Template {{printf "%d" 7009}} ${7*7} <%= 7*7 %> end`,
}

// acts are what a page would hold if a text had become a part of it.
var acts = []string{
	`<img src=x`, `<script>alert`, ` onmouseover='alert`, `href="javascript:`, `src="javascript:`, `Template 7009`, `${49}`, "\nX-Injected:",
}

// TestNothingHostileActs puts hostile texts into the text fields of the
// customer file and looks for them acting in every page, export and answer.
func TestNothingHostileActs(t *testing.T) {
	t.Parallel()
	s := demoSite(t)
	p := s.program("administrator")
	admin := s.signedIn(staff(t, authz.Administrator))
	var ids []int64
	for n, text := range hostile {
		var made struct {
			ID int64 `json:"id"`
		}
		status := p.call(http.MethodPost, "/api/v1/customers", map[string]any{"kind": "organisation", "name": fmt.Sprintf("%s %d", text, n), "country": "BG"}, &made)
		if status != http.StatusCreated {
			t.Fatalf("%q: %d", text, status)
		}
		ids = append(ids, made.ID)
		one := fmt.Sprintf("/api/v1/customers/%d", made.ID)
		for path, body := range map[string]map[string]any{
			one + "/notes":     {"kind": "call", "text": text},
			one + "/contacts":  {"name": text, "role": text, "position": text},
			one + "/addresses": {"kind": "office", "street": text, "city": text, "country": "BG"},
			one + "/tags":      {"add": []string{text}},
			one + "/points":    {"kind": "web", "value": text},
			"/api/v1/sources":  {"name": text},
			"/api/v1/tags":     {"name": text},
		} {
			if status := p.call(http.MethodPost, path, body, nil); status >= http.StatusInternalServerError {
				t.Errorf("%s with %q: %d", path, text, status)
			}
		}
	}
	look := func(at string, a answer) {
		t.Helper()
		if a.status >= http.StatusInternalServerError {
			t.Errorf("%s: %s", at, a)
		}
		if a.header.Get("X-Injected") != "" {
			t.Errorf("%s has a header of ours", at)
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			return
		}
		for _, act := range acts {
			if i := strings.Index(a.body, act); i >= 0 {
				t.Errorf("%s holds %q: …%s…", at, act, a.body[max(0, i-80):min(len(a.body), i+80)])
			}
		}
	}
	for _, at := range admin.walk("administrator") {
		look(at, admin.get(at))
	}
	for n, id := range ids {
		at := fmt.Sprintf("/customers/%d", id)
		dossier := admin.get(at)
		look(at, dossier)
		for _, m := range linked.FindAllStringSubmatch(dossier.body, -1) {
			to, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if strings.HasPrefix(to, at+"/") {
				look(to, admin.get(to))
			}
		}
		if got := admin.get(at); !strings.Contains(html.UnescapeString(got.body), strings.Fields(hostile[n])[0]) {
			t.Errorf("%s does not show %q", at, hostile[n])
		}
	}
	for line := range strings.Lines(s.command("export", "customers")) {
		for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			if cell = strings.Trim(cell, `"`); strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Errorf("the export has a formula: %s", cell)
			}
		}
	}
	if n := strings.Count(s.command("export", "customers"), "\n"); n < demoSize {
		t.Errorf("only %d rows are left", n)
	}
	s.command("doctor")
}
