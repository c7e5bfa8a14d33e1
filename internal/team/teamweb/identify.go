package teamweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

// Names of our cookies. The prefix makes browsers refuse the cookie from
// anywhere but this very host, and is only allowed over HTTPS.
const (
	sessionCookie   = "kartoteka-session"
	challengeCookie = "kartoteka-challenge"
	languageCookie  = "kartoteka-language"
	browserCookie   = "kartoteka-browser"
	hostPrefix      = "__Host-"
)

func cookieName(ctx context.Context, name string) string {
	if web.IsHTTPS(ctx) {
		return hostPrefix + name
	}
	return name
}

// setCookie keeps a secret or a choice in the browser; an empty value takes it
// away.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	c := &http.Cookie{
		Name: cookieName(r.Context(), name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: web.IsHTTPS(r.Context()), SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(cookieName(r.Context(), name))
	if err != nil {
		return ""
	}
	return c.Value
}

// Identify is for web.Config: it finds who makes a request by the session in
// the cookie, or for programs below /api/ by the bearer token alone. Without
// either nobody acts; a bearer token that does not work is an error.
func (p *Pages) Identify(r *http.Request) (web.Identity, error) {
	ctx := r.Context()
	company, err := p.company(ctx)
	if err != nil {
		return web.Identity{}, err
	}
	id := web.Identity{
		Actor:  authz.Actor{Kind: authz.Anonymous},
		Locale: i18n.Locale{Lang: strangersLanguage(r, company), Zone: company.Location(), Currency: company.Currency},
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return p.identifyProgram(r, id)
	}
	token := cookie(r, sessionCookie)
	if token == "" {
		return id, nil
	}
	v, err := p.team.Authenticate(ctx, token)
	if errs.Is(err, errs.Unauthenticated) {
		return id, nil
	}
	if err != nil {
		return web.Identity{}, err
	}
	id.Actor, id.Locale.Lang = v.Actor, v.Person.Language
	if v.Person.Theme != team.ThemeSystem {
		id.Theme = string(v.Person.Theme)
	}
	if v.Person.Density == team.Compact {
		id.Density = string(team.Compact)
	}
	return id, nil
}

func (p *Pages) identifyProgram(r *http.Request, id web.Identity) (web.Identity, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return id, nil
	}
	actor, err := p.team.AuthenticateToken(r.Context(), strings.TrimSpace(key))
	if err != nil {
		return web.Identity{}, err
	}
	id.Actor = actor
	return id, nil
}

// strangersLanguage is in which language a stranger reads: as chosen here before, as
// the browser asks for, or the company's.
func strangersLanguage(r *http.Request, c team.Company) i18n.Lang {
	if chosen := i18n.Lang(cookie(r, languageCookie)); chosen.Valid() {
		return chosen
	}
	asked := r.Header.Get("Accept-Language")
	lang := i18n.Match(asked)
	if lang == i18n.English && !strings.Contains(strings.ToLower(asked), "en") && c.SetUp {
		return c.Language
	}
	return lang
}

// rememberLanguage has strangers' pages in this browser speak the language.
func rememberLanguage(w http.ResponseWriter, r *http.Request, lang i18n.Lang) {
	setCookie(w, r, languageCookie, string(lang), 365*24*time.Hour)
}

// keepSession signs the browser in.
func (p *Pages) keepSession(w http.ResponseWriter, r *http.Request, in team.SignedIn) {
	life := in.ExpiresAt.Time().Sub(p.clock.Now())
	setCookie(w, r, sessionCookie, in.Token, life)
	setCookie(w, r, challengeCookie, "", 0)
	setCookie(w, r, browserCookie, in.Browser, team.BrowserLife)
}

// company reads the settings and remembers them for when that fails.
func (p *Pages) company(ctx context.Context) (team.Company, error) {
	c, err := p.team.Settings(ctx)
	if err == nil {
		p.known.Store(&c)
	}
	return c, err
}

// lastKnown is the company as it is, or as it was when it could last be read.
func (p *Pages) lastKnown(ctx context.Context) team.Company {
	c, err := p.company(ctx)
	if known := p.known.Load(); err != nil && known != nil {
		return *known
	}
	return c
}

// SetUp is for web.Config: whether the guided first run is done. While that
// cannot be found out, it is taken as done.
func (p *Pages) SetUp(ctx context.Context) bool {
	c, err := p.company(ctx)
	return err != nil || c.SetUp
}

// Help is for web.Config: whom to ask, in the language of the context, also
// while the database is away.
func (p *Pages) Help(ctx context.Context) web.Help {
	h := p.lastKnown(ctx).HelpIn(i18n.From(ctx).Lang)
	return web.Help{Text: h.Text, Link: h.Link}
}

// Lock is for web.Config: the maintenance lock.
func (p *Pages) Lock(ctx context.Context) web.Lock {
	lock := p.lastKnown(ctx).Lock
	return web.Lock{
		On: lock.On, Message: lock.Message,
		Pass: func(ctx context.Context, code string) (string, error) {
			pass, err := p.team.PassLock(ctx, code, team.Device{Address: web.RemoteAddress(ctx)})
			return pass.Token, err
		},
		Holds: func(ctx context.Context, pass string) bool {
			held, err := p.team.HasPass(ctx, pass)
			return held && err == nil
		},
	}
}

// today is the company's calendar day.
func (p *Pages) today(ctx context.Context) clock.Day {
	return p.lastKnown(ctx).Today(p.clock.Now())
}

// Furnish fills in what every page shows of company and person; the menu is
// app's.
func (p *Pages) Furnish(ctx context.Context, pg *page.Page) {
	company := p.lastKnown(ctx)
	pg.Company, pg.Logo = company.Name, LogoHref(company)
	actor := authz.From(ctx)
	if actor.Kind != authz.Person {
		return
	}
	pg.Person = personMenu(ctx, actor)
}
