package teamapi_test

import (
	"fmt"
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

// site is the served team, with tokens for an administrator and for a program
// that may do nothing.
type site struct {
	*apitest.Server
	t     *testing.T
	d     *db.DB
	team  *team.Service
	admin string
	blind string
}

func eachSite(t *testing.T, test func(t *testing.T, s *site)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &site{t: t, d: d, team: teamtest.Service(t, d)}
		s.Server = apitest.Serve(t, d, api.Config{}, func(a *api.API) { teamapi.Register(a, s.team) })
		grants := map[string]authz.Level{}
		for _, p := range team.Permissions() {
			grants[p.ID] = authz.All
		}
		s.admin = s.Token("kt_admin", authz.Actor{Name: "Admin", Roles: []authz.Role{authz.Administrator}, Grants: grants})
		s.blind = s.Token("kt_blind", authz.Actor{Name: "Nobody"})
		test(t, s)
	})
}

func (s *site) do(token, method, path, body string, header ...string) apitest.Answer {
	s.t.Helper()
	r := apitest.Request{Method: method, Path: "/api/v1/" + path, Token: token, Body: body, Header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header[header[i]] = header[i+1]
	}
	return s.Do(r)
}

func TestPeopleAreManaged(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		var p teamapi.FullPerson
		made := s.do(s.admin, "POST", "people", `{"name":"Maria Ivanova","email":"maria@example.com","roles":["manager"],"invite":true}`).Want(http.StatusCreated)
		made.JSON(&p)
		if p.ID == 0 || p.Invitation == nil || p.Invitation.Key == "" || p.HasPassword || p.Roles[0] != "manager" || !p.Active {
			t.Fatalf("%+v", p)
		}
		at := fmt.Sprintf("people/%d", p.ID)
		s.do(s.admin, "PATCH", at, `{"job_title":"Buyer","phone":"+359888123456"}`).Want(http.StatusOK).JSON(&p)
		if p.JobTitle != "Buyer" || p.Email != "maria@example.com" || len(p.Roles) != 1 {
			t.Errorf("%+v", p)
		}
		s.do(s.admin, "PATCH", at, `{"name":"Late"}`, "If-Match", made.Header.Get("ETag")).Refused(http.StatusPreconditionFailed)
		s.do(s.admin, "PATCH", at, `{"roles":["king"]}`).Want(http.StatusUnprocessableEntity)
		s.do(s.admin, "POST", at+"/deactivate", "").Want(http.StatusOK).JSON(&p)
		if p.Active {
			t.Error("still active")
		}
		s.do(s.admin, "POST", at+"/activate", "").Want(http.StatusOK).JSON(&p)
		if !p.Active {
			t.Error("still deactivated")
		}
		var key teamapi.LinkKey
		s.do(s.admin, "POST", at+"/invite", "").Want(http.StatusCreated).JSON(&key)
		if link, err := s.team.FindLink(t.Context(), key.Key); err != nil || link.PersonID != p.ID {
			t.Errorf("%+v %v", link, err)
		}
		s.do(s.admin, "POST", at+"/sign-out", "").Want(http.StatusOK)
		s.do(s.admin, "GET", "people/999", "").Refused(http.StatusNotFound)
	})
}

func TestTeamsAreManaged(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		var made teamapi.Team
		s.do(s.admin, "POST", "teams", `{"name":"Sales"}`).Want(http.StatusCreated).JSON(&made)
		at := fmt.Sprintf("teams/%d", made.ID)
		s.do(s.admin, "PATCH", at, `{"name":"Field sales"}`).Want(http.StatusOK).JSON(&made)
		if made.Name != "Field sales" {
			t.Errorf("%+v", made)
		}
		s.do(s.admin, "DELETE", at, "").Want(http.StatusNoContent)
		s.do(s.admin, "PATCH", at, `{"name":"Gone"}`).Refused(http.StatusNotFound)
	})
}

func TestRightsAndTokensAreManaged(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		level := func(r teamapi.Rights, permission, role string) string {
			for _, p := range r.Permissions {
				if p.ID == permission {
					return p.Levels[role]
				}
			}
			return ""
		}
		var r teamapi.Rights
		s.do(s.admin, "GET", "rights", "").Want(http.StatusOK).JSON(&r)
		if level(r, "team.people", "head") != "none" {
			t.Errorf("%+v", r)
		}
		s.do(s.admin, "PATCH", "rights", `{"permissions":[{"role":"head","permission":"team.people","level":"all"}]}`).Want(http.StatusOK).JSON(&r)
		if level(r, "team.people", "head") != "all" {
			t.Errorf("%+v", r)
		}
		s.do(s.admin, "PATCH", "rights", `{"permissions":[{"role":"administrator","permission":"team.people","level":"none"}]}`).Refused(http.StatusConflict)

		var token teamapi.Token
		body := `{"name":"Shop","roles":["manager"],"permissions":["team.people"]}`
		s.do(s.admin, "POST", "tokens", body, "Idempotency-Key", "one").Want(http.StatusCreated).JSON(&token)
		if _, err := s.team.AuthenticateToken(t.Context(), token.Key); err != nil {
			t.Errorf("the new key opens nothing: %v", err)
		}
		var list api.List[teamapi.Token]
		s.do(s.admin, "GET", "tokens", "").Want(http.StatusOK).JSON(&list)
		if len(list.Items) != 1 || list.Items[0].Key != "" || list.Items[0].Hint == "" {
			t.Errorf("%+v", list)
		}
		s.do(s.admin, "DELETE", fmt.Sprintf("tokens/%d", token.ID), "").Want(http.StatusNoContent)
		if _, err := s.team.AuthenticateToken(t.Context(), token.Key); err == nil {
			t.Error("the revoked key still opens")
		}
	})
}

func TestManagingNeedsTheRight(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		p := fmt.Sprintf("people/%d", teamtest.Person(t, s.d).ID)
		for _, c := range [][3]string{
			{"POST", "people", `{"name":"A","email":"a@example.com","roles":["manager"]}`},
			{"GET", p, ""},
			{"PATCH", p, `{"name":"B"}`},
			{"POST", p + "/deactivate", ""},
			{"POST", p + "/activate", ""},
			{"POST", p + "/sign-out", ""},
			{"POST", p + "/end-two-factor", ""},
			{"POST", p + "/invite", ""},
			{"POST", p + "/reset", ""},
			{"POST", "teams", `{"name":"A"}`},
			{"DELETE", "teams/1", ""},
			{"GET", "rights", ""},
			{"PATCH", "rights", `{}`},
			{"GET", "tokens", ""},
			{"POST", "tokens", `{"name":"A","roles":["manager"]}`},
			{"DELETE", "tokens/1", ""},
		} {
			s.do(s.blind, c[0], c[1], c[2]).Refused(http.StatusForbidden)
		}
	})
}
