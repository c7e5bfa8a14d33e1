package teamweb

import (
	"net/http"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

// teamsPage is all teams, each a small form; ID says which one came back with
// its Input, 0 the new one.
type teamsPage struct {
	Teams  []team.Team
	People []team.Colleague
	ID     int64
	Input  team.NamedTeam
	trouble
}

// heads are the people who can head a team.
func (p teamsPage) heads() []field.Option {
	var all []field.Option
	for _, c := range p.People {
		if c.Active {
			all = append(all, field.Option{Value: id(c.ID), Label: c.Name})
		}
	}
	return all
}

// form is what a team's form shows, and what it needs.
func (p teamsPage) form(t team.Team) (team.NamedTeam, trouble) {
	if p.any() && p.ID == t.ID {
		return p.Input, p.trouble
	}
	return team.NamedTeam{Name: t.Name, HeadID: t.HeadID}, trouble{}
}

func orEmpty(n int64) string {
	if n == 0 {
		return ""
	}
	return id(n)
}

func (p *Pages) showTeams(w http.ResponseWriter, r *http.Request) error {
	return p.renderTeams(w, r, teamsPage{})
}

func (p *Pages) renderTeams(w http.ResponseWriter, r *http.Request, tp teamsPage) (err error) {
	ctx := r.Context()
	if tp.Teams, err = p.team.Teams(ctx); err != nil {
		return err
	}
	if tp.People, err = p.team.People(ctx); err != nil {
		return err
	}
	pg := settingsPage(ctx, i18n.T(ctx, "teamweb.teams.title"))
	pg.Subtitle, pg.Width, pg.Failed = i18n.T(ctx, "teamweb.teams.explain"), page.Narrow, tp.any()
	return web.PageStatus(w, r, tp.status(), pg, teamsView(tp))
}

// keptTeam goes on after a change to a team, or shows why there was none.
func (p *Pages) keptTeam(w http.ResponseWriter, r *http.Request, tp teamsPage, err error) error {
	ctx := r.Context()
	if err != nil {
		var told bool
		if tp.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return p.renderTeams(w, r, tp)
	}
	return done(w, r, teamsPath, i18n.T(ctx, "common.saved"))
}

func readTeam(r *http.Request) (team.NamedTeam, error) {
	in, err := web.ReadForm(r)
	if err != nil {
		return team.NamedTeam{}, err
	}
	return team.NamedTeam{Name: in.Text("name"), HeadID: in.ID("head")}, nil
}

func (p *Pages) createTeam(w http.ResponseWriter, r *http.Request) error {
	input, err := readTeam(r)
	if err != nil {
		return err
	}
	_, err = p.team.CreateTeam(r.Context(), input)
	return p.keptTeam(w, r, teamsPage{Input: input}, err)
}

func (p *Pages) changeTeam(w http.ResponseWriter, r *http.Request) error {
	teamID, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	input, err := readTeam(r)
	if err != nil {
		return err
	}
	err = p.team.ChangeTeam(r.Context(), teamID, input)
	return p.keptTeam(w, r, teamsPage{ID: teamID, Input: input}, err)
}

func (p *Pages) removeTeam(w http.ResponseWriter, r *http.Request) error {
	teamID, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	input, err := readTeam(r)
	if err != nil {
		return err
	}
	err = p.team.RemoveTeam(r.Context(), teamID)
	return p.keptTeam(w, r, teamsPage{ID: teamID, Input: input}, err)
}

func noSuchAction() error { return errs.New(errs.NotFound, "teamweb", "errors.page-not-found") }
