package customersweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/team/teamtest"
)

// unknown is the id of the source "Unknown".
func (s *site) unknown() string {
	s.Helper()
	all, err := s.customers.Sources(customerstest.System())
	if err != nil {
		s.Fatal(err)
	}
	for _, src := range all {
		if src.TextID == "customers.source.unknown" {
			return fmt.Sprint(src.ID)
		}
	}
	s.Fatal("no source")
	return ""
}

// stored gives the customers of that name.
func (s *site) stored(name string) []customers.Row {
	s.Helper()
	page, err := s.customers.List(customerstest.System(), customers.ListQuery{
		Filter: filter.Where("name", filter.Is, name), Columns: []string{"custom.size"},
	})
	if err != nil {
		s.Fatal(err)
	}
	return page.Items
}

func TestNewCustomerIsAdded(t *testing.T) {
	each(t, func(s *site) {
		s.get("/customers/new").ok().has("New organisation", `value="BG" selected`, "Unknown", "More fields")
		s.get("/customers/new?kind=person").ok().has("New person", `name="birthday"`)
		form := url.Values{
			"kind": {"organisation"}, "name": {"Balkan Foods"}, "phone": {"088 123 4567"}, "email": {"Office@Balkan.example"}, "country": {"BG"},
			"city": {"Plovdiv"}, "source": {s.unknown()}, "owner": {fmt.Sprint(s.actor.UserID)}, "tags": {"vip, fair"}, "contact": {"Ivan Petrov"},
		}
		made := s.post("/customers/new", form)
		rows := s.stored("Balkan Foods")
		if len(rows) != 1 || made.path != fmt.Sprintf("/customers/%d", rows[0].ID) {
			s.Fatalf("at %s with %v", made.path, rows)
		}
		r := rows[0]
		if r.Phone != "+359881234567" || r.Email != "office@balkan.example" || r.City != "Plovdiv" || len(r.Tags) != 2 || r.OwnerID != s.actor.UserID {
			s.Errorf("%+v", r)
		}
		card, err := s.customers.FindCard(customerstest.System(), r.ID)
		if err != nil || len(card.Contacts) != 1 || card.Contacts[0].Name != "Ivan Petrov" {
			s.Errorf("%+v %v", card.Contacts, err)
		}
	})
}

func TestNewCustomerComesBackWithWhatIsMissing(t *testing.T) {
	each(t, func(s *site) {
		s.post("/customers/new", url.Values{"kind": {"person"}, "name": {""}, "phone": {"12"}, "email": {"nobody"}, "city": {"Варна"}}).
			is(http.StatusUnprocessableEntity).
			has("Write the customer&#39;s name", "Choose how they found us", `value="12"`, `value="Варна"`, `value="nobody"`, "data-failed", "New person")
		if rows := s.stored("nobody"); len(rows) != 0 {
			s.Errorf("added: %v", rows)
		}
	})
}

func TestNewCustomerMayBeHereAlready(t *testing.T) {
	each(t, func(s *site) {
		c := s.add("Balkan Foods", func(c *customers.NewCustomer) { c.Phones = []string{"+359 88 123 4567"} })
		path := fmt.Sprintf("/customers/%d", c.ID)
		s.do(http.MethodPost, "/customers/new/similar", url.Values{"name": {"Other"}, "phone": {"0881234567"}, "country": {"BG"}}, true).ok().has("Balkan Foods", path, "phone")
		s.do(http.MethodPost, "/customers/new/similar", url.Values{"name": {"балкан фоодс"}}, true).ok().has("already-here").lacks("<html")
		s.do(http.MethodPost, "/customers/new/similar", url.Values{"name": {"Quite another"}}, true).ok().lacks("Balkan Foods")
	})
}

func TestNewCustomerHasTheCompanysOwnFields(t *testing.T) {
	each(t, func(s *site) {
		if _, err := s.fields.CreateField(customerstest.System(), fields.NewField{RecordType: "customer", Question: fields.Question{
			Slug: "size", Words: fields.Words{Label: "Size"}, Type: fields.Choice, Required: true,
			Options: []fields.Option{{Words: fields.Words{Label: "Small"}}, {Words: fields.Words{Label: "Large"}}},
		}}); err != nil {
			s.Fatal(err)
		}
		s.get("/customers/new").ok().has("Size", "Large")
		form := url.Values{"name": {"Balkan Foods"}, "source": {s.unknown()}, "custom.size": {""}}
		s.post("/customers/new", form).is(http.StatusUnprocessableEntity).has("f-custom.size")
		form.Set("custom.size", "large")
		s.post("/customers/new", form)
		if rows := s.stored("Balkan Foods"); len(rows) != 1 || rows[0].Custom["size"] != "large" {
			s.Errorf("%v", rows)
		}
	})
}

func TestNewCustomerTakesTheRight(t *testing.T) {
	each(t, func(s *site) {
		s.as(teamtest.Person(s, s.db, authz.Analyst))
		s.get("/customers").ok().has("Your role does not add customers")
		s.get("/customers/new").is(http.StatusForbidden)
		s.post("/customers/new", url.Values{"name": {"Balkan Foods"}, "source": {s.unknown()}}).is(http.StatusForbidden)
	})
}

func TestSearchSaysWhy(t *testing.T) {
	each(t, func(s *site) {
		c := s.add("Balkan Foods", func(c *customers.NewCustomer) {
			c.Phones = []string{"+359 88 123 4567"}
			c.Contacts = []customers.Contact{{Name: "Нино Маисурадзе"}}
		})
		path := fmt.Sprintf("/customers/%d", c.ID)
		s.fragment("/search?q=4567").ok().has("Balkan Foods", "phone 088 123 <mark>4567</mark>", path, `role="option"`).lacks("<html")
		s.fragment("/search?q=nino").ok().has("Balkan Foods", "<mark>Нино</mark> Маисурадзе")
		s.get("/search?q=balkan").ok().has("<html", "<mark>Balkan</mark> Foods")
		s.fragment("/search?q=blakan").ok().has("<mark>Balkan</mark> Foods")
		s.get("/search?q=zzz").ok().has("Nothing matches")
		s.get("/search").ok()
		s.fragment("/customers/matches?q=balk").ok().has(fmt.Sprintf(`data-value="%d"`, c.ID), "Balkan Foods")
		s.fragment("/customers/matches?q=balk&kind=person").ok().lacks("Balkan Foods")
		s.fragment("/people/matches?q=" + url.QueryEscape(strings.ToUpper(s.actor.Name[:4]))).ok().has(s.actor.Name)
	})
}
