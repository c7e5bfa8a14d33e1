package matching

import (
	"encoding/binary"
	"strings"
)

// A card is a record made ready for comparing: folded texts by field. Fields
// that can have several values have them parted by blanks.
type card struct {
	kind Kind
	root uint64
	text [fields]string
}

// newCard folds a record.
func newCard(r *Record) card {
	c := card{kind: r.Kind, root: uint64(r.Root)}
	t := &c.text
	switch {
	case r.Given != "" || r.Family != "":
		c.kind = Person
		t[FieldGiven], t[FieldFamily] = solid(r.Given), solid(r.Family)
	case r.Kind == Person:
		t[FieldGiven], t[FieldFamily] = person(r.Name)
	default:
		t[FieldName] = organisation(r.Name)
	}
	t[FieldPhone] = several(r.Phones, func(s string) string { return tail(digits(s), 9) }, 6)
	t[FieldEmail] = several(r.Emails, func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }, 3)
	t[FieldTaxID] = taxNumbers(r.TaxID, r.VATID)
	t[FieldOtherID] = several(r.OtherIDs, code, 1)
	t[FieldBorn] = digits(r.Born)
	a := &r.Address
	t[FieldNumber] = code(a.Number)
	if t[FieldNumber] == "" && a.Extra == "" {
		t[FieldLine], t[FieldNumber] = street(a.Line)
	} else {
		t[FieldLine] = lineWords(a.Line)
	}
	t[FieldExtra] = lineWords(a.Extra)
	t[FieldCity], t[FieldRegion] = solid(a.City), solid(a.Region)
	t[FieldPostcode], t[FieldCountry] = code(a.Postcode), solid(a.Country)
	for f := range t {
		t[f] = t[f][:min(len(t[f]), maxText)]
	}
	return c
}

// maxText is the room of one packed field.
const maxText = 255

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// several cleans values and joins those that are long enough to mean anything.
func several(values []string, clean func(string) string, least int) string {
	var kept []string
	for _, v := range values {
		v = strings.ReplaceAll(clean(v), " ", "")
		if len(v) >= least {
			kept = append(kept, v)
		}
	}
	return strings.Join(kept, " ")
}

// none stands for a tax number that is not known, so that the other one keeps
// its place.
const none = "-"

// taxNumbers gives the registration and the VAT number, without the letters of
// a country before them: many countries make one of the other.
func taxNumbers(tax, vat string) string {
	if tax, vat = taxNumber(tax), taxNumber(vat); tax+vat != none+none {
		return tax + " " + vat
	}
	return ""
}

func taxNumber(s string) string {
	s = code(s)
	if len(s) > 6 && s[0] >= 'a' && s[1] >= 'a' && isDigit(s[2]) {
		s = s[2:]
	}
	if len(s) < 4 {
		return none
	}
	return s
}

// whole is the card's name as words, whatever it is the name of.
func (c *card) whole() string {
	if c.text[FieldName] != "" {
		return c.text[FieldName]
	}
	return strings.TrimSpace(c.text[FieldGiven] + " " + c.text[FieldFamily])
}

// cards keeps a million cards in little room: packed one behind the other, in
// pages. A card read back holds pieces of its page and costs no allocation.
type cards struct {
	pages []string
	at    []uint64 // page and offset of each card
	open  []byte   // the page being written
}

const pageSize = 1 << 20

// add packs a card.
func (s *cards) add(c *card) {
	if len(s.open) > pageSize-(maxText+1)*int(fields)-16 {
		s.seal()
	}
	if s.open == nil {
		s.open = make([]byte, 0, pageSize)
	}
	s.at = append(s.at, uint64(len(s.pages))<<32|uint64(len(s.open)))
	present := uint16(0)
	for f, text := range c.text {
		if text != "" {
			present |= 1 << f
		}
	}
	s.open = append(s.open, byte(c.kind))
	s.open = binary.LittleEndian.AppendUint16(s.open, present)
	s.open = binary.AppendUvarint(s.open, c.root)
	for _, text := range c.text {
		if text != "" {
			s.open = append(s.open, byte(len(text)))
			s.open = append(s.open, text...)
		}
	}
}

// seal closes the page; cards can be read when all pages are closed.
func (s *cards) seal() {
	if len(s.open) > 0 {
		s.pages = append(s.pages, string(s.open))
	}
	s.open = nil
}

func (s *cards) len() int { return len(s.at) }

// read unpacks card number i.
func (s *cards) read(i uint32, c *card) {
	where := s.at[i]
	page := s.pages[where>>32][uint32(where):]
	c.kind = Kind(page[0])
	present := uint16(page[1]) | uint16(page[2])<<8
	c.root, page = varint(page[3:])
	for f := range c.text {
		if present&(1<<f) == 0 {
			c.text[f] = ""
			continue
		}
		n := int(page[0])
		c.text[f] = page[1 : 1+n]
		page = page[1+n:]
	}
}

// varint reads what binary.AppendUvarint wrote.
func varint(s string) (v uint64, rest string) {
	for i, shift := 0, 0; ; i, shift = i+1, shift+7 {
		v |= uint64(s[i]&0x7f) << shift
		if s[i] < 0x80 {
			return v, s[i+1:]
		}
	}
}
