package importsweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/authz"
)

// TestDatesAreAskedOnce uploads dates that can be read in two ways: the rules
// step asks, once for each column that goes to a day, and never again for files
// of this source.
func TestDatesAreAskedOnce(t *testing.T) {
	each(t, func(s *site) {
		text := []byte("name,kind,birthday,seen\nAnna,person,03/04/1985,05/06/2025\nBoris,person,02/01/1990,07/08/2025\n")
		base := s.upload("people.csv", text).is(http.StatusOK).has("Day or month first?").lacks(`name="order-2"`).base()
		question := "In “birthday”, what is 03/04/1985?"
		s.post(base+"/columns", url.Values{}).is(http.StatusOK).
			has(question, "Day first: 3 Apr 1985", "Month first: 4 Mar 1985").lacks(`name="dates-3"`) // seen goes nowhere
		s.post(base+"/rules", rules("Exhibition")).is(http.StatusUnprocessableEntity).has("Say whether the day or the month comes first", "Exhibition")
		answer := rules("Exhibition")
		answer.Set("dates-2", "mdy")
		s.post(base+"/rules", answer).is(http.StatusOK).has("Anna")
		s.get(base + "?step=rules").is(http.StatusOK).lacks(question)
		s.get(base).is(http.StatusOK).has(`name="order-2"`) // there it can still be changed
		s.post(base+"/start", nil).is(http.StatusOK)
		s.finished(base)
		ctx := authz.AsSystem(s.Context(), "test")
		if c, err := s.customers.Find(ctx, s.list()["Anna"].ID); err != nil || c.Birthday != 19850304 {
			t.Errorf("%v, born %s", err, c.Birthday)
		}
		base = s.upload("people.csv", []byte(strings.ReplaceAll(string(text), "a,", "b,"))).is(http.StatusOK).base()
		s.get(base + "?step=rules").is(http.StatusOK).lacks(question)
	})
}

// TestAddressBook uploads vCards: each is a row, and there is no separator to
// choose.
func TestAddressBook(t *testing.T) {
	each(t, func(s *site) {
		book := "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Rose\r\nORG:Rose Oil\r\nTEL:+359881234567\r\nEND:VCARD\r\n" +
			"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Boris\r\nEMAIL:boris@one.example\r\nEND:VCARD\r\n"
		a := s.upload("book.vcf", []byte(book)).is(http.StatusOK)
		a.has("An address book in utf-8", `value="contact_phone" selected`, `value="email" selected`, `name="encoding"`).
			lacks(`name="delimiter"`, `name="header"`, `name="sheet"`)
		base := a.base()
		s.post(base+"/columns", url.Values{}).is(http.StatusOK)
		s.post(base+"/rules", rules("Exhibition")).is(http.StatusOK).has("Rose Oil", "Anna Rose")
		s.post(base+"/start", nil).is(http.StatusOK)
		s.finished(base)
		if all := s.list(); len(all) != 2 || all["Rose Oil"].ID == 0 {
			t.Errorf("%+v", all)
		}
	})
}
