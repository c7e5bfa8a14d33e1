package smoke

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/db/dbtest"
)

// kills is how often the power goes out: 5 times, or as often as make torture
// says.
func kills(t *testing.T) int {
	t.Helper()
	said := os.Getenv("KARTOTEKA_KILLS")
	if said == "" {
		return 5
	}
	n, err := strconv.Atoi(said)
	if err != nil {
		t.Fatalf("KARTOTEKA_KILLS: %v", err)
	}
	return n
}

// TestNothingAcknowledgedIsLost kills the real program amid the writes of many
// clients and an import: what was answered with 201 is there afterwards, every
// import that was taken ends whole, and the journal's chain holds.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "kartoteka")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "kartoteka.dev/cmd/kartoteka").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		torture(demoSite(t), binary)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		store := []string{"--database-url", dbtest.PostgresURL(t), "--data", t.TempDir()}
		if err := fillDemo(store...); err != nil {
			t.Fatal(err)
		}
		torture(siteAt(t, store...), binary)
	})
}

func torture(s *site, binary string) {
	s.Helper()
	p := s.program("administrator")
	s.stop()
	s.addr = freeAddress(s.T)
	s.url = "http://" + s.addr
	had := survivors{names: map[string]bool{}}
	for round := range kills(s.T) {
		process := startBinary(s.T, binary, append([]string{"serve", "--addr", s.addr, "--api-per-minute", "1000000"}, s.store...))
		p.lost(round, had.names)
		now := p.writeUntilKilled(process, round)
		had.names, had.imports = now.names, append(had.imports, now.imports...)
	}
	s.start()
	p.lost(kills(s.T), had.names)
	for _, id := range had.imports {
		p.endsWhole(id)
	}
	s.Logf("%d imports were taken", len(had.imports))
	s.stop()
	s.command("doctor")
}

// survivors are what was acknowledged.
type survivors struct {
	names   map[string]bool // of customers
	imports []int64
}

// lost fails if customers are not in the file.
func (p *program) lost(kills int, known map[string]bool) {
	p.Helper()
	p.strike(known)
	if len(known) > 0 {
		p.Fatalf("after %d kills %d acknowledged customers are lost: %v", kills, len(known), known)
	}
}

func startBinary(t *testing.T, binary string, args []string) *exec.Cmd {
	t.Helper()
	process := exec.CommandContext(t.Context(), binary, args...)
	said, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "ready at") {
				ready <- true
			}
		}
		close(ready)
	}()
	select {
	case ok := <-ready:
		if !ok {
			t.Fatalf("%s ended before it was ready: %v", binary, process.Wait())
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the program does not get ready")
	}
	return process
}

// importRows is the size of the imports that are killed.
const importRows = 400

// writeUntilKilled creates customers from several clients, and imports some,
// ends the process by kill -9 in the middle, and gives what was acknowledged.
func (p *program) writeUntilKilled(process *exec.Cmd, round int) survivors {
	p.Helper()
	var mu sync.Mutex
	had := survivors{names: map[string]bool{}}
	begun := make(chan struct{})
	var begin sync.Once
	var clients sync.WaitGroup
	rows := importForm(p.T, p.rowsOf(round), map[string]string{"kind": "customers", "mapping": `{"Name":"name","Country":"country"}`})
	for client := range 8 {
		clients.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("Survivor %d-%d-%d", round, client, n)
				body := fmt.Sprintf(`{"kind":"organisation","name":%q,"country":"BG"}`, name)
				if !p.acknowledged("/api/v1/customers", "application/json", strings.NewReader(body), nil) {
					return
				}
				mu.Lock()
				had.names[name] = true
				mu.Unlock()
				begin.Do(func() { close(begun) })
			}
		})
	}
	clients.Go(func() {
		var run struct {
			ID int64 `json:"id"`
		}
		if p.acknowledged("/api/v1/imports", rows.kind, &rows.Buffer, &run) {
			had.imports = append(had.imports, run.ID)
		}
	})
	select {
	case <-begun:
	case <-time.After(patience):
		p.Error("nothing is written")
	}
	time.Sleep(rand.N(700 * time.Millisecond)) // the moment is what is tested
	if err := process.Process.Signal(syscall.SIGKILL); err != nil {
		p.Errorf("kill: %v", err)
	}
	_ = process.Wait() // tells of the kill
	clients.Wait()
	return had
}

// acknowledged posts something and tells whether the answer was that it is
// kept; the kill may come before.
func (p *program) acknowledged(path, kind string, body io.Reader, v any) bool {
	r, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.site.url+path, body)
	if err != nil {
		p.Error(err)
		return false
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", kind)
	resp, err := p.client.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusBadRequest {
		p.Errorf("%s: %d", path, resp.StatusCode)
		return false
	}
	return v == nil || json.NewDecoder(resp.Body).Decode(v) == nil
}

// rowsOf makes a file to import.
func (p *program) rowsOf(round int) string {
	var b strings.Builder
	b.WriteString("Name,Country\n")
	for n := range importRows {
		fmt.Fprintf(&b, "Imported %d-%d,BG\n", round, n)
	}
	path := filepath.Join(p.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		p.Error(err)
	}
	return path
}

// endsWhole waits until an import that a kill interrupted is done, and looks
// that each of its rows came in once.
func (p *program) endsWhole(id int64) {
	p.Helper()
	var run struct {
		State   string `json:"state"`
		Rows    int    `json:"rows"`
		Created int    `json:"created"`
	}
	for deadline := time.Now().Add(5 * time.Minute); run.State != "done"; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.Fatalf("the import %d does not end: %+v", id, run)
		}
		if status := p.call(http.MethodGet, fmt.Sprintf("/api/v1/imports/%d", id), nil, &run); status != http.StatusOK {
			p.Fatalf("import %d: %d", id, status)
		}
	}
	if run.Rows != importRows || run.Created != importRows {
		p.Errorf("the import %d ended with %+v", id, run)
	}
}

// strike takes the customers that are in the file off the list of those that
// must be.
func (p *program) strike(known map[string]bool) {
	p.Helper()
	for cursor := ""; len(known) > 0; {
		var page struct {
			Items []struct {
				Name string `json:"name"`
			} `json:"items"`
			Next string `json:"next"`
		}
		if status := p.call(http.MethodGet, "/api/v1/customers?limit=200&sort=-number&cursor="+cursor, nil, &page); status != http.StatusOK {
			p.Fatalf("list: %d", status)
		}
		for _, c := range page.Items {
			delete(known, c.Name)
		}
		if cursor = page.Next; cursor == "" {
			return
		}
	}
}
