package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// letter is what the server has been given.
type letter struct {
	from, to string
	utf8     bool
	raw      []byte
}

func (l letter) parsed(t *testing.T) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(l.raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, l.raw)
	}
	return m
}

// server is a mail server on loopback that keeps what it gets.
type server struct {
	port   int
	roots  *x509.CertPool
	refuse func(to string) error // nil: everyone is here

	mu      sync.Mutex
	letters []letter
	logins  int
}

const (
	login    = "crm@example.com"
	password = "post office"
)

type mode struct {
	tls, starttls, wantsLogin bool
}

func serve(t *testing.T, how mode) *server {
	t.Helper()
	pair, roots := certificate(t)
	s := &server{roots: roots}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{server: s, open: !how.wantsLogin}, nil
	}))
	srv.Domain, srv.EnableSMTPUTF8 = "localhost", true
	srv.AllowInsecureAuth = !how.tls && !how.starttls
	srv.ErrorLog = quiet{}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	if how.starttls {
		srv.TLSConfig = config
	}
	if how.tls {
		l = tls.NewListener(l, config)
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	t.Cleanup(func() {
		_ = srv.Close()
		<-ended
	})
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func (s *server) all() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]letter(nil), s.letters...)
}

// waits until so many letters have come.
func (s *server) waits(t *testing.T, n int) []letter {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if all := s.all(); len(all) >= n {
			return all
		}
	}
	t.Fatalf("%d letters, want %d", len(s.all()), n)
	return nil
}

type session struct {
	*server
	open bool
	now  letter
}

// AuthMechanisms implements smtp.AuthSession.
func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != login || pass != password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no such key"}
		}
		s.open = true
		s.mu.Lock()
		s.logins++
		s.mu.Unlock()
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, o *smtp.MailOptions) error {
	if !s.open {
		return smtp.ErrAuthRequired
	}
	s.now = letter{from: from, utf8: o.UTF8}
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.refuse != nil {
		if err := s.refuse(to); err != nil {
			return err
		}
	}
	if s.now.to != "" {
		return errors.New("one recipient a message")
	}
	s.now.to = to
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.now.raw = raw
	s.mu.Lock()
	s.letters = append(s.letters, s.now)
	s.mu.Unlock()
	return err
}

func (s *session) Reset()        { s.now = letter{} }
func (s *session) Logout() error { return nil }

// certificate makes one for localhost and the pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, roots
}
