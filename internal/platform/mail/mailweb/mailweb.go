// Package mailweb is the page of the settings on which the administrator says
// how mail is sent, and tries it.
package mailweb

import (
	"context"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/mail"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// Path is the page; it needs the permission mail.Manage.
const Path = "/settings/mail"

// Recipient is who gets a test message.
type Recipient struct {
	Name    string
	Address string
}

// Deps are what the page needs.
type Deps struct {
	Mail *mail.Service
	// Me is the acting person.
	Me func(ctx context.Context) (Recipient, error)
	// Company is proposed as the sender's name, Sender as the address.
	Company func(ctx context.Context) (name, sender string)
}

// Pages answers requests; safe for concurrent use.
type Pages struct{ Deps }

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		web.Get(Path, p.show),
		web.Post(Path, p.change),
		web.Post(Path+"/test", p.test),
		web.Post(Path+"/off", p.turnOff),
	}
}

// mailForm is the page, perhaps come back with what it needs.
type mailForm struct {
	Input  mail.Settings
	Port   string
	On     bool // what is stored is in use
	To     string
	Sent   string // the recipient of a test that went well
	Failed string // why a test did not
	Answer string // and what the server said
	fields map[string]string
}

func (f mailForm) of(name string) string { return f.fields[name] }

func (f mailForm) summary() []field.Problem {
	var all []field.Problem
	for _, name := range []string{"public_url", "from_name", "from_address", "host", "security", "port", "login", "password"} {
		if text := f.fields[name]; text != "" {
			all = append(all, field.Problem{Name: name, Text: text})
		}
	}
	return all
}

// read begins the page with what is stored, or with what is likely.
func (p *Pages) read(r *http.Request) (mailForm, error) {
	ctx := r.Context()
	s, err := p.Mail.Find(ctx)
	if err != nil {
		return mailForm{}, err
	}
	f := mailForm{Input: s, On: s.On()}
	me, err := p.Me(ctx)
	if err != nil {
		return mailForm{}, err
	}
	f.To = me.Address
	if !f.On {
		f.Input.FromName, f.Input.FromAddress = p.Company(ctx)
		f.Input.Security = mail.STARTTLS
		f.Input.PublicURL = askedAt(r)
		return f, nil
	}
	f.Port = strconv.Itoa(s.Port)
	return f, nil
}

// askedAt is the address the page was asked at: a proposal the administrator
// sees before it is kept.
func askedAt(r *http.Request) string {
	if web.IsHTTPS(r.Context()) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	f, err := p.read(r)
	if err != nil {
		return err
	}
	return p.render(w, r, f)
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, f mailForm) error {
	ctx := r.Context()
	status := http.StatusOK
	if len(f.fields) > 0 || f.Failed != "" {
		status = http.StatusUnprocessableEntity
	}
	return web.PageStatus(w, r, status, page.Page{
		Title:       i18n.T(ctx, "mail.page.title"),
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "common.settings"), Href: "/settings"}},
		Width:       page.Narrow, Failed: status != http.StatusOK,
	}, mailView(f))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f, err := p.read(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f.Port = in.Text("port")
	f.Input = mail.Settings{
		Host: in.Text("host"), Security: mail.Security(in.Text("security")), Login: in.Text("login"),
		FromName: in.Text("from_name"), FromAddress: in.Text("from_address"), PublicURL: in.Text("public_url"),
		HasPassword: f.Input.HasPassword,
	}
	if f.Port != "" {
		if f.Input.Port, err = strconv.Atoi(f.Port); err != nil {
			f.Input.Port = -1
		}
	}
	err = p.Mail.Change(ctx, mail.Change{Settings: f.Input, Password: in.Secret("password")})
	if errs.Is(err, errs.Invalid) {
		f.fields = web.FieldTexts(ctx, err)
		return p.render(w, r, f)
	}
	if err != nil {
		return err
	}
	return done(w, r, "common.saved")
}

// test sends a message and shows what the server answers.
func (p *Pages) test(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f, err := p.read(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	me, err := p.Me(ctx)
	if err != nil {
		return err
	}
	f.To = in.Text("to")
	err = p.Mail.Test(ctx, mail.Message{
		To: f.To, Name: me.Name, Language: i18n.From(ctx).Lang,
		Subject: i18n.T(ctx, "mail.test.subject"),
		Text:    i18n.T(ctx, "mail.test.text", "Name", me.Name, "Link", f.Input.PublicURL),
	})
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Conflict:
		f.Failed, f.Answer = web.ProblemOf(ctx, err).Detail, mail.Answer(err)
		return p.render(w, r, f)
	}
	if err != nil {
		return err
	}
	f.Sent = f.To
	return p.render(w, r, f)
}

func (p *Pages) turnOff(w http.ResponseWriter, r *http.Request) error {
	if err := p.Mail.TurnOff(r.Context()); err != nil {
		return err
	}
	return done(w, r, "mail.page.turned-off")
}

// done goes back to the page and says what happened.
func done(w http.ResponseWriter, r *http.Request, text string) error {
	web.Toast(w, r, toast.Toast{Text: i18n.T(r.Context(), text)})
	return web.Redirect(w, r, Path)
}

func securityOptions(ctx context.Context) []field.Option {
	return []field.Option{
		{Value: string(mail.STARTTLS), Label: i18n.T(ctx, "mail.page.security-starttls")},
		{Value: string(mail.TLS), Label: i18n.T(ctx, "mail.page.security-tls")},
		{Value: string(mail.Plain), Label: i18n.T(ctx, "mail.page.security-none")},
	}
}

func passwordHint(ctx context.Context, f mailForm) string {
	if f.Input.HasPassword {
		return i18n.T(ctx, "mail.page.password-kept")
	}
	return ""
}
