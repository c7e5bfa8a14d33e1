package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// server is a running program and the key to its API.
type server struct {
	command *exec.Cmd
	base    string
	token   string
	client  *http.Client
}

var opens = regexp.MustCompile(`Open\s+(http://\S+)`)

// start serves a small demo company on a free port.
func start(ctx context.Context, binary string, store []string) (*server, error) {
	s := &server{client: &http.Client{Timeout: 10 * time.Minute}}
	if text, err := exec.CommandContext(ctx, binary, append([]string{"demo", "--only", "--customers", "100"}, store...)...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("demo: %w: %s", err, text)
	}
	key, err := exec.CommandContext(ctx, binary, append([]string{"token", "create", "--name", "bench", "--role", "administrator"}, store...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	s.token = strings.TrimSpace(string(key))
	s.command = exec.CommandContext(ctx, binary, append([]string{
		"demo", "--addr", "127.0.0.1:0", "--log-level", "error", "--api-per-minute", "1000000",
	}, store...)...)
	s.command.Stderr = os.Stderr
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); s.base == "" && lines.Scan(); {
		if m := opens.FindStringSubmatch(lines.Text()); m != nil {
			s.base = m[1]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if s.base == "" {
		return nil, fmt.Errorf("the server did not say where it is")
	}
	return s, nil
}

// stop ends the server by its own process id, and tells what it used of the
// processors.
func (s *server) stop() time.Duration {
	_ = s.command.Process.Signal(os.Interrupt)
	_ = s.command.Wait()
	return s.command.ProcessState.UserTime() + s.command.ProcessState.SystemTime()
}

// ask makes a request of the API and reads the answer into out, if there is
// one to read it into.
func (s *server) ask(method, path, kind string, body io.Reader, out any) error {
	r, err := http.NewRequest(method, s.base+path, body) //nolint:noctx // the client has a timeout
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", kind)
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answered %s: %s", path, answer.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

// running is an import as the API tells of it.
type running struct {
	ID      int64
	State   string
	Created int
	Rows    int
}

func (s *server) upload(path string) (running, error) {
	var i running
	content, err := os.ReadFile(path)
	if err != nil {
		return i, err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "customers.csv")
	if err != nil {
		return i, err
	}
	if _, err := part.Write(content); err != nil {
		return i, err
	}
	if err := form.WriteField("kind", "customers"); err != nil {
		return i, err
	}
	if err := form.Close(); err != nil {
		return i, err
	}
	return i, s.ask(http.MethodPost, "/api/v1/imports", form.FormDataContentType(), &body, &i)
}

// resident is the memory of the process in MB.
func (s *server) resident() float64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(s.command.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64) // 0 says that it is not known
			return kb / 1024
		}
	}
	return 0
}
