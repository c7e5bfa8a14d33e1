package demo

import (
	"strings"
	"unicode/utf8"
)

// duplicate enters an earlier customer once more, the way it happens: by
// another person, with a slip of the pen, in Latin letters, or in short, and
// with only some of what is known.
func (g *Generator) duplicate(index int) Customer {
	c := g.Customer(g.originalOf(index))
	r := g.stream(forCard, index)
	l := g.landOf(&c)
	c.DuplicateOf, c.Index = c.Index, index
	c.Name = misspell(c.Name, c.Kind, l, &r)
	c.LegalName, c.Terms, c.Website, c.Dates, c.Custom = "", "", "", nil, Custom{Industry: c.Custom.Industry}
	c.RecommendedBy, c.Parent, c.size = -1, -1, small
	c.Owner, c.Team = g.owner(l, &r)
	c.Source = g.source(c.Kind, &r)
	c.ago = -g.backToWork(-1 - r.below(min(400, c.ago-1)))
	c.Since = g.day(-c.ago)
	c.Consent, c.DoNotContactBefore, c.Competitors, c.Tags = Consent{}, 0, nil, nil
	if !r.chance(250) {
		c.RegistrationID, c.VATID = "", ""
	}
	if len(c.Phones) > 1 {
		c.Phones = c.Phones[:1]
	}
	if len(c.Phones) == 0 || r.chance(250) {
		other, _ := g.phone(line{l, &l.cities[0], c.DuplicateOf, ofEach - 1}, "mobile", &r)
		c.Phones = []Phone{other}
	}
	if !r.chance(500) {
		c.Emails = nil
	}
	c.Contacts = c.Contacts[:min(1, len(c.Contacts))]
	return c
}

// misspell gives a name as a hurried colleague would have typed it.
func misspell(name string, kind Kind, l *land, r *rng) string {
	how := r.below(3)
	switch {
	case how == 0 && l.lang != "en":
		return latin(name, l.lang)
	case how == 1 && kind == Organisation && strings.ContainsAny(name, "„“«»”&,–"):
		short := strings.NewReplacer("„", "", "“", "", "«", "", "»", "", "”", "", ",", "", " –", "", "&", "and").Replace(name)
		return strings.Join(strings.Fields(short), " ")
	}
	return slip(name, r)
}

// slip swaps two neighbouring letters inside the name, or leaves one out.
func slip(name string, r *rng) string {
	letters := []rune(name)
	if utf8.RuneCountInString(name) < 5 {
		return name + "."
	}
	at := 1 + r.below(len(letters)-3)
	for letters[at] == ' ' || letters[at+1] == ' ' || letters[at] == letters[at+1] {
		at = at%(len(letters)-3) + 1
	}
	if r.chance(500) {
		letters[at], letters[at+1] = letters[at+1], letters[at]
		return string(letters)
	}
	return string(append(letters[:at], letters[at+1:]...))
}
