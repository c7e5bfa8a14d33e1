package smoke

import (
	"bytes"
	"html"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kartoteka.dev/internal/platform/authz"
)

// postOffice is a mail server on loopback that keeps what it gets.
type postOffice struct {
	*testing.T
	port int

	mu      sync.Mutex
	letters []string
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	p := &postOffice{T: t}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return clerk{p}, nil }))
	server.Domain = "localhost"
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return p
}

// clerk takes letters.
type clerk struct{ *postOffice }

func (clerk) Mail(string, *smtp.MailOptions) error { return nil }
func (clerk) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (clerk) Reset()                               {}
func (clerk) Logout() error                        { return nil }

// Data implements smtp.Session.
func (c clerk) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	c.mu.Lock()
	c.letters = append(c.letters, string(raw))
	c.mu.Unlock()
	return err
}

var inMail = regexp.MustCompile(`https://crm\.example\.com(/welcome\?key=[A-Za-z0-9_-]+)`)

// link waits for a letter to an address that has a link and gives its path.
func (p *postOffice) link(to string, after int) string {
	p.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		letters := p.letters[min(after, len(p.letters)):]
		p.mu.Unlock()
		for _, raw := range letters {
			m, err := mail.ReadMessage(bytes.NewReader([]byte(raw)))
			if err != nil {
				p.Fatal(err)
			}
			text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
			if err != nil {
				p.Fatal(err)
			}
			if found := inMail.FindSubmatch(text); found != nil && strings.Contains(m.Header.Get("To"), to) {
				return html.UnescapeString(string(found[1]))
			}
		}
	}
	p.Fatalf("no link came to %s in %d letters", to, p.count())
	return ""
}

func (p *postOffice) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.letters)
}

func (v *visitor) post(path string, form url.Values) answer {
	v.Helper()
	r := v.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(r)
}

func TestInvitationsAndForgottenPasswordsGoByMail(t *testing.T) {
	s := demoSite(t)
	office := newPostOffice(t)
	admin, anyone := s.signedIn(staff(t, authz.Administrator)), s.visitor()
	if a := anyone.get("/forgotten-password"); strings.Contains(a.body, `name="email"`) {
		t.Error("a link is offered before mail is set up")
	}
	a := admin.post("/settings/mail", url.Values{
		"host": {"127.0.0.1"}, "port": {strconv.Itoa(office.port)}, "security": {"none"}, "from_name": {"Verstena"},
		"from_address": {"crm@example.com"}, "public_url": {"https://crm.example.com"},
	})
	if a.status != http.StatusSeeOther {
		t.Fatalf("settings: %s", a)
	}
	if a := admin.post("/settings/mail/test", url.Values{"to": {"me@example.com"}}); a.status != http.StatusOK || office.count() != 1 {
		t.Errorf("a test: %d, %d letters", a.status, office.count())
	}

	a = admin.post("/settings/people", url.Values{"name": {"Tamar"}, "email": {"tamar@example.com"}, "language": {"ka"}, "roles": {"manager"}})
	if !strings.Contains(a.body, `id="link"`) {
		t.Errorf("the administrator gets no link to copy: %d", a.status)
	}
	path := office.link("tamar@example.com", 0)
	key := url.Values{"key": {strings.TrimPrefix(path, "/welcome?key=")}, "name": {"Tamar"}, "password": {"seven quiet pears"}}
	if a := anyone.post("/welcome", key); a.status != http.StatusSeeOther {
		t.Fatalf("the invitation: %s", a)
	}

	before := office.count()
	var answers []string
	for _, address := range []string{"nobody@example.com", "tamar@example.com"} {
		a := s.visitor().post("/forgotten-password", url.Values{"email": {address}})
		answers = append(answers, strings.ReplaceAll(a.body, address, "ADDRESS"))
	}
	if answers[0] != answers[1] {
		t.Error("the answer tells who has an account")
	}
	path = office.link("tamar@example.com", before)
	key = url.Values{"key": {strings.TrimPrefix(path, "/welcome?key=")}, "password": {"nine green figs"}}
	if a := s.visitor().post("/welcome", key); a.status != http.StatusSeeOther {
		t.Errorf("the reset: %s", a)
	}
	if a := s.visitor().post("/welcome", key); a.status != http.StatusNotFound {
		t.Errorf("the reset again: %d", a.status)
	}
	office.mu.Lock()
	defer office.mu.Unlock()
	for _, raw := range office.letters {
		if strings.Contains(raw, "nobody@example.com") {
			t.Error("a stranger got mail")
		}
	}
}
