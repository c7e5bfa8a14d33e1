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
	api.Register(a, operation("add-contact", http.MethodPost, one+"/contacts", "Add a person at a customer"), o.addContact)
	replace := operation("replace-contact", http.MethodPut, one+"/contacts/{part}", "Replace what is known of a contact")
	replace.Text = "Its phones, e-mails and points stay; they are changed one by one under points."
	api.Register(a, replace, o.replaceContact)
	api.Register(a, removal("remove-contact", one+"/contacts/{part}", "Remove a contact"), removing(o.Customers.RemoveContact))

	api.Register(a, operation("add-point", http.MethodPost, one+"/points", "Add a phone, e-mail, messenger or web page"), o.addPoint)
	api.Register(a, operation("replace-point", http.MethodPut, one+"/points/{part}", "Replace a contact point"), o.replacePoint)
	api.Register(a, removal("remove-point", one+"/points/{part}", "Remove a contact point"), removing(o.Customers.RemovePoint))

	api.Register(a, operation("add-address", http.MethodPost, one+"/addresses", "Add an address"), o.addAddress)
	api.Register(a, operation("replace-address", http.MethodPut, one+"/addresses/{part}", "Replace an address"), o.replaceAddress)
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

type contactOutput struct {
	Location string `header:"Location"`
	Body     Contact
}

func (o operations) addContact(ctx context.Context, in *struct {
	OfCustomer
	Body Contact
},
) (*contactOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	c, err := in.Body.domain("")
	if err != nil {
		return nil, err
	}
	if c, err = o.Customers.AddContact(ctx, in.ID, version, c); err != nil {
		return nil, err
	}
	return &contactOutput{part(in.ID, "contacts", c.ID), contact(c)}, nil
}

func (o operations) replaceContact(ctx context.Context, in *struct {
	ByPart
	Body Contact
},
) (*contactOutput, error) {
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
			return &contactOutput{Body: contact(c)}, nil
		}
	}
	return nil, errs.New(errs.NotFound, "customersapi.replaceContact", "customers.error.part-not-found")
}

// PointOfContact is a contact point, of a contact or the customer's own.
type PointOfContact struct {
	Point
	ContactID int64 `json:"contact_id,omitempty" doc:"Whose it is; absent: the customer's own."`
}

type pointOutput struct {
	Location string `header:"Location"`
	Body     PointOfContact
}

func (o operations) addPoint(ctx context.Context, in *struct {
	OfCustomer
	Body PointOfContact
},
) (*pointOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := o.Customers.AddPoint(ctx, in.ID, version, in.Body.domain(0))
	if err != nil {
		return nil, err
	}
	return &pointOutput{part(in.ID, "points", p.ID), pointOfContact(p)}, nil
}

func (o operations) replacePoint(ctx context.Context, in *struct {
	ByPart
	Body PointOfContact
},
) (*pointOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := o.Customers.ChangePoint(ctx, in.ID, version, in.Body.domain(in.Part))
	if err != nil {
		return nil, err
	}
	return &pointOutput{Body: pointOfContact(p)}, nil
}

func (p PointOfContact) domain(id int64) customers.Point {
	out := domainPoints([]Point{p.Point})[0]
	out.ID, out.ContactID = id, p.ContactID
	return out
}

func pointOfContact(p customers.Point) PointOfContact {
	return PointOfContact{points([]customers.Point{p})[0], p.ContactID}
}

type addressOutput struct {
	Location string `header:"Location"`
	Body     Address
}

func (o operations) addAddress(ctx context.Context, in *struct {
	OfCustomer
	Body Address
},
) (*addressOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	a, err := o.Customers.AddAddress(ctx, in.ID, version, in.Body.domain())
	if err != nil {
		return nil, err
	}
	return &addressOutput{part(in.ID, "addresses", a.ID), address(a)}, nil
}

func (o operations) replaceAddress(ctx context.Context, in *struct {
	ByPart
	Body Address
},
) (*addressOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID = in.Part
	a, err := o.Customers.ChangeAddress(ctx, in.ID, version, in.Body.domain())
	if err != nil {
		return nil, err
	}
	return &addressOutput{Body: address(a)}, nil
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
