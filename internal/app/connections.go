package app

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/backup"
	"kartoteka.dev/internal/platform/backup/backupweb"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/mail"
	"kartoteka.dev/internal/platform/mail/mailweb"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamweb"
	"kartoteka.dev/internal/webhooks"
	"kartoteka.dev/internal/webhooks/webhooksweb"
)

// sections are the settings that do not belong to the team.
var sections = []teamweb.Section{
	{Group: "app.settings.file", Label: "app.settings.fields", Text: "app.settings.fields-text", Icon: "list-plus", Href: "/settings/fields", Permission: "fields.manage"},
	{Group: "app.settings.file", Label: "app.settings.forms", Text: "app.settings.forms-text", Icon: "clipboard-list", Href: "/settings/forms", Permission: "fields.forms"},
	{Group: "app.settings.file", Label: "app.settings.sources", Text: "app.settings.sources-text", Icon: "signpost", Href: "/settings/sources", Permission: "customers.sources"},
	{Group: "app.settings.file", Label: "app.settings.tags", Text: "app.settings.tags-text", Icon: "tags", Href: "/settings/tags", Permission: "customers.tags"},
	{Group: "app.settings.machine", Label: "mail.page.title", Text: "mail.page.text", Icon: "mail", Href: mailweb.Path, Permission: mail.Manage},
	{Group: "app.settings.machine", Label: "backup.page.title", Text: "backup.page.text", Icon: "archive-restore", Href: backupweb.Path, Permission: backup.Manage},
	{Group: "app.settings.machine", Label: "webhooks.page.title", Text: "webhooks.page.text", Icon: "webhook", Href: webhooksweb.Path, Permission: webhooks.Manage},
	{Group: "app.settings.machine", Label: "app.settings.jobs", Text: "app.settings.jobs-text", Icon: "cog", Href: "/settings/jobs", Permission: "jobs.manage"},
	{Group: "app.settings.machine", Label: "app.settings.catalogue", Text: "app.settings.catalogue-text", Icon: "palette", Href: "/settings/catalogue", Permission: "team.company"},
}

// customerRecords tells "why can I see this?" whose a customer is.
type customerRecords struct{ c *company }

// FindRecord implements teamweb.RecordFinder.
func (r customerRecords) FindRecord(ctx context.Context, id int64) (teamweb.Record, error) {
	found, err := r.c.customers.Find(ctx, id)
	if err != nil {
		return teamweb.Record{}, err
	}
	return teamweb.Record{
		Name: found.Name, Href: "/customers/" + strconv.FormatInt(id, 10), OwnerID: found.OwnerID, TeamID: found.TeamID,
	}, nil
}

// importedLists lead from an import to the list of what came into the file
// while it ran, newest first.
var importedLists = map[string]func(i imports.Import) string{
	"customers": func(i imports.Import) string {
		from, to := i.StartedAt.Time().Format(time.RFC3339), i.FinishedAt.Add(time.Second).Time().Format(time.RFC3339)
		filter := "created >= " + from + " and created <= " + to
		return "/customers?" + url.Values{"filter": {filter}, "sort": {"-created"}}.Encode()
	},
}

// roleOptions are the roles a form of questions can be meant for.
func roleOptions(ctx context.Context) []field.Option {
	all := make([]field.Option, len(authz.Roles))
	for i, r := range authz.Roles {
		all[i] = field.Option{Value: string(r), Label: i18n.T(ctx, team.RoleLabel(r))}
	}
	return all
}
