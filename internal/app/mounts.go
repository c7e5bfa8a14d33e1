package app

import (
	"context"
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersweb"
	"kartoteka.dev/internal/customers/mergeweb"
	"kartoteka.dev/internal/duplicates/duplicatesweb"
	"kartoteka.dev/internal/fields/fieldsweb"
	"kartoteka.dev/internal/imports/importsweb"
	"kartoteka.dev/internal/platform/backup/backupweb"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs/jobsweb"
	"kartoteka.dev/internal/platform/live"
	"kartoteka.dev/internal/platform/ui/catalogue"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/platform/web/assets"
	"kartoteka.dev/internal/team/teamweb"
)

// mount builds the web server: every module's routes, and around them what
// belongs to none.
func (c *company) mount(config web.Config, hub *live.Hub, g prometheus.Gatherer, perMinute int) *web.Server {
	clk := c.db.Clock()
	people := teamweb.New(teamweb.Deps{
		Team: c.team, Clock: clk, PublicURL: config.PublicURL, Mailer: postman{c},
		Records:  map[string]teamweb.RecordFinder{customers.RecordType: customerRecords{c}},
		Sections: sections,
	})
	config.Routes = slices.Concat(
		people.Routes(),
		customersweb.New(customersweb.Deps{Customers: c.customers, Words: c.words, Merging: c.merging, Team: c.team, Fields: c.fields, Views: c.views, Clock: clk}).Routes(),
		mergeweb.New(mergeweb.Deps{Customers: c.customers, Merging: c.merging, Company: defaults{c}, Fields: c.fields}).Routes(),
		duplicatesweb.New(c.duplicates).Routes(),
		importsweb.New(importsweb.Deps{Imports: c.imports, Clock: clk, Lists: importedLists}).Routes(),
		jobsweb.New(c.jobs, clk).Routes(),
		c.mailPages().Routes(),
		c.webhookPages().Routes(),
		backupweb.New(c.backups).Routes(),
		fieldsweb.New(fieldsweb.Deps{
			Fields: c.fields, Roles: roleOptions,
			Currency: func(ctx context.Context) string { return c.settings(ctx).Currency },
		}).Routes(),
		c.ownRoutes(hub),
	)
	config.Identify, config.Help, config.Lock, config.SetUp = people.Identify, people.Help, people.Lock, people.SetUp
	config.Furnish = c.furnish
	config.SignInPath, config.SetupPath = teamweb.SignInPath, teamweb.SetupPath

	server := web.New(config)
	server.Mount("GET "+assets.Prefix, assets.Handler())
	server.Mount("GET /sw.js", assets.ServiceWorker())
	server.Mount("GET /favicon.ico", assets.Favicon())
	server.Mount("GET /manifest.webmanifest", assets.Manifest())
	server.Mount("GET /healthz", http.HandlerFunc(healthz))
	server.Mount("GET /readyz", http.HandlerFunc(c.readyz))
	server.Mount("/api/", c.api(perMinute))
	server.Mount("GET /metrics", onlyLocal(metricsHandler(g)))
	return server
}

// ownRoutes are the pages that belong to no module.
func (c *company) ownRoutes(hub *live.Hub) []web.Route {
	return []web.Route{
		web.Get("/{$}", func(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, "/customers") }),
		web.Get("/events", web.Events(hub)),
		web.Get("/settings/catalogue", func(w http.ResponseWriter, r *http.Request) error {
			return web.Page(w, r, page.Page{Title: catalogue.Title(r.Context())}, catalogue.Page())
		}),
		web.Open(web.Get("/offline", func(w http.ResponseWriter, r *http.Request) error {
			p := page.Page{Title: i18n.T(r.Context(), "ui.offline.title"), Lang: string(i18n.From(r.Context()).Lang)}
			return web.Render(w, r, page.Offline(p))
		})),
		web.Open(web.Get("/status.json", c.status)),
	}
}
