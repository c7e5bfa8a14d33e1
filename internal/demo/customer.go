package demo

import (
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/money"
)

// Kind tells organisations from persons.
type Kind string

// The two kinds of customer.
const (
	Organisation Kind = "organisation"
	Private      Kind = "person"
)

// Customer is one entry of the customer file. Slices may be shared between
// customers and must not be changed. Empty texts, zero days and -1 indexes
// mean "not known", which happens as often as in a real file.
type Customer struct {
	Index int // its place in the file, from 0

	Kind      Kind
	Name      string
	LegalName string // organisations only

	Country   string // ISO 3166: BG, GE, PL, RU, GB
	Language  string // ISO 639: bg, ka, pl, ru, en
	TimeZone  string // IANA
	City      string
	Addresses []Address
	Phones    []Phone
	Emails    []string
	Website   string

	RegistrationID string // EIK, REGON, OGRN, Georgian code, company number
	VATID          string // VAT number, or INN in Russia

	Source        string // code of Sources
	Owner         int    // index into Staff
	Team          string
	Tags          []string
	Parent        int // lower index of the organisation it is a unit of
	RecommendedBy int // lower index
	DuplicateOf   int // lower index of the customer it repeats by mistake

	Since              clock.Day
	Terms              string
	PreferredChannel   string // phone, email, messenger, visit
	FormOfAddress      string // how a person wants to be addressed
	Competitors        []string
	Consent            Consent
	DoNotContactBefore clock.Day
	Dates              []Date
	Custom             Custom
	Contacts           []Contact

	size   size
	ago    int    // days since Since
	spoken string // how notes name a private customer
	site   string // domain without ".example"
}

// Address is a postal address: Lines in the country's order and script,
// without the city and postcode.
type Address struct {
	Kind     string // office, delivery, home
	Lines    []string
	Postcode string
	City     string
	Country  string
}

// Phone is a number in E.164.
type Phone struct {
	Kind   string // mobile, office, home
	Number string
}

// Consent to be written to for advertising.
type Consent struct {
	State string // given, refused, or empty: never asked
	Day   clock.Day
}

// Date is a day worth remembering.
type Date struct {
	Kind string // birthday, anniversary, contract-end
	Day  clock.Day
}

// Custom holds the values of the company's own fields, see Fields.
type Custom struct {
	Industry      string // code of Industries
	Employees     int64
	FloorArea     int64
	DeliveryNotes string
	LoyaltyCard   bool
	ContractValue money.Amount
	NextAudit     clock.Day
}

// Contact is a person at an organisation.
type Contact struct {
	Name          string
	Position      string
	Phones        []Phone
	Emails        []string
	Birthday      clock.Day
	FormOfAddress string
	Style         string // how to talk to them, in the owner's words

	spoken string
	latin  string
}

// Customer makes customer i; i must not be negative.
func (g *Generator) Customer(index int) Customer {
	w := g.plan.at(index)
	switch w.role {
	case copyRole:
		return g.duplicate(index)
	case personRole:
		return g.person(index)
	case unitRole:
		if parent := g.parentOf(index); parent >= 0 {
			return g.unit(index, parent)
		}
		return g.person(index)
	}
	return g.root(index)
}

// start fills what every customer has.
func (g *Generator) start(index int, kind Kind, r *rng) Customer {
	l := g.lands[g.plan.at(index).land]
	c := Customer{
		Index: index, Kind: kind, Country: l.code, Language: l.lang, Parent: -1, DuplicateOf: -1,
		size: g.sizeOf(index),
	}
	if l.lang == "ka" && r.chance(50) {
		c.Language = "ru"
	}
	ago := g.sinceOf(index)
	c.ago, c.Since = ago, g.day(-ago)
	c.Owner, c.Team = g.owner(l, r)
	c.RecommendedBy = g.recommenderOf(index, r)
	c.Source = "recommendation"
	if c.RecommendedBy < 0 {
		c.Source = g.source(kind, r)
	}
	c.PreferredChannel = pick(r, channels)
	c.Tags = g.tagsFor(kind, c.size, r)
	switch n := r.below(100); {
	case n < 46:
		c.Consent = Consent{"given", g.day(-r.below(ago))}
	case n < 58:
		c.Consent = Consent{"refused", g.day(-r.below(ago))}
	}
	if r.chance(8) {
		c.DoNotContactBefore = g.day(r.between(10, 120))
	}
	return c
}

var channels = []string{"phone", "phone", "phone", "email", "email", "email", "messenger", "visit"}

// source is how a customer nobody recommended has found us.
func (g *Generator) source(kind Kind, r *rng) string {
	code := g.sources[1+g.sourceShare.pick(r)].Code
	if kind == Private && code == "tender" {
		return "showroom"
	}
	return code
}

func (g *Generator) tagsFor(kind Kind, of size, r *rng) []string {
	switch {
	case kind == Private:
		return some(r, g.tags[len(g.tags)-5:], 330)
	case of == large:
		n := r.between(1, 3)
		return g.tags[:n:n]
	}
	return some(r, g.tags[1:], 330)
}

// some is, in so many cases of a thousand, one to three neighbours of a list.
func some(r *rng, list []string, perMille int) []string {
	if !r.chance(perMille) {
		return nil
	}
	n := min(1+r.skewed(3), len(list))
	at := r.below(len(list) - n + 1)
	return list[at : at+n : at+n]
}

// owner picks who looks after a customer of the country; some people carry
// far more than others.
func (g *Generator) owner(l *land, r *rng) (int, string) {
	share := g.owners[l.code]
	who := share.people[share.weight.pick(r)]
	return who, g.staff[who].Team
}

// title is the name of a root organisation.
func (g *Generator) title(index int) title {
	w := g.plan.at(index)
	l := g.lands[w.land]
	r := g.stream(forName, index)
	return l.organisation(&l.patterns[w.pattern], g.plan.rank(index), g.seed, &r)
}
