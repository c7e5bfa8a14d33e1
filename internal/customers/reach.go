package customers

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/phone"
)

// maxEach is how many points, addresses, contacts, tags or dates a customer
// can have of each.
const maxEach = 500

// tidy brings a point to the form that is kept; country is where numbers
// without a code are dialled from. The text id says what is wrong, "" if
// nothing is.
func (p *Point) tidy(country string) (textID string, args []any) {
	p.Value, p.Label, p.Extension = trim(p.Value), trim(p.Label), fold.Digits(p.Extension)
	if p.Value == "" {
		return "errors.field-missing", nil
	}
	if len([]rune(p.Value)) > MaxShort || len([]rune(p.Label)) > MaxShort || len(p.Extension) > 10 {
		return "errors.field-too-long", []any{"Max", MaxShort}
	}
	switch p.Kind {
	case Phone:
		n, err := phone.Parse(p.Value, country)
		if err != nil {
			return "errors.field-not-a-phone", []any{"Example", phone.Example(country)}
		}
		p.Value = n.E164
		if n.Ext != "" {
			p.Extension = n.Ext
		}
		return "", nil
	case Email:
		value, ok := normalEmail(p.Value)
		p.Value = value
		if !ok {
			return "errors.field-not-an-email", nil
		}
	case Web:
		p.Value = tidyLink(p.Value)
		if !validLink(p.Value) {
			return "errors.field-not-a-link", nil
		}
	case Messenger:
	default:
		return "errors.field-not-chosen", nil
	}
	p.Extension = ""
	return "", nil
}

// normalEmail brings an address to the form that is kept and compared: no
// name, lower case, the domain in its international spelling.
func normalEmail(s string) (string, bool) {
	a, err := mail.ParseAddress(strings.TrimPrefix(s, "mailto:"))
	if err != nil || len(a.Address) > 254 {
		return s, false
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	if at := strings.LastIndex(a.Address, "@"); at > 0 {
		local, domain = a.Address[:at], a.Address[at+1:]
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(ascii, ".") || strings.ContainsAny(local, "\" ") {
		return s, false
	}
	if domain, err = idna.Lookup.ToUnicode(ascii); err != nil {
		return s, false
	}
	return strings.ToLower(local) + "@" + domain, true
}

// key is what points are found and compared by: the digits of a phone, an
// address in lower case.
func (p Point) key() string {
	if p.Kind == Phone {
		return fold.Digits(p.Value)
	}
	return strings.ToLower(p.Value)
}

// tidyPoints brings points to their form, leaves out the ones that repeat, and
// sees to one main phone and one main e-mail at most.
func tidyPoints(points []Point, country, field string, bad *problems) []Point {
	tidy := make([]Point, 0, len(points))
	for i, p := range points {
		if textID, args := p.tidy(country); textID != "" {
			bad.add(indexed(field, i), textID, args...)
			continue
		}
		tidy = append(tidy, p)
	}
	return uniquePoints(tidy, field, bad)
}

// uniquePoints keeps one of each point, and one main point of each kind.
func uniquePoints(points []Point, field string, bad *problems) []Point {
	kept := make([]Point, 0, len(points))
	seen := map[string]bool{}
	main := map[PointKind]bool{}
	for _, p := range points {
		id := string(p.Kind) + p.key() + "/" + p.Extension
		if seen[id] {
			continue
		}
		seen[id] = true
		p.Main = p.Main && !main[p.Kind]
		main[p.Kind] = main[p.Kind] || p.Main
		kept = append(kept, p)
	}
	if len(kept) > maxEach {
		bad.add(field, "customers.error.too-many", "Max", maxEach)
	}
	return kept
}

func (a *Address) tidy() {
	for _, line := range []*string{&a.Label, &a.City, &a.Region, &a.Postcode} {
		*line = trim(*line)
	}
	a.Street = trimLong(a.Street)
	a.Country = tidyCountry(a.Country)
}

func (a *Address) blank() bool {
	return a.Street == "" && a.City == "" && a.Region == "" && a.Postcode == ""
}

func (a *Address) check(field string, bad *problems) {
	bad.when(a.blank(), field, "customers.error.address-empty")
	bad.short(field, a.Label, a.City, a.Region, a.Postcode)
	bad.limit(field, 1000, a.Street)
	bad.when(a.Country != "" && !ValidCountry(a.Country), field+".country", "errors.field-not-chosen")
}

func (c *Contact) tidy() {
	for _, line := range []*string{&c.Name, &c.Position, &c.AddressForm} {
		*line = trim(*line)
	}
	c.Style, c.Mood = trimLong(c.Style), trimLong(c.Mood)
	c.Language = strings.ToLower(trim(c.Language))
}

func (c *Contact) check(field string, bad *problems) {
	bad.when(c.Name == "", field+".name", "customers.error.contact-name-missing")
	bad.limit(field+".name", MaxName, c.Name)
	bad.short(field+".position", c.Position)
	bad.short(field+".address_form", c.AddressForm)
	bad.limit(field+".style", MaxLong, c.Style)
	bad.limit(field+".mood", MaxLong, c.Mood)
	bad.when(c.Language != "" && !validLanguage(c.Language), field+".language", "errors.field-not-chosen")
	bad.when(c.Birthday != 0 && !validDay(c.Birthday), field+".birthday", "customers.error.day-wrong")
}

func (d *ImportantDate) check(field string, bad *problems) {
	d.Label = trim(d.Label)
	bad.when(d.Label == "", field+".label", "errors.field-missing")
	bad.short(field+".label", d.Label)
	bad.when(!validDay(d.Day), field+".day", "customers.error.day-wrong")
	d.Yearly = d.Yearly || d.Day > 0 && d.Day < 10000 // a day without a year comes every year
}

// tidyTags brings the names of tags to their form, each once.
func tidyTags(names []string, bad *problems) []string {
	var kept []string
	seen := map[string]bool{}
	for _, name := range names {
		name = trim(name)
		key := fold.Key(name)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		if len([]rune(name)) > 60 {
			bad.add("tags", "errors.field-too-long", "Max", 60)
		}
		kept = append(kept, name)
	}
	if len(kept) > maxEach {
		bad.add("tags", "customers.error.too-many", "Max", maxEach)
	}
	return kept
}
