package mail

import (
	"context"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Manage is the permission to say how mail is sent.
const Manage = "mail.manage"

// Permissions are those of this package, for the matrix.
var Permissions = []authz.Permission{{
	ID: Manage, Label: "mail.permission.manage",
	Default: map[authz.Role]authz.Level{authz.Administrator: authz.All},
}}

// Security is how the way to the server is kept private.
type Security string

// STARTTLS begins in the open and refuses to go on without encryption; TLS is
// encrypted from the first byte; Plain is never encrypted and is for a server
// on the same machine only.
const (
	STARTTLS Security = "starttls"
	TLS      Security = "tls"
	Plain    Security = "none"
)

// ports are the usual ones.
var ports = map[Security]int{STARTTLS: 587, TLS: 465, Plain: 25}

// Settings are how mail is sent. The zero value: not at all.
type Settings struct {
	Host        string   `json:"host"`
	Port        int      `json:"port"` // the usual one for Security if 0
	Security    Security `json:"security"`
	Login       string   `json:"login"` // empty: the server asks for none
	FromName    string   `json:"from_name"`
	FromAddress string   `json:"from_address"`
	PublicURL   string   `json:"public_url"` // where links lead: scheme and host, no path

	HasPassword bool `json:"has_password"` // what is stored is never given back
}

// On tells whether mail is sent at all.
func (s Settings) On() bool { return s.Host != "" }

// Change is new settings. An empty Password keeps the one that is stored,
// unless server or login are new.
type Change struct {
	Settings
	Password string
}

// account is what a delivery needs.
type account struct {
	Settings
	password string
}

const sqlFindSettings = `
SELECT host, port, security, login, password, from_name, from_address, public_url FROM platform_mail WHERE id = 1`

func findAccount(ctx context.Context, tx *db.Tx) (account, error) {
	var a account
	err := tx.QueryRow(ctx, sqlFindSettings).
		Scan(&a.Host, &a.Port, &a.Security, &a.Login, &a.password, &a.FromName, &a.FromAddress, &a.PublicURL)
	if err != nil {
		return account{}, fmt.Errorf("mail settings: %w", err)
	}
	a.HasPassword = a.password != ""
	return a, nil
}

func (s *Service) account(ctx context.Context) (a account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = findAccount(ctx, tx)
		return err
	})
	return a, err
}

// Find gives the settings, without the password.
func (s *Service) Find(ctx context.Context) (Settings, error) {
	const op = "mail.Find"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Settings{}, err
	}
	a, err := s.account(ctx)
	return a.Settings, errs.Wrap(op, err)
}

// Address is where links in messages lead ("https://crm.example.com"), empty
// while no mail can be sent. It needs no right.
func (s *Service) Address(ctx context.Context) (string, error) {
	a, err := s.account(ctx)
	if err != nil || !a.On() {
		return "", errs.Wrap("mail.Address", err)
	}
	return a.PublicURL, nil
}

const sqlChangeSettings = `
UPDATE platform_mail SET host = $1, port = $2, security = $3, login = $4, password = $5, from_name = $6,
  from_address = $7, public_url = $8
WHERE id = 1`

// Change replaces the settings.
func (s *Service) Change(ctx context.Context, c Change) error {
	const op = "mail.Change"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	c = c.tidy()
	before, err := s.account(ctx)
	if err != nil {
		return errs.Wrap(op, err)
	}
	bad := c.check()
	moved := c.Host != before.Host || c.Login != before.Login
	if c.Login != "" && c.Password == "" && (moved || !before.HasPassword) {
		bad = append(bad, errs.Field("password", "mail.error.password-missing"))
	}
	if len(bad) > 0 {
		return errs.InvalidFields(op, bad...)
	}
	return errs.Wrap(op, s.keep(ctx, "mail.settings_changed", c))
}

// TurnOff forgets the settings: no mail is sent any more.
func (s *Service) TurnOff(ctx context.Context) error {
	const op = "mail.TurnOff"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	return errs.Wrap(op, s.keep(ctx, "mail.turned_off", Change{}))
}

func (s *Service) keep(ctx context.Context, event string, c Change) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := findAccount(ctx, tx)
		if err != nil {
			return err
		}
		password := c.Password
		if password == "" && c.Login != "" {
			password = before.password
		}
		after := c.Settings
		after.HasPassword = password != ""
		if after == before.Settings && password == before.password {
			return nil
		}
		_, err = tx.Exec(ctx, sqlChangeSettings, after.Host, after.Port, after.Security, after.Login, password,
			after.FromName, after.FromAddress, after.PublicURL)
		if err != nil {
			return fmt.Errorf("change mail settings: %w", err)
		}
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: event, Subject: journal.Ref{Type: "mail", ID: 1}, Before: before.Settings, After: after,
		})
		return err
	})
}

// Limits of texts, in characters.
const (
	maxText    = 200
	maxAddress = 254
)

func (c Change) tidy() Change {
	for _, s := range []*string{&c.Host, &c.Login, &c.FromName, &c.FromAddress, &c.PublicURL} {
		*s = strings.TrimSpace(oneLine(*s))
	}
	c.Host = strings.ToLower(c.Host)
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.Port == 0 {
		c.Port = ports[c.Security]
	}
	if c.Login == "" {
		c.Password = ""
	}
	return c
}

func (c Change) check() []errs.FieldError {
	var bad []errs.FieldError
	add := func(wrong bool, field, text string, args ...any) {
		if wrong {
			bad = append(bad, errs.Field(field, text, args...))
		}
	}
	add(c.Host == "", "host", "errors.field-missing")
	add(c.Host != "" && !validHost(c.Host), "host", "mail.error.host-wrong")
	add(ports[c.Security] == 0, "security", "errors.field-not-chosen")
	add(c.Security == Plain && validHost(c.Host) && !loopback(c.Host), "security", "mail.error.plain-elsewhere")
	add(c.Port < 0 || c.Port > 65535, "port", "mail.error.port-wrong")
	_, err := parseAddress(c.FromAddress)
	add(c.FromAddress == "", "from_address", "errors.field-missing")
	add(c.FromAddress != "" && err != nil, "from_address", "errors.field-not-an-email")
	add(!validPublicURL(c.PublicURL), "public_url", "mail.error.public-url-wrong")
	for name, text := range map[string]string{"login": c.Login, "from_name": c.FromName, "password": c.Password, "public_url": c.PublicURL} {
		add(utf8.RuneCountInString(text) > maxText, name, "errors.field-too-long", "Max", maxText)
	}
	return bad
}

// validHost takes a name or an address, without a port.
func validHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(host)
	return err == nil && ascii != "" && len(ascii) <= 253 && !strings.ContainsAny(ascii, " /:@")
}

// loopback tells whether a server is on this very machine.
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

func validPublicURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// parseAddress takes a bare address and gives it with its domain in ASCII, as
// servers want it; the part before the @ may be in any script.
func parseAddress(s string) (string, error) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	if a.Address != s || len(s) > maxAddress || s != oneLine(s) {
		return "", fmt.Errorf("mail: %q is not a bare address", s)
	}
	at := strings.LastIndexByte(s, '@')
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil {
		return "", fmt.Errorf("mail: domain of %q: %w", s, err)
	}
	return s[:at+1] + domain, nil
}

// oneLine takes away what could begin a header of its own.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
