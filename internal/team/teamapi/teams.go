package teamapi

import (
	"context"
	"net/http"
	"slices"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team"
)

func (o operations) registerTeams(a *api.API) {
	create := operation("create-team", http.MethodPost, "/api/v1/teams", "Add a team")
	create.Text = "Who belongs to it is set at each person: team_ids. Needs team.people."
	api.Register(a, create, o.createTeam)
	api.Register(a, operation("change-team", http.MethodPatch, "/api/v1/teams/{id}", "Rename a team, or give it a head"), o.changeTeam)
	api.Register(a, operation("remove-team", http.MethodDelete, "/api/v1/teams/{id}", "Remove a team that nobody belongs to"), o.removeTeam)
}

// NewTeam is one to add.
type NewTeam struct {
	Name   string `json:"name" example:"Sales"`
	HeadID int64  `json:"head_id,omitempty"`
}

type oneTeam struct {
	Body Team
}

func shapeTeam(t team.Team) Team {
	return Team{t.ID, t.Name, t.HeadID, append([]int64{}, t.MemberIDs...)}
}

func (o operations) createTeam(ctx context.Context, in *struct{ Body NewTeam }) (*oneTeam, error) {
	t, err := o.team.CreateTeam(ctx, team.NamedTeam{Name: in.Body.Name, HeadID: in.Body.HeadID})
	if err != nil {
		return nil, err
	}
	return &oneTeam{shapeTeam(t)}, nil
}

// TeamChange is what to change of one.
type TeamChange struct {
	Name   api.Optional[string] `json:"name,omitempty"`
	HeadID api.Optional[int64]  `json:"head_id,omitempty"`
}

type changeTeamInput struct {
	ByID
	Body TeamChange
}

func (o operations) findTeam(ctx context.Context, id int64) (team.Team, error) {
	all, err := o.team.Teams(ctx)
	if err != nil {
		return team.Team{}, err
	}
	i := slices.IndexFunc(all, func(t team.Team) bool { return t.ID == id })
	if i < 0 {
		return team.Team{}, errs.New(errs.NotFound, "teamapi.findTeam", "team.error.team-not-found")
	}
	return all[i], nil
}

func (o operations) changeTeam(ctx context.Context, in *changeTeamInput) (*oneTeam, error) {
	t, err := o.findTeam(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	set(&t.Name, in.Body.Name)
	set(&t.HeadID, in.Body.HeadID)
	if err := o.team.ChangeTeam(ctx, in.ID, team.NamedTeam{Name: t.Name, HeadID: t.HeadID}); err != nil {
		return nil, err
	}
	if t, err = o.findTeam(ctx, in.ID); err != nil {
		return nil, err
	}
	return &oneTeam{shapeTeam(t)}, nil
}

func (o operations) removeTeam(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, o.team.RemoveTeam(ctx, in.ID)
}
