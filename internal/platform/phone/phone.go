// Package phone reads telephone numbers as people write them and keeps them as
// E.164, so that +359 88 123 4567, 0881234567 and 00359881234567 are one
// number.
package phone

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// ErrNotANumber is what Parse answers to text which is no number of any
// network: too few or too many digits, an unknown code, or no digits at all.
var ErrNotANumber = errors.New("phone: not a telephone number")

// Number is a telephone number that exists in its country's plan.
type Number struct {
	E164    string // "+359881234567": the form to store and to compare
	Display string // as written in the reader's country: "088 123 4567" there, "+359 88 123 4567" elsewhere
	Ext     string // digits of the extension, or ""
}

// maxText bounds what Parse reads.
const maxText = 100

// Parse reads a number dialled from the country (ISO code, "BG"); numbers with
// "+" or "00" may be of any country. Words around it ("tel.", "моб.") are
// skipped, extensions ("ext. 12", "доп. 12", "w. 12") are kept apart. The
// error is always ErrNotANumber.
func Parse(raw, country string) (Number, error) {
	if len(raw) > maxText {
		return Number{}, ErrNotANumber
	}
	country = strings.ToUpper(country)
	asked := question{raw, country}
	if n, ok := parsed.find(asked); ok {
		return n, nil
	}
	n, err := parse(raw, country)
	if err != nil {
		return Number{}, err
	}
	parsed.keep(asked, n)
	parsed.keep(question{n.E164, country}, Number{E164: n.E164, Display: n.Display})
	return n, nil
}

func parse(raw, country string) (Number, error) {
	digits, ext := clean(raw)
	for _, attempt := range attempts(digits) {
		n, err := phonenumbers.Parse(attempt, country)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			continue
		}
		w, e164 := writingsOf(n), phonenumbers.Format(n, phonenumbers.E164)
		written.keep(e164, w)
		return Number{E164: e164, Display: w.in(country), Ext: ext}, nil
	}
	return Number{}, ErrNotANumber
}

// attempts are the readings worth trying, the likeliest first.
func attempts(digits string) []string {
	switch {
	case digits == "" || digits == "+":
		return nil
	case digits[0] == '+':
		return []string{digits}
	case strings.HasPrefix(digits, "00"):
		return []string{"+" + digits[2:], digits}
	}
	// A number without "+" that has its country's code all the same.
	return []string{digits, "+" + digits}
}

// writings are the ways to write a stored number, and its country.
type writings struct{ region, national, international string }

func (w writings) in(country string) string {
	if w.region == country {
		return w.national
	}
	return w.international
}

func writingsOf(n *phonenumbers.PhoneNumber) writings {
	return writings{
		region:        phonenumbers.GetRegionCodeForNumber(n),
		national:      phonenumbers.Format(n, phonenumbers.NATIONAL),
		international: phonenumbers.Format(n, phonenumbers.INTERNATIONAL),
	}
}

// Format writes a stored number for reading anywhere: "+359 88 123 4567". What
// is not E.164 comes back unchanged.
func Format(e164 string) string {
	w, err := read(e164)
	if err != nil {
		return e164
	}
	return w.international
}

// FormatIn writes a stored number for a reader in the country.
func FormatIn(e164, country string) string {
	w, err := read(e164)
	if err != nil {
		return e164
	}
	return w.in(strings.ToUpper(country))
}

// Country is the ISO code of a stored number's country, or "".
func Country(e164 string) string {
	w, err := read(e164)
	if err != nil {
		return ""
	}
	return w.region
}

// Example is a mobile number of the country, to show how one is written, or ""
// for a country we do not know.
func Example(country string) string {
	n := phonenumbers.GetExampleNumberForType(strings.ToUpper(country), phonenumbers.MOBILE)
	if n == nil {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

func read(e164 string) (writings, error) {
	if len(e164) > maxText || !strings.HasPrefix(e164, "+") {
		return writings{}, ErrNotANumber
	}
	if w, ok := written.find(e164); ok {
		return w, nil
	}
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return writings{}, err
	}
	w := writingsOf(n)
	written.keep(e164, w)
	return w, nil
}
