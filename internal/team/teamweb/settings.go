package teamweb

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

// SettingsPath is the page that lists all sections of the settings.
const SettingsPath = "/settings"

// Section is one entry of the settings; it is listed for those who have its
// permission, or for everyone without one.
type Section struct {
	Group      string // locale id of the heading it stands under; empty: the company's
	Label      string // locale id
	Text       string // locale id of the sentence that says what is found there
	Icon       string
	Href       string
	Permission string
}

// sections are the team's own.
var sections = []Section{
	{groupCompany, "teamweb.company.title", "teamweb.company.text", "building-2", companyPath, "team.company"},
	{groupCompany, "teamweb.calendar.title", "teamweb.calendar.text", "calendar-days", calendarPath, "team.company"},
	{groupCompany, "teamweb.help.title", "teamweb.help.text", "life-buoy", helpPath, "team.company"},
	{groupCompany, "teamweb.lock.title", "teamweb.lock.text", "wrench", lockPath, "team.company"},
	{groupPeople, "teamweb.people.title", "teamweb.people.text", "users", peoplePath, "team.people"},
	{groupPeople, "teamweb.teams.title", "teamweb.teams.text", "users-round", teamsPath, "team.people"},
	{groupPeople, "teamweb.rights.title", "teamweb.rights.text", "shield-check", rightsPath, "team.roles"},
	{groupPeople, "teamweb.tokens.title", "teamweb.tokens.text", "key-round", tokensPath, "team.tokens"},
	{groupSelf, "teamweb.profile.title", "teamweb.profile.text", "circle-user", ProfilePath, ""},
}

// Headings of the settings.
const (
	groupCompany = "teamweb.settings.company"
	groupPeople  = "teamweb.settings.people"
	groupSelf    = "teamweb.settings.self"
)

// sectionGroup is a heading with what the person may open under it.
type sectionGroup struct {
	Label    string
	Sections []Section
}

func (p *Pages) showSettings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	pg := page.Page{Title: i18n.T(ctx, "common.settings")}
	return web.Page(w, r, pg, settingsView(p.sectionsFor(ctx)))
}

// sectionsFor gives the sections the person may open, by heading; those of
// other modules follow the team's.
func (p *Pages) sectionsFor(ctx context.Context) []sectionGroup {
	var groups []sectionGroup
	place := map[string]int{}
	for _, s := range append(sections[:len(sections):len(sections)], p.sections...) {
		if s.Permission != "" && !authz.Can(ctx, s.Permission) {
			continue
		}
		if s.Group == "" {
			s.Group = groupCompany
		}
		i, known := place[s.Group]
		if !known {
			i = len(groups)
			place[s.Group] = i
			groups = append(groups, sectionGroup{Label: s.Group})
		}
		groups[i].Sections = append(groups[i].Sections, s)
	}
	return groups
}

// settingsPage begins a page of the settings.
func settingsPage(ctx context.Context, title string, above ...page.Crumb) page.Page {
	return page.Page{
		Title:       title,
		Breadcrumbs: append([]page.Crumb{{Label: i18n.T(ctx, "common.settings"), Href: SettingsPath}}, above...),
	}
}

// allowed refuses a page that shows what only some may see; the service checks
// again whatever is done there.
func allowed(permission string, next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := authz.Require(r.Context(), "teamweb", permission); err != nil {
			return err
		}
		return next(w, r)
	}
}
