package smoke

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/app"
)

// The people of the demo company are asked for once, when it is made.
const demoPassword = "paper and ink"

// demoSize is how many customers the demo company of the stories has: more
// than one page of the list.
const demoSize = 120

// site is the program, running on its own store.
type site struct {
	*testing.T
	store []string // the flags that name the store
	addr  string   // fixed after the first start, so that a restart keeps it
	url   string
	said  *record
	end   func() // stops the program and waits; nil while it is stopped
}

// record keeps what the program says; safe for concurrent use.
type record struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// newSite starts the program over an empty store.
func newSite(t *testing.T) *site {
	t.Helper()
	return siteAt(t, "--data", t.TempDir())
}

// demoSite starts the program over a copy of the demo company, perhaps with
// more flags.
func demoSite(t *testing.T, flags ...string) *site {
	t.Helper()
	dir, err := demoStore()
	if err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	if err := os.CopyFS(own, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return siteAt(t, append([]string{"--data", own}, flags...)...)
}

func siteAt(t *testing.T, store ...string) *site {
	t.Helper()
	s := &site{T: t, store: store, addr: "127.0.0.1:0", said: &record{}}
	s.start()
	t.Cleanup(func() {
		s.stop()
		s.complain()
	})
	return s
}

var readyAt = regexp.MustCompile(`ready at (https?://(\S+))`)

// start runs the program and waits until it says that it is ready.
func (s *site) start() {
	s.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.Context()))
	ended := make(chan int, 1)
	before := len(s.said.String())
	args := append([]string{"serve", "--addr", s.addr}, s.store...)
	go func() {
		ended <- app.Run(ctx, args, noEnvironment, app.Streams{In: strings.NewReader(""), Out: s.said, Err: s.said})
	}()
	deadline := time.After(30 * time.Second)
	for {
		if m := readyAt.FindStringSubmatch(s.said.String()[before:]); m != nil {
			s.url, s.addr = m[1], m[2]
			break
		}
		select {
		case code := <-ended:
			cancel()
			s.Fatalf("the program ended with %d:\n%s", code, s.said)
		case <-deadline:
			cancel()
			s.Fatalf("the program does not get ready:\n%s", s.said)
		case <-time.After(5 * time.Millisecond):
		}
	}
	s.end = func() {
		cancel()
		if code := <-ended; code != 0 {
			s.Errorf("the program ended with %d", code)
		}
	}
}

// stop ends the program as SIGTERM does.
func (s *site) stop() {
	if s.end != nil {
		s.end()
		s.end = nil
	}
}

// complain fails the test with the errors the program has logged.
func (s *site) complain() {
	for line := range strings.Lines(s.said.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic") {
			s.Errorf("the program logged: %s", line)
		}
	}
}

// command runs another command of the program on the same store and gives what
// it prints.
func (s *site) command(args ...string) string {
	s.Helper()
	var out, said bytes.Buffer
	code := app.Run(s.Context(), append(args, s.store...), noEnvironment, app.Streams{In: strings.NewReader(""), Out: &out, Err: &said})
	if code != 0 {
		s.Fatalf("kartoteka %s: %d\n%s%s", strings.Join(args, " "), code, out.String(), said.String())
	}
	return strings.TrimSpace(out.String())
}

func noEnvironment(string) string { return "" }

// demoStore makes the demo company once for all stories and gives its folder.
var demoStore = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kartoteka-smoke-")
	if err != nil {
		return "", fmt.Errorf("smoke: %w", err)
	}
	atEnd = append(atEnd, func() { _ = os.RemoveAll(dir) })
	return dir, fillDemo("--data", filepath.Clean(dir))
})

func fillDemo(store ...string) error {
	var said bytes.Buffer
	args := append([]string{"demo", "--only", "--customers", fmt.Sprint(demoSize)}, store...)
	code := app.Run(context.Background(), args, noEnvironment, app.Streams{In: strings.NewReader(""), Out: io.Discard, Err: &said})
	if code != 0 {
		return fmt.Errorf("smoke: the demo company cannot be made: %s", said.String())
	}
	return nil
}

// atEnd is what is left to do when all tests have run.
var atEnd []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, f := range atEnd {
		f()
	}
	os.Exit(code)
}

// freeAddress is an address of loopback nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
