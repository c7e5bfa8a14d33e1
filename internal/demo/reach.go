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
	street := pick(r, l.streets)
	house := 1 + r.skewed(160)
	var space [96]byte
	out := space[:0]
	if l.code == "GB" {
		out = strconv.AppendInt(out, int64(house), 10)
		out = append(append(out, ' '), street...)
	} else {
		out = append(out, street...)
		out = append(out, houseMark[l.code]...)
		out = strconv.AppendInt(out, int64(house), 10)
		if r.chance(450) {
			out = append(out, roomMark[l.code][kindMark(kind)]...)
			out = strconv.AppendInt(out, int64(1+r.skewed(70)), 10)
		}
	}
	return Address{
		Kind: kind, Lines: []string{string(out)}, Postcode: postcode(l, here, r),
		City: here.name, Country: l.code,
	}
}

func kindMark(kind string) int {
	if kind == "home" {
		return 1
	}
	return 0
}

// What stands before the number of the house, and of the office or flat.
var (
	houseMark = map[string]string{"BG": " № ", "GE": " ", "PL": " ", "RU": ", д. "}
	roomMark  = map[string][2]string{
		"BG": {", офис ", ", ап. "}, "GE": {", ოფისი ", ", ბინა "},
		"PL": {" lok. ", "/"}, "RU": {", оф. ", ", кв. "},
	}
)

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

// phone is a number of the kind asked for; slot 0 is the customer's own, the
// others its contacts'. There is no valid British mobile number reserved for
// fiction: the first British customers get lines in their city instead, each
// its own, and their further contacts none.
func (g *Generator) phone(l *land, here *city, index, slot int, kind string, r *rng) (Phone, bool) {
	if l.code == "GB" {
		if n := g.plan.inLand(index)*ofEach + slot; n < reserved {
			if kind == "mobile" {
				kind = "office"
			}
			return Phone{kind, l.dial + here.phones[0][:7] + digits(uint64(n), 3)}, slot < ofEach
		}
	}
	if kind == "mobile" {
		return Phone{kind, l.dial + expand(pick(r, l.mobiles), r)}, true
	}
	return Phone{kind, l.dial + expand(here.phones[len(here.phones)-1], r)}, true
}

func (g *Generator) orgPhones(c *Customer, here *city, r *rng) []Phone {
	l := g.landOf(c)
	all := make([]Phone, 0, 2)
	if r.chance(760) {
		office, _ := g.phone(l, here, c.Index, 0, "office", r)
		all = append(all, office)
	}
	if len(all) == 0 || r.chance(300) {
		mobile, _ := g.phone(l, here, c.Index, 0, "mobile", r)
		if len(all) == 0 || all[0] != mobile {
			all = append(all, mobile)
		}
	}
	return all
}

func (g *Generator) ownPhones(c *Customer, here *city, r *rng) []Phone {
	l := g.landOf(c)
	all := make([]Phone, 0, 2)
	kind := "mobile"
	if l.code == "GB" && r.chance(500) {
		kind = "home"
	}
	mine, _ := g.phone(l, here, c.Index, 0, kind, r)
	if mine.Kind == "office" {
		mine.Kind = "home"
	}
	all = append(all, mine)
	if r.chance(60) {
		if home, _ := g.phone(l, here, c.Index, 0, "home", r); home != mine {
			all = append(all, home)
		}
	}
	return all
}
