package teamweb

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

const (
	forgottenPath = "/forgotten-password"
	welcomePath   = "/welcome"
)

// LinkPath is the page behind a link. The token is in the query, which no log
// holds.
func LinkPath(token string) string { return welcomePath + "?key=" + token }

// forgottenForm asks where to send a reset link, or says whom to ask for one.
type forgottenForm struct {
	Email  string
	Mailed bool // links can be sent
	Sent   bool
	Help   web.Help
	trouble
}

func (p *Pages) showForgotten(w http.ResponseWriter, r *http.Request) error {
	base, err := p.mailBase(r.Context())
	if err != nil {
		return err
	}
	return p.renderForgotten(w, r, forgottenForm{Mailed: base != "", Help: p.Help(r.Context())})
}

func (p *Pages) renderForgotten(w http.ResponseWriter, r *http.Request, f forgottenForm) error {
	pg := page.Page{Title: i18n.T(r.Context(), "teamweb.forgotten.title"), Failed: f.any()}
	return web.Bare(w, r, f.status(), pg, nil, forgottenCard(f))
}

func (p *Pages) sendReset(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	base, err := p.mailBase(r.Context())
	if err != nil {
		return err
	}
	f := forgottenForm{Email: in.Text("email"), Mailed: base != "", Help: p.Help(r.Context())}
	if !f.Mailed {
		return p.renderForgotten(w, r, f)
	}
	if err := p.team.RequestReset(r.Context(), f.Email, device(r)); err != nil {
		var told bool
		if f.trouble, told = troubleOf(r.Context(), err); !told {
			return err
		}
		return p.renderForgotten(w, r, f)
	}
	f.Sent = true
	return p.renderForgotten(w, r, f)
}

// welcomeForm lets the person a link is for choose a password and, when they
// are new, how they are called and read.
type welcomeForm struct {
	Key      string
	Link     team.Link
	Name     string
	Language i18n.Lang
	trouble
}

// invited tells a first visit from a forgotten password.
func (f welcomeForm) invited() bool { return f.Link.Kind == team.Invitation }

func (f welcomeForm) title(ctx context.Context) string {
	if f.invited() {
		return i18n.T(ctx, "teamweb.welcome.title", "Name", f.Link.Name)
	}
	return i18n.T(ctx, "teamweb.welcome.reset-title")
}

func (p *Pages) showWelcome(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	link, err := p.team.FindLink(r.Context(), key)
	if err != nil {
		return p.deadLink(w, r, err)
	}
	return p.renderWelcome(w, r, welcomeForm{Key: key, Link: link, Name: link.Name, Language: link.Language})
}

// renderWelcome speaks the language of the person the link is for.
func (p *Pages) renderWelcome(w http.ResponseWriter, r *http.Request, f welcomeForm) error {
	locale := i18n.From(r.Context())
	locale.Lang = f.Link.Language
	r = r.WithContext(i18n.With(r.Context(), locale))
	pg := page.Page{Title: f.title(r.Context()), Failed: f.any()}
	return web.Bare(w, r, f.status(), pg, nil, welcomeCard(f))
}

// deadLink says what can be done about a link that no longer works.
func (p *Pages) deadLink(w http.ResponseWriter, r *http.Request, err error) error {
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	pg := page.Page{Title: i18n.T(r.Context(), "teamweb.welcome.dead-title"), Failed: true}
	return web.Bare(w, r, http.StatusNotFound, pg, nil, deadLinkCard(p.Help(r.Context())))
}

func (p *Pages) redeem(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := welcomeForm{Key: in.Values.Get("key"), Name: in.Text("name"), Language: i18n.Lang(in.Text("language"))}
	if f.Link, err = p.team.FindLink(ctx, f.Key); err != nil {
		return p.deadLink(w, r, err)
	}
	if f.invited() && f.Name == "" {
		f.fields = map[string]string{"name": i18n.TIn(f.Link.Language, "errors.field-missing")}
		return p.renderWelcome(w, r, f)
	}
	signed, err := p.team.RedeemLink(ctx, f.Key, in.Secret("password"), device(r))
	if errs.Is(err, errs.NotFound) {
		return p.deadLink(w, r, err)
	}
	if err != nil {
		var told bool
		if f.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return p.renderWelcome(w, r, f)
	}
	if f.invited() && signed.Token != "" {
		if err := p.introduce(ctx, signed.Token, f); err != nil {
			return err
		}
	}
	return p.enter(w, r, signed, "/")
}

// introduce keeps what an invited person says about themselves.
func (p *Pages) introduce(ctx context.Context, token string, f welcomeForm) error {
	v, err := p.team.Authenticate(ctx, token)
	if err != nil {
		return err
	}
	profile := profileOf(v.Person)
	profile.Name = f.Name
	if f.Language.Valid() {
		profile.Language = f.Language
	}
	_, err = p.team.ChangeProfile(authz.With(ctx, v.Actor), profile)
	return err
}
