package dbtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Pair is a PostgreSQL with a standby that follows it, private to one test,
// which may take either away.
type Pair struct {
	testing.TB
	bin     string
	attr    *syscall.SysProcAttr
	primary server
	standby server
}

type server struct {
	dir  string
	port int
}

func (s server) address() string {
	return fmt.Sprintf("postgres://kartoteka@127.0.0.1:%d/postgres?sslmode=disable", s.port)
}

// StartPair starts both; they end with the test.
func StartPair(t testing.TB) *Pair {
	t.Helper()
	p := &Pair{TB: t}
	p.primary, p.standby = p.folder(), p.folder()
	var err error
	if p.bin, err = postgresBin(); err != nil {
		t.Fatal(err)
	}
	if whole, err := filepath.EvalSymlinks(filepath.Join(p.bin, "initdb")); err == nil {
		p.bin = filepath.Dir(whole) // the other programs may have no link
	}
	if p.attr, err = unprivileged(p.primary.dir); err != nil {
		t.Fatal(err)
	}
	if _, err = unprivileged(p.standby.dir); err != nil {
		t.Fatal(err)
	}
	p.run(p.primary, "initdb", "-D", filepath.Join(p.primary.dir, "data"), "-U", "kartoteka", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	p.Start()
	p.run(p.standby, "pg_basebackup", "-h", "127.0.0.1", "-p", strconv.Itoa(p.primary.port), "-U", "kartoteka",
		"-D", filepath.Join(p.standby.dir, "data"), "-R", "--no-sync", "-c", "fast")
	p.launch(p.standby)
	t.Cleanup(func() {
		p.end(p.primary, syscall.SIGQUIT)
		p.end(p.standby, syscall.SIGQUIT)
	})
	return p
}

func (p *Pair) folder() server {
	p.Helper()
	dir, err := os.MkdirTemp("", "kartoteka-pair-")
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = os.RemoveAll(dir) })
	port, err := freePort()
	if err != nil {
		p.Fatal(err)
	}
	return server{dir, port}
}

func (p *Pair) run(at server, program string, args ...string) {
	p.Helper()
	c := exec.CommandContext(context.Background(), filepath.Join(p.bin, program), args...) // found by postgresBin
	c.SysProcAttr, c.Dir = p.attr, at.dir
	if out, err := c.CombinedOutput(); err != nil {
		p.Fatalf("dbtest: %s: %v: %s", program, err, out)
	}
}

func (p *Pair) launch(s server) {
	p.Helper()
	if err := launch(p.bin, s.dir, s.port, p.attr, "keep"); err != nil {
		p.Fatal(err)
	}
	if err := waitFor(s.address(), s.dir); err != nil {
		p.Fatal(err)
	}
}

// URL names both, as an operator would.
func (p *Pair) URL() string {
	return fmt.Sprintf("postgres://kartoteka@127.0.0.1:%d,127.0.0.1:%d/postgres?sslmode=disable&target_session_attrs=read-write&connect_timeout=2", p.primary.port, p.standby.port)
}

// Standby is the address of the standby alone.
func (p *Pair) Standby() string { return p.standby.address() }

// Start starts the primary, again after Stop.
func (p *Pair) Start() { p.launch(p.primary) }

// Stop takes the primary away; what it has acknowledged is with the standby.
func (p *Pair) Stop() { p.end(p.primary, syscall.SIGINT) }

// FailOver takes the primary away and makes the standby the primary.
func (p *Pair) FailOver() {
	p.Helper()
	p.Stop()
	p.run(p.standby, "pg_ctl", "promote", "-D", filepath.Join(p.standby.dir, "data"), "-w")
}

// end stops a server by the process id it has written down; one that has ended
// has none.
func (p *Pair) end(s server, signal syscall.Signal) {
	path := filepath.Join(s.dir, "data", "postmaster.pid")
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return
	}
	_ = syscall.Kill(pid, signal) // it may have gone by itself
	for range 500 {
		if _, err := os.Stat(path); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.Logf("dbtest: the server %d does not end", pid)
}
