package team

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
)

// Way is how a right reaches a record.
type Way string

// The ways, and the absence of one.
const (
	ByAll  Way = "all"  // the right reaches every record
	ByTeam Way = "team" // the record belongs to one of the person's teams
	ByOwn  Way = "own"  // the person owns the record
	ByNone Way = "none"
)

// wayLabels are the locale ids of the sentence for each way.
var wayLabels = map[Way]string{
	ByAll:  "team.way.all",
	ByTeam: "team.way.team",
	ByOwn:  "team.way.own",
	ByNone: "team.way.none",
}

// Label is the locale id of the sentence that says it.
func (w Way) Label() string { return wayLabels[w] }

// Explanation answers "why can I see this?": which role grants how much, and
// by which way that reaches the record.
type Explanation struct {
	Permission authz.Permission
	Level      authz.Level // the widest of the roles
	Roles      []RoleGrant
	Way        Way
	TeamName   string // for ByTeam
}

// Allowed tells whether the record is reached at all.
func (e Explanation) Allowed() bool { return e.Way != ByNone }

// RoleGrant is what one role contributes.
type RoleGrant struct {
	Role    authz.Role
	Level   authz.Level
	Changed bool // by the company; else as delivered
}

// Explain explains a permission of the acting person over a record of this
// owner and team; 0 means that it has none.
func (s *Service) Explain(ctx context.Context, permission string, ownerID, teamID int64) (Explanation, error) {
	id, err := authz.RequirePerson(ctx, "team.Explain")
	if err != nil {
		return Explanation{}, err
	}
	return s.explain(ctx, id, permission, ownerID, teamID)
}

// ExplainPerson is Explain for another person, for those who set the rights.
func (s *Service) ExplainPerson(ctx context.Context, personID int64, permission string, ownerID, teamID int64) (Explanation, error) {
	if _, err := authz.Require(ctx, "team.ExplainPerson", "team.roles"); err != nil {
		return Explanation{}, err
	}
	return s.explain(ctx, personID, permission, ownerID, teamID)
}

func (s *Service) explain(ctx context.Context, personID int64, permission string, ownerID, teamID int64) (Explanation, error) {
	const op = "team.explain"
	snap, err := s.current(ctx)
	if err != nil {
		return Explanation{}, err
	}
	person, ok := snap.people[personID]
	if !ok {
		return Explanation{}, errs.New(errs.NotFound, op, "team.error.person-not-found")
	}
	p, ok := s.permission(permission)
	if !ok {
		return Explanation{}, errs.New(errs.NotFound, op, "team.error.permission-unknown", "Permission", permission)
	}
	e := Explanation{Permission: p}
	for _, role := range person.Roles {
		level := snap.policy.level(role, p)
		e.Roles = append(e.Roles, RoleGrant{Role: role, Level: level, Changed: level != settled(p, p.Default[role])})
		e.Level = max(e.Level, level)
	}
	scope := authz.Scope{Level: e.Level, UserID: person.ID, TeamIDs: snap.reach(person)}
	e.Way = wayOf(scope, ownerID, teamID)
	if e.Way == ByTeam {
		if i := slices.IndexFunc(snap.teams, func(t Team) bool { return t.ID == teamID }); i >= 0 {
			e.TeamName = snap.teams[i].Name
		}
	}
	return e, nil
}

// wayOf is how a scope reaches a record; it agrees with Scope.Allows.
func wayOf(scope authz.Scope, ownerID, teamID int64) Way {
	switch {
	case !scope.Allows(ownerID, teamID):
		return ByNone
	case scope.Level == authz.All:
		return ByAll
	case ownerID != 0 && ownerID == scope.UserID:
		return ByOwn
	}
	return ByTeam
}
