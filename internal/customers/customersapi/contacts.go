package customersapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/errs"
)

func (o operations) registerContacts(a *api.API) {
	api.Register(a, operation("list-contacts", http.MethodGet, one+"/contacts", "List the contacts of a customer, the main one first"), o.contacts)
	api.Register(a, operation("add-contact", http.MethodPost, one+"/contacts", "Add a person at a customer"), hung[Contact, customers.Contact]{"contacts", o.Customers.AddContact, knownContact, shownContact}.add)
	replace := operation("replace-contact", http.MethodPut, one+"/contacts/{part}", "Replace what is known of a contact")
	replace.Text = "Its phones, e-mails and points stay; they are changed one by one under points."
	api.Register(a, replace, o.replaceContact)
	api.Register(a, removal("remove-contact", one+"/contacts/{part}", "Remove a contact"), removing(o.Customers.RemoveContact))

	api.Register(a, operation("add-point", http.MethodPost, one+"/points", "Add a phone, e-mail, messenger or web page"), hung[PointOfContact, customers.Point]{"points", o.Customers.AddPoint, knownPoint, shownPoint}.add)
	api.Register(a, operation("replace-point", http.MethodPut, one+"/points/{part}", "Replace a contact point"), hung[PointOfContact, customers.Point]{"points", o.Customers.ChangePoint, knownPoint, shownPoint}.replace)
	api.Register(a, removal("remove-point", one+"/points/{part}", "Remove a contact point"), removing(o.Customers.RemovePoint))

	api.Register(a, operation("add-address", http.MethodPost, one+"/addresses", "Add an address"), hung[Address, customers.Address]{"addresses", o.Customers.AddAddress, knownAddress, shownAddress}.add)
	api.Register(a, operation("replace-address", http.MethodPut, one+"/addresses/{part}", "Replace an address"), hung[Address, customers.Address]{"addresses", o.Customers.ChangeAddress, knownAddress, shownAddress}.replace)
	api.Register(a, removal("remove-address", one+"/addresses/{part}", "Remove an address"), removing(o.Customers.RemoveAddress))

	tags := operation("change-tags", http.MethodPost, one+"/tags", "Put tags on a customer and take others off")
	tags.Status = http.StatusOK
	api.Register(a, tags, o.changeTags)
	api.Register(a, operation("record-consent", http.MethodPost, one+"/consents", "Record what a customer agreed to or refused"), o.recordConsent)
}

func removal(id, path, summary string) api.Operation {
	op := operation(id, http.MethodDelete, path, summary)
	op.Status = http.StatusNoContent
	return op
}

// ByPart addresses what hangs on a customer. If-Match is the ETag of the
// customer.
type ByPart struct {
	api.Expected
	ByID
	Part int64 `path:"part" minimum:"1"`
}

// OfCustomer addresses a customer to hang something on.
type OfCustomer struct {
	api.Expected
	ByID
}

// removing is the operation that takes something off a customer.
func removing(remove func(ctx context.Context, customerID, version, id int64) error) func(context.Context, *ByPart) (*struct{}, error) {
	return func(ctx context.Context, in *ByPart) (*struct{}, error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		return nil, remove(ctx, in.ID, version, in.Part)
	}
}

func (o operations) contacts(ctx context.Context, in *ByID) (*struct{ Body api.List[Contact] }, error) {
	card, err := o.Customers.FindCard(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body api.List[Contact] }{api.ListOf(o.card(ctx, card).Contacts, "")}, nil
}

// hung is an operation on one kind of what hangs on a customer: write puts it
// there or in the place of what has its id, known reads what was sent as the
// part with that id (0: a new one), shown says what came of it.
type hung[Sent, Kept any] struct {
	kind  string // in addresses
	write func(ctx context.Context, customerID, version int64, v Kept) (Kept, error)
	known func(v Sent, id int64) (Kept, error)
	shown func(v Kept) (Sent, int64)
}

type hungInput[Sent any] struct {
	OfCustomer
	Body Sent
}

type hungThere[Sent any] struct {
	ByPart
	Body Sent
}

type hungOutput[Sent any] struct {
	Location string `header:"Location"`
	Body     Sent
}

func (h hung[Sent, Kept]) add(ctx context.Context, in *hungInput[Sent]) (*hungOutput[Sent], error) {
	return h.put(ctx, in.OfCustomer, in.Body, 0)
}

func (h hung[Sent, Kept]) replace(ctx context.Context, in *hungThere[Sent]) (*hungOutput[Sent], error) {
	return h.put(ctx, OfCustomer{in.Expected, in.ByID}, in.Body, in.Part)
}

func (h hung[Sent, Kept]) put(ctx context.Context, on OfCustomer, sent Sent, id int64) (*hungOutput[Sent], error) {
	version, err := on.Version()
	if err != nil {
		return nil, err
	}
	v, err := h.known(sent, id)
	if err != nil {
		return nil, err
	}
	if v, err = h.write(ctx, on.ID, version, v); err != nil {
		return nil, err
	}
	out := &hungOutput[Sent]{}
	made := int64(0)
	if out.Body, made = h.shown(v); id == 0 {
		out.Location = part(on.ID, h.kind, made)
	}
	return out, nil
}

func knownContact(c Contact, id int64) (customers.Contact, error) {
	out, err := c.domain("")
	out.ID = id
	return out, err
}

func shownContact(c customers.Contact) (Contact, int64) { return contact(c), c.ID }

func knownPoint(p PointOfContact, id int64) (customers.Point, error) {
	out := domainPoints([]Point{p.Point})[0]
	out.ID, out.ContactID = id, p.ContactID
	return out, nil
}

func shownPoint(p customers.Point) (PointOfContact, int64) {
	return PointOfContact{points([]customers.Point{p})[0], p.ContactID}, p.ID
}

func knownAddress(a Address, id int64) (customers.Address, error) {
	out := a.domain()
	out.ID = id
	return out, nil
}

func shownAddress(a customers.Address) (Address, int64) { return address(a), a.ID }

func (o operations) replaceContact(ctx context.Context, in *struct {
	ByPart
	Body Contact
},
) (*hungOutput[Contact], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	c, err := in.Body.domain("")
	if err != nil {
		return nil, err
	}
	c.ID = in.Part
	if _, err = o.Customers.ChangeContact(ctx, in.ID, version, c); err != nil {
		return nil, err
	}
	card, err := o.Customers.FindCard(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range card.Contacts {
		if c.ID == in.Part {
			return &hungOutput[Contact]{Body: contact(c)}, nil
		}
	}
	return nil, errs.New(errs.NotFound, "customersapi.replaceContact", "customers.error.part-not-found")
}

// PointOfContact is a contact point, of a contact or the customer's own.
type PointOfContact struct {
	Point
	ContactID int64 `json:"contact_id,omitempty" doc:"Whose it is; absent: the customer's own."`
}

// TagChange is tags to put on and to take off.
type TagChange struct {
	Add    []string `json:"add,omitempty" example:"wholesale"`
	Remove []string `json:"remove,omitempty"`
}

func (o operations) changeTags(ctx context.Context, in *struct {
	OfCustomer
	Body TagChange
},
) (*found, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := o.Customers.ChangeTags(ctx, in.ID, version, in.Body.Add, in.Body.Remove); err != nil {
		return nil, err
	}
	return o.find(ctx, &in.ByID)
}

// NewConsent is what somebody agreed to or refused now.
type NewConsent struct {
	Purpose   string `json:"purpose" example:"newsletter"`
	Given     bool   `json:"given" example:"true"`
	How       string `json:"how,omitempty" example:"by phone"`
	ContactID int64  `json:"contact_id,omitempty"`
}

func (o operations) recordConsent(ctx context.Context, in *struct {
	ByID
	Body NewConsent
},
) (*struct{ Body Consent }, error) {
	c, err := o.Customers.RecordConsent(ctx, in.ID, customers.Consent{
		ContactID: in.Body.ContactID, Purpose: in.Body.Purpose, Given: in.Body.Given, How: in.Body.How,
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body Consent }{consent(c)}, nil
}
