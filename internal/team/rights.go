package team

import (
	"maps"
	"slices"
	"sync"

	"kartoteka.dev/internal/platform/authz"
)

// Permissions are the rights over the team itself. Administrators always have
// them: the matrix cannot lock everyone out.
func Permissions() []authz.Permission {
	administrators := map[authz.Role]authz.Level{authz.Administrator: authz.All}
	return []authz.Permission{
		{ID: "team.company", Label: "team.permission.company", Default: administrators},
		{ID: "team.people", Label: "team.permission.people", Default: administrators},
		{ID: "team.roles", Label: "team.permission.roles", Default: administrators},
		{ID: "team.tokens", Label: "team.permission.tokens", Default: administrators},
	}
}

// fixed tells that a cell of the matrix cannot be changed.
func fixed(role authz.Role, permission string) bool {
	return role == authz.Administrator &&
		slices.ContainsFunc(Permissions(), func(p authz.Permission) bool { return p.ID == permission })
}

// roleLabels and roleHints are the locale ids of each role's name and of what
// it is for.
var (
	roleLabels = map[authz.Role]string{
		authz.Administrator: "team.role.administrator",
		authz.Head:          "team.role.head",
		authz.Supervisor:    "team.role.supervisor",
		authz.Manager:       "team.role.manager",
		authz.Operator:      "team.role.operator",
		authz.Analyst:       "team.role.analyst",
	}
	roleHints = map[authz.Role]string{
		authz.Administrator: "team.role.administrator-hint",
		authz.Head:          "team.role.head-hint",
		authz.Supervisor:    "team.role.supervisor-hint",
		authz.Manager:       "team.role.manager-hint",
		authz.Operator:      "team.role.operator-hint",
		authz.Analyst:       "team.role.analyst-hint",
	}
	levelLabels = map[authz.Level]string{
		authz.None: "team.level.none",
		authz.Own:  "team.level.own",
		authz.Team: "team.level.team",
		authz.All:  "team.level.all",
	}
	fieldRightLabels = map[authz.FieldRight]string{
		authz.FieldHidden: "team.field-right.hidden",
		authz.FieldRead:   "team.field-right.read",
		authz.FieldWrite:  "team.field-right.write",
	}
)

// RoleLabel is the locale id of a role's name.
func RoleLabel(r authz.Role) string { return roleLabels[r] }

// RoleHint is the locale id of the sentence that says what a role is for.
func RoleHint(r authz.Role) string { return roleHints[r] }

// LevelLabel is the locale id of a level's name.
func LevelLabel(l authz.Level) string { return levelLabels[l] }

// FieldRightLabel is the locale id of a field right's name.
func FieldRightLabel(r authz.FieldRight) string { return fieldRightLabels[r] }

// policy is the matrix in force: defaults of the modules, then what the
// company has changed.
type policy struct {
	permissions []authz.Permission
	fieldIDs    []string
	levels      map[cell]authz.Level      // only what was changed
	fields      map[cell]authz.FieldRight // only what was changed

	mu    sync.Mutex
	known map[string]rights // by joined roles
}

// Known gives every permission there is, in the order of the matrix: for
// choosing from, not for deciding anything.
func (s *Service) Known() []authz.Permission { return slices.Clone(s.permissions) }

// cell is a role and the id of a permission or a field.
type cell struct {
	role authz.Role
	id   string
}

// rights are what a set of roles may do; shared, never changed.
type rights struct {
	grants map[string]authz.Level
	fields map[string]authz.FieldRight
}

// level is how far a role's permission reaches. A permission that is not about
// records is all or nothing.
func (p *policy) level(role authz.Role, permission authz.Permission) authz.Level {
	if fixed(role, permission.ID) {
		return authz.All
	}
	level, changed := p.levels[cell{role, permission.ID}]
	if !changed {
		level = permission.Default[role]
	}
	return settled(permission, level)
}

// settled is the level a permission can really have.
func settled(permission authz.Permission, level authz.Level) authz.Level {
	if !permission.Scoped && level > authz.None {
		return authz.All
	}
	return level
}

// field is what a role may do with a field: anything, unless the company has
// said otherwise.
func (p *policy) field(role authz.Role, id string) authz.FieldRight {
	if right, changed := p.fields[cell{role, id}]; changed {
		return right
	}
	return authz.FieldWrite
}

// of gives the widest rights that any of the roles has.
func (p *policy) of(roles []authz.Role) rights {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := joinRoles(roles)
	if r, ok := p.known[name]; ok {
		return r
	}
	byID := make(map[string]authz.Permission, len(p.permissions))
	for _, perm := range p.permissions {
		byID[perm.ID] = perm
	}
	r := rights{fields: map[string]authz.FieldRight{}}
	r.grants = authz.Combine(roles, func(role authz.Role, id string) authz.Level { return p.level(role, byID[id]) }, p.permissions)
	for _, id := range p.fieldIDs {
		widest := authz.FieldHidden
		for _, role := range roles {
			widest = max(widest, p.field(role, id))
		}
		if widest != authz.FieldWrite {
			r.fields[id] = widest
		}
	}
	if p.known == nil {
		p.known = map[string]rights{}
	}
	p.known[name] = r
	return r
}

// covers tells whether an actor may give these roles to others or take them
// away: whoever sets the rights may do all of that, others only what they may
// do themselves.
func (p *policy) covers(a authz.Actor, roles []authz.Role) bool {
	if a.Level("team.roles") > authz.None {
		return true
	}
	theirs := p.of(roles)
	for id, level := range theirs.grants {
		if level > a.Level(id) {
			return false
		}
	}
	for id, right := range a.Fields {
		if have, limited := theirs.fields[id]; !limited || have > right {
			return false
		}
	}
	return true
}

// actor is a person with all that decides their rights.
func (snap *snapshot) actor(p Person) authz.Actor {
	r := snap.policy.of(p.Roles)
	return authz.Actor{
		Kind: authz.Person, UserID: p.ID, Name: p.Name, Roles: p.Roles, TeamIDs: snap.reach(p),
		Grants: r.grants, Fields: r.fields,
	}
}

// tokenActor is a program; p is the person it acts for, or the zero Person.
func (snap *snapshot) tokenActor(t Token, p Person) authz.Actor {
	r := snap.policy.of(t.Roles)
	grants := r.grants
	if len(t.Permissions) > 0 {
		grants = maps.Clone(grants)
		maps.DeleteFunc(grants, func(id string, _ authz.Level) bool { return !slices.Contains(t.Permissions, id) })
	}
	a := authz.Actor{
		Kind: authz.Token, TokenID: t.ID, UserID: p.ID, Name: t.Name, Roles: t.Roles, Grants: grants, Fields: r.fields,
	}
	if p.ID != 0 {
		a.TeamIDs = snap.reach(p)
	}
	return a
}
