package customersweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// dossierPage is everything the dossier shows. Form is the part that came back
// with what it needs.
type dossierPage struct {
	customers.Dossier
	dir   directory
	forms []fields.Form // that can be filled in
	kinds []customers.TouchKind
	form  partForm
	// panels are those of other modules that have something to show, alike the
	// other customers that may be the same.
	panels []panelShown
	alike  []customers.Hit
	merges []merging.Merge // into this customer, that can still be undone
}

// Panel is how what another module knows of a customer (customers.Panel of the
// same name) is drawn in the dossier: in the column at the side, on a phone
// under a heading of its own. Show is not called when there is nothing.
type Panel struct {
	Name  string
	Title string // locale id
	Show  func(c customers.Customer, data any) templ.Component
}

// panelShown is a panel with what it shows; nothing if it could not be loaded.
type panelShown struct {
	Panel
	shows templ.Component
}

// arrange gives the panels their order, which is not that of loading.
func (p *Pages) arrange(c customers.Customer, loaded []customers.PanelData) []panelShown {
	var all []panelShown
	for _, panel := range p.panels {
		i := slices.IndexFunc(loaded, func(d customers.PanelData) bool { return d.Name == panel.Name })
		switch {
		case i < 0 || loaded[i].Data == nil && !loaded[i].Failed:
		case loaded[i].Failed:
			all = append(all, panelShown{Panel: panel})
		default:
			all = append(all, panelShown{panel, panel.Show(c, loaded[i].Data)})
		}
	}
	return all
}

// showPanel loads one panel again.
func (p *Pages) showPanel(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if !web.IsFragment(r) {
		return web.Redirect(w, r, customerPath(id))
	}
	d := dossierPage{}
	if d.Card.Customer, err = p.customers.Find(r.Context(), id); err != nil {
		return err
	}
	loaded, err := p.customers.LoadPanel(r.Context(), id, r.PathValue("panel"))
	if err != nil {
		return err
	}
	for _, panel := range p.arrange(d.Card.Customer, []customers.PanelData{loaded}) {
		return web.Render(w, r, panelCard(d, panel))
	}
	return web.Render(w, r, templ.NopComponent)
}

// partForm is a small form of the dossier as it came back: Key says which.
type partForm struct {
	Key    string
	Values url.Values
	trouble
}

func (p *Pages) dossier(ctx context.Context, id int64) (d dossierPage, err error) {
	if d.Dossier, err = p.customers.Dossier(ctx, id); err != nil {
		return d, err
	}
	d.panels = p.arrange(d.Card.Customer, d.Panels)
	if d.dir, err = p.directory(ctx); err != nil || p.fields == nil || !authz.Can(ctx, "forms.fill") {
		return d, err
	}
	all, err := p.fields.Forms(ctx)
	for _, f := range all {
		mine := len(f.Roles) == 0 || slices.ContainsFunc(f.Roles, func(r authz.Role) bool { return slices.Contains(authz.From(ctx).Roles, r) })
		if !f.Archived && mine {
			d.forms = append(d.forms, f)
		}
	}
	return d, err
}

func (p *Pages) showDossier(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	d, err := p.dossier(r.Context(), id)
	if err != nil {
		return err
	}
	if into := d.Card.MergedIntoID; into != 0 {
		return web.Redirect(w, r, customerPath(into))
	}
	return p.renderDossier(w, r, d)
}

func (p *Pages) renderDossier(w http.ResponseWriter, r *http.Request, d dossierPage) (err error) {
	if d.alike, err = p.customers.Alike(r.Context(), d.Card); err != nil {
		return err
	}
	if d.merges, err = p.standing(r.Context(), d); err != nil {
		return err
	}
	pg := page.Page{Title: d.title(r.Context()), Head: dossierHead(d), Width: page.Wide, Failed: d.form.any()}
	return web.PageStatus(w, r, d.form.status(), pg, dossierBody(d))
}

// standing are the merges into this customer that can still be undone.
func (p *Pages) standing(ctx context.Context, d dossierPage) ([]merging.Merge, error) {
	if p.merging == nil || len(d.Card.Former) == 0 {
		return nil, nil
	}
	all, err := p.merging.Standing(ctx, d.Card.ID)
	now := clock.InstantOf(p.clock.Now())
	return slices.DeleteFunc(all, func(m merging.Merge) bool { return !m.Undoable(now) }), err
}

// showSide is the left part of the dossier alone: the card and what hangs on it.
func (p *Pages) showSide(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if !web.IsFragment(r) {
		return web.Redirect(w, r, customerPath(id))
	}
	d, err := p.dossier(r.Context(), id)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("part") == "title" {
		return web.Render(w, r, dossierTitle(d))
	}
	return web.Render(w, r, dossierSide(d))
}

// kept shows the part of the page a form stands in once more, after a change
// or with what the form needs; without a script, the whole page.
func (p *Pages) kept(w http.ResponseWriter, r *http.Request, id int64, form partForm, told toast.Toast) error {
	done := !form.any()
	if done {
		if told.UndoURL == "" {
			told = p.ofLastChange(r.Context(), id, told)
		}
		web.Toast(w, r, told)
		if !web.IsFragment(r) {
			return web.Redirect(w, r, customerPath(id))
		}
	}
	d, err := p.dossier(r.Context(), id)
	if err != nil {
		return err
	}
	d.form = form
	switch {
	case !web.IsFragment(r):
		return p.renderDossier(w, r, d)
	case form.Key == noteForm:
		return web.RenderStatus(w, r, form.status(), dossierLog(d))
	}
	return web.RenderStatus(w, r, form.status(), dossierSide(d))
}

// lastUndo is where the newest change of the customer is taken back, if it is
// the person's own.
func (p *Pages) lastUndo(ctx context.Context, id int64) string {
	t, err := p.customers.Timeline(ctx, id, customers.TimelineQuery{Kinds: []customers.TouchKind{customers.ChangeTouch}, Limit: 1})
	if err != nil || len(t.Items) == 0 || !t.Items[0].Undoable || t.Items[0].WhoID != authz.From(ctx).UserID {
		return ""
	}
	return customerPath(id) + "/undo/" + idText(t.Items[0].EntryID)
}

// ofLastChange has a message say what the newest change of the customer was,
// and take it back, if it is the person's own.
func (p *Pages) ofLastChange(ctx context.Context, id int64, told toast.Toast) toast.Toast {
	t, err := p.customers.Timeline(ctx, id, customers.TimelineQuery{Kinds: []customers.TouchKind{customers.ChangeTouch}, Limit: 1})
	if err != nil || len(t.Items) == 0 || !t.Items[0].Undoable || t.Items[0].WhoID != authz.From(ctx).UserID {
		return told
	}
	last := t.Items[0]
	told.UndoURL = customerPath(id) + "/undo/" + idText(last.EntryID)
	if told.Text != i18n.T(ctx, "common.saved") {
		return told // it says so itself
	}
	c, err := p.customers.Find(ctx, id)
	if err != nil || last.At.Add(aMoment) < clock.InstantOf(p.clock.Now()) {
		return told // nothing was changed now
	}
	told.Text = i18n.T(ctx, "customers.dossier-done.what", "What", last.Title, "Name", c.Name)
	if len(last.Changes) == 1 && last.Changes[0].Field != "value" {
		told.Text = i18n.T(ctx, "customers.dossier-done.field", "Field", last.Changes[0].Label, "Name", c.Name)
	}
	return told
}

// aMoment is how old a change is at most that was made just now.
const aMoment = 10 * time.Second

// undo takes back a change: from a message, or from the timeline.
func (p *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	entry, err := web.PathID(r, "entry")
	if err != nil {
		return err
	}
	if _, err := p.customers.Find(r.Context(), id); err != nil {
		return err
	}
	if err := p.customers.Undo(r.Context(), entry); err != nil {
		return err
	}
	return p.acted(w, r, id, toast.Toast{Text: i18n.T(r.Context(), "common.undone")})
}

// acted answers a button of the dossier: the message now, and the news itself
// by the event stream; without a script, the page.
func (p *Pages) acted(w http.ResponseWriter, r *http.Request, id int64, told toast.Toast) error {
	web.Toast(w, r, told)
	if web.IsFragment(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return web.Redirect(w, r, customerPath(id))
}

// changeState archives, restores or erases.
func (p *Pages) changeState(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	told := toast.Toast{}
	switch r.PathValue("verb") {
	case "archive":
		err = p.customers.Archive(ctx, id, 0)
		told.Text = i18n.T(ctx, "customers.dossier-done.archived")
	case "restore":
		err = p.customers.Restore(ctx, id, 0)
		told.Text = i18n.T(ctx, "customers.dossier-done.restored")
	case "erase":
		err = p.erase(r, id)
		told.Text = i18n.T(ctx, "customers.dossier-done.erased")
	default:
		err = errs.New(errs.NotFound, "customersweb.changeState", "errors.page-not-found")
	}
	if err != nil {
		return err
	}
	if r.PathValue("verb") != "erase" {
		told.UndoURL = p.lastUndo(ctx, id)
	}
	web.Toast(w, r, told)
	return web.Redirect(w, r, customerPath(id))
}

// erase is the one thing that cannot be taken back: it asks for the name.
func (p *Pages) erase(r *http.Request, id int64) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	c, err := p.customers.Find(r.Context(), id)
	if err != nil {
		return err
	}
	if in.Text("confirm") != c.Name {
		return errs.InvalidFields("customersweb.erase", errs.Field("confirm", "customers.dossier-erase.name-differs"))
	}
	return p.customers.Erase(r.Context(), id, 0)
}

func (d dossierPage) id() int64 { return d.Card.ID }

// at is an address within the dossier.
func (d dossierPage) at(rest string) string { return customerPath(d.Card.ID) + rest }

func (d dossierPage) live() string { return "customer:" + idText(d.Card.ID) }

func (d dossierPage) title(ctx context.Context) string {
	if d.Card.State == customers.Erased {
		return i18n.T(ctx, "customers.erased.name")
	}
	return d.Card.Name
}

// may tells whether the person may do this with this customer.
func (d dossierPage) may(ctx context.Context, permission string) bool {
	scope, err := authz.Require(ctx, "customersweb.may", permission)
	return err == nil && scope.Allows(d.Card.OwnerID, d.Card.TeamID) && d.Card.State != customers.Erased
}

// locked says why a field cannot be edited, "" if it can.
func (d dossierPage) locked(ctx context.Context, right string) string {
	switch {
	case d.Card.State == customers.Erased:
		return i18n.T(ctx, "customers.error.erased")
	case !authz.Can(ctx, "customers.edit"):
		return i18n.T(ctx, "customers.dossier-locked.role")
	case !d.may(ctx, "customers.edit"):
		return i18n.T(ctx, "customers.error.beyond-scope")
	case right != "" && !customers.Writable(ctx, right):
		return i18n.T(ctx, "customers.error.field-closed")
	}
	return ""
}

func (d dossierPage) edits(ctx context.Context, right string) bool { return d.locked(ctx, right) == "" }

// resting tells that the customer asked not to be contacted yet.
func (d dossierPage) resting(ctx context.Context) bool {
	today := clock.DayOf(d.dir.now.Time(), i18n.From(ctx).Zone)
	return d.Card.DoNotContactBefore > today
}
