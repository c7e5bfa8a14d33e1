// Package webhooksweb is the pages of the settings on which the administrator
// says which programs are told what, sees what they were told, and sends it
// again.
package webhooksweb

import (
	"context"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/webhooks"
)

// Path is the list of webhooks; all pages need the permission webhooks.Manage.
const Path = "/settings/webhooks"

// Deps are what the pages need.
type Deps struct {
	Webhooks *webhooks.Service
	Clock    clock.Clock
	// Events are what can be told, under their modules; a value without a dot
	// stands for all of a module.
	Events func(ctx context.Context) []field.Option
	// Roles are those as which a webhook of the acting person may read.
	Roles func(ctx context.Context) []field.Option
}

// Pages answers requests; safe for concurrent use.
type Pages struct{ Deps }

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	const one = Path + "/{id}"
	return []web.Route{
		web.Get(Path, p.list),
		web.Post(Path, p.create),
		web.Get(Path+"/new", p.showNew),
		web.Get(one, p.show),
		web.Post(one, p.change),
		web.Get(one+"/edit", p.edit),
		web.Post(one+"/{action}", p.act),
		web.Get(one+"/deliveries/{delivery}", p.showDelivery),
		web.Post(one+"/deliveries/{delivery}/replay", p.replay),
	}
}

func (p *Pages) now() clock.Instant { return clock.InstantOf(p.Clock.Now()) }

// crumbs lead back to the settings, and to the list from what is below it.
func crumbs(ctx context.Context, below bool) []page.Crumb {
	all := []page.Crumb{{Label: i18n.T(ctx, "common.settings"), Href: "/settings"}}
	if below {
		all = append(all, page.Crumb{Label: i18n.T(ctx, "webhooks.page.title"), Href: Path})
	}
	return all
}

func pathOf(id int64) string { return Path + "/" + strconv.FormatInt(id, 10) }

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.Webhooks.List(ctx)
	if err != nil {
		return err
	}
	pg := page.Page{
		Title: i18n.T(ctx, "webhooks.page.title"), Subtitle: i18n.T(ctx, "webhooks.page.explain"), Breadcrumbs: crumbs(ctx, false),
	}
	if len(all) > 0 {
		pg.Actions = newButton()
	}
	return web.Page(w, r, pg, listView(endpointTable(ctx, all, labels(p.Events(ctx)))))
}

// labels are the names of events, by their values.
func labels(options []field.Option) map[string]string {
	all := make(map[string]string, len(options))
	for _, o := range options {
		all[o.Value] = o.Label
	}
	return all
}

// eventsText says what a webhook is told.
func eventsText(ctx context.Context, e webhooks.Endpoint, labels map[string]string) string {
	switch len(e.Events) {
	case 0:
		return i18n.T(ctx, "webhooks.page.everything")
	case 1:
		if label := labels[e.Events[0]]; label != "" {
			return label
		}
		return e.Events[0]
	}
	return i18n.T(ctx, "webhooks.page.events-count", "Count", len(e.Events))
}

// act does what one of the buttons of a webhook says.
func (p *Pages) act(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	switch r.PathValue("action") {
	case "test":
		return p.test(w, r, id)
	case "secret":
		e, secret, err := p.Webhooks.ChangeSecret(ctx, id)
		if err != nil {
			return err
		}
		return p.render(w, r, endpointPage{Endpoint: e, Secret: secret})
	case "on", "off":
		e, err := p.Webhooks.Find(ctx, id)
		if err != nil {
			return err
		}
		in := inputOf(e)
		in.Enabled = r.PathValue("action") == "on"
		if _, err := p.Webhooks.Change(ctx, id, in); err != nil {
			return err
		}
		return done(w, r, pathOf(id), i18n.T(ctx, "common.saved"))
	case "remove":
		if err := p.Webhooks.Remove(ctx, id); err != nil {
			return err
		}
		return done(w, r, Path, i18n.T(ctx, "webhooks.done.removed"))
	case "replay":
		n, err := p.Webhooks.ReplayFailed(ctx, id, 0)
		if err != nil {
			return refused(w, r, pathOf(id), err)
		}
		return done(w, r, pathOf(id), i18n.T(ctx, "webhooks.done.replayed", "Count", n))
	}
	return errs.New(errs.NotFound, "webhooksweb", "errors.page-not-found")
}

// test sends one and says what came of it.
func (p *Pages) test(w http.ResponseWriter, r *http.Request, id int64) error {
	ctx := r.Context()
	d, err := p.Webhooks.Test(ctx, id)
	if err != nil {
		return err
	}
	if d.State == webhooks.Delivered {
		return done(w, r, pathOf(id), i18n.T(ctx, "webhooks.done.test-good", "Status", d.Last.Status))
	}
	web.Toast(w, r, toast.Toast{Text: i18n.T(ctx, "webhooks.done.test-bad", "Why", answerText(ctx, d.Last)), Bad: true})
	return web.Redirect(w, r, pathOf(id))
}

func (p *Pages) replay(w http.ResponseWriter, r *http.Request) error {
	id, delivery, err := deliveryIDs(r)
	if err != nil {
		return err
	}
	if _, err := p.Webhooks.Replay(r.Context(), id, delivery); err != nil {
		return refused(w, r, deliveryPath(id, delivery), err)
	}
	return done(w, r, pathOf(id), i18n.T(r.Context(), "webhooks.done.replayed", "Count", 1))
}

func deliveryIDs(r *http.Request) (id, delivery int64, err error) {
	if id, err = web.PathID(r, "id"); err != nil {
		return 0, 0, err
	}
	delivery, err = web.PathID(r, "delivery")
	return id, delivery, err
}

func deliveryPath(id, delivery int64) string {
	return pathOf(id) + "/deliveries/" + strconv.FormatInt(delivery, 10)
}

// done goes to a page and says there what happened.
func done(w http.ResponseWriter, r *http.Request, to, text string) error {
	web.Toast(w, r, toast.Toast{Text: text})
	return web.Redirect(w, r, to)
}

// refused says on the page why something cannot be done now.
func refused(w http.ResponseWriter, r *http.Request, to string, err error) error {
	if !errs.Is(err, errs.Conflict) {
		return err
	}
	web.Toast(w, r, toast.Toast{Text: web.ProblemOf(r.Context(), err).Detail, Bad: true})
	return web.Redirect(w, r, to)
}
