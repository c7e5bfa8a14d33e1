package tabular

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/vcard"
)

// cardValues reads a card into values by field of cardFields. The row is about
// the organisation if the card names one: the person is then its contact, and
// phones, e-mails and birthday are theirs.
func cardValues(card vcard.Card) map[string][]string {
	c := cardReading{by: map[string][]vcard.Property{}, out: map[string][]string{}}
	for _, p := range card.Properties {
		c.by[p.Name] = append(c.by[p.Name], p)
	}
	c.names()
	c.reach()
	c.addresses()
	c.rest()
	return c.out
}

// cardReading is one card being read.
type cardReading struct {
	by      map[string][]vcard.Property // by name
	out     map[string][]string
	contact bool // the card is of a person at an organisation
	subject bool // it has a name at all
}

// put adds a value that is not blank and not there yet.
func (c *cardReading) put(field, value string) {
	if value = strings.TrimSpace(value); value != "" && !slices.Contains(c.out[field], value) {
		c.out[field] = append(c.out[field], value)
	}
}

// putOwn adds a value of the person: to the contact's field if there is an
// organisation.
func (c *cardReading) putOwn(field, contact, value string) {
	if c.contact {
		field = contact
	}
	c.put(field, value)
}

// text is the first value of a property that is not blank, the preferred ones
// first.
func (c *cardReading) text(name string) string {
	for _, p := range c.sorted(name) {
		if text := p.Text(); text != "" {
			return text
		}
	}
	return ""
}

// sorted are the properties of a name, the preferred ones first.
func (c *cardReading) sorted(name string) []vcard.Property {
	all := slices.Clone(c.by[name])
	slices.SortStableFunc(all, func(a, b vcard.Property) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// rank orders properties: by preference, and faxes behind all phones.
func rank(p vcard.Property) int {
	n := p.Preference()
	if p.Is("FAX") || p.Is("PAGER") || p.Is("MODEM") {
		n += 1000
	}
	return n
}

// names finds out who the card is about.
func (c *cardReading) names() {
	person := c.text("FN")
	if person == "" {
		person = c.structuredName()
	}
	var units []string
	for _, p := range c.sorted("ORG") {
		if units = p.Parts(';'); units[0] != "" {
			break
		}
	}
	company := ""
	if len(units) > 0 {
		company = units[0]
		c.put("Department", strings.Join(slices.DeleteFunc(units[1:], func(s string) bool { return s == "" }), ", "))
	}
	if person == "" && company == "" {
		person = c.text("NICKNAME")
	}
	c.subject = person != "" || company != ""
	kind := strings.ToLower(c.text("KIND"))
	isCompany := kind == "org" || strings.EqualFold(c.text("X-ABSHOWAS"), "COMPANY") || person == "" ||
		company != "" && kind != "individual" && strings.EqualFold(person, company)
	c.contact = c.subject && !isCompany && company != ""
	switch {
	case !c.subject:
		return
	case c.contact:
		c.put("Name", company)
		c.put("Contact name", person)
	case isCompany && company != "":
		c.put("Name", company)
		if !strings.EqualFold(person, company) && c.structuredName() != "" {
			c.put("Contact name", person)
		}
	default:
		c.put("Name", person)
	}
	if isCompany || c.contact {
		c.put("Kind", "organisation")
	} else {
		c.put("Kind", "person")
	}
	if c.put("Contact position", c.text("TITLE")); len(c.out["Contact position"]) == 0 {
		c.put("Contact position", c.text("ROLE"))
	}
}

// structuredName puts N together: prefix, given, middle, family, suffix.
func (c *cardReading) structuredName() string {
	for _, p := range c.sorted("N") {
		parts := p.Parts(';')
		var words []string
		for _, i := range []int{3, 1, 2, 0, 4} {
			if i < len(parts) && parts[i] != "" {
				words = append(words, parts[i])
			}
		}
		if len(words) > 0 {
			return strings.Join(words, " ")
		}
	}
	return ""
}

// messengers are the properties of messengers, and what they are called.
var messengers = []struct{ name, label string }{
	{"X-TELEGRAM", "telegram"},
	{"X-WHATSAPP", "whatsapp"},
	{"X-VIBER", "viber"},
	{"X-SKYPE", "skype"},
	{"X-SKYPE-USERNAME", "skype"},
	{"X-JABBER", "xmpp"},
	{"X-ICQ", "icq"},
}

// reach reads phones, e-mails, messengers and web pages.
func (c *cardReading) reach() {
	for _, p := range c.sorted("TEL") {
		c.putOwn("Phone", "Contact phone", phoneText(p.Text()))
	}
	for _, p := range c.sorted("EMAIL") {
		address := p.Text()
		if len(address) > 7 && strings.EqualFold(address[:7], "mailto:") {
			address = address[7:]
		}
		c.putOwn("Email", "Contact email", address)
	}
	for _, p := range c.sorted("IMPP") {
		c.put("Messenger", p.Text())
	}
	for _, m := range messengers {
		for _, p := range c.sorted(m.name) {
			if text := p.Text(); text != "" {
				c.put("Messenger", m.label+":"+text)
			}
		}
	}
	for _, p := range c.sorted("URL") {
		c.put("Website", strings.TrimSuffix(p.Text(), "/"))
	}
}

// phoneText is a number as people write it: tel:+359-2-1;ext=5 is the form of
// version 4.0.
func phoneText(s string) string {
	if len(s) < 4 || !strings.EqualFold(s[:4], "tel:") {
		return s
	}
	number, more, _ := strings.Cut(s[4:], ";")
	if plain, err := url.PathUnescape(number); err == nil {
		number = strings.ToValidUTF8(plain, "\uFFFD")
	}
	for param := range strings.SplitSeq(more, ";") {
		if ext, ok := strings.CutPrefix(strings.ToLower(param), "ext="); ok && ext != "" {
			number += " ext. " + ext
		}
	}
	return number
}

// addresses reads the first address into columns of its own, and the others
// into one line each.
func (c *cardReading) addresses() {
	all := c.sorted("ADR")
	for _, p := range all {
		parts := p.Parts(';')
		for len(parts) < 7 {
			parts = append(parts, "")
		}
		street := oneLine(parts[2], parts[1], parts[0]) // street, flat, box
		whole := oneLine(street, strings.TrimSpace(parts[5]+" "+parts[3]), parts[4], parts[6])
		switch {
		case whole == "":
		case len(c.out["Street"])+len(c.out["City"])+len(c.out["Region"])+len(c.out["Postcode"])+len(c.out["Country"]) > 0:
			c.put("Other address", whole)
		default:
			c.put("Street", street)
			c.put("City", oneLine(parts[3]))
			c.put("Region", oneLine(parts[4]))
			c.put("Postcode", oneLine(parts[5]))
			c.put("Country", oneLine(parts[6]))
		}
	}
	if len(all) > 0 {
		return
	}
	for _, p := range c.sorted("LABEL") {
		c.put("Other address", oneLine(strings.Split(p.Text(), "\n")...))
	}
}

// oneLine joins what is not blank.
func oneLine(parts ...string) string {
	var all []string
	for _, part := range parts {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			all = append(all, part)
		}
	}
	return strings.Join(all, ", ")
}

// rest reads what else the table has.
func (c *cardReading) rest() {
	for _, p := range c.sorted("BDAY") {
		c.putOwn("Birthday", "Contact birthday", cardDay(p.Text()))
	}
	c.put("Language", c.text("LANG"))
	if zone := c.text("TZ"); strings.Contains(zone, "/") && !strings.Contains(zone, " ") { // Europe/Sofia; an offset is no zone
		c.put("Time zone", zone)
	}
	for _, p := range c.sorted("CATEGORIES") {
		for _, tag := range p.Parts(',') {
			c.put("Tags", tag)
		}
	}
	if !c.contact { // the id is the person's, not the organisation's
		c.put("External id", strings.TrimPrefix(c.text("UID"), "urn:uuid:"))
	}
	for _, p := range c.sorted("NOTE") {
		c.put("Note", p.Text())
	}
}

// cardDay reads a birthday: 1985-04-12, 19850412, --0412 (no year; given as
// 0000-04-12), any of them with a time behind it. What has no day is left out.
func cardDay(s string) string {
	s, _, _ = strings.Cut(s, "T")
	digits := strings.ReplaceAll(s, "-", "")
	switch {
	case strings.HasPrefix(s, "--") && len(digits) == 4 && !strings.HasPrefix(s, "---"):
		digits = "0000" + digits
	case len(digits) != 8 || strings.HasPrefix(s, "-"):
		if day, how := ParseDate(s, Ambiguous); how == Certain {
			return day.String()
		}
		return ""
	}
	year, rest := digits[:4], digits[4:6]+"-"+digits[6:]
	probe := year
	if year == "0000" || year == "1604" { // a leap year stands for no year
		year, probe = "0000", "2000"
	}
	if _, err := clock.ParseDay(probe + "-" + rest); err != nil {
		return ""
	}
	return year + "-" + rest
}
