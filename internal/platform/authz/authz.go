// Package authz answers one question: may this actor do this, and to whose
// records? Modules define permissions with their defaults for each role; the
// team module keeps the company's own matrix and puts the acting person, with
// what the matrix grants them, into the context.
package authz

import (
	"context"

	"kartoteka.dev/internal/platform/errs"
)

// Role is one of the six roles; an actor may hold several.
type Role string

// The roles, under the names the API uses.
const (
	Administrator Role = "administrator"
	Head          Role = "head"
	Supervisor    Role = "supervisor"
	Manager       Role = "manager"
	Operator      Role = "operator"
	Analyst       Role = "analyst"
)

// Roles in the order in which pages show them.
var Roles = []Role{Administrator, Head, Supervisor, Manager, Operator, Analyst}

// Valid tells whether r is one of the six.
func (r Role) Valid() bool {
	for _, known := range Roles {
		if r == known {
			return true
		}
	}
	return false
}

// Level is how far a permission reaches.
type Level int

// From no right to every record. A permission that is not about records is
// either None or All.
const (
	None Level = iota
	Own
	Team
	All
)

var levelNames = [...]string{"none", "own", "team", "all"}

// String is the name used in the database and the API.
func (l Level) String() string { return levelNames[l] }

// ParseLevel reads what String writes; unknown words grant nothing.
func ParseLevel(s string) (Level, bool) {
	for i, name := range levelNames {
		if s == name {
			return Level(i), true
		}
	}
	return None, false
}

// Permission defines one right: its id ("customers.edit"), whether it can be
// limited to own or team records, and what each role has by default.
type Permission struct {
	ID      string
	Label   string // locale id, for the matrix page
	Scoped  bool
	Default map[Role]Level
}

// ActorKind says what acts.
type ActorKind string

// A person at a page, a program with a token, or Kartoteka itself.
const (
	Anonymous ActorKind = "anonymous"
	Person    ActorKind = "person"
	Token     ActorKind = "token"
	System    ActorKind = "system"
)

// Actor is who acts, with everything that decides their rights.
type Actor struct {
	Kind    ActorKind
	UserID  int64  // the person; for a token, the person it acts for, or 0
	TokenID int64  // for a token
	Name    string // as shown in the journal
	Roles   []Role
	TeamIDs []int64
	Grants  map[string]Level      // by permission id
	Fields  map[string]FieldRight // by field id; absent means Write
}

type actorKey struct{}

// With puts the actor into the context.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From gives the actor of the context: anonymous if there is none.
func From(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Kind: Anonymous}
}

// AsSystem returns a context in which Kartoteka itself acts, with every right:
// for jobs, commands and tests.
func AsSystem(ctx context.Context, name string) context.Context {
	return With(ctx, Actor{Kind: System, Name: name})
}

// Scope is the part of the records a permission reaches.
type Scope struct {
	Level   Level
	UserID  int64
	TeamIDs []int64
}

// Require is the first statement of every use case: it gives the scope of the
// permission, or an error that says who to ask.
func Require(ctx context.Context, op, permission string) (Scope, error) {
	a := From(ctx)
	level := a.Level(permission)
	if level > None {
		return Scope{Level: level, UserID: a.UserID, TeamIDs: a.TeamIDs}, nil
	}
	if a.Kind == Anonymous {
		return Scope{}, errs.New(errs.Unauthenticated, op, "errors.kind-unauthenticated-title")
	}
	return Scope{}, errs.New(errs.Forbidden, op, "errors.permission-missing", "Permission", permission)
}

// Can tells whether the actor has the permission at all; for menus and
// buttons.
func Can(ctx context.Context, permission string) bool {
	return From(ctx).Level(permission) > None
}

// Level is how far the actor's permission reaches.
func (a Actor) Level(permission string) Level {
	if a.Kind == System {
		return All
	}
	return a.Grants[permission]
}

// Allows tells whether a record of this owner and team is in the scope; 0
// means that it has none.
func (s Scope) Allows(ownerID, teamID int64) bool {
	switch s.Level {
	case All:
		return true
	case Team:
		if teamID != 0 {
			for _, id := range s.TeamIDs {
				if id == teamID {
					return true
				}
			}
		}
		return ownerID != 0 && ownerID == s.UserID
	case Own:
		return ownerID != 0 && ownerID == s.UserID
	default:
		return false
	}
}

// FieldRight is what a role may do with one field.
type FieldRight int

// The zero value of a missing entry in Actor.Fields is never used: see
// FieldRightOf.
const (
	FieldHidden FieldRight = iota
	FieldRead
	FieldWrite
)

var fieldRightNames = [...]string{"hidden", "read", "write"}

// String is the name used in the database and the API.
func (r FieldRight) String() string { return fieldRightNames[r] }

// ParseFieldRight reads what String writes.
func ParseFieldRight(s string) (FieldRight, bool) {
	for i, name := range fieldRightNames {
		if s == name {
			return FieldRight(i), true
		}
	}
	return FieldHidden, false
}

// FieldRightOf is what the actor may do with a field ("customers.tax_id").
func FieldRightOf(ctx context.Context, field string) FieldRight {
	a := From(ctx)
	if right, ok := a.Fields[field]; ok && a.Kind != System {
		return right
	}
	return FieldWrite
}

// Combine gives an actor who holds several roles the widest of their rights.
func Combine(roles []Role, matrix func(Role, string) Level, permissions []Permission) map[string]Level {
	grants := make(map[string]Level, len(permissions))
	for _, p := range permissions {
		for _, r := range roles {
			grants[p.ID] = max(grants[p.ID], matrix(r, p.ID))
		}
	}
	return grants
}
