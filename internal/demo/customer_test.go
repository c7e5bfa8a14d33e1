package demo

import (
	"strings"
	"testing"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

func TestReferencesPointToLowerIndexes(t *testing.T) {
	g := newGenerator(t)
	units, recommended, copies := 0, 0, 0
	const n = 5000
	for c := range g.Customers(n) {
		for _, ref := range []int{c.Parent, c.RecommendedBy, c.DuplicateOf} {
			if ref < -1 || ref >= c.Index {
				t.Fatalf("customer %d refers to %d", c.Index, ref)
			}
		}
		if c.Parent >= 0 {
			units++
			parent := g.Customer(c.Parent)
			if parent.Kind != Organisation || parent.Parent >= 0 || parent.Country != c.Country || parent.Since > c.Since {
				t.Errorf("unit %+v of %+v", c, parent)
			}
		}
		if c.RecommendedBy >= 0 {
			recommended++
			if c.Source != "recommendation" || g.Customer(c.RecommendedBy).Since > c.Since {
				t.Errorf("%d recommended by %d: source %s", c.Index, c.RecommendedBy, c.Source)
			}
		}
		if c.DuplicateOf >= 0 {
			copies++
		}
	}
	within(t, "units", units, n*7/100, n*9/100)
	within(t, "recommended", recommended, n*45/1000, n*75/1000)
	within(t, "duplicates", copies, n*8/1000, n*12/1000)
}

func within(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %d, want %d to %d", what, got, low, high)
	}
}

func TestDuplicatesResembleTheirOriginal(t *testing.T) {
	g := newGenerator(t)
	renamed := 0
	for c := range g.Customers(5000) {
		if c.DuplicateOf < 0 {
			continue
		}
		original := g.Customer(c.DuplicateOf)
		if original.DuplicateOf >= 0 || c.Country != original.Country || c.Kind != original.Kind {
			t.Errorf("duplicate %+v of %+v", c, original)
		}
		if c.Name != original.Name {
			renamed++
		}
	}
	within(t, "renamed duplicates", renamed, 40, 50)
}

// Few big customers and many small ones; uneven owners; holes as in any file.
func TestFileIsSkewedAndIncomplete(t *testing.T) {
	g := newGenerator(t)
	const n = 4000
	owners := map[int]int{}
	var people, noPhone, noMail, noAddress, bySize [3]int
	mostContacts, units, longest := 0, map[int]int{}, 0
	for c := range g.Customers(n) {
		owners[c.Owner]++
		bySize[c.size]++
		count(&people, c.Kind == Private)
		count(&noPhone, len(c.Phones) == 0)
		count(&noMail, len(c.Emails) == 0)
		count(&noAddress, len(c.Addresses) == 0)
		mostContacts = max(mostContacts, len(c.Contacts))
		longest = max(longest, len([]rune(c.Name)))
		units[c.Parent]++
		if c.City == "" || c.TimeZone == "" || c.Name == "" || c.Source == "" || !c.Since.Valid() {
			t.Errorf("customer without the obligatory: %+v", c)
		}
		if c.Team != g.Staff()[c.Owner].Team {
			t.Errorf("customer %d: owner %d is not of %s", c.Index, c.Owner, c.Team)
		}
	}
	within(t, "persons", people[1], n*27/100, n*33/100)
	within(t, "large customers", bySize[large], n*1/100, n*3/100)
	within(t, "small customers", bySize[small], n*75/100, n*92/100)
	within(t, "without phone", noPhone[1], n*4/100, n*10/100)
	within(t, "without e-mail", noMail[1], n*8/100, n*18/100)
	within(t, "without address", noAddress[1], n*3/100, n*10/100)
	within(t, "most contacts of one", mostContacts, 40, 40)
	within(t, "units of the chain", units[chainHead], 12, 40)
	within(t, "longest name", longest, 80, 160)
	least, most := n, 0
	for _, count := range owners {
		least, most = min(least, count), max(most, count)
	}
	if most < 5*least {
		t.Errorf("owners carry %d to %d customers, want them uneven", least, most)
	}
}

func count(of *[3]int, is bool) {
	if is {
		of[1]++
	}
}

func TestDefaultDemoHasTheChainAndTheBigOffice(t *testing.T) {
	g := newGenerator(t)
	units, names := 0, map[string]bool{}
	for c := range g.Customers(300) {
		if c.Parent == chainHead {
			units++
			names[c.Name] = true
		}
	}
	if len(names) < 12 {
		t.Errorf("the chain's units have %d names, want 12 different ones", len(names))
	}
	if units < 12 {
		t.Errorf("the chain has %d units among the first 300, want at least 12", units)
	}
	if n := len(g.Customer(bigOffice).Contacts); n != 40 {
		t.Errorf("the big office has %d contacts, want 40", n)
	}
}

func TestPhonesAreValid(t *testing.T) {
	g := newGenerator(t)
	check := func(c *Customer, phone Phone) {
		number, err := phonenumbers.Parse(phone.Number, "")
		if err != nil || !phonenumbers.IsValidNumber(number) || phonenumbers.Format(number, phonenumbers.E164) != phone.Number {
			t.Errorf("customer %d (%s, %s): %s is not valid: %v", c.Index, c.Country, c.City, phone.Number, err)
		}
	}
	for _, start := range []int{0, 60000} {
		for i := start; i < start+3000; i++ {
			c := g.Customer(i)
			for _, phone := range c.Phones {
				check(&c, phone)
			}
			for _, contact := range c.Contacts {
				for _, phone := range contact.Phones {
					check(&c, phone)
				}
			}
		}
	}
}

// British numbers of the usual demo are fiction's, and nobody shares one.
func TestBritishNumbersAreReserved(t *testing.T) {
	g := newGenerator(t)
	reservedRanges := []string{
		"+44207946", "+441134960", "+441144960", "+441164960", "+441174960", "+441184960", "+441214960", "+441314960", "+441414960", "+441514960", "+441614960",
		"+441914980", "+442896496", "+442920180",
	}
	seen := map[string]int{}
	for c := range g.Customers(1000) {
		if c.Country != "GB" || c.DuplicateOf >= 0 {
			continue
		}
		phones := c.Phones
		for _, contact := range c.Contacts {
			phones = append(phones[:len(phones):len(phones)], contact.Phones...)
		}
		for _, phone := range phones {
			fiction := false
			for _, start := range reservedRanges {
				fiction = fiction || strings.HasPrefix(phone.Number, start)
			}
			if other, taken := seen[phone.Number]; !fiction || taken {
				t.Errorf("customer %d has %s (taken by %d: %v)", c.Index, phone.Number, other, taken)
			}
			seen[phone.Number] = c.Index
		}
	}
}

func TestMailAndSitesAreOnReservedDomains(t *testing.T) {
	g := newGenerator(t)
	reserved := func(host string) bool {
		return strings.HasSuffix(host, ".example") || host == "example.com" || host == "example.net" || host == "example.org"
	}
	for c := range g.Customers(3000) {
		mails := c.Emails
		for _, contact := range c.Contacts {
			mails = append(mails[:len(mails):len(mails)], contact.Emails...)
		}
		for _, mail := range mails {
			name, host, ok := strings.Cut(mail, "@")
			if !ok || name == "" || !reserved(host) || strings.ContainsFunc(mail, func(r rune) bool { return r > 127 || unicode.IsSpace(r) }) {
				t.Errorf("customer %d: %q", c.Index, mail)
			}
		}
		if c.Website != "" && !reserved(strings.TrimPrefix(c.Website, "https://")) {
			t.Errorf("customer %d: %q", c.Index, c.Website)
		}
	}
}

func TestDatesAreSane(t *testing.T) {
	g := newGenerator(t)
	for c := range g.Customers(3000) {
		if c.Since > testDay || (c.Consent.State != "" && c.Consent.Day < c.Since && c.DuplicateOf < 0) {
			t.Errorf("customer %d since %d, consent %+v", c.Index, c.Since, c.Consent)
		}
		if c.DoNotContactBefore != 0 && c.DoNotContactBefore <= testDay {
			t.Errorf("customer %d: do not contact before %d", c.Index, c.DoNotContactBefore)
		}
		for _, date := range c.Dates {
			future := date.Day > testDay
			if !date.Day.Valid() || future != (date.Kind == "contract-end") {
				t.Errorf("customer %d: %+v", c.Index, date)
			}
		}
		if audit := c.Custom.NextAudit; audit != 0 && (audit <= testDay || audit.Weekday() == 0 || audit.Weekday() == 6) {
			t.Errorf("customer %d: audit on %d", c.Index, audit)
		}
	}
}
