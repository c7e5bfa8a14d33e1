package customersweb_test

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamtest"
)

// note writes a note as Kartoteka itself.
func (s *site) note(c customers.Customer, body string) customers.Note {
	s.Helper()
	n, err := s.customers.AddNote(customerstest.System(), customers.NewNote{CustomerID: c.ID, Kind: customers.CallNote, Body: body})
	if err != nil {
		s.Fatal(err)
	}
	return n
}

func noteAt(c customers.Customer, n customers.Note, rest string) string {
	return path(c, "/notes/"+strconv.FormatInt(n.ID, 10)+rest)
}

func TestNotesAreEditedWhereTheyStand(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		n := s.note(c, "Wants a price list")
		s.get(path(c, "")).has(noteAt(c, n, "/edit")).lacks("edited ")
		s.fragment(noteAt(c, n, "/edit")).ok().has("<form", "Wants a price list", `name="version" value="1"`, "data-mentions")
		s.get(noteAt(c, n, "/edit")).ok().has("<html", "Change note")
		words := url.Values{"version": {"1"}, "kind": {"visit"}, "body": {"Wants two <b>price lists</b>"}}
		saved := s.do(http.MethodPost, noteAt(c, n, ""), words, true).ok()
		saved.has("two &lt;b&gt;price", "edited", "Visit").lacks("<form class=\"note-edit\"")
		undo := strings.Contains(saved.header.Get("HX-Trigger"), "/undo/")
		if !undo {
			t.Errorf("no way back: %q", saved.header.Get("HX-Trigger"))
		}
		s.fragment(noteAt(c, n, "/before")).ok().has("Wants a price list")
		s.get(noteAt(c, n, "/before")).ok().has("What it said before", "Wants a price list")

		stale := s.do(http.MethodPost, noteAt(c, n, ""), url.Values{"version": {"1"}, "kind": {"call"}, "body": {"Mine, knowing nothing"}}, true).is(http.StatusUnprocessableEntity)
		stale.has("Mine, knowing nothing", "Someone changed this note", "two &lt;b&gt;price", `name="version" value="2"`)
		s.do(http.MethodPost, noteAt(c, n, ""), url.Values{"version": {"2"}, "kind": {"call"}, "body": {"Mine, knowing theirs"}}, true).ok().has("Mine, knowing theirs")
		s.do(http.MethodPost, noteAt(c, n, ""), url.Values{"version": {"3"}, "kind": {"call"}, "body": {" "}}, true).is(http.StatusUnprocessableEntity).has("Write a few words")
		s.post(noteAt(c, n, ""), url.Values{"version": {"3"}, "kind": {"call"}, "body": {"Without any script"}}).ok().has("Without any script")
	})
}

func TestNotesOfOthersAreNotEdited(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		n := s.note(c, "Not mine")
		s.as(teamtest.Person(t, s.db, authz.Operator))
		s.actor.Grants["customers.edit"] = authz.None
		s.get(path(c, "")).ok().lacks(noteAt(c, n, "/edit"))
		s.fragment(noteAt(c, n, "/edit")).is(http.StatusForbidden)
		s.do(http.MethodPost, noteAt(c, n, ""), url.Values{"version": {"1"}, "kind": {"call"}, "body": {"x"}}, true).is(http.StatusForbidden)
		s.actor.Grants["customers.view"], s.actor.UserID = authz.Own, 999
		for _, rest := range []string{"/edit", "/before", ""} {
			s.fragment(noteAt(c, n, rest)).is(http.StatusNotFound)
		}
		s.fragment(path(c, "/colleagues")).is(http.StatusNotFound)
	})
}

func TestAtOffersColleagues(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.fragment(path(c, "/colleagues?q=mar")).ok().has(`role="option"`, `data-value="@Maria Ivanova"`)
		s.fragment(path(c, "/colleagues?q=иван")).ok().has("Maria Ivanova") // a second name, in another script
		s.fragment(path(c, "/colleagues?q=nobody")).ok().lacks("option")

		maria := s.do(http.MethodPost, path(c, "/notes"), url.Values{"kind": {"call"}, "body": {"Ask @Maria Ivanova"}}, true).ok()
		if strings.Contains(maria.header.Get("HX-Trigger"), "Not told") {
			t.Error("an administrator is said to see nothing")
		}
		line, err := s.customers.Timeline(customerstest.System(), c.ID, customers.TimelineQuery{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		n := *line.Items[0].Note
		if !strings.Contains(n.Body, "@[") {
			t.Errorf("%q calls nobody", n.Body)
		}
		s.fragment(noteAt(c, n, "/edit")).ok().has("Ask @Maria Ivanova").lacks("@[")
		s.do(http.MethodPost, noteAt(c, n, ""), url.Values{"version": {"1"}, "kind": {"call"}, "body": {"Ask @Maria Ivanova today"}}, true).ok().has("@Maria Ivanova today")
	})
}

func TestWhoIsCalledInVainIsTold(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		blind := teamtest.Person(t, s.db, authz.Operator)
		rights := []team.RightChange{{Role: authz.Operator, Permission: "customers.view", Level: authz.Own}}
		if err := s.team.ChangeRights(customerstest.System(), rights, nil); err != nil {
			t.Fatal(err)
		}
		s.fragment(path(c, "/colleagues?q="+url.QueryEscape(blind.Name))).ok().has("cannot see this customer")
		a := s.do(http.MethodPost, path(c, "/notes"), url.Values{"kind": {"call"}, "body": {"Ask @" + blind.Name}}, true).ok()
		if told := a.header.Get("HX-Trigger"); !strings.Contains(told, "cannot see this customer") || !strings.Contains(told, blind.Name) {
			t.Errorf("told %q", told)
		}
	})
}

func TestPanelsOfOtherModules(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.get(path(c, "")).ok().lacks("sheet-panels", "pick-panels")
		s.customers.AddPanel(panel{"weather", "Rain"})
		s.customers.AddPanel(panel{"unknown to pages", "Secret"})
		s.customers.AddPanel(panel{"deals", errors.New("the deals are on strike")})
		a := s.get(path(c, "")).ok().has("pick-panels", "Rain over Pirin", "Could not be loaded", path(c, "/panels/deals")).lacks("Secret", "on strike")
		if strings.Index(a.body, "panel-deals") > strings.Index(a.body, "panel-weather") {
			t.Error("panels are in the order of loading, not in theirs")
		}
		s.fragment(path(c, "/panels/weather")).ok().has("Rain over Pirin")
		s.fragment(path(c, "/panels/deals")).ok().has("Could not be loaded")
		s.fragment(path(c, "/panels/nonsense")).is(http.StatusNotFound)
		s.fragment(path(c, "/file")).ok().has("Rain over Pirin")
	})
}

func TestLookAlikesAreNamedQuietly(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		s.get(path(c, "")).ok().lacks("looks alike", "look alike")
		twin := s.add("Pirin Dairy (old card)", func(in *customers.NewCustomer) { in.Phones = []string{"+359 2 981 1234"} })
		s.get(path(c, "")).ok().has("1 other looks alike", path(twin, ""), "old card")
	})
}

func TestTheTimelineIsFetchedAsFarAsItIsUnfolded(t *testing.T) {
	each(t, func(s *site) {
		c := rich(s)
		for i := range 70 {
			s.note(c, "Line "+strconv.Itoa(i))
		}
		count := func(query string) int {
			return strings.Count(s.fragment(path(c, "/timeline"+query)).ok().body, "<article")
		}
		for query, want := range map[string]int{"": 30, "?open=2": 30, "?open=61": 61, "?open=nonsense": 30} {
			if got := count(query); got != want {
				t.Errorf("%q: %d items, want %d", query, got, want)
			}
		}
	})
}
