package customersapi

import (
	"context"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
)

// NewCustomer is a customer to create, with everything at once.
type NewCustomer struct {
	Kind               string     `json:"kind,omitempty" enum:"organisation,person" example:"organisation" doc:"organisation if absent."`
	Name               string     `json:"name" example:"Rila Trade"`
	LegalName          string     `json:"legal_name,omitempty"`
	Country            string     `json:"country,omitempty" example:"BG" doc:"ISO 3166, two letters."`
	Language           string     `json:"language,omitempty"`
	TimeZone           string     `json:"time_zone,omitempty"`
	ParentID           int64      `json:"parent_id,omitempty" doc:"The organisation this one is a unit of."`
	OwnerID            int64      `json:"owner_id,omitempty"`
	TeamID             int64      `json:"team_id,omitempty"`
	TaxID              string     `json:"tax_id,omitempty"`
	VATID              string     `json:"vat_id,omitempty"`
	Website            string     `json:"website,omitempty"`
	Source             string     `json:"source,omitempty" doc:"How they found us, by name; a new one is added. Unknown if neither it nor source_id is given."`
	SourceID           int64      `json:"source_id,omitempty"`
	SourceNote         string     `json:"source_note,omitempty"`
	RecommendedByID    int64      `json:"recommended_by_id,omitempty"`
	Terms              string     `json:"terms,omitempty"`
	PreferredChannel   string     `json:"preferred_channel,omitempty" enum:"phone,email,messenger,visit,post"`
	AddressForm        string     `json:"address_form,omitempty"`
	Competitors        string     `json:"competitors,omitempty"`
	DoNotContactBefore string     `json:"do_not_contact_before,omitempty"`
	Birthday           string     `json:"birthday,omitempty"`
	ExternalSource     string     `json:"external_source,omitempty" doc:"The system external_id comes from."`
	ExternalID         string     `json:"external_id,omitempty" doc:"Unique within external_source."`
	Phones             []string   `json:"phones,omitempty" example:"+359 2 980 1234"`
	Emails             []string   `json:"emails,omitempty" example:"office@rila.example"`
	Points             []Point    `json:"points,omitempty" doc:"Further contact points, with labels."`
	Addresses          []Address  `json:"addresses,omitempty"`
	Contacts           []Contact  `json:"contacts,omitempty"`
	Dates              []Date     `json:"dates,omitempty"`
	Tags               []string   `json:"tags,omitempty" example:"wholesale"`
	Custom             api.Values `json:"custom,omitempty"`
}

type created struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     Customer
}

func (o operations) create(ctx context.Context, in *struct{ Body NewCustomer }) (*created, error) {
	n, err := in.Body.domain(ctx)
	if err != nil {
		return nil, err
	}
	made, err := o.Customers.Create(ctx, n)
	if err != nil {
		return nil, err
	}
	out := &created{Location: root + "/" + strconv.FormatInt(made.ID, 10), ETag: api.ETag(made.Version)}
	// Whoever may create without seeing what they created gets its own fields.
	if card, err := o.Customers.FindCard(ctx, made.ID); err == nil {
		out.Body = o.card(ctx, card)
	} else {
		out.Body = o.shape(ctx, made)
	}
	return out, nil
}

func (n NewCustomer) domain(ctx context.Context) (customers.NewCustomer, error) {
	var none customers.NewCustomer
	before, err := api.ParseDay("do_not_contact_before", n.DoNotContactBefore)
	if err != nil {
		return none, err
	}
	birthday, err := day("birthday", n.Birthday)
	if err != nil {
		return none, err
	}
	out := customers.NewCustomer{
		Customer: customers.Customer{
			Kind: customers.Kind(n.Kind), Name: n.Name, LegalName: n.LegalName, ParentID: n.ParentID, OwnerID: n.OwnerID, TeamID: n.TeamID,
			Language: n.Language, Country: n.Country, TimeZone: n.TimeZone, TaxID: n.TaxID, VATID: n.VATID, Website: n.Website,
			SourceID: n.SourceID, SourceNote: n.SourceNote, RecommendedByID: n.RecommendedByID, Terms: n.Terms,
			PreferredChannel: customers.Channel(n.PreferredChannel), AddressForm: n.AddressForm, Competitors: n.Competitors,
			DoNotContactBefore: before, Birthday: birthday, ExternalSource: n.ExternalSource, ExternalID: n.ExternalID,
		},
		SourceName: n.Source, Phones: n.Phones, Emails: n.Emails, Points: domainPoints(n.Points), Tags: n.Tags, Custom: n.Custom,
	}
	if out.SourceID == 0 && out.SourceName == "" {
		out.SourceName = i18n.T(ctx, "customers.source.unknown")
	}
	for _, a := range n.Addresses {
		out.Addresses = append(out.Addresses, a.domain())
	}
	for i, c := range n.Contacts {
		made, err := c.domain("contacts." + strconv.Itoa(i) + ".")
		if err != nil {
			return none, err
		}
		out.Contacts = append(out.Contacts, made)
	}
	for i, d := range n.Dates {
		when, err := day("dates."+strconv.Itoa(i)+".day", d.Day)
		if err != nil {
			return none, err
		}
		out.Dates = append(out.Dates, customers.ImportantDate{Label: d.Label, Day: when, Yearly: d.Yearly})
	}
	return out, nil
}

func (a Address) domain() customers.Address {
	return customers.Address{
		ID: a.ID, Label: a.Label, Street: a.Street, City: a.City, Region: a.Region, Postcode: a.Postcode, Country: a.Country, Main: a.Main,
	}
}

// domain gives the contact; prefix is where its fields stand in the request.
func (c Contact) domain(prefix string) (customers.Contact, error) {
	birthday, err := day(prefix+"birthday", c.Birthday)
	if err != nil {
		return customers.Contact{}, err
	}
	out := customers.Contact{
		ID: c.ID, Name: c.Name, Position: c.Position, Language: c.Language, AddressForm: c.AddressForm, Style: c.Style,
		Mood: c.Mood, Birthday: birthday, Main: c.Main, Points: domainPoints(c.Points),
	}
	for i, v := range c.Phones {
		out.Points = append(out.Points, customers.Point{Kind: customers.Phone, Value: v, Main: i == 0})
	}
	for i, v := range c.Emails {
		out.Points = append(out.Points, customers.Point{Kind: customers.Email, Value: v, Main: i == 0})
	}
	return out, nil
}

func domainPoints(all []Point) []customers.Point {
	var out []customers.Point
	for _, p := range all {
		out = append(out, customers.Point{
			ID: p.ID, Kind: customers.PointKind(p.Kind), Value: p.Value, Extension: p.Extension, Label: p.Label, Main: p.Main,
		})
	}
	return out
}

// day reads a day whose year may be 0000: known by day and month only.
func day(field, text string) (clock.Day, error) {
	if len(text) == len("0000-12-31") && text[:5] == "0000-" {
		d, err := api.ParseDay(field, "2000"+text[4:]) // a leap year has every day
		return d % 1_00_00, err
	}
	return api.ParseDay(field, text)
}
