package customersweb

import (
	"context"
	"net/http"
	"net/url"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/timeline"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// noteEdit is a note being changed where it stands. Values are what is in the
// form; now is what the note says meanwhile, after a conflict.
type noteEdit struct {
	dossierPage
	trouble
	note   customers.Note
	values url.Values
	now    string
}

func (e noteEdit) key() string { return "t-n" + idText(e.note.ID) }

func (e noteEdit) path(rest string) string { return e.at("/notes/" + idText(e.note.ID) + rest) }

func (e noteEdit) value(name string) string { return e.values.Get(name) }

// entryPage is what the items of the timeline are drawn with.
func (p *Pages) entryPage(ctx context.Context, id int64) (d dossierPage, err error) {
	d.dir.now = clock.InstantOf(p.clock.Now())
	d.Card, err = p.customers.FindCard(ctx, id)
	return d, err
}

// noteToEdit reads the note an address names, if the person may change it.
func (p *Pages) noteToEdit(r *http.Request) (e noteEdit, err error) {
	ctx := r.Context()
	id, note, err := p.notePath(r)
	if err != nil {
		return e, err
	}
	if e.dossierPage, err = p.entryPage(ctx, id); err != nil {
		return e, err
	}
	if e.note, err = p.customers.FindNote(ctx, id, note); err != nil {
		return e, err
	}
	if !e.mayChange(ctx, &e.note) {
		return e, errs.New(errs.Forbidden, "customersweb.noteToEdit", "customers.note.error-not-yours")
	}
	return e, nil
}

// showNote is one note as the timeline has it: what an editor gives way to.
func (p *Pages) showNote(w http.ResponseWriter, r *http.Request) error {
	id, note, err := p.notePath(r)
	if err != nil {
		return err
	}
	if !web.IsFragment(r) {
		return web.Redirect(w, r, customerPath(id)+"#t-n"+idText(note))
	}
	return p.renderNote(w, r, id, note)
}

func (p *Pages) renderNote(w http.ResponseWriter, r *http.Request, id, note int64) error {
	ctx := r.Context()
	d, err := p.entryPage(ctx, id)
	if err != nil {
		return err
	}
	leaf, err := p.customers.ReadingPage(ctx, id, "n"+idText(note))
	if err != nil {
		return err
	}
	return web.Render(w, r, timeline.Event(d.event(ctx, leaf.Item)))
}

// editNote opens a note for changing.
func (p *Pages) editNote(w http.ResponseWriter, r *http.Request) error {
	e, err := p.noteToEdit(r)
	if err != nil {
		return err
	}
	people, err := p.team.People(r.Context())
	if err != nil {
		return err
	}
	e.values = url.Values{
		"body": {written(e.note.Body, people)}, "kind": {string(e.note.Kind)}, "contact_id": {idOrNone(e.note.ContactID)},
		"happened_at": {momentOf(r.Context(), e.note.HappenedAt)}, "version": {idText(e.note.Version)},
	}
	return renderNoteEdit(w, r, e)
}

func momentOf(ctx context.Context, at clock.Instant) string {
	return at.Time().In(i18n.From(ctx).Zone).Format(momentLayout)
}

func renderNoteEdit(w http.ResponseWriter, r *http.Request, e noteEdit) error {
	if web.IsFragment(r) {
		return web.RenderStatus(w, r, e.status(), noteEditor(e))
	}
	pg := page.Page{
		Title: i18n.T(r.Context(), "customers.dossier-note.edit-title"), Width: page.Narrow, Failed: e.any(),
		Breadcrumbs: []page.Crumb{{Label: e.Card.Name, Href: customerPath(e.id())}},
	}
	return web.PageStatus(w, r, e.status(), pg, noteEditor(e))
}

// changeNote takes the changed words. If somebody was faster, the editor comes
// back with what it says now; saving once more is said knowingly.
func (p *Pages) changeNote(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := p.noteToEdit(r)
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	e.values = in.Values
	people, err := p.team.People(ctx)
	if err != nil {
		return err
	}
	change := customers.NoteChange{Version: in.ID("version")}
	kind, contact := customers.NoteKind(in.Text("kind")), in.ID("contact_id")
	body := called(in.Lines("body"), people, e.note.Body)
	change.Kind, change.ContactID, change.Body = &kind, &contact, &body
	if at := happened(ctx, in); momentOf(ctx, at) != momentOf(ctx, e.note.HappenedAt) {
		change.HappenedAt = &at
	}
	n := e.note
	if err = in.Err("customersweb.changeNote"); err == nil {
		n, err = p.customers.ChangeNote(ctx, e.id(), e.note.ID, change)
	}
	if err != nil {
		var mendable bool
		if e.trouble, mendable = troubleOf(ctx, err); !mendable {
			return err
		}
		if change.Version != 0 && change.Version != e.note.Version {
			e.now = written(e.note.Body, people)
			e.values.Set("version", idText(e.note.Version))
		}
		return renderNoteEdit(w, r, e)
	}
	if n.Version != e.note.Version {
		told := toast.Toast{Text: i18n.T(ctx, "common.saved"), UndoURL: p.lastUndo(ctx, e.id())}
		if told.Text, err = p.toldOfBlind(ctx, told.Text, n); err != nil {
			return err
		}
		web.Toast(w, r, told)
	}
	if !web.IsFragment(r) {
		return web.Redirect(w, r, customerPath(e.id())+"#"+e.key())
	}
	return p.renderNote(w, r, e.id(), n.ID)
}

// showEditions tells what a note said before.
func (p *Pages) showEditions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, note, err := p.notePath(r)
	if err != nil {
		return err
	}
	all, err := p.customers.NoteEditions(ctx, id, note)
	if err != nil {
		return err
	}
	if web.IsFragment(r) {
		return web.Render(w, r, noteEditions(all))
	}
	c, err := p.customers.Find(ctx, id)
	if err != nil {
		return err
	}
	pg := page.Page{
		Title: i18n.T(ctx, "customers.dossier-note.before-title"), Width: page.Narrow,
		Breadcrumbs: []page.Crumb{{Label: c.Name, Href: customerPath(id)}},
	}
	return web.Page(w, r, pg, noteEditions(all))
}

// edited says when a note was last changed: the time alone if it was on the
// day it is shown under, or today.
func (d dossierPage) edited(ctx context.Context, n *customers.Note) string {
	when := i18n.DateTime(ctx, n.EditedAt)
	if day := dayOf(ctx, n.EditedAt); day == dayOf(ctx, n.HappenedAt) || day == dayOf(ctx, d.dir.now) {
		when = i18n.Time(ctx, n.EditedAt)
	}
	return i18n.T(ctx, "customers.dossier-note.edited", "When", when)
}
