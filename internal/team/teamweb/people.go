package teamweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

const (
	peoplePath = SettingsPath + "/people"
	teamsPath  = SettingsPath + "/teams"
)

func (p *Pages) peopleRoutes() []web.Route {
	return []web.Route{
		web.Get(peoplePath, p.showPeople),
		web.Get(peoplePath+"/new", allowed("team.people", p.showInvite)),
		web.Post(peoplePath, p.invite),
		web.Get(peoplePath+"/{id}", allowed("team.people", p.showPerson)),
		web.Post(peoplePath+"/{id}", p.changePerson),
		web.Post(peoplePath+"/{id}/{action}", p.actOnPerson),
		web.Get(teamsPath, allowed("team.people", p.showTeams)),
		web.Post(teamsPath, p.createTeam),
		web.Post(teamsPath+"/{id}", p.changeTeam),
		web.Post(teamsPath+"/{id}/remove", p.removeTeam),
	}
}

// peoplePage is the list of people as it was asked for.
type peoplePage struct {
	Filter team.PeopleFilter
	People []team.Person
	Teams  []team.Team
	Now    clock.Instant
}

func (p *Pages) showPeople(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	pp := peoplePage{Now: clock.InstantOf(p.clock.Now()), Filter: team.PeopleFilter{
		Text: in.Text("q"), Role: authz.Role(in.Text("role")), TeamID: in.ID("team"), Deactivated: in.Flag("deactivated"),
		State: team.PersonState(in.Text("state")),
	}}
	if pp.People, err = p.team.ListPeople(ctx, pp.Filter); err != nil {
		return err
	}
	if pp.Teams, err = p.team.Teams(ctx); err != nil {
		return err
	}
	pg := settingsPage(ctx, i18n.T(ctx, "teamweb.people.title"))
	pg.Actions = inviteButton()
	return web.Page(w, r, pg, peopleView(pp))
}

// href leads to the list with another tab chosen.
func (pp peoplePage) href(deactivated bool) string {
	q := url.Values{}
	if pp.Filter.Text != "" {
		q.Set("q", pp.Filter.Text)
	}
	if pp.Filter.Role != "" {
		q.Set("role", string(pp.Filter.Role))
	}
	if pp.Filter.TeamID != 0 {
		q.Set("team", id(pp.Filter.TeamID))
	}
	if pp.Filter.State != "" {
		q.Set("state", string(pp.Filter.State))
	}
	if deactivated {
		q.Set("deactivated", "1")
	}
	if len(q) == 0 {
		return peoplePath
	}
	return peoplePath + "?" + q.Encode()
}

// narrowed tells whether only some are shown.
func (pp peoplePage) narrowed() bool {
	f := pp.Filter
	return f.Text != "" || f.Role != "" || f.TeamID != 0 || f.State != ""
}

func (pp peoplePage) teamOptions() []field.Option {
	var all []field.Option
	for _, t := range pp.Teams {
		all = append(all, field.Option{Value: id(t.ID), Label: t.Name})
	}
	return all
}

// roleNamesOnly are the roles without what each is for.
func roleNamesOnly(ctx context.Context) []field.Option {
	all := roleOptions(ctx)
	for i := range all {
		all[i].Hint = ""
	}
	return all
}

var stateTexts = map[team.PersonState]string{
	team.Invited:   "teamweb.people.state-invited",
	team.NotYetIn:  "teamweb.people.state-not-yet",
	team.WithoutTF: "teamweb.people.state-one-factor",
}

func stateOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, s := range team.PersonStates {
		all = append(all, field.Option{Value: string(s), Label: i18n.T(ctx, stateTexts[s])})
	}
	return all
}

// teamNames of a person, for one line.
func (pp peoplePage) teamNames(of team.Person) string {
	var names []string
	for _, t := range pp.Teams {
		for _, member := range of.TeamIDs {
			if t.ID == member {
				names = append(names, t.Name)
			}
		}
	}
	return strings.Join(names, ", ")
}

func roleNames(ctx context.Context, roles []authz.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = i18n.T(ctx, team.RoleLabel(r))
	}
	return strings.Join(names, ", ")
}

// personForm is what is set about a person, new or not.
type personForm struct {
	ID     int64 // 0: to be invited
	Person team.Person
	Input  team.PersonInput
	Teams  []team.Team
	Self   bool
	Link   *handedLink // just made
	Now    clock.Instant
	trouble
}

// handedLink is a link to pass on by hand, shown this once.
type handedLink struct {
	URL       string
	Kind      team.LinkKind
	ExpiresAt clock.Instant
	Mailed    bool
}

func (f personForm) teamOptions() []field.Option {
	var all []field.Option
	for _, t := range f.Teams {
		all = append(all, field.Option{Value: id(t.ID), Label: t.Name})
	}
	return all
}

func ids(numbers []int64) []string {
	var all []string
	for _, n := range numbers {
		all = append(all, id(n))
	}
	return orNone(all)
}

func roleWords(roles []authz.Role) []string {
	var all []string
	for _, r := range roles {
		all = append(all, string(r))
	}
	return orNone(all)
}

func readPerson(in *web.Form) team.PersonInput {
	input := team.PersonInput{
		Name: in.Text("name"), Email: in.Text("email"), Language: i18n.Lang(in.Text("language")),
		Phone: in.Text("phone"), JobTitle: in.Text("job_title"), TeamIDs: in.IDs("teams"), Version: in.ID("version"),
	}
	for _, r := range in.All("roles") {
		input.Roles = append(input.Roles, authz.Role(r))
	}
	return input
}

func (p *Pages) showInvite(w http.ResponseWriter, r *http.Request) error {
	c, err := p.company(r.Context())
	if err != nil {
		return err
	}
	return p.renderPerson(w, r, personForm{Input: team.PersonInput{Language: c.Language, Roles: []authz.Role{authz.Manager}}})
}

func (p *Pages) renderPerson(w http.ResponseWriter, r *http.Request, f personForm) (err error) {
	ctx := r.Context()
	if f.Teams, err = p.team.Teams(ctx); err != nil {
		return err
	}
	f.Self, f.Now = f.ID == authz.From(ctx).UserID, clock.InstantOf(p.clock.Now())
	title := i18n.T(ctx, "teamweb.people.invite")
	if f.ID != 0 {
		title = f.Person.Name
	}
	pg := settingsPage(ctx, title, page.Crumb{Label: i18n.T(ctx, "teamweb.people.title"), Href: peoplePath})
	pg.Width, pg.Failed = page.Narrow, f.any()
	return web.PageStatus(w, r, f.status(), pg, personView(f))
}

// invite adds a person and shows the link with which they choose a password.
func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := personForm{Input: readPerson(in)}
	created, err := p.team.CreatePerson(ctx, f.Input)
	if err != nil {
		var told bool
		if f.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return p.renderPerson(w, r, f)
	}
	link, err := p.team.InvitePerson(ctx, created.ID)
	if err != nil {
		return err
	}
	return p.showLink(w, r, created.ID, link, team.Invitation)
}

// showLink shows a person with the link that was made for them.
func (p *Pages) showLink(w http.ResponseWriter, r *http.Request, personID int64, link team.NewLink, kind team.LinkKind) error {
	f, err := p.readPersonForm(r, personID)
	if err != nil {
		return err
	}
	base, err := p.mailBase(r.Context())
	if err != nil {
		return err
	}
	f.Link = &handedLink{
		URL:  p.link(r, welcomePath, url.Values{"key": {link.Token}}),
		Kind: kind, ExpiresAt: link.ExpiresAt, Mailed: base != "",
	}
	return p.renderPerson(w, r, f)
}

func (p *Pages) readPersonForm(r *http.Request, personID int64) (personForm, error) {
	found, err := p.team.FindPerson(r.Context(), personID)
	if err != nil {
		return personForm{}, err
	}
	return personForm{ID: found.ID, Person: found, Input: team.PersonInput{
		Name: found.Name, Email: found.Email, Language: found.Language, Phone: found.Phone, JobTitle: found.JobTitle,
		Roles: found.Roles, TeamIDs: found.TeamIDs, Version: found.Version,
	}}, nil
}

func (p *Pages) showPerson(w http.ResponseWriter, r *http.Request) error {
	personID, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	f, err := p.readPersonForm(r, personID)
	if err != nil {
		return err
	}
	return p.renderPerson(w, r, f)
}

func (p *Pages) changePerson(w http.ResponseWriter, r *http.Request) error {
	personID, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f, err := p.readPersonForm(r, personID)
	if err != nil {
		return err
	}
	f.Input = readPerson(in)
	if !authz.Can(ctx, "team.roles") {
		f.Input.Roles = f.Person.Roles // shown, but not theirs to change
	}
	if _, err := p.team.ChangePerson(ctx, personID, f.Input); err != nil {
		var told bool
		if f.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return p.renderPerson(w, r, f)
	}
	return done(w, r, peoplePath+"/"+id(personID), i18n.T(ctx, "common.saved"))
}

// actOnPerson does what the buttons beside a person say.
func (p *Pages) actOnPerson(w http.ResponseWriter, r *http.Request) error {
	personID, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	switch r.PathValue("action") {
	case "invite":
		link, err := p.team.InvitePerson(ctx, personID)
		if err != nil {
			return err
		}
		return p.showLink(w, r, personID, link, team.Invitation)
	case "reset":
		link, err := p.team.ResetPerson(ctx, personID)
		if err != nil {
			return err
		}
		return p.showLink(w, r, personID, link, team.Reset)
	}
	return p.changeAccess(w, r, personID)
}

// accessTexts say what was done.
var accessTexts = map[string]string{
	"activate":   "teamweb.person.activated",
	"deactivate": "teamweb.person.deactivated",
	"sign-out":   "teamweb.person.signed-out",
	"two-factor": "teamweb.two-factor.ended",
}

func (p *Pages) changeAccess(w http.ResponseWriter, r *http.Request, personID int64) error {
	ctx := r.Context()
	acts := map[string]func(context.Context, int64) error{
		"activate":   p.team.ActivatePerson,
		"deactivate": p.team.DeactivatePerson,
		"sign-out":   p.team.SignOutPerson,
		"two-factor": p.team.EndTwoFactorOf,
	}
	name := r.PathValue("action")
	act, known := acts[name]
	if !known {
		return noSuchAction()
	}
	if err := act(ctx, personID); err != nil {
		return p.personTrouble(w, r, personID, err)
	}
	return done(w, r, peoplePath+"/"+id(personID), i18n.T(ctx, accessTexts[name]))
}

// personTrouble shows the person with why something could not be done.
func (p *Pages) personTrouble(w http.ResponseWriter, r *http.Request, personID int64, err error) error {
	t, told := troubleOf(r.Context(), err)
	if !told {
		return err
	}
	f, err := p.readPersonForm(r, personID)
	if err != nil {
		return err
	}
	f.trouble = t
	return p.renderPerson(w, r, f)
}
