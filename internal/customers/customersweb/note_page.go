package customersweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
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
		Body: called(in.Lines("body"), people), Pinned: in.Flag("pinned"),
	}
	if v := in.Text("happened_at"); v != "" {
		at, err := time.ParseInLocation(momentLayout, v, i18n.From(ctx).Zone)
		if err != nil {
			in.Fail("happened_at", "errors.field-not-a-date", "Example", "2026-12-31")
		}
		n.HappenedAt = clock.InstantOf(at)
	}
	if err := in.Err("customersweb.addNote"); err != nil {
		return customers.Note{}, err
	}
	return p.customers.AddNote(ctx, n)
}

// called puts the mentions of colleagues written as "@Nino" or "@Nino
// Maisuradze" into the form that is kept. A first name that several people
// share calls none of them.
func called(body string, people []team.Colleague) string {
	if !strings.Contains(body, "@") {
		return body
	}
	first := map[string]int{}
	for _, c := range people {
		name, _, _ := strings.Cut(c.Name, " ")
		first[fold.Key(name)]++
	}
	people = slices.Clone(people)
	slices.SortFunc(people, func(a, b team.Colleague) int {
		return cmp.Or(cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range people {
		if !c.Active || c.Name == "" {
			continue
		}
		body = callOne(body, c.Name, c.ID)
		if name, _, more := strings.Cut(c.Name, " "); more && first[fold.Key(name)] == 1 {
			body = callOne(body, name, c.ID)
		}
	}
	return body
}

// callOne replaces "@name" where the name ends there.
func callOne(body, name string, id int64) string {
	var b strings.Builder
	for {
		i := strings.Index(body, "@"+name)
		if i < 0 {
			b.WriteString(body)
			return b.String()
		}
		end := i + 1 + len(name)
		rest := []rune(body[end:])
		if len(rest) > 0 && (unicode.IsLetter(rest[0]) || unicode.IsDigit(rest[0])) {
			b.WriteString(body[:end])
		} else {
			b.WriteString(body[:i] + "@[" + idText(id) + "]")
		}
		body = body[end:]
	}
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
