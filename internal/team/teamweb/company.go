package teamweb

import (
	"net/http"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

const (
	companyPath  = SettingsPath + "/company"
	calendarPath = SettingsPath + "/calendar"
	helpPath     = SettingsPath + "/help"
	lockPath     = SettingsPath + "/maintenance"
)

func (p *Pages) companyRoutes() []web.Route {
	return []web.Route{
		web.Get(SettingsPath, p.showSettings),
		web.Get(companyPath, allowed("team.company", p.showCompany)),
		web.Post(companyPath, p.changeCompany),
		web.Get(calendarPath, allowed("team.company", p.showCalendar)),
		web.Post(calendarPath, p.changeCalendar),
		web.Get(helpPath, allowed("team.company", p.showHelp)),
		web.Post(helpPath, p.changeHelp),
		web.Get(lockPath, allowed("team.company", p.showLock)),
		web.Post(lockPath, p.lock),
		web.Post(lockPath+"/end", p.unlock),
	}
}

// inputOf is the settings as they are, to change some of them.
func inputOf(c team.Company) team.CompanyInput {
	return team.CompanyInput{
		Name: c.Name, Country: c.Country, Language: c.Language, Currency: c.Currency, Zone: c.Zone,
		Calendar: c.Calendar, NumberPrefix: c.NumberPrefix, Help: c.Help,
		StatusURL: c.StatusURL, Sender: c.Sender, Logo: c.Logo,
	}
}

// companyForm is one of the pages about the company, perhaps come back.
type companyForm struct {
	Input team.CompanyInput
	Lock  team.Lock
	Week  weekForm
	Logo  string // address of the picture; empty: none
	trouble
}

// readCompany begins a form with what is set.
func (p *Pages) readCompany(r *http.Request) (companyForm, error) {
	c, err := p.company(r.Context())
	return companyForm{Input: inputOf(c), Lock: c.Lock, Week: weekOf(c.Calendar), Logo: LogoHref(c)}, err
}

// keepCompany saves the form, or shows it again with what it needs.
func (p *Pages) keepCompany(w http.ResponseWriter, r *http.Request, f companyForm, path string, again func(http.ResponseWriter, *http.Request, companyForm) error) error {
	ctx := r.Context()
	if err := p.team.ChangeCompany(ctx, f.Input); err != nil {
		var told bool
		if f.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return again(w, r, f)
	}
	return done(w, r, path, i18n.T(ctx, "common.saved"))
}

func (p *Pages) showCompany(w http.ResponseWriter, r *http.Request) error {
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	return p.renderCompany(w, r, f)
}

func (p *Pages) renderCompany(w http.ResponseWriter, r *http.Request, f companyForm) error {
	pg := settingsPage(r.Context(), i18n.T(r.Context(), "teamweb.company.title"))
	pg.Width, pg.Failed = page.Narrow, f.any()
	return web.PageStatus(w, r, f.status(), pg, companyView(f, p.clock.Now()))
}

func (p *Pages) changeCompany(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	c := &f.Input
	c.Name, c.Country, c.Language = in.Text("name"), in.Text("country"), i18n.Lang(in.Text("language"))
	c.Currency, c.Zone, c.NumberPrefix = in.Text("currency"), in.Text("zone"), in.Text("number_prefix")
	c.Sender = in.Text("sender")
	return p.keepCompany(w, r, f, companyPath, p.renderCompany)
}

func (p *Pages) showCalendar(w http.ResponseWriter, r *http.Request) error {
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	return p.renderCalendar(w, r, f)
}

func (p *Pages) renderCalendar(w http.ResponseWriter, r *http.Request, f companyForm) error {
	pg := settingsPage(r.Context(), i18n.T(r.Context(), "teamweb.calendar.title"))
	pg.Width, pg.Failed = page.Narrow, f.any()
	return web.PageStatus(w, r, f.status(), pg, calendarView(f, p.holidaysSoon(r.Context(), f.Input.Country)))
}

func (p *Pages) changeCalendar(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	f.Week = readWeek(in)
	week, wrong := f.Week.calendar(r.Context())
	if len(wrong) > 0 {
		f.trouble = trouble{fields: wrong}
		return p.renderCalendar(w, r, f)
	}
	f.Input.Calendar = week
	return p.keepCompany(w, r, f, calendarPath, p.renderCalendar)
}

func (p *Pages) showHelp(w http.ResponseWriter, r *http.Request) error {
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	return p.renderHelp(w, r, f)
}

func (p *Pages) renderHelp(w http.ResponseWriter, r *http.Request, f companyForm) error {
	pg := settingsPage(r.Context(), i18n.T(r.Context(), "teamweb.help.title"))
	pg.Width, pg.Failed = page.Narrow, f.any()
	return web.PageStatus(w, r, f.status(), pg, helpView(f))
}

func (p *Pages) changeHelp(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	f.Input.Help = map[i18n.Lang]team.Help{}
	for _, l := range i18n.Langs {
		f.Input.Help[l] = team.Help{Text: in.Lines("help_" + string(l)), Link: in.Text("help_link_" + string(l))}
	}
	f.Input.StatusURL = in.Text("status_url")
	return p.keepCompany(w, r, f, helpPath, p.renderHelp)
}

// lockForm closes Kartoteka for maintenance.
type lockForm struct {
	Lock    team.Lock
	Message string
	trouble
}

func (p *Pages) showLock(w http.ResponseWriter, r *http.Request) error {
	c, err := p.company(r.Context())
	if err != nil {
		return err
	}
	return p.renderLock(w, r, lockForm{Lock: c.Lock, Message: c.Lock.Message})
}

func (p *Pages) renderLock(w http.ResponseWriter, r *http.Request, f lockForm) error {
	pg := settingsPage(r.Context(), i18n.T(r.Context(), "teamweb.lock.title"))
	pg.Width, pg.Failed = page.Narrow, f.any()
	return web.PageStatus(w, r, f.status(), pg, lockView(f))
}

// lock closes Kartoteka and gives the browser at hand its pass at once.
func (p *Pages) lock(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := lockForm{Message: in.Lines("message")}
	if err := p.team.LockCompany(ctx, f.Message, in.Secret("code")); err != nil {
		var told bool
		if f.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return p.renderLock(w, r, f)
	}
	pass, err := p.team.PassLock(ctx, in.Secret("code"), device(r))
	if err != nil {
		return err
	}
	web.KeepPass(w, r, pass.Token)
	return done(w, r, lockPath, i18n.T(ctx, "teamweb.lock.done"))
}

func (p *Pages) unlock(w http.ResponseWriter, r *http.Request) error {
	if err := p.team.UnlockCompany(r.Context()); err != nil {
		return err
	}
	return done(w, r, lockPath, i18n.T(r.Context(), "teamweb.lock.ended"))
}
