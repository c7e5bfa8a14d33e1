// Package teamapi tells programs who they are and who the people are.
package teamapi

import (
	"context"
	"net/http"
	"strings"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/team"
)

const group = "team"

type operations struct {
	team *team.Service
}

// Register adds the operations to the API.
func Register(a *api.API, s *team.Service) {
	o := operations{s}
	a.Describe(api.Group{Name: group, Text: "Who you are, and the people and teams customers belong to."})
	api.Register(a, api.Operation{
		ID: "find-me", Method: http.MethodGet, Path: "/api/v1/me", Group: group,
		Summary: "See who the token is and what it may do",
	}, o.me)
	api.Register(a, api.Operation{
		ID: "list-people", Method: http.MethodGet, Path: "/api/v1/people", Group: group,
		Summary: "List people by name, the deactivated too",
	}, o.people)
	api.Register(a, api.Operation{ID: "list-teams", Method: http.MethodGet, Path: "/api/v1/teams", Group: group, Summary: "List teams by name"}, o.teams)
	o.registerPeople(a)
	o.registerTeams(a)
	o.registerRights(a)
}

// Me is the program behind a token.
type Me struct {
	TokenID     int64             `json:"token_id"`
	Name        string            `json:"name"`
	PersonID    int64             `json:"person_id,omitempty" doc:"Whom the token acts for: own records are theirs."`
	Person      string            `json:"person,omitempty"`
	Roles       []string          `json:"roles" nullable:"false" doc:"administrator, head, supervisor, manager, operator, analyst."`
	TeamIDs     []int64           `json:"team_ids" nullable:"false"`
	Permissions map[string]string `json:"permissions" doc:"By their names: own, team or all; those not granted are absent."`
	Fields      map[string]string `json:"fields" doc:"Fields that are not open for writing: hidden or read."`
}

func (o operations) me(ctx context.Context, _ *struct{}) (*struct{ Body Me }, error) {
	if err := authz.RequireSomeone(ctx, "teamapi.me"); err != nil {
		return nil, err
	}
	a := authz.From(ctx)
	me := Me{
		TokenID: a.TokenID, Name: a.Name, PersonID: a.UserID, Roles: []string{}, TeamIDs: []int64{},
		Permissions: map[string]string{}, Fields: map[string]string{},
	}
	for _, r := range a.Roles {
		me.Roles = append(me.Roles, string(r))
	}
	me.TeamIDs = append(me.TeamIDs, a.TeamIDs...)
	for id, level := range a.Grants {
		if level > authz.None {
			me.Permissions[id] = level.String()
		}
	}
	for id, right := range a.Fields {
		if right < authz.FieldWrite {
			me.Fields[id] = right.String()
		}
	}
	if a.UserID != 0 {
		names, err := o.team.Names(ctx, a.UserID)
		if err != nil {
			return nil, err
		}
		me.Person = names[a.UserID]
	}
	return &struct{ Body Me }{me}, nil
}

// Person is somebody customers can belong to.
type Person struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	TeamIDs []int64 `json:"team_ids" nullable:"false"`
	Active  bool    `json:"active"`
}

type peopleInput struct {
	Q string `query:"q" doc:"A part of the name."`
}

func (o operations) people(ctx context.Context, in *peopleInput) (*struct{ Body api.List[Person] }, error) {
	all, err := o.team.People(ctx)
	if err != nil {
		return nil, err
	}
	var items []Person
	for _, p := range all {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(in.Q)) {
			items = append(items, Person{p.ID, p.Name, append([]int64{}, p.TeamIDs...), p.Active})
		}
	}
	return &struct{ Body api.List[Person] }{api.ListOf(items, "")}, nil
}

// Team is a team customers can belong to.
type Team struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	HeadID    int64   `json:"head_id,omitempty"`
	MemberIDs []int64 `json:"member_ids" nullable:"false"`
}

func (o operations) teams(ctx context.Context, _ *struct{}) (*struct{ Body api.List[Team] }, error) {
	all, err := o.team.Teams(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]Team, len(all))
	for i, t := range all {
		items[i] = Team{t.ID, t.Name, t.HeadID, append([]int64{}, t.MemberIDs...)}
	}
	return &struct{ Body api.List[Team] }{api.ListOf(items, "")}, nil
}
