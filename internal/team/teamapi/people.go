package teamapi

import (
	"context"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

func operation(id, method, path, summary string) api.Operation {
	op := api.Operation{ID: id, Method: method, Path: path, Group: group, Summary: summary}
	switch method {
	case http.MethodPost:
		op.Status = http.StatusCreated
	case http.MethodDelete:
		op.Status = http.StatusNoContent
	}
	return op
}

const person = "/api/v1/people/{id}"

func (o operations) registerPeople(a *api.API) {
	create := operation("create-person", http.MethodPost, "/api/v1/people", "Add a person")
	create.Text = "With invitation, the answer has the key of the link with which they choose a password: /welcome?key=…, once, for 72 hours. If mail is set up it goes to them by itself, too. Needs team.people."
	create.Secret = true
	api.Register(a, create, o.createPerson)
	api.Register(a, operation("find-person", http.MethodGet, person, "Read a person"), o.findPerson)
	change := operation("change-person", http.MethodPatch, person, "Change a person")
	change.Text = "Fields that are absent stay as they are. Another role needs team.roles."
	api.Register(a, change, o.changePerson)
	for _, v := range []struct {
		verb, summary string
		do            func(context.Context, int64) error
	}{
		{"deactivate", "End a person's access at once", func(ctx context.Context, id int64) error { return o.team.DeactivatePerson(ctx, id) }},
		{"activate", "Let a deactivated person in again", func(ctx context.Context, id int64) error { return o.team.ActivatePerson(ctx, id) }},
		{"sign-out", "End all sessions of a person", func(ctx context.Context, id int64) error { return o.team.SignOutPerson(ctx, id) }},
		{"end-two-factor", "Let a person in without the code of a telephone they have lost", func(ctx context.Context, id int64) error { return o.team.EndTwoFactorOf(ctx, id) }},
	} {
		op := operation(v.verb+"-person", http.MethodPost, person+"/"+v.verb, v.summary)
		op.Status = http.StatusOK
		api.Register(a, op, func(ctx context.Context, in *ByID) (*onePerson, error) {
			if err := v.do(ctx, in.ID); err != nil {
				return nil, err
			}
			return o.findPerson(ctx, in)
		})
	}
	for _, v := range []struct {
		verb, summary string
		do            func(context.Context, int64) (team.NewLink, error)
	}{
		{"invite", "Make a new link for a person who has no password yet", func(ctx context.Context, id int64) (team.NewLink, error) { return o.team.InvitePerson(ctx, id) }},
		{"reset", "Make a link with which a person chooses a new password", func(ctx context.Context, id int64) (team.NewLink, error) { return o.team.ResetPerson(ctx, id) }},
	} {
		op := operation(v.verb+"-person", http.MethodPost, person+"/"+v.verb, v.summary)
		op.Secret = true
		api.Register(a, op, func(ctx context.Context, in *ByID) (*struct{ Body LinkKey }, error) {
			l, err := v.do(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body LinkKey }{linkKey(l)}, nil
		})
	}
}

// ByID addresses a record.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// LinkKey opens a page once.
type LinkKey struct {
	Key       string `json:"key" doc:"Of the link: /welcome?key=…"`
	ExpiresAt string `json:"expires_at" format:"date-time"`
}

func linkKey(l team.NewLink) LinkKey { return LinkKey{l.Token, api.Moment(l.ExpiresAt)} }

// FullPerson is all that is set about a person.
type FullPerson struct {
	Person
	Email       string   `json:"email"`
	Language    string   `json:"language" example:"en"`
	Phone       string   `json:"phone,omitempty"`
	JobTitle    string   `json:"job_title,omitempty"`
	Roles       []string `json:"roles" nullable:"false" doc:"administrator, head, supervisor, manager, operator, analyst."`
	HasPassword bool     `json:"has_password" doc:"false: invited, but has not chosen one yet."`
	TwoFactor   bool     `json:"two_factor"`
	CreatedAt   string   `json:"created_at" format:"date-time"`
	SignedInAt  string   `json:"signed_in_at,omitempty" format:"date-time" doc:"Last time."`
	Invitation  *LinkKey `json:"invitation,omitempty" doc:"Only in the answer that made it."`
}

func fullPerson(p team.Person) FullPerson {
	out := FullPerson{
		Person: Person{p.ID, p.Name, append([]int64{}, p.TeamIDs...), p.Active}, Email: p.Email, Language: string(p.Language),
		Phone: p.Phone, JobTitle: p.JobTitle, Roles: words(p.Roles), HasPassword: p.HasPassword, TwoFactor: p.TwoFactor,
		CreatedAt: api.Moment(p.CreatedAt), SignedInAt: api.Moment(p.SignedInAt),
	}
	return out
}

func words(roles []authz.Role) []string {
	all := make([]string, len(roles))
	for i, r := range roles {
		all[i] = string(r)
	}
	return all
}

func rolesOf(words []string) []authz.Role {
	all := make([]authz.Role, len(words))
	for i, w := range words {
		all[i] = authz.Role(w)
	}
	return all
}

type onePerson struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     FullPerson
}

func personAnswer(p team.Person) *onePerson {
	return &onePerson{Location: "/api/v1/people/" + strconv.FormatInt(p.ID, 10), ETag: api.ETag(p.Version), Body: fullPerson(p)}
}

// NewPerson is one to add.
type NewPerson struct {
	Name     string   `json:"name" example:"Maria Ivanova"`
	Email    string   `json:"email" example:"maria@verstena.example"`
	Language string   `json:"language,omitempty" enum:"en,bg,ru,ka,pl" doc:"The company's if absent."`
	Phone    string   `json:"phone,omitempty"`
	JobTitle string   `json:"job_title,omitempty"`
	Roles    []string `json:"roles" nullable:"false" example:"manager"`
	TeamIDs  []int64  `json:"team_ids,omitempty"`
	Invite   bool     `json:"invite,omitempty" doc:"Make the link with which they choose a password."`
}

func (o operations) createPerson(ctx context.Context, in *struct{ Body NewPerson }) (*onePerson, error) {
	n := in.Body
	p, err := o.team.CreatePerson(ctx, team.PersonInput{
		Name: n.Name, Email: n.Email, Language: i18n.Lang(n.Language), Phone: n.Phone, JobTitle: n.JobTitle, Roles: rolesOf(n.Roles), TeamIDs: n.TeamIDs,
	})
	if err != nil {
		return nil, err
	}
	out := personAnswer(p)
	if n.Invite {
		l, err := o.team.InvitePerson(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		key := linkKey(l)
		out.Body.Invitation = &key
	}
	return out, nil
}

func (o operations) findPerson(ctx context.Context, in *ByID) (*onePerson, error) {
	p, err := o.team.FindPerson(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return personAnswer(p), nil
}

// PersonChange is what to change of one.
type PersonChange struct {
	Name     api.Optional[string]   `json:"name,omitempty"`
	Email    api.Optional[string]   `json:"email,omitempty"`
	Language api.Optional[string]   `json:"language,omitempty"`
	Phone    api.Optional[string]   `json:"phone,omitempty"`
	JobTitle api.Optional[string]   `json:"job_title,omitempty"`
	Roles    api.Optional[[]string] `json:"roles,omitempty"`
	TeamIDs  api.Optional[[]int64]  `json:"team_ids,omitempty"`
}

type changePersonInput struct {
	ByID
	api.Expected
	Body PersonChange
}

func (o operations) changePerson(ctx context.Context, in *changePersonInput) (*onePerson, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	now, err := o.team.FindPerson(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	ch := team.PersonInput{
		Name: now.Name, Email: now.Email, Language: now.Language, Phone: now.Phone, JobTitle: now.JobTitle, Roles: now.Roles, TeamIDs: now.TeamIDs, Version: now.Version,
	}
	if version != 0 {
		ch.Version = version
	}
	set(&ch.Name, in.Body.Name)
	set(&ch.Email, in.Body.Email)
	set(&ch.Phone, in.Body.Phone)
	set(&ch.JobTitle, in.Body.JobTitle)
	set(&ch.TeamIDs, in.Body.TeamIDs)
	if in.Body.Language.Set {
		ch.Language = i18n.Lang(in.Body.Language.Value)
	}
	if in.Body.Roles.Set {
		ch.Roles = rolesOf(in.Body.Roles.Value)
	}
	p, err := o.team.ChangePerson(ctx, in.ID, ch)
	if err != nil {
		return nil, err
	}
	return personAnswer(p), nil
}

func set[T any](to *T, from api.Optional[T]) {
	if from.Set {
		*to = from.Value
	}
}
