package app

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/mail"
	"kartoteka.dev/internal/platform/mail/mailweb"
	"kartoteka.dev/internal/team/teamweb"
)

// resetAsked is for an address someone says is theirs.
type resetAsked struct {
	Email string `json:"email"`
}

// sendReset finds out whom an address belongs to after the answer has gone out:
// how long that takes tells nobody anything.
var sendReset = jobs.Define[resetAsked]("team.reset", jobs.Options{Title: "jobs.kind.team-reset"})

func (c *company) handleResets() error {
	return sendReset.Handle(c.jobs, func(ctx context.Context, job jobs.Job[resetAsked]) error {
		return c.team.SendReset(ctx, job.Args.Email)
	})
}

func (c *company) resetLater(ctx context.Context, tx *db.Tx, email string) error {
	_, err := sendReset.Enqueue(ctx, c.jobs, tx, resetAsked{Email: email}, jobs.InsertOptions{UniqueKey: email})
	return err
}

// postman lets the team's pages send mail.
type postman struct{ c *company }

// Address implements teamweb.Mailer.
func (p postman) Address(ctx context.Context) (string, error) { return p.c.mail.Address(ctx) }

// Send implements teamweb.Mailer.
func (p postman) Send(ctx context.Context, tx *db.Tx, m teamweb.Mail) error {
	_, err := p.c.mail.Send(ctx, tx, mail.Message{
		To: m.To, Name: m.Name, Language: m.Language, Subject: m.Subject, Text: m.Text, Until: m.Until,
	})
	return err
}

// mailPages are the settings of outgoing mail.
func (c *company) mailPages() *mailweb.Pages {
	return mailweb.New(mailweb.Deps{
		Mail: c.mail,
		Me: func(ctx context.Context) (mailweb.Recipient, error) {
			if authz.From(ctx).Kind != authz.Person {
				return mailweb.Recipient{}, nil
			}
			me, err := c.team.Me(ctx)
			return mailweb.Recipient{Name: me.Name, Address: me.Email}, err
		},
		Company: func(ctx context.Context) (name, sender string) {
			s := c.settings(ctx)
			return s.Name, s.Sender
		},
	})
}
