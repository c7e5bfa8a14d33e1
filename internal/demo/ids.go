package demo

import "strconv"

// Identifiers with correct check digits; seq spreads over the number range,
// so that different customers get different ones.

// eik is a Bulgarian company number: nine digits.
func eik(seq uint64) string {
	d := digits(10000000+shuffled(seq, 89999999, 1), 8)
	sum := weigh(d, 1, 2, 3, 4, 5, 6, 7, 8) % 11
	if sum == 10 {
		sum = weigh(d, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
	}
	return d + digits(uint64(sum), 1)
}

// nip is a Polish tax number: ten digits. A number whose check would be ten
// does not exist; the next one is taken.
func nip(seq uint64) string {
	for n := 510000000 + shuffled(seq, 480000000, 2); ; n++ {
		d := digits(n, 9)
		if sum := weigh(d, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11; sum < 10 {
			return d + digits(uint64(sum), 1)
		}
	}
}

// regon is a Polish statistical number: nine digits.
func regon(seq uint64) string {
	d := digits(10000000+shuffled(seq, 89999999, 3), 8)
	return d + digits(uint64(weigh(d, 8, 9, 2, 3, 4, 5, 6, 7)%11%10), 1)
}

// inn is the tax number of a Russian firm: ten digits, or twelve for a person.
func inn(seq uint64, person bool) string {
	if !person {
		d := digits(770000000+shuffled(seq, 29999999, 4), 9)
		return d + digits(uint64(weigh(d, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10), 1)
	}
	d := digits(5000000000+shuffled(seq, 2999999999, 5), 10)
	d += digits(uint64(weigh(d, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10), 1)
	return d + digits(uint64(weigh(d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10), 1)
}

// ogrn is the state number of a Russian firm: thirteen digits, or fifteen
// (OGRNIP) for a person.
func ogrn(seq uint64, person bool) string {
	if !person {
		n := 102_000000000 + shuffled(seq, 20_000000000, 6)
		return digits(n, 12) + digits(n%11%10, 1)
	}
	n := 304_00000000000 + shuffled(seq, 19_00000000000, 7)
	return digits(n, 14) + digits(n%13%10, 1)
}

// georgian number: nine digits, 2… or 4….
func georgianNumber(seq uint64) string {
	n := shuffled(seq, 20000000, 8)
	if n < 14000000 {
		return digits(400000000+n, 9)
	}
	return digits(200000000+n, 9)
}

// companiesHouse is a British company number: eight characters; partnerships
// begin with OC.
func companiesHouse(seq uint64, partnership bool) string {
	n := shuffled(seq, 900000, 9)
	if partnership {
		return "OC" + digits(300000+n%99999, 6)
	}
	return digits(3000000+n*11, 8)
}

// britishVAT is a VAT number: GB and nine digits, the last two making the
// weighted sum a multiple of 97.
func britishVAT(seq uint64) string {
	d := digits(1000000+shuffled(seq, 8999999, 10), 7)
	return "GB" + d + digits(uint64(97-weigh(d, 8, 7, 6, 5, 4, 3, 2)%97), 2)
}

func weigh(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return sum
}

// digits writes n with leading zeros.
func digits(n uint64, width int) string {
	var space [20]byte
	out := strconv.AppendUint(space[:0], n, 10)
	if len(out) >= width {
		return string(out)
	}
	const zeros = "00000000000000000000"
	return zeros[:width-len(out)] + string(out)
}

// register gives an organisation its registration and VAT numbers.
func (c *Customer) register(seq uint64, sole, vat bool) {
	switch c.Country {
	case "BG":
		c.RegistrationID = eik(seq)
		if vat {
			c.VATID = "BG" + c.RegistrationID
		}
	case "PL":
		c.RegistrationID = regon(seq)
		c.VATID = "PL" + nip(seq)
	case "RU":
		c.RegistrationID, c.VATID = ogrn(seq, sole), inn(seq, sole)
	case "GE":
		if !sole {
			c.RegistrationID = georgianNumber(seq)
		}
		if vat {
			c.VATID = c.RegistrationID
		}
	case "GB":
		if !sole {
			c.RegistrationID = companiesHouse(seq, len(c.LegalName) > 4 && c.LegalName[len(c.LegalName)-4:] == " LLP")
		}
		if vat {
			c.VATID = britishVAT(seq)
		}
	}
}
