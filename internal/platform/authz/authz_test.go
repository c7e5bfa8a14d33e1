package authz_test

import (
	"context"
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
)

func TestRequire(t *testing.T) {
	grants := map[string]authz.Level{"customers.view": authz.Team}
	person := authz.Actor{Kind: authz.Person, UserID: 7, TeamIDs: []int64{2}, Grants: grants}
	tests := []struct {
		name       string
		ctx        context.Context
		permission string
		level      authz.Level
		kind       errs.Kind
	}{
		{"granted", authz.With(t.Context(), person), "customers.view", authz.Team, 0},
		{"not granted", authz.With(t.Context(), person), "customers.edit", authz.None, errs.Forbidden},
		{"nobody", t.Context(), "customers.view", authz.None, errs.Unauthenticated},
		{"Kartoteka itself", authz.AsSystem(t.Context(), "job"), "anything", authz.All, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scope, err := authz.Require(tt.ctx, "test", tt.permission)
			if scope.Level != tt.level || (err != nil && errs.KindOf(err) != tt.kind) || (err == nil) != (tt.level > authz.None) {
				t.Errorf("scope %v, error %v", scope, err)
			}
		})
	}
}

func TestScopeAllows(t *testing.T) {
	tests := []struct {
		level       authz.Level
		owner, team int64
		want        bool
	}{
		{authz.All, 0, 0, true},
		{authz.Own, 7, 9, true},
		{authz.Own, 8, 2, false},
		{authz.Own, 0, 0, false},
		{authz.Team, 8, 2, true},
		{authz.Team, 7, 9, true},
		{authz.Team, 8, 9, false},
		{authz.Team, 0, 0, false},
		{authz.None, 7, 2, false},
	}
	for _, tt := range tests {
		s := authz.Scope{Level: tt.level, UserID: 7, TeamIDs: []int64{1, 2}}
		if got := s.Allows(tt.owner, tt.team); got != tt.want {
			t.Errorf("%s allows owner %d team %d: %v", tt.level, tt.owner, tt.team, got)
		}
	}
}

func TestFieldRightDefaultsToWriteAndNeverBindsTheSystem(t *testing.T) {
	hidden := authz.Actor{Kind: authz.Person, Fields: map[string]authz.FieldRight{"customers.tax_id": authz.FieldHidden}}
	ctx := authz.With(t.Context(), hidden)
	if authz.FieldRightOf(ctx, "customers.tax_id") != authz.FieldHidden || authz.FieldRightOf(ctx, "customers.name") != authz.FieldWrite {
		t.Error("a person's field rights are not kept")
	}
	if authz.FieldRightOf(authz.AsSystem(ctx, "job"), "customers.tax_id") != authz.FieldWrite {
		t.Error("the system is bound by field rights")
	}
}
