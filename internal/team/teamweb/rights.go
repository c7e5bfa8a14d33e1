package teamweb

import (
	"context"
	"net/http"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

const (
	rightsPath = SettingsPath + "/rights"
	tokensPath = SettingsPath + "/tokens"
	whyPath    = "/why"
)

func (p *Pages) rightsRoutes() []web.Route {
	return []web.Route{
		web.Get(rightsPath, p.showRights),
		web.Post(rightsPath, p.changeRights),
		web.Get(tokensPath, p.showTokens),
		web.Post(tokensPath, p.createToken),
		web.Post(tokensPath+"/{id}/revoke", p.revokeToken),
		web.Get(whyPath, p.showWhy),
	}
}

func (p *Pages) showRights(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.team.Rights(ctx)
	if err != nil {
		return err
	}
	pg := settingsPage(ctx, i18n.T(ctx, "teamweb.rights.title"))
	pg.Subtitle, pg.Width = i18n.T(ctx, "teamweb.rights.explain"), page.Wide
	return web.Page(w, r, pg, rightsView(m))
}

// Names of the matrix's inputs: "right:<role>:<permission>", "field:<role>:<field>".
const (
	rightName = "right:"
	fieldName = "field:"
)

// changeRights takes one row of the matrix; its cells save themselves as soon
// as they are changed.
func (p *Pages) changeRights(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	var levels []team.RightChange
	var fields []team.FieldRightChange
	for name := range in.Values {
		word := in.Text(name)
		if cell, ok := strings.CutPrefix(name, rightName); ok {
			role, permission, _ := strings.Cut(cell, ":")
			level, known := authz.ParseLevel(word)
			if !known {
				return errs.InvalidFields("teamweb.changeRights", errs.Field(name, "errors.field-not-chosen"))
			}
			levels = append(levels, team.RightChange{Role: authz.Role(role), Permission: permission, Level: level})
		}
		if cell, ok := strings.CutPrefix(name, fieldName); ok {
			role, fieldID, _ := strings.Cut(cell, ":")
			right, known := authz.ParseFieldRight(word)
			if !known {
				return errs.InvalidFields("teamweb.changeRights", errs.Field(name, "errors.field-not-chosen"))
			}
			fields = append(fields, team.FieldRightChange{Role: authz.Role(role), Field: fieldID, Right: right})
		}
	}
	ctx := r.Context()
	if err := p.team.ChangeRights(ctx, levels, fields); err != nil {
		return err
	}
	if web.IsFragment(r) {
		web.Toast(w, r, toast.Toast{Text: i18n.T(ctx, "common.saved")})
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return done(w, r, rightsPath, i18n.T(ctx, "common.saved"))
}

// shortLevels name the levels in the narrow columns of the matrix.
var shortLevels = map[authz.Level]string{
	authz.None: "teamweb.rights.level-none",
	authz.Own:  "teamweb.rights.level-own",
	authz.Team: "teamweb.rights.level-team",
	authz.All:  "teamweb.rights.level-all",
}

// levelOptions are the levels a permission can have.
func levelOptions(ctx context.Context, scoped bool) []field.Option {
	levels := []authz.Level{authz.None, authz.Own, authz.Team, authz.All}
	if !scoped {
		levels = []authz.Level{authz.None, authz.All}
	}
	var all []field.Option
	for _, l := range levels {
		label := i18n.T(ctx, shortLevels[l])
		if !scoped {
			label = yesNo(ctx, l == authz.All)
		}
		all = append(all, field.Option{Value: l.String(), Label: label})
	}
	return all
}

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return i18n.T(ctx, "common.yes")
	}
	return i18n.T(ctx, "common.no")
}

func fieldRightOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, r := range []authz.FieldRight{authz.FieldHidden, authz.FieldRead, authz.FieldWrite} {
		all = append(all, field.Option{Value: r.String(), Label: i18n.T(ctx, team.FieldRightLabel(r))})
	}
	return all
}

// tokensPage is all tokens and the form for one more; Key is the one just
// made, shown this once.
type tokensPage struct {
	Tokens  []team.Token
	People  []team.Colleague
	Known   []authz.Permission
	Input   team.TokenInput
	Expires string
	Key     string
	Made    string
	Now     clock.Instant
	trouble
}

func (p *Pages) showTokens(w http.ResponseWriter, r *http.Request) error {
	return p.renderTokens(w, r, tokensPage{})
}

func (p *Pages) renderTokens(w http.ResponseWriter, r *http.Request, tp tokensPage) (err error) {
	ctx := r.Context()
	if tp.Tokens, err = p.team.ListTokens(ctx); err != nil {
		return err
	}
	if tp.People, err = p.team.People(ctx); err != nil {
		return err
	}
	tp.Known = p.team.Known()
	tp.Now = clock.InstantOf(p.clock.Now())
	pg := settingsPage(ctx, i18n.T(ctx, "teamweb.tokens.title"))
	pg.Subtitle, pg.Failed = i18n.T(ctx, "teamweb.tokens.explain"), tp.any()
	return web.PageStatus(w, r, tp.status(), pg, tokensView(tp))
}

func (p *Pages) createToken(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	tp := tokensPage{Expires: in.Text("expires_at")}
	tp.Input = team.TokenInput{Name: in.Text("name"), PersonID: in.ID("person"), Permissions: in.All("permissions")}
	for _, role := range in.All("roles") {
		tp.Input.Roles = append(tp.Input.Roles, authz.Role(role))
	}
	if day := in.Day("expires_at"); day != 0 { // works until that day is over
		tp.Input.ExpiresAt = clock.InstantOf(day.AddDays(1).Time(p.lastKnown(ctx).Location()))
	}
	err = in.Err("teamweb.createToken")
	var made team.Token
	if err == nil {
		made, tp.Key, err = p.team.CreateToken(ctx, tp.Input)
	}
	if err != nil {
		var told bool
		if tp.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		return p.renderTokens(w, r, tp)
	}
	return p.renderTokens(w, r, tokensPage{Key: tp.Key, Made: made.Name})
}

func (p *Pages) revokeToken(w http.ResponseWriter, r *http.Request) error {
	tokenID, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if err := p.team.RevokeToken(r.Context(), tokenID); err != nil {
		return err
	}
	return done(w, r, tokensPath, i18n.T(r.Context(), "teamweb.tokens.revoked"))
}

// permissionOptions are the rights a token can be narrowed to.
func (tp tokensPage) permissionOptions(ctx context.Context) []field.Option {
	all := make([]field.Option, len(tp.Known))
	for i, perm := range tp.Known {
		all[i] = field.Option{Value: perm.ID, Label: i18n.T(ctx, perm.Label)}
	}
	return all
}

// actsFor are the people a program can act for.
func (tp tokensPage) actsFor() []field.Option {
	var all []field.Option
	for _, c := range tp.People {
		if c.Active {
			all = append(all, field.Option{Value: id(c.ID), Label: c.Name})
		}
	}
	return all
}
