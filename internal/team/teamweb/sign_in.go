package teamweb

import (
	"net/http"
	"net/url"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

const codePath = SignInPath + "/code"

// challengeLife is how long the second step may take in the browser; the
// service decides for itself.
const challengeLife = 10 * time.Minute

// signInForm is the first step.
type signInForm struct {
	Email string
	Next  string // page to go on to
	trouble
}

// nextOf is the page to go on to after signing in: one of ours, and not a way
// back to the door.
func nextOf(next string) string {
	if !web.LocalPath(next) {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.Path == SignInPath || u.Path == codePath || u.Path == SignOutPath || u.Path == SetupPath {
		return "/"
	}
	return next
}

// withNext adds the page to go on to, unless it is the start page.
func withNext(path, next string) string {
	if next = nextOf(next); next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := nextOf(r.URL.Query().Get("next"))
	if lang := i18n.Lang(r.URL.Query().Get("lang")); lang.Valid() {
		rememberLanguage(w, r, lang)
		return web.Redirect(w, r, withNext(SignInPath, next))
	}
	if authz.From(r.Context()).Kind == authz.Person {
		return web.Redirect(w, r, next)
	}
	return p.renderSignIn(w, r, signInForm{Next: next})
}

func (p *Pages) renderSignIn(w http.ResponseWriter, r *http.Request, f signInForm) error {
	ctx := r.Context()
	pg := page.Page{Title: i18n.T(ctx, "teamweb.sign-in.title"), Failed: f.any()}
	return web.Bare(w, r, f.status(), pg, languageLinks(SignInPath, f.Next), signInCard(f))
}

// languageLinks let a stranger choose the language.
func languageLinks(path, next string) []page.Link {
	var links []page.Link
	for _, l := range i18n.Langs {
		q := url.Values{"lang": {string(l)}}
		if next != "" && next != "/" {
			q.Set("next", next)
		}
		links = append(links, page.Link{Label: l.OwnName(), Href: path + "?" + q.Encode()})
	}
	return links
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := signInForm{Email: in.Text("email"), Next: nextOf(in.Values.Get("next"))}
	signed, err := p.team.SignIn(r.Context(), f.Email, in.Secret("password"), device(r))
	if err != nil {
		var told bool
		if f.trouble, told = troubleOf(r.Context(), err); !told {
			return err
		}
		return p.renderSignIn(w, r, f)
	}
	return p.enter(w, r, signed, f.Next)
}

// enter goes on from a right password: to the page asked for, or to the second
// step.
func (p *Pages) enter(w http.ResponseWriter, r *http.Request, in team.SignedIn, next string) error {
	if in.Token == "" {
		setCookie(w, r, challengeCookie, in.Challenge, challengeLife)
		return web.Redirect(w, r, withNext(codePath, next))
	}
	p.keepSession(w, r, in)
	if v, err := p.team.Authenticate(r.Context(), in.Token); err == nil {
		rememberLanguage(w, r, v.Person.Language)
	}
	return web.Redirect(w, r, next)
}

// codeForm is the second step.
type codeForm struct {
	Next string
	trouble
}

func (p *Pages) showCode(w http.ResponseWriter, r *http.Request) error {
	next := nextOf(r.URL.Query().Get("next"))
	if cookie(r, challengeCookie) == "" {
		return web.Redirect(w, r, withNext(SignInPath, next))
	}
	return p.renderCode(w, r, codeForm{Next: next})
}

func (p *Pages) renderCode(w http.ResponseWriter, r *http.Request, f codeForm) error {
	pg := page.Page{Title: i18n.T(r.Context(), "teamweb.code.title"), Failed: f.any()}
	return web.Bare(w, r, f.status(), pg, nil, codeCard(f))
}

func (p *Pages) confirmCode(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := codeForm{Next: nextOf(in.Values.Get("next"))}
	signed, err := p.team.ConfirmSignIn(r.Context(), cookie(r, challengeCookie), in.Text("code"), device(r))
	if errs.Is(err, errs.NotFound) { // took too long: begin again
		setCookie(w, r, challengeCookie, "", 0)
		return web.Redirect(w, r, withNext(SignInPath, f.Next))
	}
	if err != nil {
		var told bool
		if f.trouble, told = troubleOf(r.Context(), err); !told {
			return err
		}
		return p.renderCode(w, r, f)
	}
	return p.enter(w, r, signed, f.Next)
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.team.SignOut(r.Context(), cookie(r, sessionCookie)); err != nil {
		return err
	}
	setCookie(w, r, sessionCookie, "", 0)
	return web.Redirect(w, r, SignInPath)
}

func (p *Pages) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	if err := p.team.RevokeOtherSessions(r.Context(), 0); err != nil {
		return err
	}
	setCookie(w, r, sessionCookie, "", 0)
	return web.Redirect(w, r, SignInPath)
}
