package teamweb

import (
	"context"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

// linkTexts are the subject and the text of each kind of link.
var linkTexts = map[team.LinkKind][2]string{
	team.Invitation: {"teamweb.mail.invitation-subject", "teamweb.mail.invitation-text"},
	team.Reset:      {"teamweb.mail.reset-subject", "teamweb.mail.reset-text"},
}

// mailLink sends a link to the person it is for, in their language. While
// nothing can be sent, whoever made the link passes it on.
func (p *Pages) mailLink(ctx context.Context, tx *db.Tx, e team.LinkCreated) error {
	base, err := p.mailBase(ctx)
	if err != nil || base == "" {
		return err
	}
	ids := linkTexts[e.Kind]
	company := p.lastKnown(ctx)
	ctx = i18n.With(ctx, i18n.Locale{Lang: e.Language, Zone: company.Location(), Currency: company.Currency})
	return p.mailer.Send(ctx, tx, Mail{
		To: e.Email, Name: e.Name, Language: e.Language, Until: e.ExpiresAt,
		Subject: i18n.T(ctx, ids[0], "Company", company.Name),
		Text: i18n.T(ctx, ids[1], "Name", e.Name, "Company", company.Name,
			"Link", base+LinkPath(e.Token), "Until", i18n.DateTime(ctx, e.ExpiresAt)),
	})
}

// accessEvents say what has happened to a person's access.
var accessEvents = map[team.AccessChange]string{
	team.PasswordChanged:  "teamweb.mail.access-password",
	team.TwoFactorSet:     "teamweb.mail.access-two-factor",
	team.TwoFactorEnded:   "teamweb.mail.access-two-factor-ended",
	team.RecoveryCodeUsed: "teamweb.mail.access-recovery-code",
	team.NewDevice:        "teamweb.mail.access-new-device",
}

// mailAccess tells people what happened to their access, so that they notice
// when it was not them.
func (p *Pages) mailAccess(ctx context.Context, tx *db.Tx, e team.AccessChanged) error {
	base, err := p.mailBase(ctx)
	if err != nil || base == "" {
		return err
	}
	company := p.lastKnown(ctx)
	ctx = i18n.With(ctx, i18n.Locale{Lang: e.Language, Zone: company.Location(), Currency: company.Currency})
	what := i18n.T(ctx, accessEvents[e.Change])
	return p.mailer.Send(ctx, tx, Mail{
		To: e.Email, Name: e.Name, Language: e.Language,
		Subject: i18n.T(ctx, "teamweb.mail.access-subject", "What", what, "Company", company.Name),
		Text: i18n.T(ctx, "teamweb.mail.access-text", "Name", e.Name, "Company", company.Name, "What", what,
			"When", i18n.DateTime(ctx, e.At), "Browser", orDash(agentName(e.From.Agent)), "Address", orDash(e.From.Address),
			"Link", base+ProfilePath),
	})
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
