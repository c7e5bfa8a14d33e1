package demo

import (
	"slices"

	"kartoteka.dev/internal/platform/money"
)

// root makes an organisation that stands on its own.
func (g *Generator) root(index int) Customer {
	r := g.stream(forCard, index)
	c := g.start(index, Organisation, &r)
	t := g.title(index)
	c.Name, c.LegalName, c.site = t.name, t.legal, t.slug
	c.Custom.Industry = t.industry
	here := g.furnish(&c, t, &r)
	c.register(uint64(index), t.sole, r.chance(780))
	if r.chance(50) {
		c.RegistrationID, c.VATID = "", ""
	}
	if t.sole {
		c.Contacts = []Contact{g.contact(&c, t.trader, 1, &r)}
		g.reach(&c.Contacts[0], &c, here, 1, &r)
	}
	return c
}

// unit makes a shop, warehouse or branch of an earlier organisation; it bears
// its parent's legal name and numbers and has people of its own.
func (g *Generator) unit(index, parent int) Customer {
	r := g.stream(forCard, index)
	c := g.start(index, Organisation, &r)
	l := g.landOf(&c)
	of := g.title(parent)
	town, text := l.cityShare.pick(&r), pick(&r, l.units)
	if k := slices.Index(chainUnits, index%blockSize); k >= 0 {
		town, text = k, l.units[k%len(l.units)]
	}
	c.Name = render(text, []filled{{slot: "parent", text: of.name}, {slot: "city", text: l.cities[town].name}})
	c.LegalName, c.site, c.Parent = of.legal, of.slug, parent
	c.Custom.Industry = of.industry
	if c.size == large {
		c.size = medium
	}
	c.ago = min(c.ago, g.sinceOf(parent))
	c.Since = g.day(-c.ago)
	if c.Consent.Day < c.Since {
		c.Consent.Day = 0
		if c.Consent.State != "" {
			c.Consent.Day = c.Since
		}
	}
	of.city = town
	g.furnish(&c, of, &r)
	c.register(uint64(parent), of.sole, true)
	return c
}

// furnish fills the card of an organisation of any kind and gives its city.
func (g *Generator) furnish(c *Customer, t title, r *rng) *city {
	l := g.landOf(c)
	town := t.city
	if town < 0 {
		town = l.cityShare.pick(r)
	}
	here := &l.cities[town]
	c.City, c.TimeZone = here.name, here.zone
	c.Addresses = g.addresses(c, here, r)
	if !r.chance(70) {
		c.Phones = g.orgPhones(c, here, r)
	}
	if !r.chance(90) {
		c.Emails = append(c.Emails, pick(r, mailboxes)+"@"+c.site+".example")
		if c.size == large {
			c.Emails = append(c.Emails, "accounts@"+c.site+".example")
		}
	}
	if r.chance(420 + 250*int(c.size)) {
		c.Website = "https://www." + c.site + ".example"
	}
	c.Competitors = some(r, l.competitors, 260)
	if r.chance(300 + 250*int(c.size)) {
		c.Terms = pick(r, l.terms)
	}
	g.measure(c, l, r)
	c.Contacts = g.contacts(c, here, r)
	return here
}

var mailboxes = []string{"info", "office", "sales", "contact", "info", "office"}

// measure gives the figures that go with the size, and the dates.
func (g *Generator) measure(c *Customer, l *land, r *rng) {
	v := &c.Custom
	switch c.size {
	case large:
		v.Employees = int64(150 + r.skewed(2400))
		v.FloorArea = int64(40 * r.between(40, 900))
	case medium:
		v.Employees = int64(25 + r.skewed(180))
		v.FloorArea = int64(10 * r.between(30, 400))
	default:
		v.Employees = int64(1 + r.skewed(28))
		v.FloorArea = int64(5 * r.between(4, 90))
	}
	if r.chance(220) {
		v.FloorArea = 0
	}
	if r.chance(150) {
		v.Employees = 0
	}
	if r.chance(350) {
		v.DeliveryNotes = pick(r, l.delivery)
	}
	v.LoyaltyCard = r.chance(240)
	if r.chance(160 + 300*int(c.size)) {
		units := int64(r.between(6, 60)) * []int64{1, 6, 40}[c.size]
		v.ContractValue = money.Of(units*100*100*rates[l.currency], l.currency)
		end := r.between(5, 700)
		v.NextAudit = g.workday(r.between(5, 360))
		c.Dates = append(c.Dates, Date{"contract-end", g.day(end)})
	}
	if r.chance(250) {
		c.Dates = append(c.Dates, Date{"anniversary", g.day(-r.between(400, 12000))})
	}
}

// rates are rough prices of a euro in whole units, for believable sums.
var rates = map[string]int64{"EUR": 1, "GEL": 3, "PLN": 4, "RUB": 90, "GBP": 1}
