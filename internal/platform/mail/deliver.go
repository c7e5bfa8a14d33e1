package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// patience is how long a server may think about one step.
const patience = 20 * time.Second

// Test sends a message now and waits for the server's answer, so that whoever
// sets mail up sees what comes of it. The error says in words what the server
// did not like; what it said itself is in Answer(err).
func (s *Service) Test(ctx context.Context, m Message) error {
	const op = "mail.Test"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	a, err := s.account(ctx)
	if err != nil {
		return errs.Wrap(op, err)
	}
	if !a.On() {
		return errs.New(errs.Conflict, op, "mail.error.off")
	}
	if err := s.send(ctx, a, outgoing{Message: m, made: s.now()}, 0); err != nil {
		return explain(op, a, err)
	}
	return nil
}

// Answer is what the server said, as it said it.
func Answer(err error) string {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Err == nil {
		return ""
	}
	return strings.TrimSpace(e.Err.Error())
}

// send hands one message to the server.
func (s *Service) send(ctx context.Context, a account, m outgoing, id int64) error {
	msg, err := compose(a, m, id)
	if err != nil {
		return err
	}
	client, err := s.client(a)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return client.DialAndSendWithContext(ctx, msg)
}

func (s *Service) client(a account) (*gomail.Client, error) {
	host, err := idna.Lookup.ToASCII(a.Host)
	if err != nil {
		host = a.Host // an IP address
	}
	options := []gomail.Option{
		gomail.WithPort(a.Port), gomail.WithTimeout(patience),
		gomail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}),
	}
	switch a.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if a.Login != "" {
		options = append(options, gomail.WithUsername(a.Login), gomail.WithPassword(a.password), a.mechanism())
	}
	return gomail.NewClient(host, options...)
}

// mechanism never tells the password over an open line, unless that line does
// not leave the machine.
func (a account) mechanism() gomail.Option {
	if a.Security == Plain && loopback(a.Host) {
		return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
	}
	return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
}

// errAddress is a recipient that cannot be written to at all.
var errAddress = errors.New("mail: not an address")

func compose(a account, m outgoing, id int64) (*gomail.Msg, error) {
	to, err := parseAddress(m.To)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAddress, err)
	}
	from, err := parseAddress(a.FromAddress)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAddress, err)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&mail.Address{Name: oneLine(a.FromName), Address: from})
	msg.ToMailAddress(&mail.Address{Name: oneLine(m.Name), Address: to})
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(m.made.Time())
	msg.SetMessageIDWithValue(messageID(m.made, id, from))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", string(m.Language))
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, page(m.Language, m.Subject, m.Text))
	return msg, nil
}

// messageID is the same each time a message of the outbox is tried.
func messageID(made clock.Instant, id int64, from string) string {
	domain := from[strings.LastIndexByte(from, '@')+1:]
	if id == 0 {
		return fmt.Sprintf("%d.%s@%s", made, strings.ToLower(rand.Text()), domain)
	}
	return fmt.Sprintf("%d.%d.kartoteka@%s", made, id, domain)
}

// code is the three digits of the server's answer; 0 if it gave none.
func code(err error) int {
	if e, ok := errors.AsType[*gomail.SendError](err); ok && e.ErrorCode() > 0 {
		return e.ErrorCode()
	}
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return e.Code
	}
	return 0
}

// final tells that trying again is of no use: the recipient does not exist.
// A wrong password or a refused sender can be mended by the administrator while
// the message waits.
func final(err error) bool {
	if errors.Is(err, errAddress) {
		return true
	}
	e, ok := errors.AsType[*gomail.SendError](err)
	return ok && e.Reason == gomail.ErrSMTPRcptTo && code(err) >= 500
}

// explain says in words what went wrong on the way to the server.
func explain(op string, a account, err error) error {
	text := "mail.error.other"
	kind := errs.Unavailable
	_, unknownAuthority := errors.AsType[x509.UnknownAuthorityError](err)
	_, wrongCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, notTLS := errors.AsType[tls.RecordHeaderError](err)
	_, noHost := errors.AsType[*net.DNSError](err)
	timeout, isNet := errors.AsType[net.Error](err)
	send, isSend := errors.AsType[*gomail.SendError](err)
	switch n := code(err); {
	case errors.Is(err, errAddress):
		text, kind = "mail.error.recipient", errs.Conflict
	case noHost:
		text = "mail.error.no-such-host"
	case errors.Is(err, syscall.ECONNREFUSED):
		text = "mail.error.refused"
	case unknownAuthority || wrongCertificate:
		text = "mail.error.certificate"
	case notTLS || strings.Contains(err.Error(), "does not support STARTTLS"):
		text = "mail.error.wrong-security"
	case n == 530 || n == 534 || n == 535 || n == 538 || strings.Contains(err.Error(), "SMTP AUTH"):
		text = "mail.error.login"
	case isSend && send.Reason == gomail.ErrSMTPMailFrom:
		text = "mail.error.sender"
	case isSend && send.Reason == gomail.ErrSMTPRcptTo:
		text = "mail.error.recipient"
	case isNet && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		text = "mail.error.timeout"
	case n >= 400:
		text = "mail.error.content"
	}
	return errs.New(kind, op, text, "Host", a.Host, "Port", fmt.Sprint(a.Port), "From", a.FromAddress).Because(err)
}
