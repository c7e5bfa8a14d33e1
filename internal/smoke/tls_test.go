package smoke

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
)

// certificate writes a certificate for 127.0.0.1 and its key to files, and
// gives the pool that trusts it.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kartoteka"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(leaf)
	return cert, key, roots
}

// signInFrom signs in with these headers and tells whether the answer binds the
// browser to HTTPS: by its cookies, and by the header for the time to come.
func (v *visitor) signInFrom(headers map[string]string) (secure, strict bool) {
	v.Helper()
	form := url.Values{"email": {staff(v.T, authz.Manager)}, "password": {demoPassword}}
	r := v.request(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	a := v.send(r)
	if a.status != http.StatusSeeOther {
		v.Fatalf("sign in: %s", a)
	}
	sessions := 0
	for _, line := range a.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			v.Fatal(err)
		}
		if !strings.HasSuffix(c.Name, "kartoteka-session") {
			continue
		}
		sessions++
		secure = c.Secure && c.Name == "__Host-kartoteka-session"
		if !c.HttpOnly || c.Secure != secure {
			v.Errorf("cookie %s", line)
		}
	}
	if sessions != 1 {
		v.Errorf("%d cookies for the session", sessions)
	}
	return secure, a.header.Get("Strict-Transport-Security") != ""
}

func TestCertificatesMakeHTTPS(t *testing.T) {
	cert, key, roots := certificate(t)
	s := demoSite(t, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("ready at %s", s.url)
	}
	v := s.visitor()
	v.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	if secure, strict := v.signInFrom(nil); !secure || !strict {
		t.Errorf("secure cookies %v, HSTS %v", secure, strict)
	}
	if a := v.get("/customers"); a.status != http.StatusOK {
		t.Errorf("signed in: %s", a)
	}
	open := s.visitor()
	open.site = &site{T: t, url: strings.Replace(s.url, "https:", "http:", 1)}
	if a := open.get("/sign-in"); a.status != http.StatusBadRequest {
		t.Errorf("without TLS: %s", a)
	}
}

func TestOnlyATrustedProxyIsBelieved(t *testing.T) {
	proxied := map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
	behind := demoSite(t, "--trusted-proxies", "127.0.0.1")
	if secure, strict := behind.visitor().signInFrom(proxied); !secure || !strict {
		t.Errorf("a trusted proxy says HTTPS: secure cookies %v, HSTS %v", secure, strict)
	}
	if secure, strict := behind.visitor().signInFrom(nil); secure || strict {
		t.Errorf("the proxy says nothing: secure cookies %v, HSTS %v", secure, strict)
	}
	direct := demoSite(t)
	if secure, strict := direct.visitor().signInFrom(proxied); secure || strict {
		t.Errorf("anyone says HTTPS: secure cookies %v, HSTS %v", secure, strict)
	}
}
