package team

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Matrix is who may do what, as the page of rights shows it.
type Matrix struct {
	Permissions []PermissionRow
	Fields      []FieldRow
}

// PermissionRow is one permission and what each role has of it.
type PermissionRow struct {
	authz.Permission
	Cells []RightCell // in the order of authz.Roles
}

// RightCell is one role's level.
type RightCell struct {
	Role    authz.Role
	Level   authz.Level
	Default authz.Level
	Fixed   bool // cannot be changed
}

// FieldRow is one field and what each role may do with it.
type FieldRow struct {
	FieldDefinition
	Cells []FieldCell // in the order of authz.Roles
}

// FieldCell is one role's right to a field; the default is always to write.
type FieldCell struct {
	Role  authz.Role
	Right authz.FieldRight
}

// Rights gives the whole matrix.
func (s *Service) Rights(ctx context.Context) (Matrix, error) {
	if _, err := authz.Require(ctx, "team.Rights", "team.roles"); err != nil {
		return Matrix{}, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return Matrix{}, err
	}
	var m Matrix
	for _, p := range s.permissions {
		row := PermissionRow{Permission: p}
		for _, role := range authz.Roles {
			row.Cells = append(row.Cells, RightCell{
				Role: role, Level: snap.policy.level(role, p), Default: settled(p, p.Default[role]), Fixed: fixed(role, p.ID),
			})
		}
		m.Permissions = append(m.Permissions, row)
	}
	for _, f := range s.fields {
		row := FieldRow{FieldDefinition: f}
		for _, role := range authz.Roles {
			row.Cells = append(row.Cells, FieldCell{Role: role, Right: snap.policy.field(role, f.ID)})
		}
		m.Fields = append(m.Fields, row)
	}
	return m, nil
}

// RightChange sets how far a role's permission reaches.
type RightChange struct {
	Role       authz.Role
	Permission string
	Level      authz.Level
}

// FieldRightChange sets what a role may do with a field.
type FieldRightChange struct {
	Role  authz.Role
	Field string
	Right authz.FieldRight
}

// rightRecord is one changed cell as the journal keeps it.
type rightRecord struct {
	Role       authz.Role `json:"role"`
	Permission string     `json:"permission,omitempty"`
	Field      string     `json:"field,omitempty"`
	Level      string     `json:"level"`
}

// ChangeRights sets cells of the matrix, all or none; those that are already
// so leave no trace. It holds from each person's next request on.
func (s *Service) ChangeRights(ctx context.Context, levels []RightChange, fields []FieldRightChange) error {
	const op = "team.ChangeRights"
	if _, err := authz.Require(ctx, op, "team.roles"); err != nil {
		return err
	}
	for _, c := range levels {
		if err := s.checkRight(op, c); err != nil {
			return err
		}
	}
	for _, c := range fields {
		known := slices.ContainsFunc(s.fields, func(f FieldDefinition) bool { return f.ID == c.Field })
		if !c.Role.Valid() || !known || c.Right < authz.FieldHidden || c.Right > authz.FieldWrite {
			return errs.InvalidFields(op, errs.Field(c.Field, "errors.field-not-chosen"))
		}
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		now, err := loadPolicy(ctx, tx, s.permissions, s.fields)
		if err != nil {
			return err
		}
		var before, after []rightRecord
		for _, c := range levels {
			p, _ := s.permission(c.Permission)
			c.Level = settled(p, c.Level)
			was := now.level(c.Role, p)
			if was == c.Level {
				continue
			}
			if err := setRight(ctx, tx, c, c.Level == settled(p, p.Default[c.Role])); err != nil {
				return err
			}
			before = append(before, rightRecord{Role: c.Role, Permission: c.Permission, Level: was.String()})
			after = append(after, rightRecord{Role: c.Role, Permission: c.Permission, Level: c.Level.String()})
		}
		for _, c := range fields {
			was := now.field(c.Role, c.Field)
			if was == c.Right {
				continue
			}
			if err := setFieldRight(ctx, tx, c); err != nil {
				return err
			}
			before = append(before, rightRecord{Role: c.Role, Field: c.Field, Level: was.String()})
			after = append(after, rightRecord{Role: c.Role, Field: c.Field, Level: c.Right.String()})
		}
		if len(after) == 0 {
			return nil
		}
		return write(ctx, tx, "team.rights_changed", companyRef, before, after)
	})
}

func (s *Service) checkRight(op string, c RightChange) error {
	p, known := s.permission(c.Permission)
	switch {
	case !known || !c.Role.Valid() || c.Level < authz.None || c.Level > authz.All:
		return errs.InvalidFields(op, errs.Field(c.Permission, "errors.field-not-chosen"))
	case fixed(c.Role, c.Permission) && settled(p, c.Level) != authz.All:
		return errs.New(errs.Conflict, op, "team.error.administrator-rights")
	}
	return nil
}

func (s *Service) permission(id string) (authz.Permission, bool) {
	i := slices.IndexFunc(s.permissions, func(p authz.Permission) bool { return p.ID == id })
	if i < 0 {
		return authz.Permission{}, false
	}
	return s.permissions[i], true
}

// ActorOf gives an active person with all that decides their rights, for jobs
// that act for them.
func (s *Service) ActorOf(ctx context.Context, personID int64) (authz.Actor, error) {
	const op = "team.ActorOf"
	if _, err := authz.Require(ctx, op, "team.roles"); err != nil {
		return authz.Actor{}, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return authz.Actor{}, err
	}
	p, ok := snap.people[personID]
	if !ok || !p.Active {
		return authz.Actor{}, errs.New(errs.NotFound, op, "team.error.person-not-found")
	}
	return snap.actor(p), nil
}

// ActorAs gives a reader who has a role and nothing that is theirs, for what is
// told to programs of others. It is refused to whoever may do less than the
// role.
func (s *Service) ActorAs(ctx context.Context, role authz.Role) (authz.Actor, error) {
	const op = "team.ActorAs"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return authz.Actor{}, err
	}
	if !role.Valid() {
		return authz.Actor{}, errs.InvalidFields(op, errs.Field("role", "errors.field-not-chosen"))
	}
	snap, err := s.current(ctx)
	if err != nil {
		return authz.Actor{}, err
	}
	if !snap.policy.covers(authz.From(ctx), []authz.Role{role}) {
		return authz.Actor{}, errBeyondOwn(op)
	}
	r := snap.policy.of([]authz.Role{role})
	return authz.Actor{Kind: authz.Token, Name: string(role), Roles: []authz.Role{role}, Grants: r.grants, Fields: r.fields}, nil
}
