package demo

import (
	"strings"

	"kartoteka.dev/internal/platform/clock"
)

// human is a person's name in all the shapes that are derived from it.
type human struct {
	name, slug        string // "Ива Панова", "iva.panova"
	spoken, addressed string
	sex               int
}

// The sexes, as indexes into pairs of forms.
const (
	man = iota
	woman
)

func (l *land) human(r *rng) human {
	first, sex := l.men, man
	if r.chance(480) {
		first, sex = l.women, woman
	}
	father := l.fathers[r.below(len(l.fathers))][sex]
	return l.called(pick(r, l.fullnames), sex, &first[r.below(len(first))], &l.surnames[r.below(len(l.surnames))], father)
}

// called makes a person of a name's parts; full is how they are put together.
func (l *land) called(full string, sex int, first *word, last *surname, father string) human {
	values := [4]string{first.text, last.forms[sex], father, first.extra}
	return human{
		name: fillName(full, values), slug: first.slug + "." + last.slugs[sex], sex: sex,
		spoken: fillName(l.spoken[sex], values), addressed: fillName(l.addressed[sex], values),
	}
}

var nameSlots = [4]string{"{first}", "{last}", "{patronymic}", "{extra}"}

func fillName(format string, values [4]string) string {
	var space [96]byte
	out := space[:0]
	for format != "" {
		if format[0] != '{' {
			next := strings.IndexByte(format, '{')
			if next < 0 {
				next = len(format)
			}
			out = append(out, format[:next]...)
			format = format[next:]
			continue
		}
		for i, slot := range nameSlots {
			if rest, ok := strings.CutPrefix(format, slot); ok {
				out = append(out, values[i]...)
				format = rest
				break
			}
		}
	}
	return string(out)
}

// spokenLatin is a person's name in a note written in English or Polish about
// somebody of another script: "Mariya Petrova".
func spokenLatin(slug string) string {
	first, last, _ := strings.Cut(slug, ".")
	return capital(first) + " " + capital(last)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// person makes a private customer.
func (g *Generator) person(index int) Customer {
	r := g.stream(forCard, index)
	c := g.start(index, Private, &r)
	c.size = small
	l := g.landOf(&c)
	h := l.human(&r)
	c.Name, c.FormOfAddress, c.spoken, c.site = h.name, h.addressed, h.spoken, h.slug
	here := &l.cities[l.cityShare.pick(&r)]
	c.City, c.TimeZone = here.name, here.zone
	if r.chance(880) {
		c.Addresses = []Address{g.address(l, here, "home", &r)}
	}
	if !r.chance(60) {
		c.Phones = g.ownPhones(&c, here, &r)
	}
	if r.chance(780) {
		c.Emails = []string{g.mailbox(h, &r)}
	}
	if r.chance(450) {
		c.Dates = []Date{{"birthday", g.birthday(&r)}}
	}
	if r.chance(180) {
		c.Custom.DeliveryNotes = pick(&r, l.doorstep)
	}
	c.Custom.LoyaltyCard = r.chance(420)
	return c
}

// mailbox is a private person's address: on domains reserved for examples.
func (g *Generator) mailbox(h human, r *rng) string {
	name := h.slug
	switch r.below(10) {
	case 0, 1, 2, 3:
		name += digits(uint64(r.between(58, 99)), 2)
	case 4, 5:
		name = strings.Replace(name, ".", "_", 1) + digits(uint64(r.below(1000)), 1)
	}
	return name + pick(r, hosts)
}

var hosts = []string{"@example.com", "@example.net", "@example.org", "@mail.example", "@post.example", "@inbox.example"}

// birthday of a grown-up: 19 to 78 years ago.
func (g *Generator) birthday(r *rng) clock.Day {
	return g.day(-7000 - r.below(11000) - r.below(10500))
}

// contacts are the people of an organisation: one or two at a small one, many
// at a large one.
func (g *Generator) contacts(c *Customer, here *city, r *rng) []Contact {
	l := g.landOf(c)
	n := 0
	switch {
	case c.Index%blockSize == bigOffice:
		n = 40
	case c.size == large:
		n = r.between(3, 9)
	case c.size == medium:
		n = r.between(1, 4)
	case !r.chance(180):
		n = 1 + r.skewed(3)
	}
	if n == 0 {
		return nil
	}
	people := make([]Contact, n)
	for i := range people {
		rank := 0
		switch {
		case i > 0:
			rank = 1 + r.below(len(l.positions)-1)
		case c.size == small:
			rank = r.below(2)
		}
		people[i] = g.contact(c, l.human(r), rank, r)
		g.reach(&people[i], c, here, i+1, r)
	}
	return people
}

// contact is a person at an organisation in position rank of the country's
// list: 0 runs it, 1 owns it.
func (g *Generator) contact(c *Customer, h human, rank int, r *rng) Contact {
	l := g.landOf(c)
	p := Contact{
		Name: h.name, FormOfAddress: h.addressed, Position: at(l.positions[rank], h.sex),
		spoken: h.spoken, latin: h.slug,
	}
	if r.chance(280) {
		p.Birthday = g.birthday(r)
	}
	if r.chance(300) {
		p.Style = pick(r, l.style)
	}
	return p
}

// reach gives a contact of an organisation a telephone, in its slot, and mail.
func (g *Generator) reach(p *Contact, c *Customer, here *city, slot int, r *rng) {
	if r.chance(720) {
		if phone, ok := g.phone(line{g.landOf(c), here, c.Index, slot}, "mobile", r); ok {
			p.Phones = []Phone{phone}
		}
	}
	if r.chance(700) {
		p.Emails = []string{p.latin + "@" + c.site + ".example"}
	}
}
