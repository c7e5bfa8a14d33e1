package app

import (
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/demo"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
)

// kindTexts name the generator's kinds of phones, addresses and dates.
var kindTexts = map[string]string{
	"mobile": "app.demo.mobile", "office": "app.demo.office", "home": "app.demo.home", "delivery": "app.demo.delivery",
	"birthday": "app.demo.birthday", "anniversary": "app.demo.anniversary", "contract-end": "app.demo.contract-end",
}

func (f *demoFiller) word(kind string) string {
	if id, ok := kindTexts[kind]; ok {
		return i18n.TIn(f.lang, id)
	}
	return kind
}

// customer puts what the generator made up into our words.
func (f *demoFiller) customer(c *demo.Customer) customers.NewCustomer {
	n := customers.NewCustomer{
		Customer: customers.Customer{
			Kind: customers.Organisation, Name: c.Name, LegalName: c.LegalName,
			Country: c.Country, Language: c.Language, TimeZone: c.TimeZone, Website: c.Website,
			TaxID: c.RegistrationID, VATID: c.VATID,
			OwnerID: f.staff[c.Owner].UserID, TeamID: f.teams[c.Team],
			Terms: c.Terms, PreferredChannel: customers.Channel(c.PreferredChannel), AddressForm: c.FormOfAddress,
			Competitors: strings.Join(c.Competitors, ", "), DoNotContactBefore: c.DoNotContactBefore,
		},
		SourceName: f.sources[c.Source], Tags: c.Tags, Emails: c.Emails, Custom: f.custom(c.Custom),
	}
	if c.Kind == demo.Private {
		n.Kind = customers.Person
	}
	if c.Parent >= 0 {
		n.ParentID = f.ids[c.Parent]
	}
	if c.RecommendedBy >= 0 {
		n.RecommendedByID = f.ids[c.RecommendedBy]
	}
	n.Points = f.points(c.Phones, nil)
	for _, a := range c.Addresses {
		n.Addresses = append(n.Addresses, customers.Address{
			Label: f.word(a.Kind), Street: joined(a.Lines), Postcode: a.Postcode, City: a.City, Country: a.Country,
		})
	}
	for _, d := range c.Dates {
		n.Dates = append(n.Dates, customers.ImportantDate{Label: f.word(d.Kind), Day: d.Day, Yearly: d.Kind != "contract-end"})
		if d.Kind == "birthday" && n.Kind == customers.Person {
			n.Birthday = d.Day
		}
	}
	for i, p := range c.Contacts {
		n.Contacts = append(n.Contacts, customers.Contact{
			Name: p.Name, Position: p.Position, Language: c.Language, AddressForm: p.FormOfAddress,
			Style: p.Style, Birthday: p.Birthday, Main: i == 0, Points: f.points(p.Phones, p.Emails),
		})
	}
	return n
}

func (f *demoFiller) points(phones []demo.Phone, emails []string) []customers.Point {
	var all []customers.Point
	for i, p := range phones {
		all = append(all, customers.Point{Kind: customers.Phone, Value: p.Number, Label: f.word(p.Kind), Main: i == 0})
	}
	for _, e := range emails {
		all = append(all, customers.Point{Kind: customers.Email, Value: e})
	}
	return all
}

// custom gives the values of the company's own fields in the shapes of the
// API; what is not known is left out.
func (f *demoFiller) custom(c demo.Custom) map[string]any {
	values := map[string]any{}
	if c.Industry != "" {
		values["industry"] = c.Industry
	}
	if c.Employees > 0 {
		values["employees"] = strconv.FormatInt(c.Employees, 10)
	}
	if c.FloorArea > 0 {
		values["floor_area"] = strconv.FormatInt(c.FloorArea, 10)
	}
	if c.DeliveryNotes != "" {
		values["delivery_notes"] = c.DeliveryNotes
	}
	if c.LoyaltyCard {
		values["loyalty_card"] = true
	}
	if c.ContractValue.Minor != 0 {
		worth := f.worth(c.ContractValue)
		values["contract_value"] = map[string]any{"amount": worth.Plain(), "currency": worth.Currency}
	}
	if c.NextAudit != clock.Day(0) {
		values["next_audit"] = c.NextAudit.String()
	}
	return values
}

// perHundred is about how many euros a hundred of a currency are worth.
var perHundred = map[string]int64{"EUR": 100, "BGN": 51, "GEL": 32, "PLN": 23, "RUB": 1, "GBP": 117}

// worth is an amount in the company's currency, rounded to tens as people do
// with contracts.
func (f *demoFiller) worth(a money.Amount) money.Amount {
	minor := a.Minor / 100 * perHundred[a.Currency]
	return money.Amount{Minor: minor - minor%1000, Currency: f.made.Company().Currency}
}
