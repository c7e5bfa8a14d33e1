package team

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

const (
	sqlListRoleRights  = `SELECT role, permission, level FROM team_role_rights ORDER BY role, permission`
	sqlListFieldRights = `SELECT role, field, level FROM team_field_rights ORDER BY role, field`
)

type storedRight struct {
	cell  cell
	level string
}

func scanRight(row db.Scanner) (storedRight, error) {
	var r storedRight
	err := row.Scan(&r.cell.role, &r.cell.id, &r.level)
	return r, err
}

// loadPolicy reads the matrix. A word that an older or newer program wrote and
// this one does not know grants nothing.
func loadPolicy(ctx context.Context, tx *db.Tx, permissions []authz.Permission, fields []FieldDefinition) (*policy, error) {
	p := &policy{permissions: permissions, levels: map[cell]authz.Level{}, fields: map[cell]authz.FieldRight{}}
	for _, f := range fields {
		p.fieldIDs = append(p.fieldIDs, f.ID)
	}
	levels, err := db.All(ctx, tx, scanRight, sqlListRoleRights)
	if err != nil {
		return nil, fmt.Errorf("rights: %w", err)
	}
	for _, r := range levels {
		p.levels[r.cell], _ = authz.ParseLevel(r.level)
	}
	rights, err := db.All(ctx, tx, scanRight, sqlListFieldRights)
	if err != nil {
		return nil, fmt.Errorf("field rights: %w", err)
	}
	for _, r := range rights {
		p.fields[r.cell], _ = authz.ParseFieldRight(r.level)
	}
	return p, nil
}

const (
	sqlSetRoleRight = `
INSERT INTO team_role_rights (role, permission, level) VALUES ($1, $2, $3)
ON CONFLICT (role, permission) DO UPDATE SET level = excluded.level`
	sqlUnsetRoleRight = `DELETE FROM team_role_rights WHERE role = $1 AND permission = $2`
	sqlSetFieldRight  = `
INSERT INTO team_field_rights (role, field, level) VALUES ($1, $2, $3)
ON CONFLICT (role, field) DO UPDATE SET level = excluded.level`
	sqlUnsetFieldRight = `DELETE FROM team_field_rights WHERE role = $1 AND field = $2`
)

// setRight stores a cell, or forgets it when it is the default again.
func setRight(ctx context.Context, tx *db.Tx, change RightChange, isDefault bool) error {
	var err error
	if isDefault {
		_, err = tx.Exec(ctx, sqlUnsetRoleRight, change.Role, change.Permission)
	} else {
		_, err = tx.Exec(ctx, sqlSetRoleRight, change.Role, change.Permission, change.Level.String())
	}
	if err != nil {
		return fmt.Errorf("set right: %w", err)
	}
	return nil
}

func setFieldRight(ctx context.Context, tx *db.Tx, change FieldRightChange) error {
	var err error
	if change.Right == authz.FieldWrite {
		_, err = tx.Exec(ctx, sqlUnsetFieldRight, change.Role, change.Field)
	} else {
		_, err = tx.Exec(ctx, sqlSetFieldRight, change.Role, change.Field, change.Right.String())
	}
	if err != nil {
		return fmt.Errorf("set field right: %w", err)
	}
	return nil
}
