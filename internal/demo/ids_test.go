package demo

import "testing"

// The checks, written from the definitions, not from the generator: the
// weighted sum with the check digit must come out even.

func validEIK(s string) bool {
	if len(s) != 9 {
		return false
	}
	a, b := 0, 0
	for i := range 8 {
		a += int(s[i]-'0') * (i + 1)
		b += int(s[i]-'0') * (i + 3)
	}
	check := a % 11
	if check == 10 {
		check = b % 11
	}
	return check%10 == int(s[8]-'0')
}

func validNIP(s string) bool {
	return len(s) == 10 && dot(s, "6 5 7 2 3 4 5 6 7")%11 == int(s[9]-'0')
}

func validREGON(s string) bool {
	return len(s) == 9 && dot(s, "8 9 2 3 4 5 6 7")%11%10 == int(s[8]-'0')
}

func validINN(s string) bool {
	switch len(s) {
	case 10:
		return dot(s, "2 4 10 3 5 9 4 6 8")%11%10 == int(s[9]-'0')
	case 12:
		return dot(s, "7 2 4 10 3 5 9 4 6 8")%11%10 == int(s[10]-'0') &&
			dot(s, "3 7 2 4 10 3 5 9 4 6 8")%11%10 == int(s[11]-'0')
	}
	return false
}

func validOGRN(s string) bool {
	divisor := 11
	if len(s) == 15 {
		divisor = 13
	} else if len(s) != 13 {
		return false
	}
	rest := 0
	for i := range len(s) - 1 {
		rest = (rest*10 + int(s[i]-'0')) % divisor
	}
	return rest%10 == int(s[len(s)-1]-'0')
}

func validBritishVAT(s string) bool {
	if len(s) != 11 || s[:2] != "GB" {
		return false
	}
	s = s[2:]
	return (dot(s, "8 7 6 5 4 3 2")+int(s[7]-'0')*10+int(s[8]-'0'))%97 == 0
}

func dot(s, weights string) int {
	sum, weight, i := 0, 0, 0
	for _, r := range weights + " " {
		if r != ' ' {
			weight = weight*10 + int(r-'0')
			continue
		}
		sum += weight * int(s[i]-'0')
		weight, i = 0, i+1
	}
	return sum
}

// Published sample numbers, so that the checks themselves are checked.
func TestChecksAcceptSampleNumbers(t *testing.T) {
	for name, ok := range map[string]bool{
		"EIK": validEIK("175074752"), "NIP": validNIP("1234563218"), "REGON": validREGON("123456785"),
		"INN of a firm": validINN("7707083893"), "INN of a person": validINN("500100732259"),
		"OGRN": validOGRN("1027700132195"), "VAT": validBritishVAT("GB980780684"),
		"wrong EIK": !validEIK("175074751"), "wrong NIP": !validNIP("1234563217"), "wrong VAT": !validBritishVAT("GB980780685"),
	} {
		if !ok {
			t.Errorf("%s: the check is wrong", name)
		}
	}
}

func TestNumbersHaveRightCheckDigits(t *testing.T) {
	g := newGenerator(t)
	known, holders := 0, map[string]int{}
	for c := range g.Customers(20000) {
		if c.Kind == Private || c.RegistrationID == "" {
			continue
		}
		known++
		ok := true
		switch c.Country {
		case "BG":
			ok = validEIK(c.RegistrationID) && (c.VATID == "" || c.VATID == "BG"+c.RegistrationID)
		case "PL":
			ok = validREGON(c.RegistrationID) && validNIP(c.VATID[2:])
		case "RU":
			ok = validOGRN(c.RegistrationID) && validINN(c.VATID)
		case "GE":
			ok = len(c.RegistrationID) == 9
		case "GB":
			ok = len(c.RegistrationID) == 8 && (c.VATID == "" || validBritishVAT(c.VATID))
		}
		if !ok {
			t.Errorf("customer %d (%s): %s, %s", c.Index, c.Country, c.RegistrationID, c.VATID)
		}
		if c.Parent < 0 && c.DuplicateOf < 0 {
			holders[c.Country+c.RegistrationID]++
		}
	}
	within(t, "organisations with numbers", known, 11000, 14500)
	for number, n := range holders {
		if n > 1 {
			t.Errorf("%s belongs to %d organisations", number, n)
		}
	}
}
