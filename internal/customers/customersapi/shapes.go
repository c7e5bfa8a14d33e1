package customersapi

import (
	"context"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
)

// Customer is a customer as programs read it. Phones and e-mails stand twice:
// shortly under phones and emails, and with their labels under points.
type Customer struct {
	ID                 int64          `json:"id"`
	Number             string         `json:"number" example:"K-000123"`
	Kind               string         `json:"kind" enum:"organisation,person"`
	State              string         `json:"state" enum:"active,archived,erased,merged"`
	Name               string         `json:"name"`
	LegalName          string         `json:"legal_name,omitempty"`
	ParentID           int64          `json:"parent_id,omitempty" doc:"The customer this one is a unit of."`
	OwnerID            int64          `json:"owner_id,omitempty" doc:"The person responsible."`
	TeamID             int64          `json:"team_id,omitempty"`
	Language           string         `json:"language,omitempty" doc:"ISO 639-1."`
	Country            string         `json:"country,omitempty" doc:"ISO 3166, two letters."`
	TimeZone           string         `json:"time_zone,omitempty" doc:"IANA name."`
	TaxID              string         `json:"tax_id,omitempty"`
	VATID              string         `json:"vat_id,omitempty"`
	Website            string         `json:"website,omitempty"`
	SourceID           int64          `json:"source_id,omitempty" doc:"How they found us: see GET /api/v1/sources."`
	SourceNote         string         `json:"source_note,omitempty"`
	RecommendedByID    int64          `json:"recommended_by_id,omitempty"`
	Terms              string         `json:"terms,omitempty" doc:"Terms of cooperation."`
	PreferredChannel   string         `json:"preferred_channel,omitempty"`
	AddressForm        string         `json:"address_form,omitempty" doc:"How to address them in talk and letters."`
	Competitors        string         `json:"competitors,omitempty" doc:"Competitors they use."`
	DoNotContactBefore string         `json:"do_not_contact_before,omitempty" format:"date"`
	Birthday           string         `json:"birthday,omitempty" doc:"2006-01-02, with the year 0000 if only the day is known."`
	ExternalSource     string         `json:"external_source,omitempty"`
	ExternalID         string         `json:"external_id,omitempty"`
	Quality            int            `json:"quality" doc:"0 to 100: how much of the basics is known."`
	Version            int64          `json:"version"`
	CreatedAt          string         `json:"created_at" format:"date-time"`
	ChangedAt          string         `json:"changed_at" format:"date-time"`
	LastContactAt      string         `json:"last_contact_at,omitempty" format:"date-time"`
	Phones             []string       `json:"phones" nullable:"false" doc:"E.164, the main one first."`
	Emails             []string       `json:"emails" nullable:"false" doc:"The main one first."`
	Points             []Point        `json:"points,omitempty" doc:"All contact points with their details."`
	Addresses          []Address      `json:"addresses,omitempty"`
	Contacts           []Contact      `json:"contacts,omitempty"`
	Dates              []Date         `json:"dates,omitempty"`
	Consents           []Consent      `json:"consents,omitempty" doc:"Newest first; of each purpose the first counts."`
	Tags               []string       `json:"tags" nullable:"false"`
	City               string         `json:"city,omitempty" doc:"In lists, where addresses are left out."`
	MergedFrom         int64          `json:"merged_from,omitempty" doc:"The id that was asked for, of a customer that was merged into this one."`
	Custom             map[string]any `json:"custom" doc:"Custom fields by slug, see GET /api/v1/fields."`
}

// Point is one way to reach somebody.
type Point struct {
	ID        int64  `json:"id,omitempty"`
	Kind      string `json:"kind" enum:"phone,email,messenger,web"`
	Value     string `json:"value" doc:"A phone in any form that is dialled; it is read back as E.164."`
	Extension string `json:"extension,omitempty"`
	Label     string `json:"label,omitempty" doc:"In your words: work, mobile."`
	Main      bool   `json:"main,omitempty"`
}

// Address of a customer.
type Address struct {
	ID       int64  `json:"id,omitempty"`
	Label    string `json:"label,omitempty"`
	Street   string `json:"street,omitempty"`
	City     string `json:"city,omitempty"`
	Region   string `json:"region,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	Country  string `json:"country,omitempty"`
	Main     bool   `json:"main,omitempty"`
}

// Contact is a person at a customer.
type Contact struct {
	ID          int64    `json:"id,omitempty"`
	Name        string   `json:"name" example:"Maria Ivanova"`
	Position    string   `json:"position,omitempty" example:"Buyer"`
	Language    string   `json:"language,omitempty"`
	AddressForm string   `json:"address_form,omitempty"`
	Style       string   `json:"style,omitempty" doc:"Calm notes on how they like to talk."`
	Mood        string   `json:"mood,omitempty"`
	Birthday    string   `json:"birthday,omitempty"`
	Main        bool     `json:"main,omitempty"`
	Phones      []string `json:"phones,omitempty" example:"+359 88 123 4567"`
	Emails      []string `json:"emails,omitempty"`
	Points      []Point  `json:"points,omitempty"`
}

// Date is an important date of a customer.
type Date struct {
	ID        int64  `json:"id,omitempty"`
	ContactID int64  `json:"contact_id,omitempty"`
	Label     string `json:"label,omitempty"`
	Day       string `json:"day" doc:"2006-01-02, with the year 0000 if only the day is known."`
	Yearly    bool   `json:"yearly,omitempty"`
}

// Consent is what somebody agreed to or refused.
type Consent struct {
	ID        int64  `json:"id"`
	ContactID int64  `json:"contact_id,omitempty"`
	Purpose   string `json:"purpose"`
	Given     bool   `json:"given"`
	How       string `json:"how,omitempty"`
	At        string `json:"at" format:"date-time"`
	ByID      int64  `json:"by_id,omitempty"`
}

// shape gives a customer's own fields.
func (o operations) shape(ctx context.Context, c customers.Customer) Customer {
	return Customer{
		ID: c.ID, Number: customers.FormatNumber(o.Company.Defaults(ctx).NumberPrefix, c.Number), Kind: string(c.Kind), State: string(c.State),
		Name: c.Name, LegalName: c.LegalName, ParentID: c.ParentID, OwnerID: c.OwnerID, TeamID: c.TeamID,
		Language: c.Language, Country: c.Country, TimeZone: c.TimeZone, TaxID: c.TaxID, VATID: c.VATID, Website: c.Website,
		SourceID: c.SourceID, SourceNote: c.SourceNote, RecommendedByID: c.RecommendedByID, Terms: c.Terms,
		PreferredChannel: string(c.PreferredChannel), AddressForm: c.AddressForm, Competitors: c.Competitors,
		DoNotContactBefore: c.DoNotContactBefore.String(), Birthday: c.Birthday.String(),
		ExternalSource: c.ExternalSource, ExternalID: c.ExternalID, Quality: c.Quality, Version: c.Version,
		CreatedAt: api.Moment(c.CreatedAt), ChangedAt: api.Moment(c.ChangedAt), LastContactAt: api.Moment(c.LastContactAt),
		Phones: []string{}, Emails: []string{}, Tags: []string{}, Custom: map[string]any{},
	}
}

// card gives a customer with everything that hangs on it.
func (o operations) card(ctx context.Context, c customers.Card) Customer {
	out := o.shape(ctx, c.Customer)
	out.Points = points(c.Points)
	out.Phones, out.Emails = short(c.Points)
	for _, a := range c.Addresses {
		out.Addresses = append(out.Addresses, address(a))
	}
	for _, p := range c.Contacts {
		out.Contacts = append(out.Contacts, contact(p))
	}
	for _, d := range c.Dates {
		out.Dates = append(out.Dates, Date{d.ID, d.ContactID, d.Label, d.Day.String(), d.Yearly})
	}
	for _, s := range c.Consents {
		out.Consents = append(out.Consents, consent(s))
	}
	for _, t := range c.Tags {
		out.Tags = append(out.Tags, t.Name)
	}
	if c.Custom != nil {
		out.Custom = c.Custom
	}
	return out
}

// row gives a customer as a list has it.
func (o operations) row(ctx context.Context, r customers.Row) Customer {
	out := o.shape(ctx, r.Customer)
	if r.Phone != "" {
		out.Phones = []string{r.Phone}
	}
	if r.Email != "" {
		out.Emails = []string{r.Email}
	}
	if r.Tags != nil {
		out.Tags = r.Tags
	}
	if r.Custom != nil {
		out.Custom = r.Custom
	}
	out.City = r.City
	return out
}

func points(all []customers.Point) []Point {
	out := make([]Point, len(all))
	for i, p := range all {
		out[i] = Point{p.ID, string(p.Kind), p.Value, p.Extension, p.Label, p.Main}
	}
	return out
}

func address(a customers.Address) Address {
	return Address{a.ID, a.Label, a.Street, a.City, a.Region, a.Postcode, a.Country, a.Main}
}

func consent(c customers.Consent) Consent {
	return Consent{c.ID, c.ContactID, c.Purpose, c.Given, c.How, api.Moment(c.At), c.ByID}
}

// short gives phones and e-mails alone, main ones first.
func short(all []customers.Point) (phones, emails []string) {
	phones, emails = []string{}, []string{}
	for _, main := range []bool{true, false} {
		for _, p := range all {
			switch {
			case p.Main != main:
			case p.Kind == customers.Phone:
				phones = append(phones, p.Value)
			case p.Kind == customers.Email:
				emails = append(emails, p.Value)
			}
		}
	}
	return phones, emails
}

func contact(c customers.Contact) Contact {
	phones, emails := short(c.Points)
	return Contact{
		ID: c.ID, Name: c.Name, Position: c.Position, Language: c.Language, AddressForm: c.AddressForm, Style: c.Style,
		Mood: c.Mood, Birthday: c.Birthday.String(), Main: c.Main, Phones: phones, Emails: emails, Points: points(c.Points),
	}
}
