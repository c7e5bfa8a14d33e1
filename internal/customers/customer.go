package customers

import (
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/clock"
)

// Kind tells organisations from persons.
type Kind string

// The kinds.
const (
	Organisation Kind = "organisation"
	Person       Kind = "person"
)

// State is where a customer stands in the file.
type State string

// The states. An erased person's history stays without the person, a merged
// customer's row for the day it is parted again.
const (
	Active   State = "active"
	Archived State = "archived"
	Erased   State = "erased"
	Merged   State = "merged" // leads to the customer it was merged into
)

// Customer is an organisation or a person we work with, without what hangs on
// it (contacts, points, addresses: see Dossier). Ids of 0 and empty texts mean
// "none".
type Customer struct {
	ID     int64
	Number int64 // shown with the company's prefix: K-000123
	Kind   Kind
	State  State

	MergedIntoID int64 // of a merged one: who has what was its

	Name      string
	LegalName string
	ParentID  int64
	OwnerID   int64 // person responsible
	TeamID    int64

	Language string // ISO 639-1
	Country  string // ISO 3166 alpha-2
	TimeZone string // IANA name
	TaxID    string
	VATID    string
	Website  string

	SourceID        int64 // how they found us
	SourceNote      string
	RecommendedByID int64

	Terms            string // terms of cooperation
	PreferredChannel Channel
	AddressForm      string // how to address them in talk and letters
	Competitors      string // competitors they use

	DoNotContactBefore clock.Day
	Birthday           clock.Day // persons; year 0000 when only the day is known

	ExternalSource string // the system ExternalID comes from
	ExternalID     string // unique within its source

	Quality int // 0–100: how much of the basics is known
	Version int64

	CreatedAt     clock.Instant
	ChangedAt     clock.Instant
	LastContactAt clock.Instant
}

// Channel is how a customer likes to be reached.
type Channel string

// The channels; empty means no preference.
const (
	AnyChannel  Channel = ""
	ByPhone     Channel = "phone"
	ByEmail     Channel = "email"
	ByMessenger Channel = "messenger"
	ByVisit     Channel = "visit"
	ByPost      Channel = "post"
)

// Channels in the order they are offered.
var Channels = []Channel{ByPhone, ByEmail, ByMessenger, ByVisit, ByPost}

// PointKind is the kind of a contact point.
type PointKind string

// The kinds of contact points.
const (
	Phone     PointKind = "phone"
	Email     PointKind = "email"
	Messenger PointKind = "messenger"
	Web       PointKind = "web"
)

// Point is one way to reach a customer or one contact at it. A phone's Value
// is E.164 ("+359881234567"), an e-mail's is in its normal form.
type Point struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"-"`
	ContactID  int64     `json:"contact_id,omitzero"` // 0: the customer's own
	Kind       PointKind `json:"kind"`
	Value      string    `json:"value"`
	Extension  string    `json:"extension,omitzero"` // of a phone
	Label      string    `json:"label,omitzero"`     // the company's words: "work", "mobile"
	Main       bool      `json:"main,omitzero"`
}

// Contact is a person at a customer.
type Contact struct {
	ID          int64     `json:"id"`
	CustomerID  int64     `json:"-"`
	Name        string    `json:"name"`
	Position    string    `json:"position,omitzero"`
	Language    string    `json:"language,omitzero"`
	AddressForm string    `json:"address_form,omitzero"`
	Style       string    `json:"style,omitzero"` // calm notes on how they like to talk
	Mood        string    `json:"mood,omitzero"`
	Birthday    clock.Day `json:"birthday,omitzero"`
	Main        bool      `json:"main,omitzero"`
	Version     int64     `json:"-"`
	Points      []Point   `json:"points,omitempty"`
}

// Address of a customer.
type Address struct {
	ID         int64  `json:"id"`
	CustomerID int64  `json:"-"`
	Label      string `json:"label,omitzero"`
	Street     string `json:"street,omitzero"`
	City       string `json:"city,omitzero"`
	Region     string `json:"region,omitzero"`
	Postcode   string `json:"postcode,omitzero"`
	Country    string `json:"country,omitzero"`
	Main       bool   `json:"main,omitzero"`
}

// ImportantDate is a birthday, an anniversary, the end of a contract. A day
// whose year is not known has the year 0000.
type ImportantDate struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"-"`
	ContactID  int64     `json:"contact_id,omitzero"`
	Label      string    `json:"label,omitzero"`
	Day        clock.Day `json:"day"`
	Yearly     bool      `json:"yearly,omitzero"`
}

// Tag is a word of the company's own for a customer.
type Tag struct {
	ID         int64
	Name       string
	Archived   bool  // no longer offered; customers keep it
	joinedInto int64 // the tag to which this name leads
}

// Source is an answer to "how did they find us".
type Source struct {
	ID       int64
	Name     string // the company's own words, or the name of a seeded one in English
	TextID   string // locale id of a seeded source; empty for the company's own
	Archived bool
	// JoinedInto is the source whose former or other name this is, 0 for none.
	JoinedInto int64
}

// Consent is what a customer, or one contact at it, agreed to or refused. It is
// never changed: a newer one of the same purpose counts instead.
type Consent struct {
	ID         int64         `json:"id"`
	CustomerID int64         `json:"-"`
	ContactID  int64         `json:"contact_id,omitzero"`
	Purpose    string        `json:"purpose"` // the company's words: "newsletter"
	Given      bool          `json:"given"`
	How        string        `json:"how,omitzero"` // "by phone", "form of 3 May"
	At         clock.Instant `json:"at"`
	ByID       int64         `json:"by_id,omitzero"` // person who noted it
}

// Card is a customer with everything that hangs on it but notes and files.
type Card struct {
	Customer
	Points    []Point   // the customer's own; those of contacts are theirs
	Contacts  []Contact // the main one first
	Addresses []Address
	Tags      []Tag // by name
	Dates     []ImportantDate
	Consents  []Consent // newest first; of each purpose the first counts
	Former    []Former  // merged into this one, the oldest first
	Custom    map[string]any
}

// Former is a customer that was merged into another, under whose number that
// one is found, too.
type Former struct {
	ID     int64
	Number int64
}

// NewCustomer is everything a customer can be created with at once.
type NewCustomer struct {
	Customer
	SourceName string // instead of SourceID: found by name or added
	Phones     []string
	Emails     []string
	Points     []Point // further ones, with labels
	Addresses  []Address
	Contacts   []Contact // with their Points
	Tags       []string
	Dates      []ImportantDate
	Custom     map[string]any

	ready *ready // by Prepare
}

// FormatNumber shows a customer's number as people say it: K-000123.
func FormatNumber(prefix string, number int64) string {
	return fmt.Sprintf("%s%06d", prefix, number)
}

// ParseNumber reads a number as people write it, with or without prefix and
// leading zeros; 0 means that it is none.
func ParseNumber(prefix, text string) int64 {
	text = strings.TrimSpace(text)
	if len(prefix) > 0 && len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		text = text[len(prefix):]
	}
	if text == "" || len(text) > 15 {
		return 0
	}
	var n int64
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

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
