package customersweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/teamtest"
)

func TestJournalIsChosenAndTakenBack(t *testing.T) {
	each(t, func(s *site) {
		s.actor.Grants["journal.view"] = authz.All
		c := s.add("Balkan Foods", func(c *customers.NewCustomer) { c.Tags = []string{"vip"} })
		s.post("/settings/tags", url.Values{"name": {"Summer"}}).ok()
		s.post(customerAt(c)+"/parts/tags", url.Values{"add": {"cheese"}}).ok()

		s.get("/journal").ok().has("Tag added: Summer", "Added to the file", "Tags changed", "Kartoteka set up for Rodopi Cheese")
		s.get("/journal?kind=team").ok().has("Kartoteka set up").lacks("Tag added: Summer")
		s.get("/journal?kind=customers.created").ok().has(`href="` + customerAt(c) + `"`).lacks("Tag added: Summer")
		s.get("/journal?to=2020-01-01").ok().has("Nothing like this has happened")
		s.get("/journal?from=nonsense").is(http.StatusUnprocessableEntity)
		s.get("/journal?undoable=1&kind=jobs").ok().has("Nothing like this has happened")

		undoable := s.get("/journal?undoable=1").ok().has("Tag added: Summer", "Tags changed")
		all := regexp.MustCompile(`action="(/journal/\d+/undo)"`).FindAllStringSubmatch(undoable.body, -1)
		if len(all) != 2 {
			t.Fatalf("%d can be undone\n%s", len(all), undoable.main())
		}
		s.post(all[0][1], url.Values{"back": {"/journal?undoable=1"}}).ok().has("Undone")
		s.post(all[1][1], url.Values{"word": {"1"}, "back": {"//elsewhere.example"}}).ok().has("Undone", "Tag removed: Summer")
		s.get(customerAt(c)).ok().lacks(`value="cheese"`)

		s.lang = i18n.Georgian
		s.get("/journal").ok().has("დაემატა ჭდე: Summer")
		s.as(teamtest.Person(s.T, s.db, authz.Manager))
		s.get("/journal").is(http.StatusForbidden)
	})
}

func customerAt(c customers.Customer) string { return fmt.Sprint("/customers/", c.ID) }
