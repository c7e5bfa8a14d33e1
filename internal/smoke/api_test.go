package smoke

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program is a client of the API.
type program struct {
	*visitor
	token string
}

// program makes a token on the command line and uses it.
func (s *site) program(role string) *program {
	s.Helper()
	return &program{visitor: s.visitor(), token: s.command("token", "create", "--name", "story", "--role", role)}
}

// call sends JSON, or the body as it is if it has a content type, and reads
// the answer into v.
func (p *program) call(method, path string, body, v any) int {
	p.Helper()
	var sent io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case form:
		sent, kind = &b.Buffer, b.kind
	default:
		text, err := json.Marshal(body)
		if err != nil {
			p.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	r := p.request(method, path, sent)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", kind)
	a := p.send(r)
	if v != nil {
		if err := json.Unmarshal([]byte(a.body), v); err != nil {
			p.Fatalf("%s %s: %v: %s", method, path, err, a)
		}
	}
	return a.status
}

// form is a multipart body.
type form struct {
	bytes.Buffer
	kind string
}

func importForm(t *testing.T, file string, fields map[string]string) form {
	t.Helper()
	var f form
	w := multipart.NewWriter(&f.Buffer)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", filepath.Base(file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f.kind = w.FormDataContentType()
	return f
}

func TestAProgramWorksThroughTheAPI(t *testing.T) {
	s := demoSite(t)
	p := s.program("administrator")

	var made struct {
		ID     int64  `json:"id"`
		Number any    `json:"number"`
		Name   string `json:"name"`
	}
	in := map[string]any{"kind": "organisation", "name": "Щербаков и синове", "country": "BG", "phones": []string{"+359 88 765 4321"}, "emails": []string{"office@shterbakov.example"}}
	if status := p.call(http.MethodPost, "/api/v1/customers", in, &made); status != http.StatusCreated || made.ID == 0 {
		t.Fatalf("create: %d %+v", status, made)
	}
	for _, q := range []string{"shcherbakov", "0887654321", "office@shterbakov"} {
		var found struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
		}
		if status := p.call(http.MethodGet, "/api/v1/search?q="+q, nil, &found); status != http.StatusOK || len(found.Items) == 0 || found.Items[0].ID != made.ID {
			t.Errorf("search for %s: %d %+v", q, status, found)
		}
	}
	if status := p.call(http.MethodPost, "/api/v1/customers", map[string]any{"kind": "organisation"}, nil); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		t.Errorf("a customer without a name: %d", status)
	}
	p.bringIn()
	p.token = "nonsense"
	if status := p.call(http.MethodGet, "/api/v1/me", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("with a wrong token: %d", status)
	}
	s.command("doctor")
}

// bringIn imports the fixture and waits for its end.
func (p *program) bringIn() {
	p.Helper()
	mapping := `{"Company":"name","Belongs to":"parent","Country":"country","City":"city","Phone":"phone","E-mail":"email","Branch":"tags"}`
	body := importForm(p.T, filepath.Join("testdata", "customers.csv"), map[string]string{"kind": "customers", "mapping": mapping, "options": `{"defaults":{"source":"Exhibition"}}`})
	var run struct {
		ID       int64  `json:"id"`
		State    string `json:"state"`
		Rows     int    `json:"rows"`
		Created  int    `json:"created"`
		Rejected int    `json:"rejected"`
	}
	if status := p.call(http.MethodPost, "/api/v1/imports", body, &run); status >= http.StatusBadRequest || run.ID == 0 {
		p.Fatalf("import: %d %+v", status, run)
	}
	for deadline := time.Now().Add(patience); run.State == "queued" || run.State == "running"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.Fatalf("the import does not end: %+v", run)
		}
		p.call(http.MethodGet, fmt.Sprintf("/api/v1/imports/%d", run.ID), nil, &run)
	}
	if run.State != "done" || run.Rows != 8 || run.Created != 8 || run.Rejected != 0 {
		p.Errorf("the import ended with %+v", run)
	}
	if got := p.site.command("export", "customers", "--format", "csv"); !strings.Contains(got, "Kazbegi Springs Export") {
		p.Error("the export lacks what was imported")
	}
}
