package mail_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/mail"
)

// post is the service over a migrated database, with a runner at work.
type post struct {
	*mail.Service
	*testing.T
	d    *db.DB
	jobs *jobs.Runner
	ctx  context.Context
}

func open(t *testing.T, d *db.DB, roots *x509.CertPool, now clock.Clock) *post {
	t.Helper()
	p := &post{T: t, d: d, ctx: authz.AsSystem(t.Context(), "test")}
	if err := jobs.Migrate(p.ctx, d); err != nil {
		t.Fatal(err)
	}
	var err error
	if p.jobs, err = jobs.New(d, jobs.Config{}); err != nil {
		t.Fatal(err)
	}
	if p.Service, err = mail.New(mail.Deps{DB: d, Jobs: p.jobs, Clock: now, Roots: roots}); err != nil {
		t.Fatal(err)
	}
	return p
}

// start lets jobs run until the test ends.
func (p *post) start() {
	p.Helper()
	if err := p.jobs.Start(p.ctx); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := p.jobs.Stop(ctx); err != nil {
			p.Errorf("stop: %v", err)
		}
	})
}

func settings(s *server, security mail.Security) mail.Change {
	return mail.Change{Settings: mail.Settings{
		Host: "localhost", Port: s.port, Security: security,
		FromName: "Родопско сирене", FromAddress: "crm@example.com", PublicURL: "https://crm.example.com",
	}}
}

func (p *post) change(c mail.Change) {
	p.Helper()
	if err := p.Change(p.ctx, c); err != nil {
		p.Fatalf("%v %v", err, errs.FieldsOf(err))
	}
}

func (p *post) send(m mail.Message) (going bool) {
	p.Helper()
	err := p.d.Write(p.ctx, func(tx *db.Tx) (err error) {
		going, err = p.Send(p.ctx, tx, m)
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return going
}

func (p *post) waiting() int {
	p.Helper()
	var n int
	err := p.d.Read(p.ctx, func(tx *db.Tx) error {
		return tx.QueryRow(p.ctx, `SELECT COUNT(*) FROM platform_mail_outbox`).Scan(&n)
	})
	if err != nil {
		p.Fatal(err)
	}
	return n
}

var hello = mail.Message{
	To: "nino@example.ge", Name: "ნინო მაისურაძე", Language: i18n.Georgian, Subject: "მოწვევა",
	Text: "გამარჯობა <b>ნინო</b>,\n\nhttps://crm.example.com/welcome?key=a&b\n\nთავაზიანად",
}

func TestWithoutSettingsNothingIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, nil, clock.System)
		if p.send(hello) || p.waiting() != 0 {
			t.Error("something is on its way")
		}
		if to, err := p.Address(t.Context()); to != "" || err != nil {
			t.Errorf("%q %v", to, err)
		}
		if err := p.Test(p.ctx, hello); !errs.Is(err, errs.Conflict) {
			t.Errorf("a test without settings: %v", err)
		}
	})
}

func TestMessagesGoOutInEveryWayAServerCanBeReached(t *testing.T) {
	for security, how := range map[mail.Security]mode{
		mail.STARTTLS: {starttls: true, wantsLogin: true}, mail.TLS: {tls: true, wantsLogin: true}, mail.Plain: {wantsLogin: true},
	} {
		t.Run(string(security), func(t *testing.T) {
			srv := serve(t, how)
			p := open(t, dbtest.SQLite(t), srv.roots, clock.System)
			c := settings(srv, security)
			c.Login, c.Password = login, password
			p.change(c)
			p.start()
			if !p.send(hello) {
				t.Fatal("not on its way")
			}
			got := srv.waits(t, 1)[0]
			if got.from != "crm@example.com" || got.to != "nino@example.ge" || srv.logins != 1 {
				t.Errorf("from %s to %s, %d logins", got.from, got.to, srv.logins)
			}
			for deadline := time.Now().Add(time.Minute); p.waiting() > 0 && time.Now().Before(deadline); {
				time.Sleep(10 * time.Millisecond)
			}
			if p.waiting() != 0 {
				t.Error("what was sent is still kept")
			}
		})
	}
}

func TestMessageReadsInEveryMailProgram(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv := serve(t, mode{starttls: true})
		p := open(t, d, srv.roots, clock.System)
		p.change(settings(srv, mail.STARTTLS))
		p.start()
		p.send(hello)
		m := srv.waits(t, 1)[0].parsed(t)
		word := new(mime.WordDecoder)
		for name, want := range map[string]string{
			"Subject": "მოწვევა", "Auto-Submitted": "auto-generated", "Content-Language": "ka",
			"From": `Родопско сирене <crm@example.com>`, "To": `ნინო მაისურაძე <nino@example.ge>`,
		} {
			if got, err := word.DecodeHeader(m.Header.Get(name)); got != want || err != nil {
				t.Errorf("%s: %q, want %q (%v)", name, got, want, err)
			}
		}
		if id := m.Header.Get("Message-Id"); !strings.HasSuffix(id, "@example.com>") {
			t.Errorf("Message-ID %s", id)
		}
		parts := bodies(t, m.Header.Get("Content-Type"), m.Body)
		if got := strings.ReplaceAll(parts["text/plain"], "\r\n", "\n"); got != hello.Text {
			t.Errorf("plain: %q", got)
		}
		for _, want := range []string{`<html lang="ka">`, `&lt;b&gt;ნინო`, `<a href="https://crm.example.com/welcome?key=a&amp;b">`} {
			if !strings.Contains(parts["text/html"], want) {
				t.Errorf("HTML lacks %s:\n%s", want, parts["text/html"])
			}
		}
	})
}

func bodies(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	r := multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";")
		all[kind] = string(text)
	}
}

func TestNobodyWritesHeadersOfTheirOwn(t *testing.T) {
	srv := serve(t, mode{})
	p := open(t, dbtest.SQLite(t), nil, clock.System)
	c := settings(srv, mail.Plain)
	c.FromName = "Firm\r\nBcc: a@evil.example"
	p.change(c)
	for _, evil := range []mail.Message{
		{To: "x@example.com", Name: "A\r\nBcc: b@evil.example\r\n\r\nbody", Subject: "S\nX-Evil: yes\r\n\r\nbody", Text: "hi"},
		{To: "x@example.com", Name: "\" <b@evil.example>, \"", Subject: "\u2028X-Evil: yes", Text: ".\r\nMAIL FROM:<b@evil.example>"},
	} {
		if err := p.Test(p.ctx, evil); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range srv.all() {
		m := l.parsed(t)
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "x@example.com" || m.Header.Get("Bcc") != "" || m.Header.Get("X-Evil") != "" {
			t.Errorf("%v %v\n%s", to, err, l.raw)
		}
	}
	for _, to := range []string{"x@example.com\r\nBcc: b@evil.example", "X <x@example.com>", "x@example.com, y@example.com", "x", "", "x@exa mple.com"} {
		if err := p.Test(p.ctx, mail.Message{To: to, Subject: "s", Text: "t"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	if n := len(srv.all()); n != 2 {
		t.Errorf("%d letters came", n)
	}
}

func TestAddressesInAnyScript(t *testing.T) {
	srv := serve(t, mode{})
	p := open(t, dbtest.SQLite(t), nil, clock.System)
	p.change(settings(srv, mail.Plain))
	for address, want := range map[string]string{
		"ivan@пример.бг": "ivan@xn--e1afmkfd.xn--90ae", "иван@пример.бг": "иван@xn--e1afmkfd.xn--90ae",
	} {
		if err := p.Test(p.ctx, mail.Message{To: address, Subject: "s", Text: "t"}); err != nil {
			t.Fatal(err)
		}
		all := srv.all()
		if got := all[len(all)-1]; got.to != want || !got.utf8 {
			t.Errorf("%s went to %s (UTF-8 %v)", address, got.to, got.utf8)
		}
	}
}

func TestServersAnswerIsToldInWords(t *testing.T) {
	starttls, tls := serve(t, mode{starttls: true, wantsLogin: true}), serve(t, mode{tls: true})
	picky := serve(t, mode{})
	picky.refuse = func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	}
	p := open(t, dbtest.SQLite(t), starttls.roots, clock.System)
	with := func(c mail.Change, edit func(*mail.Change)) mail.Change {
		edit(&c)
		return c
	}
	for _, tc := range []struct {
		name, text, answer string
		change             mail.Change
	}{
		{"a wrong password", "mail.error.login", "no such key", with(settings(starttls, mail.STARTTLS), func(c *mail.Change) { c.Login, c.Password = login, "wrong" })},
		{"another authority", "mail.error.certificate", "x509", settings(tls, mail.TLS)},
		{"a name the certificate lacks", "mail.error.certificate", "x509", with(settings(starttls, mail.STARTTLS), func(c *mail.Change) { c.Host = "127.0.0.1" })},
		{"no STARTTLS there", "mail.error.wrong-security", "STARTTLS", settings(picky, mail.STARTTLS)},
		{"no TLS there", "mail.error.wrong-security", "", settings(picky, mail.TLS)},
		{"a recipient who is not there", "mail.error.recipient", "nobody of that name", settings(picky, mail.Plain)},
		{"nobody listens", "mail.error.refused", "", with(settings(picky, mail.Plain), func(c *mail.Change) { c.Port = 1 })},
		{"no such name", "mail.error.no-such-host", "", with(settings(picky, mail.STARTTLS), func(c *mail.Change) { c.Host = "smtp.invalid" })},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p.change(tc.change)
			err := p.Test(p.ctx, hello)
			if text, _ := errs.TextOf(err); text.ID != tc.text || !strings.Contains(mail.Answer(err), tc.answer) {
				t.Errorf("%s: %v", text.ID, err)
			}
			for _, lang := range i18n.Langs {
				text, _ := errs.TextOf(err)
				if said := i18n.TIn(lang, text.ID, text.Args...); strings.Contains(said, "<no value>") || strings.Contains(said, "{{") {
					t.Errorf("%s: %s", lang, said)
				}
			}
		})
	}
}

func TestSettingsAreCheckedAndKeptWithoutTellingThePassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, nil, clock.System)
		err := p.Change(p.ctx, mail.Change{Settings: mail.Settings{Host: "a b", Security: "x", FromAddress: "nobody", PublicURL: "https://a/b", Port: -1, Login: "me"}})
		var names []string
		for _, f := range errs.FieldsOf(err) {
			names = append(names, f.Name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != "from_address host password port public_url security" {
			t.Errorf("%s", got)
		}
		good := mail.Change{Password: "secret word", Settings: mail.Settings{
			Host: "SMTP.Example.com", Security: mail.TLS, Login: "me", FromAddress: "crm@example.com", PublicURL: "https://crm.example.com/",
		}}
		p.change(good)
		s, err := p.Find(p.ctx)
		if err != nil || s.Port != 465 || s.Host != "smtp.example.com" || !s.HasPassword || s.PublicURL != "https://crm.example.com" {
			t.Errorf("%+v %v", s, err)
		}
		good.Password = ""
		good.FromName = "CRM"
		p.change(good) // keeps the password
		good.Host = "mail.elsewhere.example"
		if err := p.Change(p.ctx, good); !errs.Is(err, errs.Invalid) {
			t.Errorf("the password goes to another server: %v", err)
		}
		good.Security, good.Login = mail.Plain, ""
		if err := p.Change(p.ctx, good); !errs.Is(err, errs.Invalid) {
			t.Errorf("in the open, to another machine: %v", err)
		}
		if err := p.TurnOff(p.ctx); err != nil {
			t.Fatal(err)
		}
		if s, err := p.Find(p.ctx); err != nil || s.On() || s.HasPassword {
			t.Errorf("%+v %v", s, err)
		}
		p.journaled("mail.settings_changed", "mail.settings_changed", "mail.turned_off")
		anyone := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 7})
		if _, err := p.Find(anyone); !errs.Is(err, errs.Forbidden) {
			t.Errorf("anyone sees the settings: %v", err)
		}
		for _, err := range []error{p.Change(anyone, good), p.TurnOff(anyone), p.Test(anyone, hello)} {
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("anyone may: %v", err)
			}
		}
	})
}

func (p *post) journaled(kinds ...string) {
	p.Helper()
	var got []string
	err := p.d.Read(p.ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(p.ctx, `SELECT j.kind, COALESCE(CAST(p.before AS TEXT), ''), COALESCE(CAST(p.after AS TEXT), '') FROM platform_journal j
JOIN platform_journal_payloads p ON p.entry_id = j.id ORDER BY j.id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind, before, after string
			if err := rows.Scan(&kind, &before, &after); err != nil {
				return err
			}
			got = append(got, kind)
			if strings.Contains(before+after, "secret word") {
				p.Errorf("the journal holds the password: %s %s", before, after)
			}
		}
		return rows.Err()
	})
	if err != nil || fmt.Sprint(got) != fmt.Sprint(kinds) {
		p.Errorf("the journal has %v, %v", got, err)
	}
}

func TestPointlessMessagesAreGivenUp(t *testing.T) {
	srv := serve(t, mode{})
	now := clock.Fixed(time.Now())
	p := open(t, dbtest.SQLite(t), nil, now)
	p.change(settings(srv, mail.Plain))
	late := hello
	late.Until = clock.InstantOf(now.Now()).Add(time.Minute)
	p.send(late)
	now.Advance(2 * time.Minute)
	p.start()
	for deadline := time.Now().Add(time.Minute); p.waiting() > 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if p.waiting() != 0 || len(srv.all()) != 0 {
		t.Errorf("%d wait, %d sent", p.waiting(), len(srv.all()))
	}
}
