package teamweb

import (
	"context"
	"strconv"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/secret"
)

// trouble is why a form comes back: what each field needs, and what concerns
// the form as a whole.
type trouble struct {
	fields map[string]string
	whole  string
}

// troubleOf tells an error that the form can mend; anything else is not for
// the form, and ok is false.
func troubleOf(ctx context.Context, err error) (t trouble, ok bool) {
	switch errs.KindOf(err) {
	case errs.Invalid:
		t.fields = web.FieldTexts(ctx, err)
		if len(t.fields) == 0 {
			t.whole = web.ProblemOf(ctx, err).Detail
		}
		return t, true
	case errs.Conflict, errs.Limited, errs.Unauthenticated:
		return trouble{whole: web.ProblemOf(ctx, err).Detail}, true
	}
	return trouble{}, false
}

func (t trouble) any() bool { return t.whole != "" || len(t.fields) > 0 }

func (t trouble) of(name string) string { return t.fields[name] }

// status of a page with this form.
func (t trouble) status() int {
	if t.any() {
		return 422
	}
	return 200
}

// summary names what is wrong, in the order of the form's fields.
func (t trouble) summary(order ...string) []field.Problem {
	var all []field.Problem
	if t.whole != "" {
		all = append(all, field.Problem{Text: t.whole})
	}
	for _, name := range order {
		if text := t.fields[name]; text != "" {
			all = append(all, field.Problem{Name: name, Text: text})
		}
	}
	return all
}

func languageOptions() []field.Option {
	var all []field.Option
	for _, l := range i18n.Langs {
		all = append(all, field.Option{Value: string(l), Label: l.OwnName()})
	}
	return all
}

func roleOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, r := range authz.Roles {
		all = append(all, field.Option{Value: string(r), Label: i18n.T(ctx, team.RoleLabel(r)), Hint: i18n.T(ctx, team.RoleHint(r))})
	}
	return all
}

// newPassword is the field for choosing a password.
func newPassword(ctx context.Context, name, label, problem string) field.Props {
	return field.Props{
		Name: name, Kind: field.Password, Label: label, Required: true, Complete: "new-password", Error: problem,
		MaxLength: secret.MaxPassword, Choosing: secret.MinPassword,
		Hint: i18n.T(ctx, "teamweb.field.password-hint", "Min", secret.MinPassword),
	}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// personMenu is what stands under the person's name.
func personMenu(ctx context.Context, actor authz.Actor) page.Person {
	return page.Person{
		ID: id(actor.UserID), Name: actor.Name, SignOut: SignOutPath,
		Menu: []menu.Item{{Label: i18n.T(ctx, "teamweb.profile.title"), Icon: "circle-user", Href: ProfilePath}},
	}
}

func onIf(on bool) string {
	if on {
		return "on"
	}
	return ""
}

// orNone keeps an empty choice from being taken for one that was not made.
func orNone(values []string) []string {
	if len(values) == 0 {
		return []string{"-"}
	}
	return values
}
