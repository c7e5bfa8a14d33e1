package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// postgresServer is the address of the server of this test process.
var postgresServer = sync.OnceValues(func() (string, error) {
	if given := os.Getenv("KARTOTEKA_TEST_POSTGRES"); given != "" {
		return given, nil
	}
	return StartPostgres()
})

// keep makes the write end of the server's lifeline live as long as the
// process.
var keep []*os.File

// StartPostgres starts a private server on a free port of loopback, without
// any care for durability. A small shell holds it: when this process ends, the
// pipe to that shell closes, and it stops the server by its process id and
// removes the folder.
func StartPostgres() (string, error) {
	dir, err := os.MkdirTemp("", "kartoteka-postgres-")
	if err != nil {
		return "", fmt.Errorf("dbtest: %w", err)
	}
	return startIn(dir, "remove")
}

// StartPostgresIn is StartPostgres in a folder that stays and is used again.
func StartPostgresIn(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("dbtest: %w", err)
	}
	return startIn(dir, "keep")
}

func startIn(dir, afterwards string) (string, error) {
	bin, err := postgresBin()
	if err != nil {
		return "", err
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "PG_VERSION")); err != nil {
		initdb := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), // found above
			"-U", "kartoteka", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
		initdb.SysProcAttr, initdb.Dir = attr, dir
		if out, err := initdb.CombinedOutput(); err != nil {
			return "", fmt.Errorf("dbtest: initdb: %w: %s", err, out)
		}
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	if err := launch(bin, dir, port, attr, afterwards); err != nil {
		return "", err
	}
	address := fmt.Sprintf("postgres://kartoteka@127.0.0.1:%d/postgres?sslmode=disable", port)
	return address, waitFor(address, dir)
}

const holdServer = `"$1"/postgres -D "$2"/data -p "$3" -k "$2" -c listen_addresses=127.0.0.1 \
 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 \
 -c shared_buffers=64MB -c autovacuum=off -c log_min_messages=fatal >"$2"/log 2>&1 &
server=$!
cat >/dev/null
kill -INT $server
wait $server
[ "$4" = keep ] || rm -rf "$2"`

func launch(bin, dir string, port int, attr *syscall.SysProcAttr, afterwards string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	hold := exec.CommandContext(context.Background(), "sh", "-c", holdServer, "hold", bin, dir, strconv.Itoa(port), afterwards) // own text
	hold.Stdin, hold.Dir = r, dir
	own := *attr
	own.Setsid = true // a Ctrl+C at the terminal must reach the tests, not the server
	hold.SysProcAttr = &own
	if err := hold.Start(); err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	keep = append(keep, w)
	go func() { _ = hold.Wait() }()
	return r.Close()
}

func waitFor(address, dir string) error {
	d, err := sql.Open("pgx", address)
	if err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	defer func() { _ = d.Close() }()
	for range 300 {
		if err = d.PingContext(context.Background()); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return fmt.Errorf("dbtest: PostgreSQL did not start: %w: %s", err, log)
}

func postgresBin() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("initdb is not installed")
	}
	sort.Strings(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged lets the server run as "postgres" (or "nobody") when the tests
// run as root, which PostgreSQL refuses.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("dbtest: %w", err)
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, fmt.Errorf("dbtest: %w", err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, fmt.Errorf("dbtest: %w", err)
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, fmt.Errorf("dbtest: %w", err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil // ids of the system
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closes at once
	if err != nil {
		return 0, fmt.Errorf("dbtest: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
