package demo

import (
	"slices"
	"time"

	"kartoteka.dev/internal/platform/clock"
)

// Note is what one of our people wrote down about a talk.
type Note struct {
	At     clock.Instant
	Author int // index into Staff
	Text   string
}

// memory is how far back notes go, in days.
const memory = 3 * 365

// Notes are the notes of a customer of this generator, oldest first: five to
// forty where there is business, few or none elsewhere.
func (g *Generator) Notes(c *Customer) []Note {
	r := g.stream(forNotes, c.Index)
	past := min(memory, c.ago)
	n := min(noteCount(c, &r), 1+past/4)
	if n == 0 {
		return nil
	}
	offsets := make([]int, n)
	for i := range offsets {
		offsets[i] = g.backToWork(max(-past, -1-r.below(past)))
		if offsets[i] < -c.ago {
			offsets[i] = -c.ago
		}
	}
	if c.ago <= memory {
		offsets[0] = -c.ago
	}
	slices.Sort(offsets)
	return g.story(c, offsets, &r)
}

func noteCount(c *Customer, r *rng) int {
	switch {
	case c.DuplicateOf >= 0:
		return r.below(3)
	case c.size == large:
		return r.between(20, 40)
	case c.size == medium:
		return r.between(8, 24)
	case c.Kind == Private:
		return r.skewed(9)
	case r.chance(420):
		return r.between(5, 12)
	}
	return r.below(4)
}

// story writes the notes so that they follow from one another: a product is
// asked for, offered, ordered, delivered, paid and looked after.
func (g *Generator) story(c *Customer, offsets []int, r *rng) []Note {
	notes := make([]Note, len(offsets))
	about := offer
	if c.ago <= memory {
		about = first
	}
	thing := g.thing(c, r)
	for i, offset := range offsets {
		author := c.Owner
		if r.chance(170) {
			author = g.mate(c.Owner, r)
		}
		s := g.scene(c, author, offset, r)
		s.choose(thing)
		notes[i] = Note{At: g.moment(author, offset, r), Author: author, Text: s.text(c.Kind, about)}
		about = pick(r, following[about])
		if about == offer && r.chance(600) || about == visit {
			thing = g.thing(c, r)
		}
	}
	slices.SortStableFunc(notes, func(a, b Note) int { return int(a.At/1e6 - b.At/1e6) })
	return notes
}

// thing is the number of the product a talk is about.
func (g *Generator) thing(c *Customer, r *rng) int {
	if c.Kind == Private {
		return pick(r, homeProducts)
	}
	return r.below(len(g.lands[0].products))
}

func (s *scene) choose(thing int) {
	all := s.products(s.g)
	s.product, s.other = all[thing], all[(thing+1+s.rng.below(len(all)-1))%len(all)]
}

// moment is a time of the author's working day.
func (g *Generator) moment(author, offset int, r *rng) clock.Instant {
	y, m, d := g.day(offset).Parts()
	at := time.Date(y, m, d, 9, r.below(8*60), r.below(60), 0, g.staff[author].zone)
	return clock.InstantOf(at)
}

// scene sets who speaks and in what language: the customer's where it is the
// author's too, else, and for one in nine, English, which all our offices read.
func (g *Generator) scene(c *Customer, author, offset int, r *rng) scene {
	l := g.landOf(c)
	t := l.talk
	if g.staff[author].Language != l.lang || r.chance(110) {
		t = g.talkIn("en")
	}
	s := scene{talk: t, currency: l.currency, offset: offset, rng: r, g: g, scale: 1 + 3*int(c.size)}
	s.competitor = pick(r, l.competitors)
	if len(c.Competitors) > 0 {
		s.competitor = c.Competitors[0]
	}
	s.who = s.counterpart(c, l, r)
	s.colleague = g.nameIn(g.colleague(author, r), t.lang)
	if script(t.lang) != script(l.lang) {
		s.competitor = latin(s.competitor, l.lang)
	}
	return s
}

func (g *Generator) talkIn(lang string) *talk {
	for _, l := range g.lands {
		if l.lang == lang {
			return l.talk
		}
	}
	return g.lands[0].talk
}

// counterpart is the person at the customer's side, as the note names them.
func (s *scene) counterpart(c *Customer, l *land, r *rng) string {
	spoken, romanised := c.spoken, c.site
	if len(c.Contacts) > 0 {
		p := &c.Contacts[min(r.skewed(len(c.Contacts)), len(c.Contacts)-1)]
		spoken, romanised = p.spoken, p.latin
	}
	switch {
	case spoken == "":
		return pick(r, s.talk.someone)
	case s.talk.lang == l.lang:
		return spoken
	}
	return spokenLatin(romanised)
}

// products are the product names in the language of the talk.
func (s *scene) products(g *Generator) []product {
	for _, l := range g.lands {
		if l.talk == s.talk {
			return l.products
		}
	}
	return nil
}

// mate is somebody of the same office, for lack of one the person itself.
func (g *Generator) mate(author int, r *rng) int {
	from := r.below(len(g.staff))
	for i := range g.staff {
		other := (from + i) % len(g.staff)
		if other != author && g.staff[other].Team == g.staff[author].Team {
			return other
		}
	}
	return author
}

// colleague is somebody else: of the same office where there is one, else of
// the head office.
func (g *Generator) colleague(author int, r *rng) int {
	if other := g.mate(author, r); other != author {
		return other
	}
	return g.mate(0, r)
}

// nameIn writes a colleague's name for readers of a language: as it is where
// the script is theirs, else in Latin letters.
func (g *Generator) nameIn(who int, lang string) string {
	p := &g.staff[who]
	if script(p.Language) == script(lang) {
		return p.Name
	}
	return p.latin
}

func script(lang string) string {
	switch lang {
	case "bg", "ru":
		return "Cyrillic"
	case "ka":
		return "Georgian"
	}
	return "Latin"
}

// Talks that begin with how they came about, and those with further details.
var (
	opened   = map[topic]bool{first: true, offer: true, order: true, payment: true, competition: true, complaint: true}
	detailed = map[topic]bool{first: true, visit: true, offer: true, order: true}
)

// text composes a note; one in seventy about an organisation is a whole record
// of a meeting.
func (s *scene) text(kind Kind, about topic) string {
	r := s.rng
	var space [640]byte
	out := space[:0]
	body, details, closing := s.talk.sentences[about], 0, 560
	switch {
	case kind == Private:
		body, closing = s.talk.private, 400
	case r.chance(14):
		return string(s.record(out))
	case about == courtesy && s.g.day(s.offset)/100%100 == 12:
		body = s.talk.season
	case detailed[about] && r.chance(600):
		details = 1 + r.below(5)/4
	}
	switch {
	case kind == Private && r.chance(450):
		out = s.say(out, s.talk.open[0])
	case kind == Organisation && opened[about] && r.chance(520):
		out = s.say(out, pick(r, s.talk.open))
	}
	out = s.say(out, pick(r, body))
	from := r.below(len(s.talk.detail))
	for i := range details {
		out = s.say(out, s.talk.detail[(from+i)%len(s.talk.detail)])
	}
	if r.chance(closing) {
		out = s.say(out, pick(r, s.talk.close))
	}
	return string(out)
}

// record is the minutes of a meeting, with remarks under some points.
func (s *scene) record(out []byte) []byte {
	from := s.rng.below(len(s.talk.detail))
	for i, line := range s.talk.minutes {
		if i > 0 {
			out = append(out, '\n')
		}
		out = s.say(out, line)
		if i > 0 && s.rng.chance(500) {
			out = s.say(out, s.talk.detail[(from+i)%len(s.talk.detail)])
		}
	}
	return out
}
