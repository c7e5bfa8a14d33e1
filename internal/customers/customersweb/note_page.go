package customersweb

import (
	"context"
	"net/http"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// noteForm is the key of "what happened".
const noteForm = "note"

// momentLayout is how browsers send a moment.
const momentLayout = "2006-01-02T15:04"

func (p *Pages) addNote(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	form := partForm{Key: noteForm, Values: in.Values}
	told := toast.Toast{Text: i18n.T(ctx, "customers.dossier-done.noted")}
	n, err := p.writeNote(ctx, in, id)
	if err != nil {
		var mendable bool
		if form.trouble, mendable = troubleOf(ctx, err); !mendable {
			return err
		}
	} else {
		told.UndoURL = customerPath(id) + "/notes/" + idText(n.ID) + "/remove"
		if told.Text, err = p.toldOfBlind(ctx, told.Text, n); err != nil {
			return err
		}
	}
	return p.kept(w, r, id, form, told)
}

func (p *Pages) writeNote(ctx context.Context, in *web.Form, id int64) (customers.Note, error) {
	people, err := p.team.People(ctx)
	if err != nil {
		return customers.Note{}, err
	}
	n := customers.NewNote{
		CustomerID: id, ContactID: in.ID("contact_id"), Kind: customers.NoteKind(in.Text("kind")),
		Body: called(in.Lines("body"), people, ""), Pinned: in.Flag("pinned"),
	}
	n.HappenedAt = happened(ctx, in)
	if err := in.Err("customersweb.addNote"); err != nil {
		return customers.Note{}, err
	}
	return p.customers.AddNote(ctx, n)
}

// happened reads when it was, 0 if nothing is said of it; what cannot be read
// is noted in in.
func happened(ctx context.Context, in *web.Form) clock.Instant {
	v := in.Text("happened_at")
	if v == "" {
		return 0
	}
	at, err := time.ParseInLocation(momentLayout, v, i18n.From(ctx).Zone)
	if err != nil {
		in.Fail("happened_at", "errors.field-not-a-date", "Example", "2026-12-31")
		return 0
	}
	return clock.InstantOf(at)
}

func (p *Pages) notePath(r *http.Request) (id, note int64, err error) {
	if id, err = web.PathID(r, "id"); err != nil {
		return 0, 0, err
	}
	note, err = web.PathID(r, "note")
	return id, note, err
}

func (p *Pages) removeNote(w http.ResponseWriter, r *http.Request) error {
	id, note, err := p.notePath(r)
	if err != nil {
		return err
	}
	if err := p.customers.RemoveNote(r.Context(), id, note); err != nil {
		return err
	}
	return p.acted(w, r, id, toast.Toast{Text: i18n.T(r.Context(), "customers.dossier-done.note-removed"), UndoURL: p.lastUndo(r.Context(), id)})
}

func (p *Pages) pinNote(w http.ResponseWriter, r *http.Request) error {
	id, note, err := p.notePath(r)
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if _, err := p.customers.PinNote(r.Context(), id, note, in.Flag("pinned")); err != nil {
		return err
	}
	return p.acted(w, r, id, toast.Toast{Text: i18n.T(r.Context(), "common.saved")})
}

// composed is what the composer shows: as it came back, or empty.
func (d dossierPage) composed(name string) string {
	if d.form.Key == noteForm && d.form.any() {
		return d.form.Values.Get(name)
	}
	return ""
}

func (d dossierPage) composeProblem(name string) string {
	if d.form.Key != noteForm {
		return ""
	}
	return d.form.of(name)
}

func (d dossierPage) contactOptions() []field.Option {
	all := make([]field.Option, len(d.Card.Contacts))
	for i, c := range d.Card.Contacts {
		all[i] = field.Option{Value: idText(c.ID), Label: c.Name}
	}
	return all
}

// mayChange tells whether the person may remove or pin a note.
func (d dossierPage) mayChange(ctx context.Context, n *customers.Note) bool {
	me := authz.From(ctx).UserID
	return d.may(ctx, "customers.note") && (me != 0 && me == n.AuthorID || d.may(ctx, "customers.edit"))
}
