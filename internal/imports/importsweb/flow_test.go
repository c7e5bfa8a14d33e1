package importsweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
)

// rules is what the rules form sends for an unattended import.
func rules(source string) url.Values {
	return url.Values{"default-source-text": {source}, "match": {"name_country"}, "on-match": {"skip"}}
}

func (s *site) list() map[string]customers.Row {
	s.Helper()
	all := map[string]customers.Row{}
	q := customers.ListQuery{Limit: 100}
	for {
		page, err := s.customers.List(authz.AsSystem(s.Context(), "test"), q)
		if err != nil {
			s.Fatal(err)
		}
		for _, row := range page.Items {
			all[row.Name] = row
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return all
		}
	}
}

func TestRealAccounts(t *testing.T) {
	each(t, func(s *site) {
		a := s.upload("accounts.csv", s.fixture("maven-crm", "accounts.csv")).is(http.StatusOK)
		a.has(`value="parent" selected`, `value="country" selected`, `value="name" selected`)
		base := a.base()
		form := url.Values{"to-1": {"tags"}, "to-2": {"new:number"}, "to-3": {"new:number"}, "to-4": {"new:number"}}
		s.post(base+"/columns", form).is(http.StatusOK).has(`name="default-source"`)
		s.post(base+"/rules", rules("")).is(http.StatusUnprocessableEntity).has("f-default-source-error")
		s.post(base+"/rules", rules("Exhibition")).is(http.StatusOK).has("Acme Corporation", "85")
		s.post(base+"/start", nil).is(http.StatusOK)
		s.finished(base).has("85", "/customers?of-import=accounts.csv")
		all, units := s.list(), 0
		for _, c := range all {
			if c.ParentID != 0 {
				units++
			}
		}
		if len(all) != 85 || units != 15 {
			t.Errorf("%d customers, %d of them units; want 85 and 15", len(all), units)
		}
		if c := all["Bioholding"]; c.Country != "PH" || strings.Join(c.Tags, "") != "medical" {
			t.Errorf("read wrongly: %+v", c)
		}
		// The next file of this source is mapped like this one.
		s.upload("accounts.csv", s.fixture("maven-crm", "accounts.csv")).is(http.StatusOK).has("As last time")
	})
}
