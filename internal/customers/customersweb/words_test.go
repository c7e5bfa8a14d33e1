package customersweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/teamtest"
)

// word is the address of a tag or source.
func (s *site) word(l vocabulary.List, name string) (at string, id int64) {
	s.Helper()
	all, err := vocabulary.New(s.db).Read(customerstest.System(), l)
	if err != nil {
		s.Fatal(err)
	}
	for _, w := range all {
		if w.Name == name {
			return "/settings/" + string(l) + "s/" + strconv.FormatInt(w.ID, 10), w.ID
		}
	}
	s.Fatalf("there is no %q", name)
	return "", 0
}

// undoWord presses the undo a message of the page offers.
func (a answer) undoWord() answer {
	a.Helper()
	m := regexp.MustCompile(`action="(/settings/(?:tags|sources)/\d+/undo)"`).FindStringSubmatch(a.body)
	if m == nil {
		a.Fatalf("nothing to undo\n%s", a.main())
	}
	return a.post(m[1], url.Values{}).ok().has("Undone")
}

func TestTagsAreAddedRenamedArchivedAndJoined(t *testing.T) {
	each(t, func(s *site) {
		s.get("/settings/tags").ok().has("No tags yet")
		s.add("Balkan Foods", func(c *customers.NewCustomer) { c.Tags = []string{"vip"} })
		s.add("Rodopi", func(c *customers.NewCustomer) { c.Tags = []string{"key"} })
		s.get("/settings/tags").ok().has(">vip<", "1 customer", "f0=tags")

		s.post("/settings/tags", url.Values{"name": {"Summer"}}).ok().has("“Summer” added").undoWord().lacks(">Summer<")
		s.post("/settings/tags", url.Values{"name": {" VIP "}}).is(http.StatusUnprocessableEntity).has(`value="VIP"`, `aria-invalid`)

		at, vip := s.word(vocabulary.Tags, "vip")
		_, key := s.word(vocabulary.Tags, "key")
		s.post(at+"/rename", url.Values{"name": {"key"}}).is(http.StatusUnprocessableEntity).has(`value="key"`, `aria-invalid`)
		s.post(at+"/rename", url.Values{"name": {"Important"}}).ok().has("“vip” is now “Important”").undoWord().has(">vip<")
		s.post(at+"/rename", url.Values{"name": {"vip"}}).ok().has("Nothing to change")
		s.post(at+"/archive", url.Values{}).ok().has("“vip” is no longer offered", at+"/restore").undoWord().lacks(at + "/restore")

		ids := func(from, into int64) url.Values {
			return url.Values{"from": {strconv.FormatInt(from, 10)}, "into": {strconv.FormatInt(into, 10)}}
		}
		s.post("/settings/tags/join", ids(vip, vip)).is(http.StatusUnprocessableEntity).has("Choose two different ones")
		s.post("/settings/tags/join", url.Values{}).is(http.StatusUnprocessableEntity)
		joined := s.post("/settings/tags/join", ids(vip, key)).ok().has("“vip” is now part of “key”", "2 customers")
		joined.undoWord().has(">vip<", "1 customer")
		s.post("/settings/tags/999/undo", url.Values{}).is(http.StatusNotFound)
	})
}

func TestSourcesAreKeptTheSameWay(t *testing.T) {
	each(t, func(s *site) {
		s.get("/settings/sources").ok().has("Recommendation")
		s.post("/settings/sources", url.Values{"name": {"Radio"}}).ok().has("“Radio” added")
		s.post("/settings/sources", url.Values{"name": {"radio"}}).is(http.StatusUnprocessableEntity).has(`value="radio"`)
		s.post("/settings/sources", url.Values{"name": {" "}}).is(http.StatusUnprocessableEntity)
		at, id := s.word(vocabulary.Sources, "Radio")
		s.add("Balkan Foods", func(c *customers.NewCustomer) { c.SourceName, c.SourceID = "", id })
		s.post(at+"/rename", url.Values{"name": {"Television"}}).ok().has("“Radio” is now “Television”")
		s.get("/settings/sources").ok().has("1 customer")
		s.lang = i18n.Georgian
		s.get("/settings/sources").ok().has(i18n.TIn(i18n.Georgian, "customers.source.recommendation"), "Television")
	})
}

func TestWordsAreOnlyForThoseWhoKeepThem(t *testing.T) {
	each(t, func(s *site) {
		s.as(teamtest.Person(s.T, s.db, authz.Manager))
		for _, path := range []string{"/settings/tags", "/settings/sources"} {
			s.get(path).is(http.StatusForbidden)
			s.post(path, url.Values{"name": {"x"}}).is(http.StatusForbidden)
		}
	})
}
