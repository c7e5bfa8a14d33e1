package customers

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// Limits of texts, in characters.
const (
	MaxName  = 200
	MaxShort = 200
	MaxLong  = 10_000
)

// MaxDepth is how many levels of units there may be, the head office included.
const MaxDepth = 5

// problems collects what fields need.
type problems []errs.FieldError

func (p *problems) add(field, textID string, args ...any) {
	*p = append(*p, errs.Field(field, textID, args...))
}

func (p *problems) when(wrong bool, field, textID string) {
	if wrong {
		p.add(field, textID)
	}
}

func (p *problems) short(field string, texts ...string) { p.limit(field, MaxShort, texts...) }

func (p *problems) limit(field string, limit int, texts ...string) {
	for _, t := range texts {
		if utf8.RuneCountInString(t) > limit {
			p.add(field, "errors.field-too-long", "Max", limit)
			return
		}
	}
}

// trim brings a line of text to one form: no control signs, single spaces.
func trim(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "")))), " ")
}

// trimLong keeps the lines of a longer text.
func trimLong(s string) string {
	s = strings.ReplaceAll(norm.NFC.String(strings.ToValidUTF8(s, "")), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// tidy brings what was typed to the form that is kept.
func (c *Customer) tidy() {
	for _, line := range []*string{
		&c.Name, &c.LegalName, &c.TimeZone, &c.TaxID, &c.VATID, &c.Website, &c.SourceNote, &c.AddressForm,
		&c.Competitors, &c.ExternalSource, &c.ExternalID,
	} {
		*line = trim(*line)
	}
	c.Terms = trimLong(c.Terms)
	c.Country = tidyCountry(c.Country)
	c.Language = strings.ToLower(trim(c.Language))
	c.Website = tidyLink(c.Website)
}

// check names every field of a tidy customer that cannot stay. Whether what it
// refers to exists is checked against the file.
func (c *Customer) check() problems {
	bad := c.checkOwn()
	bad.when(c.SourceID <= 0, "source", "customers.error.source-missing")
	return bad
}

// checkOwn is check but for the source, which may yet have to be looked up.
func (c *Customer) checkOwn() problems {
	var bad problems
	bad.when(c.Kind != Organisation && c.Kind != Person, "kind", "errors.field-not-chosen")
	bad.when(c.Name == "", "name", "customers.error.name-missing")
	bad.limit("name", MaxName, c.Name)
	bad.short("legal_name", c.LegalName)
	bad.when(c.Country != "" && !ValidCountry(c.Country), "country", "errors.field-not-chosen")
	bad.when(c.Language != "" && !validLanguage(c.Language), "language", "errors.field-not-chosen")
	bad.when(c.TimeZone != "" && !validZone(c.TimeZone), "time_zone", "errors.field-not-chosen")
	bad.short("tax_id", c.TaxID)
	bad.short("vat_id", c.VATID)
	bad.when(c.Website != "" && !validLink(c.Website), "website", "errors.field-not-a-link")
	bad.short("source_note", c.SourceNote)
	bad.limit("terms", MaxLong, c.Terms)
	bad.when(!validChannel(c.PreferredChannel), "preferred_channel", "errors.field-not-chosen")
	bad.short("address_form", c.AddressForm)
	bad.limit("competitors", MaxLong, c.Competitors)
	bad.when(c.DoNotContactBefore != 0 && !c.DoNotContactBefore.Valid(), "do_not_contact_before", "customers.error.day-wrong")
	bad.when(c.Birthday != 0 && !validDay(c.Birthday), "birthday", "customers.error.day-wrong")
	bad.when(c.Kind == Organisation && c.Birthday != 0, "birthday", "customers.error.birthday-of-organisation")
	bad.when(c.ID != 0 && c.ParentID == c.ID, "parent", "customers.error.parent-itself")
	bad.when(c.ID != 0 && c.RecommendedByID == c.ID, "recommended_by", "customers.error.recommended-by-itself")
	bad.short("external_id", c.ExternalID, c.ExternalSource)
	return bad
}

// unassigned are codes that tables of regions know although ISO 3166 has
// withdrawn them or keeps them for no country.
const unassigned = "AC AN CP CS DG FQ NT PC SU TA XK YU"

// ValidCountry tells whether the code is a country's today (ISO 3166-1 alpha-2,
// in capitals): neither withdrawn nor merely reserved.
func ValidCountry(code string) bool {
	if len(code) != 2 || strings.ToUpper(code) != code || strings.Contains(unassigned, code) {
		return false
	}
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.String() == code && r.Canonicalize() == r && r.ISO3() != "ZZZ"
}

// misnamed are codes of our own that people write for a country's.
var misnamed = map[string]string{"UK": "GB", "EL": "GR"}

// tidyCountry brings a code to the one that is kept.
func tidyCountry(code string) string {
	code = strings.ToUpper(trim(code))
	if meant := misnamed[code]; meant != "" {
		return meant
	}
	return code
}

func validLanguage(code string) bool {
	if len(code) != 2 {
		return false
	}
	_, err := language.ParseBase(code)
	return err == nil
}

func validZone(name string) bool {
	if name == "Local" {
		return false
	}
	_, err := clock.Zone(name)
	return err == nil
}

func validChannel(c Channel) bool {
	for _, known := range Channels {
		if c == known {
			return true
		}
	}
	return c == AnyChannel
}

// leapYear stands for the year of a day whose year is not known, so that 29
// February can be one.
const leapYear = 2000

// validDay also takes days without a year.
func validDay(d clock.Day) bool {
	if d > 0 && d < 10000 {
		d += leapYear * 10000
	}
	return d.Valid()
}

var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*://`)

// tidyLink adds the scheme that people leave out.
func tidyLink(s string) string {
	if s != "" && !scheme.MatchString(s) && !strings.ContainsAny(s, " @:") {
		return "https://" + s
	}
	return s
}

func validLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 500 && (u.Scheme == "https" || u.Scheme == "http") &&
		strings.Contains(u.Hostname(), ".")
}

// taxKey is what tax and VAT ids are compared by: letters and digits alone.
func taxKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return -1
	}, norm.NFKC.String(s))
}

// indexed is the name of one of several fields: phones.0.
func indexed(field string, i int) string { return fmt.Sprintf("%s.%d", field, i) }

// nameKey is what names are compared by.
func nameKey(name string) string { return fold.Key(name) }
