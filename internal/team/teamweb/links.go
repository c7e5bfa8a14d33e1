package teamweb

import (
	"context"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

const (
	forgottenPath = "/forgotten-password"
	welcomePath   = "/welcome"
)

// mailTexts are the subject and the text of each kind of link.
var mailTexts = map[team.LinkKind][2]string{
	team.Invitation: {"teamweb.mail.invitation-subject", "teamweb.mail.invitation-text"},
	team.Reset:      {"teamweb.mail.reset-subject", "teamweb.mail.reset-text"},
}

// linkPath is the page behind a link. The token is in the query, which no log
// holds.
func linkPath(token string) string { return welcomePath + "?key=" + token }

// mailLink sends a link to the person it is for, in their language.
func (p *Pages) mailLink(m Mailer) team.LinkCreatedFunc {
	return func(ctx context.Context, tx *db.Tx, e team.LinkCreated) error {
		ids := mailTexts[e.Kind]
		company := p.lastKnown(ctx)
		ctx = i18n.With(ctx, i18n.Locale{Lang: e.Language, Zone: company.Location(), Currency: company.Currency})
		return m.Send(ctx, tx, Mail{ //nolint:wrapcheck // the use case wraps it
			To: e.Email, Name: e.Name, Language: e.Language,
			Subject: i18n.T(ctx, ids[0], "Company", company.Name),
			Text: i18n.T(ctx, ids[1], "Name", e.Name, "Company", company.Name,
				"Link", p.publicURL+linkPath(e.Token), "Until", i18n.DateTime(ctx, e.ExpiresAt)),
		})
	}
}
