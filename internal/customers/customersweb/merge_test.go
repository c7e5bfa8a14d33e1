package customersweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"kartoteka.dev/internal/customers"
)

func (a answer) leads(to string) answer {
	a.Helper()
	if a.ok(); a.path != to {
		a.Errorf("leads to %s instead of %s\n%s", a.path, to, a.main())
	}
	return a
}

func TestTheSamePersonInThreeAlphabetsIsMergedAndParted(t *testing.T) {
	each(t, func(s *site) {
		var all []customers.Customer
		for _, name := range []string{"Nino Maisuradze", "Нино Майсурадзе", "ნინო მაისურაძე"} {
			all = append(all, s.add(name, func(in *customers.NewCustomer) {
				in.Kind, in.Phones = customers.Person, []string{"+995 555 12 34 56"}
			}))
		}
		first, other, third := all[0], all[1], all[2]
		s.get(path(first, "")).ok().has("2 others look alike", path(first, "/merge"))
		s.get(path(first, "/merge")).ok().has(other.Name, third.Name, fmt.Sprintf("/merge/%d", other.ID))
		s.get(path(first, "/merge?with=K-000003")).leads(path(first, fmt.Sprintf("/merge/%d", third.ID)))
		s.get(path(first, "/merge?with=K-000099")).is(http.StatusUnprocessableEntity).has("f-with")
		compare := path(first, fmt.Sprintf("/merge/%d", other.ID))
		s.get(compare).ok().has("Nino Maisuradze", "Нино Майсурадзе", "Choose what is right", "+995 555 12 34 56")
		form := url.Values{
			"into": {fmt.Sprint(first.ID)}, "field-name": {fmt.Sprint(other.ID)},
			fmt.Sprintf("version-%d", first.ID): {"1"}, fmt.Sprintf("version-%d", other.ID): {"1"},
		}
		s.post(compare, form).leads(path(first, "")).has("Нино Майсурадзе", "was merged into this one", "/merges/1/undo", "1 other looks alike")
		s.get(path(other, "")).leads(path(first, ""))
		s.get(compare).leads(path(first, ""))
		s.get("/customers").ok().lacks("Nino Maisuradze")
		s.post("/merges/1/undo", url.Values{}).leads(path(first, "")).has("Nino Maisuradze").lacks("was merged into this one")
		s.get(path(other, "")).leads(path(other, "")).has("Нино Майсурадзе")
		stale := url.Values{"into": {fmt.Sprint(first.ID)}, fmt.Sprintf("version-%d", first.ID): {"1"}}
		s.post(compare, stale).is(http.StatusUnprocessableEntity).has("changed")
	})
}
