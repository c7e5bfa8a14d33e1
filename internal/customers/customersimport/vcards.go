package customersimport

import (
	"fmt"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/vcard"
)

// Cards are a customer and its contacts as cards of an address book, which an
// import reads back.
func Cards(c customers.Card) []vcard.Card {
	kind, birthday := "org", clock.Day(0)
	if c.Kind == customers.Person {
		kind, birthday = "individual", c.Birthday
	}
	uid := c.ExternalID
	if uid == "" {
		uid = "kartoteka-" + strconv.FormatInt(c.ID, 10)
	}
	own := []vcard.Property{vcard.Text("KIND", kind), vcard.Text("FN", c.Name), vcard.Text("UID", uid), vcard.Text("LANG", c.Language), vcard.Text("URL", c.Website)}
	if c.Kind == customers.Organisation {
		own = append(own, vcard.Text("ORG", c.Name))
	}
	own = append(append(own, born(birthday)), reachable(c.Points, 0)...)
	for _, a := range c.Addresses {
		own = append(own, vcard.List("ADR", ";", "", "", a.Street, a.City, a.Region, a.Postcode, a.Country))
	}
	var tags []string
	for _, t := range c.Tags {
		tags = append(tags, t.Name)
	}
	cards := []vcard.Card{{Properties: append(own, vcard.List("CATEGORIES", ",", tags...))}}
	for _, contact := range c.Contacts {
		person := []vcard.Property{
			vcard.Text("KIND", "individual"), vcard.Text("FN", contact.Name), vcard.Text("ORG", c.Name), vcard.Text("TITLE", contact.Position),
			vcard.Text("UID", uid+"-"+strconv.FormatInt(contact.ID, 10)), vcard.Text("LANG", contact.Language), born(contact.Birthday),
		}
		cards = append(cards, vcard.Card{Properties: append(person, reachable(contact.Points, contact.ID)...)})
	}
	return cards
}

// reachable are the points of the customer itself, or of one of its contacts.
func reachable(points []customers.Point, contactID int64) []vcard.Property {
	names := map[customers.PointKind]string{customers.Phone: "TEL", customers.Email: "EMAIL", customers.Messenger: "IMPP", customers.Web: "URL"}
	var all []vcard.Property
	for _, p := range points {
		if contactID == 0 && p.ContactID != 0 {
			continue
		}
		if p.Extension != "" {
			p.Value += " ext. " + p.Extension
		}
		all = append(all, vcard.Text(names[p.Kind], p.Value))
	}
	return all
}

// born is a birthday, with or without its year.
func born(d clock.Day) vcard.Property {
	year, month, day := d.Parts()
	switch {
	case d == 0:
		return vcard.Text("BDAY", "")
	case year == 0:
		return vcard.Text("BDAY", fmt.Sprintf("--%02d%02d", month, day))
	}
	return vcard.Text("BDAY", fmt.Sprintf("%04d%02d%02d", year, month, day))
}
