package teamweb

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/secret"
)

func (p *Pages) profileRoutes() []web.Route {
	return []web.Route{
		web.Get(ProfilePath, p.showProfile),
		web.Post(ProfilePath, p.changeProfile),
		web.Post(ProfilePath+"/looks", p.changeLooks),
		web.Post(ProfilePath+"/password", p.changePassword),
		web.Post(ProfilePath+"/two-factor", p.beginTwoFactor),
		web.Post(ProfilePath+"/two-factor/confirm", p.confirmTwoFactor),
		web.Post(ProfilePath+"/two-factor/end", p.endTwoFactor),
		web.Post(ProfilePath+"/recovery-codes", p.renewCodes),
		web.Post(ProfilePath+"/sessions/{id}/end", p.endSession),
		web.Post(ProfilePath+"/sessions/end-others", p.endOtherSessions),
	}
}

// profilePage is everything a person sets about themselves. Each of its forms
// may have come back: About, Password, Second.
type profilePage struct {
	Person    team.Person
	Input     team.ProfileInput
	Sessions  []team.Session
	Current   int64 // the session of this browser
	CodesLeft int
	Now       clock.Instant

	About, Password, Second trouble
}

func profileOf(p team.Person) team.ProfileInput {
	return team.ProfileInput{
		Name: p.Name, Language: p.Language, Phone: p.Phone, JobTitle: p.JobTitle, Theme: p.Theme, Density: p.Density,
	}
}

func (p *Pages) readProfile(r *http.Request) (profilePage, error) {
	ctx := r.Context()
	v, err := p.team.Authenticate(ctx, cookie(r, sessionCookie))
	if err != nil {
		return profilePage{}, err
	}
	me, err := p.team.Me(ctx)
	if err != nil {
		return profilePage{}, err
	}
	pp := profilePage{Person: me, Input: profileOf(me), Current: v.SessionID, Now: clock.InstantOf(p.clock.Now())}
	if pp.Sessions, err = p.team.Sessions(ctx); err != nil {
		return profilePage{}, err
	}
	if me.TwoFactor {
		pp.CodesLeft, err = p.team.RecoveryCodesLeft(ctx)
	}
	return pp, err
}

func (p *Pages) showProfile(w http.ResponseWriter, r *http.Request) error {
	pp, err := p.readProfile(r)
	if err != nil {
		return err
	}
	return p.renderProfile(w, r, pp)
}

func (p *Pages) renderProfile(w http.ResponseWriter, r *http.Request, pp profilePage) error {
	status := max(pp.About.status(), pp.Password.status(), pp.Second.status())
	pg := page.Page{
		Title: i18n.T(r.Context(), "teamweb.profile.title"), Subtitle: pp.Person.Email, Width: page.Narrow,
		Failed: status != http.StatusOK,
	}
	return web.PageStatus(w, r, status, pg, profileView(pp))
}

// profileTrouble shows the profile again with what one of its forms needs.
func (p *Pages) profileTrouble(w http.ResponseWriter, r *http.Request, err error, place func(*profilePage, trouble)) error {
	t, told := troubleOf(r.Context(), err)
	if !told {
		return err
	}
	pp, err := p.readProfile(r)
	if err != nil {
		return err
	}
	place(&pp, t)
	return p.renderProfile(w, r, pp)
}

// done goes back to a page with a word about what was done there.
func done(w http.ResponseWriter, r *http.Request, to, text string) error {
	web.Toast(w, r, toast.Toast{Text: text})
	return web.Redirect(w, r, to)
}

func (p *Pages) changeProfile(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	me, err := p.team.Me(ctx)
	if err != nil {
		return err
	}
	input := profileOf(me)
	input.Name, input.Language = in.Text("name"), i18n.Lang(in.Text("language"))
	input.Phone, input.JobTitle = in.Text("phone"), in.Text("job_title")
	if _, err := p.team.ChangeProfile(ctx, input); err != nil {
		return p.profileTrouble(w, r, err, func(pp *profilePage, t trouble) { pp.Input, pp.About = input, t })
	}
	rememberLanguage(w, r, input.Language)
	return done(w, r, ProfilePath, i18n.TIn(input.Language, "common.saved"))
}

// changeLooks sets theme or density, whichever is sent; the switch of the
// theme asks from a script and wants no page.
func (p *Pages) changeLooks(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	me, err := p.team.Me(ctx)
	if err != nil {
		return err
	}
	input := profileOf(me)
	switch theme := in.Text("theme"); theme {
	case "":
	case "auto":
		input.Theme = team.ThemeSystem
	default:
		input.Theme = team.Theme(theme)
	}
	if density := in.Text("density"); density != "" {
		input.Density = team.Density(density)
	}
	if _, err := p.team.ChangeProfile(ctx, input); err != nil {
		return err
	}
	if web.IsFragment(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return web.Redirect(w, r, ProfilePath+"#looks")
}

func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	signed, err := p.team.ChangePassword(r.Context(), in.Secret("current_password"), in.Secret("new_password"), device(r))
	if err != nil {
		return p.profileTrouble(w, r, err, func(pp *profilePage, t trouble) { pp.Password = t })
	}
	p.keepSession(w, r, signed)
	return done(w, r, ProfilePath, i18n.T(r.Context(), "teamweb.profile.password-changed"))
}

// enrolPage shows the key for an authenticator until its first code is right.
type enrolPage struct {
	Key     string
	URL     string
	Picture string // as a data: address
	trouble
}

func (p *Pages) beginTwoFactor(w http.ResponseWriter, r *http.Request) error {
	e, err := p.team.BeginTwoFactor(r.Context())
	if err != nil {
		return err
	}
	return p.renderEnrol(w, r, e, trouble{})
}

const pictureSize = 232

func (p *Pages) renderEnrol(w http.ResponseWriter, r *http.Request, e secret.Enrolment, t trouble) error {
	ep := enrolPage{Key: e.Key, URL: e.URL, trouble: t}
	if picture, err := e.QR(pictureSize); err == nil { // without one, the key can still be typed
		ep.Picture = "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture)
	}
	ctx := r.Context()
	pg := page.Page{
		Title: i18n.T(ctx, "teamweb.two-factor.title"), Width: page.Narrow, Failed: t.any(),
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "teamweb.profile.title"), Href: ProfilePath}},
	}
	return web.PageStatus(w, r, t.status(), pg, enrolView(ep))
}

func (p *Pages) confirmTwoFactor(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	codes, err := p.team.ConfirmTwoFactor(r.Context(), in.Text("code"))
	if errs.Is(err, errs.Invalid) {
		t, _ := troubleOf(r.Context(), err)
		return p.renderEnrol(w, r, shownAgain(in.Text("url")), t)
	}
	if err != nil {
		return err
	}
	return p.renderCodes(w, r, codes)
}

// shownAgain is the enrolment the page has just shown; only for showing it
// once more, the service keeps its own.
func shownAgain(address string) secret.Enrolment {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "otpauth" {
		return secret.Enrolment{}
	}
	return secret.Enrolment{Key: u.Query().Get("secret"), URL: address}
}

func (p *Pages) renderCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	ctx := r.Context()
	pg := page.Page{
		Title: i18n.T(ctx, "teamweb.codes.title"), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "teamweb.profile.title"), Href: ProfilePath}},
	}
	return web.Page(w, r, pg, codesView(strings.Join(codes, "\n")))
}

func (p *Pages) endTwoFactor(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.team.EndTwoFactor(r.Context(), in.Secret("password"), device(r)); err != nil {
		return p.profileTrouble(w, r, err, func(pp *profilePage, t trouble) { pp.Second = t })
	}
	return done(w, r, ProfilePath, i18n.T(r.Context(), "teamweb.two-factor.ended"))
}

func (p *Pages) renewCodes(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	codes, err := p.team.RenewRecoveryCodes(r.Context(), in.Secret("password"), device(r))
	if err != nil {
		return p.profileTrouble(w, r, err, func(pp *profilePage, t trouble) { pp.Second = t })
	}
	return p.renderCodes(w, r, codes)
}

func (p *Pages) endSession(w http.ResponseWriter, r *http.Request) error {
	session, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if err := p.team.RevokeSession(r.Context(), session); err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	return done(w, r, ProfilePath, i18n.T(r.Context(), "teamweb.session.ended"))
}

func (p *Pages) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	v, err := p.team.Authenticate(r.Context(), cookie(r, sessionCookie))
	if err != nil {
		return err
	}
	if err := p.team.RevokeOtherSessions(r.Context(), v.SessionID); err != nil {
		return err
	}
	return done(w, r, ProfilePath, i18n.T(r.Context(), "teamweb.session.others-ended"))
}

// browsers are recognised by these words, in this order: later ones borrow the
// names of earlier ones.
var browsers = []struct{ word, name string }{
	{"Edg", "Edge"},
	{"OPR", "Opera"},
	{"YaBrowser", "Yandex"},
	{"Firefox", "Firefox"},
	{"FxiOS", "Firefox"},
	{"CriOS", "Chrome"},
	{"Chrome", "Chrome"},
	{"Safari", "Safari"},
}

var systems = []struct{ word, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
}

// agentName is how people call a browser, such as "Firefox, Windows".
func agentName(agent string) string {
	var parts []string
	for _, b := range browsers {
		if strings.Contains(agent, b.word) {
			parts = append(parts, b.name)
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.word) {
			parts = append(parts, s.name)
			break
		}
	}
	if len(parts) == 0 {
		first, _, _ := strings.Cut(agent, "/")
		return first
	}
	return strings.Join(parts, ", ")
}
