package customers

// A basic is something a good card has; together they weigh 100.
type basic struct {
	textID string
	weight int
	there  func(Card) bool
}

var basics = map[Kind][]basic{
	Organisation: {
		{"customers.quality.phone", 20, Card.hasPhone},
		{"customers.quality.email", 15, Card.hasEmail},
		{"customers.quality.contact", 15, func(c Card) bool { return len(c.Contacts) > 0 }},
		{"customers.quality.address", 15, Card.hasAddress},
		{"customers.quality.tax-id", 10, func(c Card) bool { return c.TaxID != "" || c.VATID != "" }},
		{"customers.quality.country", 5, func(c Card) bool { return c.Country != "" }},
		{"customers.quality.language", 5, func(c Card) bool { return c.Language != "" }},
		{"customers.quality.owner", 10, func(c Card) bool { return c.OwnerID != 0 }},
		{"customers.quality.website", 5, func(c Card) bool { return c.Website != "" }},
	},
	Person: {
		{"customers.quality.phone", 30, Card.hasPhone},
		{"customers.quality.email", 20, Card.hasEmail},
		{"customers.quality.address", 15, Card.hasAddress},
		{"customers.quality.birthday", 10, func(c Card) bool { return c.Birthday != 0 }},
		{"customers.quality.country", 5, func(c Card) bool { return c.Country != "" }},
		{"customers.quality.language", 5, func(c Card) bool { return c.Language != "" }},
		{"customers.quality.owner", 10, func(c Card) bool { return c.OwnerID != 0 }},
		{"customers.quality.address-form", 5, func(c Card) bool { return c.AddressForm != "" }},
	},
}

// Missing lists what the card lacks, the weightiest first, as locale ids of
// short texts ("phone number").
func (c Card) Missing() []string {
	var ids []string
	for _, b := range basics[c.Kind] {
		if !b.there(c) {
			ids = append(ids, b.textID)
		}
	}
	return ids
}

// score is the card's quality, 0 to 100.
func (c Card) score() int {
	sum := 0
	for _, b := range basics[c.Kind] {
		if b.there(c) {
			sum += b.weight
		}
	}
	return sum
}

func (c Card) hasPhone() bool { return c.reachable(Phone) }

func (c Card) hasEmail() bool { return c.reachable(Email) }

func (c Card) reachable(kind PointKind) bool {
	for _, p := range c.Points {
		if p.Kind == kind {
			return true
		}
	}
	for _, contact := range c.Contacts {
		for _, p := range contact.Points {
			if p.Kind == kind {
				return true
			}
		}
	}
	return false
}

func (c Card) hasAddress() bool {
	for _, a := range c.Addresses {
		if a.City != "" {
			return true
		}
	}
	return false
}
