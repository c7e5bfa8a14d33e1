package smoke

import (
	"bufio"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// kills is how often the power goes out.
const kills = 5

// TestNothingAcknowledgedIsLost kills the real program amid the writes of many
// clients: what was answered with 201 is there afterwards.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "kartoteka")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "kartoteka.dev/cmd/kartoteka").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	s := demoSite(t)
	p := s.program("administrator")
	s.stop()
	s.addr = freeAddress(t)
	s.url = "http://" + s.addr
	known := map[string]bool{}
	for round := range kills {
		process := startBinary(t, binary, append([]string{"serve", "--addr", s.addr, "--api-per-minute", "1000000"}, s.store...))
		p.strike(known)
		if len(known) > 0 {
			t.Fatalf("after %d kills %d acknowledged customers are lost: %v", round, len(known), known)
		}
		known = p.writeUntilKilled(process, round)
		if len(known) == 0 {
			t.Error("nothing was written before the kill")
		}
	}
	s.start()
	p.strike(known)
	if len(known) > 0 {
		t.Errorf("%d acknowledged customers are lost: %v", len(known), known)
	}
	s.stop()
	s.command("doctor")
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

// writeUntilKilled creates customers from several clients, ends the process by
// kill -9 in the middle, and gives the names that were acknowledged.
func (p *program) writeUntilKilled(process *exec.Cmd, round int) map[string]bool {
	p.Helper()
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	var clients sync.WaitGroup
	for client := range 8 {
		clients.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("Survivor %d-%d-%d", round, client, n)
				body := fmt.Sprintf(`{"kind":"organisation","name":%q,"country":"BG"}`, name)
				r, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.site.url+"/api/v1/customers", strings.NewReader(body))
				if err != nil {
					p.Error(err)
					return
				}
				r.Header.Set("Authorization", "Bearer "+p.token)
				r.Header.Set("Content-Type", "application/json")
				resp, err := p.client.Do(r)
				if err != nil {
					return // the kill
				}
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusCreated {
					p.Errorf("create: %d", resp.StatusCode)
					return
				}
				mu.Lock()
				acknowledged[name] = true
				mu.Unlock()
			}
		})
	}
	time.Sleep(time.Duration(150+round*70) * time.Millisecond)
	if err := process.Process.Signal(syscall.SIGKILL); err != nil {
		p.Errorf("kill: %v", err)
	}
	_ = process.Wait() // tells of the kill
	clients.Wait()
	return acknowledged
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
