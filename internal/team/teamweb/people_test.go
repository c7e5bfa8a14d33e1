package teamweb_test

import (
	"net/url"
	"testing"

	"kartoteka.dev/internal/platform/authz"
)

func TestPeopleAreFoundByRoleTeamAndState(t *testing.T) {
	each(t, setting{}, func(s *site) {
		nino := s.person("Nino Maisuradze", "nino@example.com", authz.Manager)
		s.person("Piotr Kowalski", "piotr@example.com", authz.Analyst)
		admin := s.signedIn("maria@example.com")
		admin.post("/settings/teams", url.Values{"name": {"Tbilisi"}, "members": {"2"}}).at("/settings/teams")
		admin.post("/settings/people", tamar()).refused(200)
		list := func(query string) answer { return admin.get("/settings/people?" + query).refused(200) }
		list("role=manager").has(nino.Email, "tamar@example.com").lacks("piotr@example.com")
		list("state=invited").has("tamar@example.com").lacks(nino.Email, "piotr@example.com")
		list("state=not-yet-in").has(nino.Email, "piotr@example.com").lacks("tamar@example.com")
		list("state=one-factor&role=analyst").has("piotr@example.com").lacks(nino.Email)
		list("q=нино").has(nino.Email).lacks("piotr@example.com")
		list("role=head").has("Nobody matches")
		list("role=manager&state=invited").has("role=manager&amp;state=invited") // the tabs keep the filter
	})
}

func tamar() url.Values {
	return url.Values{"name": {"Tamar"}, "email": {"tamar@example.com"}, "language": {"en"}, "roles": {"manager"}}
}

func TestTokenIsNarrowedOnThePage(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		admin.get("/settings/tokens").has("Only these rights", `value="customers.view"`)
		form := url.Values{"name": {"Web shop"}, "roles": {"administrator"}, "permissions": {"customers.view"}, "expires_at": {"2027-01-31"}}
		page := admin.post("/settings/tokens", form).refused(200).has("narrowed to 1 right", "2027")
		actor, err := s.team.AuthenticateToken(t.Context(), page.between(`id="token">`, "</pre>"))
		if err != nil || actor.Level("customers.view") != authz.All || actor.Level("team.people") != authz.None {
			t.Errorf("%+v %v", actor, err)
		}
		form.Set("permissions", "no.such")
		admin.post("/settings/tokens", form).refused(422)
	})
}
