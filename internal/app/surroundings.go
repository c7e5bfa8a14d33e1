package app

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates/duplicatesweb"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/backup/backupweb"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/dialog"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamweb"
)

// place is one entry of the rail: who may see it and where it leads.
type place struct {
	text, href, icon, key string
	permission            string // empty: everyone signed in
}

// rail is the left rail from top to bottom. Later modules add their line.
var rail = []place{
	{"app.menu.customers", "/customers", "contact", "t", "customers.view"},
	{"app.menu.duplicates", duplicatesweb.Path, "git-merge", "", merging.Right},
	{"app.menu.imports", "/imports", "upload", "", "imports.run"},
	{"app.menu.journal", "/journal", "history", "", "journal.view"},
	{"app.menu.settings", "/settings", "settings", "", ""},
}

// commands are what the search box offers beside what it finds.
var paletteCommands = []place{
	{"app.command.new-organisation", "/customers/new?kind=organisation", "building-2", "c", "customers.create"},
	{"app.command.new-person", "/customers/new?kind=person", "user-plus", "", "customers.create"},
	{"app.command.import", "/imports/new?kind=customers", "upload", "", "imports.run"},
	{"app.command.people", "/settings/people", "users", "", "team.people"},
	{"app.command.profile", "/profile", "user", "", ""},
}

// settings gives the company's settings; they are held in memory.
func (c *company) settings(ctx context.Context) team.Company {
	s, err := c.team.Settings(authz.AsSystem(ctx, "settings"))
	if err != nil {
		c.log.WarnContext(ctx, "company settings", "error", err.Error())
	}
	return s
}

// furnish fills in what stands around every page.
func (c *company) furnish(ctx context.Context, r *http.Request, p *page.Page) {
	s := c.settings(ctx)
	p.Company, p.Logo = s.Name, teamweb.LogoHref(s)
	who := web.IdentityOf(ctx).Actor
	if who.Kind != authz.Person {
		return
	}
	for _, entry := range rail {
		if entry.permission != "" && !authz.Can(ctx, entry.permission) {
			continue
		}
		p.Menu = append(p.Menu, page.Item{
			Label: i18n.T(ctx, entry.text), Href: entry.href, Icon: entry.icon,
			Key: entry.key, Current: r.URL.Path == entry.href || strings.HasPrefix(r.URL.Path, entry.href+"/"),
		})
	}
	for _, entry := range paletteCommands {
		if entry.permission == "" || authz.Can(ctx, entry.permission) {
			p.Commands = append(p.Commands, dialog.Result{Label: i18n.T(ctx, entry.text), Icon: entry.icon, Href: entry.href, Key: entry.key})
		}
	}
	p.Bar = []page.Item{{Label: i18n.T(ctx, "app.menu.customers"), Href: "/customers", Icon: "contact", Current: strings.HasPrefix(r.URL.Path, "/customers")}}
	if authz.Can(ctx, "customers.create") {
		p.Bar = append(p.Bar, page.Item{Label: i18n.T(ctx, "app.menu.new"), Href: "/customers/new", Icon: "user-plus"})
	}
	p.Person = page.Person{
		ID: strconv.FormatInt(who.UserID, 10), Name: who.Name, SignOut: "/sign-out",
		Menu: []menu.Item{{Label: i18n.T(ctx, "app.menu.profile"), Icon: "user", Href: "/profile"}},
	}
	p.Live = "/events"
	if r.URL.Path != backupweb.Path && c.backups.Late(ctx) {
		p.Warning = page.Warning{Text: i18n.T(ctx, "backup.page.late-link"), Href: backupweb.Path}
	}
}

// setUp tells whether the guided first run is done.
func (c *company) setUp(ctx context.Context) bool { return c.settings(ctx).SetUp }

// remember reads what pages need again and again, so that the first of them is
// as fast as the others.
func (c *company) remember(ctx context.Context) {
	c.setUp(ctx)
	if _, err := c.fields.Fields(authz.AsSystem(ctx, "fields"), customers.RecordType); err != nil {
		c.log.WarnContext(ctx, "custom fields", "error", err.Error())
	}
}

// status is what the offline page keeps: the company's help and, during
// maintenance, its message.
func (c *company) status(w http.ResponseWriter, r *http.Request) error {
	settings := c.settings(r.Context())
	help := settings.HelpIn(i18n.From(r.Context()).Lang)
	status := map[string]string{"userMessage": help.Text, "helpUrl": help.Link}
	if settings.Lock.On && settings.Lock.Message != "" {
		status["userMessage"] = settings.Lock.Message
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(status)
}

// onlyLocal keeps the figures of the machine to the machine and its proxies.
func onlyLocal(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := web.RemoteAddress(r.Context()); a != "127.0.0.1" && a != "::1" {
			http.Error(w, "metrics are read from the machine itself", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
