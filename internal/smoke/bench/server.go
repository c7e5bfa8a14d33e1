package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// server is a running program.
type server struct {
	command *exec.Cmd
	base    string
	client  *http.Client
	started time.Duration // from the start of the process to the first answer
	email   string        // of the administrator
}

var (
	opens  = regexp.MustCompile(`Open\s+(http://\S+)`)
	signIn = regexp.MustCompile(`Sign in\s+(\S+)`)
)

// start runs the program on a free port and waits until it answers.
func start(ctx context.Context, binary string, store []string) (*server, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	s := &server{client: &http.Client{Jar: jar, Timeout: time.Minute}}
	s.command = exec.CommandContext(ctx, binary, append([]string{"demo", "--addr", "127.0.0.1:0", "--log-level", "error"}, store...)...)
	s.command.Stderr = os.Stderr
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := clock.System.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	said := ""
	lines := bufio.NewScanner(out)
	for lines.Scan() && s.email == "" {
		said += lines.Text() + "\n"
		if m := opens.FindStringSubmatch(said); m != nil {
			s.base = m[1]
		}
		if m := signIn.FindStringSubmatch(said); m != nil {
			s.email = m[1]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if s.base == "" || s.email == "" {
		return nil, fmt.Errorf("the server did not say where it is: %s", said)
	}
	if err := s.get(floor, ""); err != nil {
		return nil, err
	}
	s.started = clock.System.Now().Sub(begun)
	return s, nil
}

// stop ends the server by its own process id and waits for it.
func (s *server) stop() {
	_ = s.command.Process.Signal(os.Interrupt)
	_ = s.command.Wait()
}

func (s *server) signIn() error {
	form := url.Values{"email": {s.email}, "password": {"paper and ink"}}
	r, err := s.client.PostForm(s.base+"/sign-in", form) //nolint:noctx // the client has a timeout
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	if strings.Contains(r.Request.URL.Path, "sign-in") {
		return errors.New("the sign-in was refused")
	}
	return nil
}

// get asks for a page, or with a token for an answer of the API, as it is: what
// unpacking costs is not the server's.
func (s *server) get(path, token string) error {
	r, err := http.NewRequest(http.MethodGet, s.base+path, nil) //nolint:noctx // the client has a timeout
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "identity")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", path, answer.Status)
	}
	return nil
}

// resident is the memory of the process in MB.
func (s *server) resident() (float64, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(s.command.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("the system does not tell")
}
