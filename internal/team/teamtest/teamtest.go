// Package teamtest makes people, teams and actors for other modules' tests.
package teamtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

// Service makes the team's service with its own permissions and those given.
func Service(t testing.TB, d *db.DB, permissions ...authz.Permission) *team.Service {
	t.Helper()
	return team.New(team.Deps{DB: d, Permissions: append(team.Permissions(), permissions...)})
}

var names = [...]string{"Maria Ivanova", "Nino Maisuradze", "Piotr Kowalski", "Elena Petrova", "Giorgi Lomidze", "Anna Clarke"}

var made atomic.Int64

// Person adds an active person without a password; a manager if no role is
// given. Each has another name and address.
func Person(t testing.TB, d *db.DB, roles ...authz.Role) team.Person {
	t.Helper()
	if len(roles) == 0 {
		roles = []authz.Role{authz.Manager}
	}
	n := made.Add(1)
	p, err := Service(t, d).CreatePerson(system(), team.PersonInput{
		Name:     fmt.Sprintf("%s %d", names[int(n)%len(names)], n),
		Email:    fmt.Sprintf("person%d@example.com", n),
		Language: i18n.English,
		Roles:    roles,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Team adds a team and puts these people into it, besides the teams they are
// in already.
func Team(t testing.TB, d *db.DB, name string, people ...team.Person) team.Team {
	t.Helper()
	s := Service(t, d)
	made, err := s.CreateTeam(system(), team.NamedTeam{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		now, err := s.FindPerson(system(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.ChangePerson(system(), p.ID, team.PersonInput{
			Name: now.Name, Email: now.Email, Language: now.Language, Phone: now.Phone, JobTitle: now.JobTitle,
			Roles: now.Roles, TeamIDs: append(now.TeamIDs, made.ID), Version: now.Version,
		})
		if err != nil {
			t.Fatal(err)
		}
		made.MemberIDs = append(made.MemberIDs, p.ID)
	}
	return made
}

// Actor is the person as an actor who has what the roles grant of these
// permissions by default.
func Actor(t testing.TB, d *db.DB, p team.Person, permissions ...authz.Permission) authz.Actor {
	t.Helper()
	a, err := Service(t, d, permissions...).ActorOf(system(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// As is a context in which the person acts; see Actor.
func As(t testing.TB, d *db.DB, p team.Person, permissions ...authz.Permission) context.Context {
	t.Helper()
	return authz.With(t.Context(), Actor(t, d, p, permissions...))
}

func system() context.Context { return authz.AsSystem(context.Background(), "test") }
