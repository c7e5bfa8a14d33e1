package app

import (
	"context"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamweb"
)

type userCommand struct {
	Add userAddCommand `cmd:"" help:"Add a person; prints the link with which they set their password."`
}

type userAddCommand struct {
	Email     string   `arg:"" help:"E-mail address the person signs in with."`
	Name      string   `help:"Name of the person." required:"" placeholder:"NAME"`
	Role      []string `help:"Role: administrator, head, supervisor, manager, operator or analyst; may be repeated." default:"manager" placeholder:"ROLE"`
	PublicURL string   `help:"Address people use in their browser, for the link." default:"http://127.0.0.1:8080" placeholder:"https://…"`
}

// Run adds a person and prints the invitation.
func (u userAddCommand) Run(ctx context.Context, o *Options, s Streams) error {
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(ctx)
	ctx = authz.AsSystem(ctx, "kartoteka user add")
	roles, err := parseRoles(u.Role)
	if err != nil {
		return err
	}
	person, err := c.team.CreatePerson(ctx, team.PersonInput{Name: u.Name, Email: u.Email, Roles: roles})
	if err != nil {
		return err
	}
	link, err := c.team.InvitePerson(ctx, person.ID)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(s.Err, "Give this link to", person.Name+"; it works once:")
	_, err = fmt.Fprintln(s.Out, u.PublicURL+teamweb.LinkPath(link.Token))
	return err
}

func parseRoles(words []string) ([]authz.Role, error) {
	roles := make([]authz.Role, 0, len(words))
	for _, w := range words {
		r := authz.Role(w)
		if !r.Valid() {
			return nil, fmt.Errorf("there is no role %q; roles are %v", w, authz.Roles)
		}
		roles = append(roles, r)
	}
	return roles, nil
}

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a key for a program; prints the key alone, once."`
}

type tokenCreateCommand struct {
	Name        string   `help:"What the key is for." required:"" placeholder:"NAME"`
	Role        []string `help:"Role whose rights the key has; may be repeated." required:"" placeholder:"ROLE"`
	Permissions []string `help:"Narrow the rights to these, such as customers.view." placeholder:"PERMISSION"`
	Days        int      `help:"Days until the key expires; 0: never." default:"0" placeholder:"N"`
}

// Run makes a token and prints its key.
func (t tokenCreateCommand) Run(ctx context.Context, o *Options, s Streams) error {
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(ctx)
	roles, err := parseRoles(t.Role)
	if err != nil {
		return err
	}
	in := team.TokenInput{Name: t.Name, Roles: roles, Permissions: t.Permissions}
	if t.Days > 0 {
		in.ExpiresAt = clock.InstantOf(clock.System.Now()).Add(time.Duration(t.Days) * 24 * time.Hour)
	}
	_, key, err := c.team.CreateToken(authz.AsSystem(ctx, "kartoteka token create"), in)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Out, key)
	return err
}
