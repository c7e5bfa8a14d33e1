package demo

import "strconv"

// addresses of an organisation: its office, and for some a delivery address.
func (g *Generator) addresses(c *Customer, here *city, r *rng) []Address {
	l := g.landOf(c)
	if r.chance(40) {
		return nil
	}
	all := []Address{g.address(l, here, "office", r)}
	if r.chance(60 + 150*int(c.size)) {
		all = append(all, g.address(l, here, "delivery", r))
	}
	return all
}

func (g *Generator) address(l *land, here *city, kind string, r *rng) Address {
	form := 0
	if r.chance(450) {
		form = 1
		if kind == "home" {
			form = 2
		}
	}
	street := render(l.house[form], []filled{
		{slot: "street", text: pick(r, l.streets)},
		{slot: "house", text: strconv.Itoa(1 + r.skewed(160))},
		{slot: "room", text: strconv.Itoa(1 + r.skewed(70))},
	})
	return Address{
		Kind: kind, Lines: []string{street}, Postcode: postcode(l, here, r),
		City: here.name, Country: l.code,
	}
}

func postcode(l *land, here *city, r *rng) string {
	code := expand(pick(r, here.postcodes), r)
	if l.code != "GB" {
		return code
	}
	const letters = "ABDEFGHJLNPQRSTUWXYZ"
	return code + " " + string([]byte{
		byte('0' + r.below(10)), letters[r.below(len(letters))], letters[r.below(len(letters))],
	})
}

// expand replaces each # by a digit.
func expand(pattern string, r *rng) string {
	var space [24]byte
	out := append(space[:0], pattern...)
	for i := range out {
		if out[i] == '#' {
			out[i] = byte('0' + r.below(10))
		}
	}
	return string(out)
}

// A British range for fiction holds a thousand numbers, of which each customer
// may take four: its own and three contacts'.
const (
	reserved = 1000
	ofEach   = 4
)

// line is whose telephone it is: slot 0 is the customer's own, the others its
// contacts'.
type line struct {
	land  *land
	city  *city
	index int // of the customer
	slot  int
}

// phone is a number of the kind asked for, if there is one. There is no valid British mobile number reserved for
// fiction: the first British customers get lines in their city instead, each
// its own, and their further contacts none.
func (g *Generator) phone(of line, kind string, r *rng) (Phone, bool) {
	l, here := of.land, of.city
	if l.code == "GB" {
		if n := g.plan.inLand(of.index)*ofEach + of.slot; n < reserved {
			if kind == "mobile" {
				kind = "office"
			}
			return Phone{kind, l.dial + here.phones[0][:7] + digits(uint64(n), 3)}, of.slot < ofEach
		}
	}
	if kind == "mobile" {
		return Phone{kind, l.dial + expand(pick(r, l.mobiles), r)}, true
	}
	return Phone{kind, l.dial + expand(here.phones[len(here.phones)-1], r)}, true
}

func (g *Generator) orgPhones(c *Customer, here *city, r *rng) []Phone {
	own := line{land: g.landOf(c), city: here, index: c.Index}
	all := make([]Phone, 0, 2)
	if r.chance(760) {
		office, _ := g.phone(own, "office", r)
		all = append(all, office)
	}
	if len(all) == 0 || r.chance(300) {
		mobile, _ := g.phone(own, "mobile", r)
		if len(all) == 0 || all[0] != mobile {
			all = append(all, mobile)
		}
	}
	return all
}

func (g *Generator) ownPhones(c *Customer, here *city, r *rng) []Phone {
	own := line{land: g.landOf(c), city: here, index: c.Index}
	all := make([]Phone, 0, 2)
	kind := "mobile"
	if own.land.code == "GB" && r.chance(500) {
		kind = "home"
	}
	mine, _ := g.phone(own, kind, r)
	if mine.Kind == "office" {
		mine.Kind = "home"
	}
	all = append(all, mine)
	if r.chance(60) {
		if home, _ := g.phone(own, "home", r); home != mine {
			all = append(all, home)
		}
	}
	return all
}
