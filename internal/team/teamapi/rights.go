package teamapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/team"
)

func (o operations) registerRights(a *api.API) {
	list := operation("read-rights", http.MethodGet, "/api/v1/rights", "Read who may do what")
	list.Text = "For every permission and every field with rights of its own, what each role has. Needs team.roles."
	api.Register(a, list, o.rights)
	change := operation("change-rights", http.MethodPatch, "/api/v1/rights", "Change what roles may do")
	change.Text = "All changes or none. They hold from everybody's next request on."
	api.Register(a, change, o.changeRights)

	tokens := operation("list-tokens", http.MethodGet, "/api/v1/tokens", "List tokens, newest first")
	tokens.Text = "The revoked and expired, too. Needs team.tokens."
	api.Register(a, tokens, o.tokens)
	create := operation("create-token", http.MethodPost, "/api/v1/tokens", "Make a token")
	create.Text = "The answer has its key, this once. A token gets no more rights than its maker has."
	create.Secret = true
	api.Register(a, create, o.createToken)
	api.Register(a, operation("revoke-token", http.MethodDelete, "/api/v1/tokens/{id}", "End a token at once and for good"), o.revokeToken)
}

// Rights are who may do what.
type Rights struct {
	Permissions []PermissionRights `json:"permissions" nullable:"false"`
	Fields      []FieldRights      `json:"fields" nullable:"false"`
}

// PermissionRights are one permission.
type PermissionRights struct {
	ID     string            `json:"id" example:"customers.edit"`
	Scoped bool              `json:"scoped" doc:"It can be limited to own or team records; otherwise it is none or all."`
	Levels map[string]string `json:"levels" doc:"By role: none, own, team or all."`
}

// FieldRights are one field.
type FieldRights struct {
	ID     string            `json:"id" example:"customers.tax_id"`
	Rights map[string]string `json:"rights" doc:"By role: hidden, read or write."`
}

func (o operations) rights(ctx context.Context, _ *struct{}) (*struct{ Body Rights }, error) {
	m, err := o.team.Rights(ctx)
	if err != nil {
		return nil, err
	}
	out := Rights{Permissions: []PermissionRights{}, Fields: []FieldRights{}}
	for _, row := range m.Permissions {
		p := PermissionRights{ID: row.ID, Scoped: row.Scoped, Levels: map[string]string{}}
		for _, c := range row.Cells {
			p.Levels[string(c.Role)] = c.Level.String()
		}
		out.Permissions = append(out.Permissions, p)
	}
	for _, row := range m.Fields {
		f := FieldRights{ID: row.ID, Rights: map[string]string{}}
		for _, c := range row.Cells {
			f.Rights[string(c.Role)] = c.Right.String()
		}
		out.Fields = append(out.Fields, f)
	}
	return &struct{ Body Rights }{out}, nil
}

// RightsChange is what to change.
type RightsChange struct {
	Permissions []PermissionChange `json:"permissions,omitempty"`
	Fields      []FieldChange      `json:"fields,omitempty"`
}

// PermissionChange sets how far a role's permission reaches.
type PermissionChange struct {
	Role       string `json:"role" example:"manager"`
	Permission string `json:"permission" example:"customers.edit"`
	Level      string `json:"level" enum:"none,own,team,all"`
}

// FieldChange sets what a role may do with a field.
type FieldChange struct {
	Role  string `json:"role" example:"manager"`
	Field string `json:"field" example:"customers.tax_id"`
	Right string `json:"right" enum:"hidden,read,write"`
}

func (o operations) changeRights(ctx context.Context, in *struct{ Body RightsChange }) (*struct{ Body Rights }, error) {
	var levels []team.RightChange
	for _, c := range in.Body.Permissions {
		level, _ := authz.ParseLevel(c.Level) // one of the enum
		levels = append(levels, team.RightChange{Role: authz.Role(c.Role), Permission: c.Permission, Level: level})
	}
	var fields []team.FieldRightChange
	for _, c := range in.Body.Fields {
		right, _ := authz.ParseFieldRight(c.Right) // one of the enum
		fields = append(fields, team.FieldRightChange{Role: authz.Role(c.Role), Field: c.Field, Right: right})
	}
	if err := o.team.ChangeRights(ctx, levels, fields); err != nil {
		return nil, err
	}
	return o.rights(ctx, nil)
}

// Token is a program's key.
type Token struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Hint        string   `json:"hint" doc:"Beginning of the key."`
	Key         string   `json:"key,omitempty" doc:"Only in the answer that made it."`
	PersonID    int64    `json:"person_id,omitempty" doc:"Whom it acts for."`
	Roles       []string `json:"roles" nullable:"false"`
	Permissions []string `json:"permissions,omitempty" doc:"Narrows what the roles grant."`
	CreatedAt   string   `json:"created_at" format:"date-time"`
	ExpiresAt   string   `json:"expires_at,omitempty" format:"date-time"`
	UsedAt      string   `json:"used_at,omitempty" format:"date-time"`
	RevokedAt   string   `json:"revoked_at,omitempty" format:"date-time"`
}

func shapeToken(t team.Token, key string) Token {
	return Token{
		ID: t.ID, Name: t.Name, Hint: t.Hint, Key: key, PersonID: t.PersonID, Roles: words(t.Roles), Permissions: t.Permissions,
		CreatedAt: api.Moment(t.CreatedAt), ExpiresAt: api.Moment(t.ExpiresAt), UsedAt: api.Moment(t.UsedAt), RevokedAt: api.Moment(t.RevokedAt),
	}
}

func (o operations) tokens(ctx context.Context, _ *struct{}) (*struct{ Body api.List[Token] }, error) {
	all, err := o.team.ListTokens(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]Token, len(all))
	for i, t := range all {
		items[i] = shapeToken(t, "")
	}
	return &struct{ Body api.List[Token] }{api.ListOf(items, "")}, nil
}

// NewToken is one to make.
type NewToken struct {
	Name        string   `json:"name" example:"Shop"`
	Roles       []string `json:"roles" nullable:"false" example:"manager"`
	Permissions []string `json:"permissions,omitempty" doc:"Narrows what the roles grant; absent: not narrowed."`
	PersonID    int64    `json:"person_id,omitempty" doc:"Whom it acts for: own records are theirs."`
	ExpiresAt   string   `json:"expires_at,omitempty" format:"date-time" doc:"Never if absent."`
}

func (o operations) createToken(ctx context.Context, in *struct{ Body NewToken }) (*struct{ Body Token }, error) {
	n := in.Body
	expires, err := api.ParseMoment("expires_at", n.ExpiresAt)
	if err != nil {
		return nil, err
	}
	t, key, err := o.team.CreateToken(ctx, team.TokenInput{Name: n.Name, Roles: rolesOf(n.Roles), Permissions: n.Permissions, PersonID: n.PersonID, ExpiresAt: expires})
	if err != nil {
		return nil, err
	}
	return &struct{ Body Token }{shapeToken(t, key)}, nil
}

func (o operations) revokeToken(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, o.team.RevokeToken(ctx, in.ID)
}
