package matching

import "strings"

// comparison is how two cards agree.
type comparison struct {
	level   [fields]Level
	swapped bool    // given and family name agree the other way round
	crossed bool    // so do the two lines of the address
	told    float32 // bits the words tell that two names of organisations share
}

// compare looks at two cards field by field.
func (w words) compare(a, b *card, c *comparison) {
	*c = comparison{}
	w.compareNames(a, b, c)
	c.level[FieldPhone] = compareLists(a, b, FieldPhone, phoneLevel)
	c.level[FieldEmail] = compareLists(a, b, FieldEmail, emailLevel)
	c.level[FieldTaxID] = known(a, b, FieldTaxID, taxLevel)
	c.level[FieldOtherID] = compareLists(a, b, FieldOtherID, codeLevel)
	c.level[FieldBorn] = known(a, b, FieldBorn, bornLevel)
	c.level[FieldNumber] = known(a, b, FieldNumber, codeLevel)
	compareLines(a, b, c)
	c.level[FieldCity] = known(a, b, FieldCity, nameLevel)
	c.level[FieldPostcode] = known(a, b, FieldPostcode, codeLevel)
	c.level[FieldRegion] = known(a, b, FieldRegion, shortLevel)
	c.level[FieldCountry] = known(a, b, FieldCountry, exactLevel)
	sameSlip(c)
	if a.root != 0 && a.root == b.root {
		units(c)
	}
}

// sameSlip: an address for mail is mostly made of the name. One that is near
// where the names are near says nothing that they have not said.
func sameSlip(c *comparison) {
	if c.level[FieldEmail] != Close && c.level[FieldEmail] != Alike {
		return
	}
	for _, f := range [...]Field{FieldGiven, FieldFamily, FieldName} {
		if c.level[f] == Close || c.level[f] == Alike {
			c.level[FieldEmail] = Missing
		}
	}
}

// units of one organisation share its name, its numbers and its mail by nature:
// that says nothing, and names that are only alike tell them apart.
func units(c *comparison) {
	c.level[FieldTaxID], c.level[FieldOtherID], c.level[FieldEmail] = Missing, Missing, Missing
	if c.level[FieldName] == Alike {
		c.level[FieldName] = Different
	}
}

// known compares one field, if both cards have it.
func known(a, b *card, f Field, level func(a, b string) Level) Level {
	x, y := a.text[f], b.text[f]
	switch {
	case x == "" || y == "":
		return Missing
	case x == y:
		return Equal
	}
	return level(x, y)
}

// across compares a field of one card with another of the other.
func across(x, y string, level func(a, b string) Level) Level {
	switch {
	case x == "" || y == "":
		return Missing
	case x == y:
		return Equal
	}
	return level(x, y)
}

// agreement puts levels in order: the sum for two fields says which way round
// they fit.
var agreement = [levels]int{Missing: 1, Equal: 6, Close: 5, Alike: 3, Different: 0}

func (w words) compareNames(a, b *card, c *comparison) {
	if a.text[FieldName] != "" || b.text[FieldName] != "" {
		x, y := a.whole(), b.whole()
		if x != "" && y != "" {
			c.level[FieldName], c.told = w.organisationLevel(x, y)
		}
		return
	}
	given, family := known(a, b, FieldGiven, nameLevel), known(a, b, FieldFamily, nameLevel)
	c.level[FieldGiven], c.level[FieldFamily] = given, family
	straight := agreement[given] + agreement[family]
	if straight >= agreement[Equal]+agreement[Missing] || given == Equal {
		return
	}
	given = across(a.text[FieldGiven], b.text[FieldFamily], nameLevel)
	family = across(a.text[FieldFamily], b.text[FieldGiven], nameLevel)
	if given != Different && family != Different && agreement[given]+agreement[family] > straight+1 {
		c.level[FieldGiven], c.level[FieldFamily], c.swapped = given, family, true
	}
}

// compareLines compares the lines of the address, either way round.
func compareLines(a, b *card, c *comparison) {
	line, extra := known(a, b, FieldLine, lineLevel), known(a, b, FieldExtra, lineLevel)
	c.level[FieldLine], c.level[FieldExtra] = line, extra
	if line == Equal || line == Close {
		return
	}
	straight := agreement[line] + agreement[extra]
	line = across(a.text[FieldLine], b.text[FieldExtra], lineLevel)
	extra = across(a.text[FieldExtra], b.text[FieldLine], lineLevel)
	if agreement[line]+agreement[extra] > straight+1 {
		c.level[FieldLine], c.level[FieldExtra], c.crossed = line, extra, true
	}
}

// compareLists gives the best level any two of several values reach.
func compareLists(a, b *card, f Field, level func(a, b string) Level) Level {
	x, y := a.text[f], b.text[f]
	switch {
	case x == "" || y == "":
		return Missing
	case x == y:
		return Equal
	}
	best := Different
	for one := range strings.SplitSeq(x, " ") {
		for other := range strings.SplitSeq(y, " ") {
			if one == other {
				return Equal
			}
			best = min(best, level(one, other))
		}
	}
	return best
}

// alikeFrom is the resemblance from which names are alike.
const alikeFrom = 0.88

// nameLevel compares folded names that are not equal.
func nameLevel(a, b string) Level {
	short, long := min(len(a), len(b)), max(len(a), len(b))
	common := commonLetters(a, b)
	if long <= longest && long-common > 2 && short > 1 && mostResemblance(a, b, common) < alikeFrom {
		if short >= 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
			return Alike
		}
		return Different // most pairs end here
	}
	d := slips(a, b, 2)
	switch {
	case d == 1 && short >= 3, d == 2 && short >= 7:
		return Close
	case short == 1 && a[0] == b[0], short >= 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)):
		return Alike
	case d == 2 && short >= 5, long >= 4 && resemblance(a, b) >= alikeFrom:
		return Alike
	}
	return Different
}

// lineLevel compares names of streets, each with the word for its kind behind a
// blank. The kind tells little; but where it was not found, it may have grown
// into the name ("pridha mstreet").
func lineLevel(a, b string) Level {
	coreA, kindA, knownA := strings.Cut(a, " ")
	coreB, kindB, knownB := strings.Cut(b, " ")
	if knownA == knownB {
		if coreA == coreB {
			return Close
		}
		return nameLevel(coreA, coreB)
	}
	if coreA == coreB {
		return Close
	}
	whole := across(coreA+kindA, coreB+kindB, nameLevel)
	return min(whole, nameLevel(coreA, coreB))
}

// codeLevel compares numbers and codes, where every character counts.
func codeLevel(a, b string) Level {
	short := min(len(a), len(b))
	d := slips(a, b, 2)
	switch {
	case d == 1 && short >= 2:
		return Close
	case d == 1, d == 2 && short >= 6:
		return Alike
	}
	return Different
}

// taxLevel compares registration and VAT numbers: each with its like, and for
// equality with the other too.
func taxLevel(a, b string) Level {
	taxA, vatA, _ := strings.Cut(a, " ")
	taxB, vatB, _ := strings.Cut(b, " ")
	if taxA != none && (taxA == taxB || taxA == vatB) || vatA != none && (vatA == vatB || vatA == taxB) {
		return Equal
	}
	best := levels
	if taxA != none && taxB != none {
		best = codeLevel(taxA, taxB)
	}
	if vatA != none && vatB != none {
		best = min(best, codeLevel(vatA, vatB))
	}
	if best == levels {
		return Missing
	}
	return best
}

// phoneLevel compares the ends of phone numbers: with and without the code of
// the country they are one.
func phoneLevel(a, b string) Level {
	if n := min(len(a), len(b)); n >= 7 && tail(a, n) == tail(b, n) {
		return Equal
	}
	if min(len(a), len(b)) >= 7 && slips(a, b, 1) == 1 {
		return Close
	}
	return Different
}

// emailLevel compares addresses: a slip, or the same name at another house.
// People of one name are told apart by digits, so those must agree.
func emailLevel(a, b string) Level {
	if digits(a) != digits(b) {
		return Different
	}
	d := slips(a, b, 2)
	if d == 1 || d == 2 && min(len(a), len(b)) >= 12 {
		return Close
	}
	x, _, _ := strings.Cut(a, "@")
	y, _, _ := strings.Cut(b, "@")
	if x == y && len(x) >= 6 {
		return Alike
	}
	return Different
}

// bornLevel compares days of birth: one slip, or day and month exchanged, are
// close; another year, or another month, are alike.
func bornLevel(a, b string) Level {
	if len(a) != 8 || len(b) != 8 {
		if slips(a, b, 1) == 1 {
			return Close
		}
		return Different
	}
	if a[:4] == "0000" || b[:4] == "0000" { // only the day is known
		if a[4:] == b[4:] {
			return Alike
		}
		return Different
	}
	if slips(a, b, 1) == 1 || a[:4] == b[:4] && a[4:6] == b[6:] && a[6:] == b[4:6] {
		return Close
	}
	same := 0
	for _, equal := range [...]bool{a[:4] == b[:4], a[4:6] == b[4:6], a[6:] == b[6:]} {
		if equal {
			same++
		}
	}
	if same == 2 || slips(a, b, 2) == 2 && same == 1 {
		return Alike
	}
	return Different
}

// shortLevel compares words from a short list, such as regions.
func shortLevel(a, b string) Level {
	if min(len(a), len(b)) >= 3 && slips(a, b, 1) == 1 {
		return Close
	}
	return Different
}

func exactLevel(string, string) Level { return Different }
