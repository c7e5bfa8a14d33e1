package customersweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/customersweb"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/team/teamtest"
)

// rich is a customer with something in every part of its dossier.
func rich(s *site) customers.Customer {
	s.Helper()
	c := s.add("Pirin Mountain Dairy and Cheese Cellars", func(in *customers.NewCustomer) {
		in.Phones, in.Emails = []string{"+359 2 981 1234"}, []string{"office@pirin-dairy.example"}
		in.TaxID, in.Website, in.Terms = "175123456", "https://pirin-dairy.example", "Payment within 30 days.\nDelivery on Tuesdays."
		in.OwnerID, in.Language, in.Competitors = s.actor.UserID, "bg", "Two dairies in the next valley"
		in.Contacts = []customers.Contact{
			{Name: "Elena Georgieva", Position: "Purchasing", Main: true, Style: "Short and to the point; likes figures", Mood: "Warm, in a hurry before noon", Points: []customers.Point{{Kind: customers.Phone, Value: "+359 88 812 3456", Label: "mobile", Main: true}, {Kind: customers.Email, Value: "elena@pirin-dairy.example"}}},
			{Name: "Ivan Petrov", Position: "Accounts"},
		}
		in.Addresses = []customers.Address{{Street: "12 Orlov Most", City: "Sofia", Postcode: "1504", Country: "BG", Main: true}}
		in.Tags = []string{"cheese", "export"}
		in.Dates = []customers.ImportantDate{{Label: "Contract ends", Day: 20270331}}
	})
	s.add("Pirin Dairy, Bansko shop", func(in *customers.NewCustomer) { in.ParentID = c.ID })
	for _, n := range []customers.NewNote{
		{Kind: customers.CallNote, Body: "Asked for a price list of matured cheeses. Will decide after the fair in Plovdiv."},
		{Kind: customers.MeetingNote, Body: "Showed the new cellar. They want 200 kg a month from March, if the rind is washed twice."},
		{Kind: customers.PlainNote, Body: "Never call on Mondays: stocktaking.", Pinned: true},
	} {
		n.CustomerID = c.ID
		if _, err := s.customers.AddNote(customerstest.System(), n); err != nil {
			s.Fatal(err)
		}
	}
	return c
}

func path(c customers.Customer, rest string) string {
	return "/customers/" + strconv.FormatInt(c.ID, 10) + rest
}

func TestDossierShowsEverything(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		a := s.get(path(c, ""))
		a.has("Pirin Mountain Dairy", "+359 2 981 1234", `href="tel:+359888123456"`, `href="mailto:elena@pirin-dairy.example"`,
			"likes figures", "Orlov Most", "Contract ends", "Bansko shop", "Never call on Mondays", "price list", "k-draft", "card.pdf")
		s.get(path(c, "/read")).has("Added to the file")
		if got := s.get(path(c, "/card.vcf")); !strings.HasPrefix(got.body, "BEGIN:VCARD") || !strings.Contains(got.body, "\r\nORG:") {
			t.Errorf("the cards: %.200s", got.body)
		}
		if got := s.get(path(c, "/card.pdf")); !strings.HasPrefix(got.body, "%PDF") {
			t.Errorf("no PDF: %.80q", got.body)
		}
	})
}

func TestDossierIsReadInFewStatements(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.get(path(c, ""))
		pages := customersweb.New(customersweb.Deps{Customers: s.customers, Team: s.team, Fields: s.fields, Views: s.views, Clock: clock.System})
		ctx, counter := db.WithCounter(authz.With(t.Context(), s.actor))
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path(c, ""), nil)
		r.SetPathValue("id", strconv.FormatInt(c.ID, 10))
		w := httptest.NewRecorder()
		for _, route := range pages.Routes() {
			if route.Method == http.MethodGet && route.Path == "/customers/{id}" {
				if err := route.Handler(w, r); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := counter.Count(); n > 12 || !strings.Contains(w.Body.String(), c.Name) {
			t.Errorf("%d statements, want 12 at most", n)
		}
	})
}

func TestFieldsAreEditedWhereTheyStand(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		saved := s.do(http.MethodPatch, path(c, "/fields/legal_name"), url.Values{"legal_name": {"Pirin OOD"}}, true)
		saved.has("<k-edit", "Pirin OOD")
		s.do(http.MethodPatch, path(c, "/fields/do_not_contact_before"), url.Values{"do_not_contact_before": {"soon"}}, true).is(http.StatusUnprocessableEntity)
		s.do(http.MethodPatch, path(c, "/fields/nonsense"), url.Values{}, true).is(http.StatusNotFound)
		s.do(http.MethodPatch, path(c, "/fields/do_not_contact_before"), url.Values{"do_not_contact_before": {"2099-01-31"}}, true)
		s.get(path(c, "")).has("Do not contact before")
	})
}

func TestNotesAreWrittenAndTakenBack(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.do(http.MethodPost, path(c, "/notes"), url.Values{"kind": {"call"}, "body": {"They <script>alert(1)</script> agree, @Maria Ivanova to send papers"}}, true).
			has("&lt;script&gt;", "@Maria Ivanova to send").lacks("<script>alert")
		s.do(http.MethodPost, path(c, "/notes"), url.Values{"kind": {"call"}, "body": {" "}}, true).is(http.StatusUnprocessableEntity).has("Write a few words")
		s.post(path(c, "/notes"), url.Values{"kind": {"visit"}, "body": {"Without any script"}}).has("Without any script")
	})
}

func TestContactsAreAddedChangedAndRemoved(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.post(path(c, "/parts/contact"), url.Values{"name": {""}, "position": {"Sales"}}).is(http.StatusUnprocessableEntity).
			has("Write the contact", `value="Sales"`)
		s.post(path(c, "/parts/contact"), url.Values{"name": {"Zlata Ilieva"}, "phone": {"0888 77 66 55"}}).has("Zlata Ilieva", "tel:+359888776655", "/undo/")
		card, err := s.customers.FindCard(customerstest.System(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		s.post(path(c, "/parts/contact/"+strconv.FormatInt(card.Contacts[0].ID, 10)+"/remove"), url.Values{})
		s.get(path(c, "/file")).has("Zlata Ilieva")
	})
}

func TestForeignDossiersAreClosed(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		manager := teamtest.Person(t, s.db, authz.Manager)
		s.as(manager)
		s.actor.Grants["customers.view"], s.actor.Grants["customers.edit"], s.actor.Grants["customers.note"] = authz.Own, authz.Own, authz.Own
		for _, rest := range []string{"", "/file", "/timeline", "/read", "/card.pdf", "/dossier.pdf", "/card.vcf", "/files/1"} {
			s.do(http.MethodGet, path(c, rest), nil, rest == "/file" || rest == "/timeline").is(http.StatusNotFound)
		}
		s.post(path(c, "/notes"), url.Values{"kind": {"call"}, "body": {"x"}}).is(http.StatusNotFound)
		s.post(path(c, "/parts/tags"), url.Values{"add": {"x"}}).is(http.StatusNotFound)
		s.post(path(c, "/state/archive"), url.Values{})
		s.do(http.MethodPatch, path(c, "/fields/name"), url.Values{"name": {"x"}}, true).is(http.StatusNotFound)
	})
}

func TestJournalTellsOnlyOfVisibleCustomers(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.actor.Grants["journal.view"] = authz.All
		s.get("/journal").ok().has(c.Name, "Added to the file", "Details")
		s.actor.Grants["customers.view"], s.actor.UserID = authz.Own, 999
		s.get("/journal").ok().has("Added to the file").lacks(c.Name, "likes figures", "stocktaking")
		s.actor.Grants["journal.view"] = authz.None
		s.get("/journal").is(http.StatusForbidden)
	})
}
