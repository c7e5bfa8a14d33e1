package teamapi_test

import (
	"net/http"
	"testing"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/api/apitest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamapi"
	"kartoteka.dev/internal/team/teamtest"
)

func TestTeam(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		people := teamtest.Service(t, d)
		seller := teamtest.Person(t, d, authz.Manager)
		sales := teamtest.Team(t, d, "Sales", seller)
		_, key, err := people.CreateToken(authz.AsSystem(t.Context(), "test"), team.TokenInput{
			Name: "Shop", Roles: []authz.Role{authz.Administrator}, PersonID: seller.ID,
		})
		if err != nil {
			t.Fatal(err)
		}
		actor, err := people.AuthenticateToken(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		s := apitest.Serve(t, d, api.Config{}, func(a *api.API) { teamapi.Register(a, people) })
		token := s.Token("kt_a", actor)
		get := func(path string) apitest.Answer {
			return s.Do(apitest.Request{Method: http.MethodGet, Path: "/api/v1/" + path, Token: token})
		}
		var me teamapi.Me
		get("me").Want(http.StatusOK).JSON(&me)
		if me.PersonID != seller.ID || me.Person != seller.Name || me.Roles[0] != "administrator" || me.Permissions["team.people"] != "all" || len(me.TeamIDs) != 1 {
			t.Errorf("%+v", me)
		}
		var found api.List[teamapi.Person]
		get("people?q=" + seller.Name[:3]).Want(http.StatusOK).JSON(&found)
		if len(found.Items) != 1 || found.Items[0].ID != seller.ID || !found.Items[0].Active {
			t.Errorf("%+v", found)
		}
		var teams api.List[teamapi.Team]
		get("teams").Want(http.StatusOK).JSON(&teams)
		if len(teams.Items) != 1 || teams.Items[0].ID != sales.ID || teams.Items[0].MemberIDs[0] != seller.ID {
			t.Errorf("%+v", teams)
		}
		s.Do(apitest.Request{Method: http.MethodGet, Path: "/api/v1/me"}).Refused(http.StatusUnauthorized)
	})
}
