package webhooksweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/webhooks"
)

// endpointForm is what is set about a webhook, perhaps come back with what it
// needs.
type endpointForm struct {
	ID     int64 // 0: a new one
	Input  webhooks.Input
	Events []field.Option
	Roles  []field.Option
	fields map[string]string
	whole  string
}

func (f endpointForm) of(name string) string { return f.fields[name] }

func (f endpointForm) failed() bool { return len(f.fields) > 0 || f.whole != "" }

func (f endpointForm) action() string {
	if f.ID == 0 {
		return Path
	}
	return pathOf(f.ID)
}

func (f endpointForm) summary() []field.Problem {
	var all []field.Problem
	if f.whole != "" {
		all = append(all, field.Problem{Text: f.whole})
	}
	for _, name := range []string{"url", "description", "role", "events"} {
		if text := f.fields[name]; text != "" {
			all = append(all, field.Problem{Name: name, Text: text})
		}
	}
	return all
}

// modules are the choices that stand for all of a module.
func (f endpointForm) modules() []field.Option {
	var all []field.Option
	for _, o := range f.Events {
		if !strings.Contains(o.Value, ".") {
			o.Group = ""
			all = append(all, o)
		}
	}
	return all
}

// eventGroup is the single events of a module.
type eventGroup struct {
	Label   string
	Options []field.Option
}

func (f endpointForm) groups() []eventGroup {
	var all []eventGroup
	for _, o := range f.Events {
		if !strings.Contains(o.Value, ".") {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Label != o.Group {
			all = append(all, eventGroup{Label: o.Group})
		}
		last := &all[len(all)-1]
		o.Group = ""
		last.Options = append(last.Options, o)
	}
	return all
}

// single tells whether single events are chosen.
func (f endpointForm) single() bool {
	for _, e := range f.Input.Events {
		if strings.Contains(e, ".") {
			return true
		}
	}
	return false
}

// chosen are the events chosen, never nil: a box is ticked only if its event
// is among them.
func (f endpointForm) chosen() []string {
	if len(f.Input.Events) == 0 {
		return []string{""}
	}
	return f.Input.Events
}

func inputOf(e webhooks.Endpoint) webhooks.Input {
	return webhooks.Input{URL: e.URL, Description: e.Description, Events: e.Events, Role: e.Role, Enabled: e.Enabled}
}

func (p *Pages) form(ctx context.Context, id int64, in webhooks.Input) endpointForm {
	return endpointForm{ID: id, Input: in, Events: p.Events(ctx), Roles: p.Roles(ctx)}
}

func (p *Pages) showNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "webhooksweb.showNew", webhooks.Manage); err != nil {
		return err
	}
	f := p.form(ctx, 0, webhooks.Input{Enabled: true})
	if n := len(f.Roles); n > 0 { // the last has the fewest rights
		f.Input.Role = authz.Role(f.Roles[n-1].Value)
	}
	return p.renderForm(w, r, f)
}

func (p *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	e, err := p.Webhooks.Find(r.Context(), id)
	if err != nil {
		return err
	}
	return p.renderForm(w, r, p.form(r.Context(), id, inputOf(e)))
}

func (p *Pages) renderForm(w http.ResponseWriter, r *http.Request, f endpointForm) error {
	ctx := r.Context()
	pg := page.Page{Title: i18n.T(ctx, "webhooks.form.new"), Width: page.Narrow, Breadcrumbs: crumbs(ctx, true), Failed: f.failed()}
	if f.ID != 0 {
		pg.Title = i18n.T(ctx, "webhooks.form.edit")
	}
	status := http.StatusOK
	if f.failed() {
		status = http.StatusUnprocessableEntity
	}
	return web.PageStatus(w, r, status, pg, formView(f))
}

// readForm is what was typed.
func readForm(in *web.Form) webhooks.Input {
	return webhooks.Input{
		URL: in.Text("url"), Description: in.Text("description"), Events: in.All("events"), Role: authz.Role(in.Text("role")), Enabled: true,
	}
}

// again shows the form with what it needs; anything else is not for the form.
func (p *Pages) again(w http.ResponseWriter, r *http.Request, f endpointForm, err error) error {
	ctx := r.Context()
	switch errs.KindOf(err) {
	case errs.Invalid:
		f.fields = web.FieldTexts(ctx, err)
	case errs.Conflict:
		f.whole = web.ProblemOf(ctx, err).Detail
	default:
		return err
	}
	return p.renderForm(w, r, f)
}

func (p *Pages) create(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := p.form(ctx, 0, readForm(in))
	e, secret, err := p.Webhooks.Create(ctx, f.Input)
	if err != nil {
		return p.again(w, r, f, err)
	}
	return p.render(w, r, endpointPage{Endpoint: e, Secret: secret})
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	e, err := p.Webhooks.Find(ctx, id)
	if err != nil {
		return err
	}
	f := p.form(ctx, id, readForm(in))
	f.Input.Enabled = e.Enabled
	if _, err := p.Webhooks.Change(ctx, id, f.Input); err != nil {
		return p.again(w, r, f, err)
	}
	return done(w, r, pathOf(id), i18n.T(ctx, "common.saved"))
}

func groupID(i int) string { return "f-events-" + strconv.Itoa(i) }
