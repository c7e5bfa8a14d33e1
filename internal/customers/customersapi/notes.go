package customersapi

import (
	"context"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/clock"
)

func (o operations) registerNotes(a *api.API) {
	add := operation("add-note", http.MethodPost, one+"/notes", "Write down what happened, or what is worth knowing")
	add.Text = "Every kind but note is a contact and moves the customer's last contact. @[7] in the body mentions the person with the id 7. Notes are read in the timeline."
	api.Register(a, add, o.addNote)
	api.Register(a, operation("change-note", http.MethodPatch, one+"/notes/{note}", "Change a note"), o.changeNote)
	remove := operation("remove-note", http.MethodDelete, one+"/notes/{note}", "Remove a note")
	remove.Status = http.StatusNoContent
	api.Register(a, remove, o.removeNote)
}

// Note is what somebody wrote down about a customer.
type Note struct {
	ID         int64  `json:"id"`
	CustomerID int64  `json:"customer_id"`
	ContactID  int64  `json:"contact_id,omitempty"`
	AuthorID   int64  `json:"author_id,omitempty"`
	Author     string `json:"author"`
	Kind       string `json:"kind" enum:"note,call,meeting,email,message,visit"`
	Body       string `json:"body"`
	Pinned     bool   `json:"pinned,omitempty"`
	HappenedAt string `json:"happened_at" format:"date-time"`
	CreatedAt  string `json:"created_at" format:"date-time"`
	EditedAt   string `json:"edited_at,omitempty" format:"date-time" doc:"When its words were last changed; the earlier ones are in the journal."`
	Version    int64  `json:"version"`
}

// NewNote is a note to add.
type NewNote struct {
	Kind       string `json:"kind,omitempty" enum:"note,call,meeting,email,message,visit" example:"call" doc:"note if absent."`
	Body       string `json:"body" example:"Asked for the spring price list"`
	ContactID  int64  `json:"contact_id,omitempty" doc:"Whom it was with."`
	HappenedAt string `json:"happened_at,omitempty" doc:"RFC 3339; now if absent."`
	Pinned     bool   `json:"pinned,omitempty"`
}

// NoteChange is what to change of a note; what is absent stays.
type NoteChange struct {
	Kind       api.Optional[string] `json:"kind,omitempty"`
	Body       api.Optional[string] `json:"body,omitempty"`
	ContactID  api.Optional[int64]  `json:"contact_id,omitempty"`
	HappenedAt api.Optional[string] `json:"happened_at,omitempty"`
	Pinned     api.Optional[bool]   `json:"pinned,omitempty"`
}

func note(n customers.Note) Note {
	return Note{
		ID: n.ID, CustomerID: n.CustomerID, ContactID: n.ContactID, AuthorID: n.AuthorID, Author: n.AuthorName, Kind: string(n.Kind),
		Body: n.Body, Pinned: n.Pinned, HappenedAt: api.Moment(n.HappenedAt), CreatedAt: api.Moment(n.CreatedAt), EditedAt: api.Moment(n.EditedAt), Version: n.Version,
	}
}

type noteOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     Note
}

func noteAnswer(n customers.Note) *noteOutput {
	return &noteOutput{ETag: api.ETag(n.Version), Body: note(n)}
}

func (o operations) addNote(ctx context.Context, in *struct {
	ByID
	Body NewNote
},
) (*noteOutput, error) {
	at, err := api.ParseMoment("happened_at", in.Body.HappenedAt)
	if err != nil {
		return nil, err
	}
	n, err := o.Customers.AddNote(ctx, customers.NewNote{
		CustomerID: in.ID, ContactID: in.Body.ContactID, Kind: customers.NoteKind(in.Body.Kind), Body: in.Body.Body,
		HappenedAt: at, Pinned: in.Body.Pinned,
	})
	if err != nil {
		return nil, err
	}
	out := noteAnswer(n)
	out.Location = part(in.ID, "notes", n.ID)
	return out, nil
}

// part is the address of something that hangs on a customer.
func part(customerID int64, kind string, id int64) string {
	return root + "/" + strconv.FormatInt(customerID, 10) + "/" + kind + "/" + strconv.FormatInt(id, 10)
}

func (o operations) changeNote(ctx context.Context, in *struct {
	api.Expected
	ByID
	Note int64 `path:"note" minimum:"1"`
	Body NoteChange
},
) (*noteOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	change := customers.NoteChange{
		Kind: as[customers.NoteKind](in.Body.Kind), Body: in.Body.Body.Pointer(), ContactID: in.Body.ContactID.Pointer(), Version: version,
	}
	if in.Body.HappenedAt.Set {
		var at clock.Instant
		if at, err = api.ParseMoment("happened_at", in.Body.HappenedAt.Value); err != nil {
			return nil, err
		}
		change.HappenedAt = &at
	}
	n, err := o.Customers.ChangeNote(ctx, in.ID, in.Note, change)
	if err == nil && in.Body.Pinned.Set && in.Body.Pinned.Value != n.Pinned {
		n, err = o.Customers.PinNote(ctx, in.ID, in.Note, in.Body.Pinned.Value)
	}
	if err != nil {
		return nil, err
	}
	return noteAnswer(n), nil
}

func (o operations) removeNote(ctx context.Context, in *struct {
	ByID
	Note int64 `path:"note" minimum:"1"`
},
) (*struct{}, error) {
	return nil, o.Customers.RemoveNote(ctx, in.ID, in.Note)
}
