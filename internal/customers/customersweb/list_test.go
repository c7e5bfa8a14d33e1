package customersweb_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/team/teamtest"
)

func TestListIsEmptyAtFirst(t *testing.T) {
	each(t, func(s *site) {
		s.get("/customers").ok().has("No customers yet", "/imports/new?kind=customers", "/customers/new", "0 customers")
	})
}

func TestListShowsFiltersAndSorts(t *testing.T) {
	each(t, func(s *site) {
		s.add("Balkan Foods", func(c *customers.NewCustomer) { c.Phones, c.Tags = []string{"+359 88 123 4567"}, []string{"vip"} })
		s.add("Tbilisi Wines", func(c *customers.NewCustomer) { c.Country = "GE"; c.OwnerID = s.actor.UserID })
		s.add("Złota Herbata", func(c *customers.NewCustomer) { c.Country = "PL" })

		s.get("/customers").ok().has("Balkan Foods", "Tbilisi Wines", "Złota Herbata", "3 customers", "vip", "tel:+359881234567")
		s.get("/customers?view=mine").ok().has("Tbilisi Wines", "1 customer", ">me<").lacks("Balkan Foods")
		s.get("/customers?f0=country&op0=in&v0=GE&v0=PL").ok().has("Tbilisi Wines", "Złota Herbata", "is any of", "Georgia, Poland").lacks("Balkan Foods")
		s.get("/customers?filter="+url.QueryEscape(`tags in (vip) or (country = GE and name ~ wine)`)).ok().has("Balkan Foods", "Tbilisi Wines").lacks("Złota")
		s.get("/customers?q=4567").ok().has("Balkan Foods").lacks("Tbilisi Wines")
		s.get("/customers?q=" + url.QueryEscape("балкан foods")).ok().has("Balkan Foods").lacks("Tbilisi Wines")
		s.get("/customers?q=nobody").ok().has("Nothing matches", "Clear the filter")
		s.get("/customers?view=new").ok().has("Balkan Foods", "this month")
		s.get("/customers?view=archived").ok().has("Nothing matches").lacks("Balkan Foods")

		body := s.get("/customers?sort=-name").ok().has(`aria-sort="descending"`).body
		if strings.Index(body, "Tbilisi Wines") > strings.Index(body, "Balkan Foods") {
			s.Error("not sorted by falling name")
		}
	})
}

func TestListSaysWhatIsWrongWithAFilter(t *testing.T) {
	each(t, func(s *site) {
		s.add("Balkan Foods", nil)
		s.get("/customers?filter=" + url.QueryEscape("colour = red")).is(http.StatusUnprocessableEntity).has("There is no field “colour”").lacks("Balkan Foods")
		s.get("/customers?filter=" + url.QueryEscape(`name ~ "open`)).is(http.StatusUnprocessableEntity).has("quotation mark")
		s.get("/customers?cursor=1x").is(http.StatusUnprocessableEntity)
		s.get("/customers?view=v99").is(http.StatusNotFound)
	})
}

func TestListGoesOnPageByPage(t *testing.T) {
	each(t, func(s *site) {
		var many []customers.NewCustomer
		for i := range 120 {
			c := customerstest.New()
			c.Name = fmt.Sprintf("Customer %03d", i)
			many = append(many, c)
		}
		if _, err := s.customers.CreateMany(customerstest.System(), many); err != nil {
			s.Fatal(err)
		}
		a := s.get("/customers").ok().has("120 customers", "Customer 000", "Customer 049").lacks("Customer 050")
		next := regexp.MustCompile(`<k-endless[^>]*>\s*<a[^>]*href="([^"]+)"`)
		for _, last := range []string{"Customer 099", "Customer 119"} {
			m := next.FindStringSubmatch(a.body)
			if m == nil {
				s.Fatal("no next page")
			}
			a = s.fragment(strings.ReplaceAll(m[1], "&amp;", "&")).ok().has(last).lacks("<html")
		}
		if next.MatchString(a.body) {
			s.Error("a page behind the last one")
		}
	})
}

func TestHostileTextIsOnlyText(t *testing.T) {
	each(t, func(s *site) {
		s.add(`<script>alert("x")</script>`, func(c *customers.NewCustomer) { c.Tags = []string{`"><img src=x onerror=alert(1)>`} })
		s.add(strings.Repeat("long ", 39), nil)
		s.add("شركة الشرق", nil)
		s.get("/customers").ok().lacks("<script>alert", "<img src=x").has("&lt;script&gt;", "شركة الشرق")
		s.get(`/customers?q=` + url.QueryEscape(`"><script>alert(1)</script>`)).ok().lacks("<script>alert")
		s.get(`/search?q=` + url.QueryEscape(`<script>alert`)).ok().lacks("<script>alert")
		s.get(`/customers/condition?field=name&filter=` + url.QueryEscape(`name = "<script>"`)).ok().lacks("<script>\"")
	})
}

func TestConditionsHaveEditors(t *testing.T) {
	each(t, func(s *site) {
		c := s.add("Balkan Foods", func(c *customers.NewCustomer) { c.Tags = []string{"vip"} })
		if _, err := s.fields.CreateField(customerstest.System(), fields.NewField{RecordType: "customer", Question: fields.Question{
			Words: fields.Words{Label: "Milk a day"}, Type: fields.Number,
		}}); err != nil {
			s.Fatal(err)
		}
		schema, err := s.customers.Schema(customerstest.System())
		if err != nil {
			s.Fatal(err)
		}
		for _, f := range schema.Fields() {
			s.fragment("/customers/condition?field=" + f.Name + "&f0=country&op0=in&v0=BG").ok().has("filter-form").lacks("<html")
		}
		s.fragment("/customers/condition?field=created").has("this week", "last month", "v0=30d")
		s.get("/customers/condition?field=custom.milk_a_day").ok().has("Milk a day", "<html")
		s.get("/customers/condition?field=colour").is(http.StatusNotFound)
		s.get(fmt.Sprintf("/customers?f0=parent&op0=is&v0=%d", c.ID)).ok().has("Balkan Foods")
		s.get("/customers?f0=country&op0=in&v0=BG&f1=tags&op1=has&v1=vip&f2=quality&op2=between&v2=0&v2=").ok().has("Balkan Foods", "f-c0-op", "f-c1-op", "f-c2-from")
	})
}

func TestColumnsAreKept(t *testing.T) {
	each(t, func(s *site) {
		s.add("Balkan Foods", nil)
		s.get("/customers").ok().has(">Last contact").lacks(`data-label="Country"`)
		s.post("/customers/columns", url.Values{"order": {"name", "country", "phone"}, "column": {"phone", "country"}}).ok().
			has(`data-label="Country"`, `data-label="Phone"`).lacks(`data-label="City"`)
		moved := s.do(http.MethodPost, "/customers/columns", url.Values{"order": {"name", "country", "phone"}, "column": {"phone", "country"}, "up": {"phone"}}, true).ok().body
		if strings.Index(moved, `value="phone"`) > strings.Index(moved, `value="country"`) {
			s.Error("the column has not moved")
		}
		s.post("/customers/columns", url.Values{"usual": {"1"}}).ok().has(`data-label="City"`).lacks(`data-label="Country"`)
	})
}

func TestViewsAreSavedSharedAndRemoved(t *testing.T) {
	each(t, func(s *site) {
		s.add("Balkan Foods", nil)
		s.add("Tbilisi Wines", func(c *customers.NewCustomer) { c.Country = "GE" })
		s.get("/customers?f0=country&op0=in&v0=GE").ok().has("Save view")
		q := url.Values{"edited": {"1"}, "f0": {"country"}, "op0": {"in"}, "v0": {"GE"}, "save": {"new"}, "name": {"Georgia"}, "shared": {"everyone"}}
		saved := s.post("/views/customers", q).ok().has("Georgia", "Tbilisi Wines").lacks(">Balkan Foods<")
		key := strings.TrimPrefix(saved.path, "/customers?view=")
		q.Set("name", "")
		s.post("/views/customers", q).is(http.StatusUnprocessableEntity).has("Tbilisi Wines")

		owner := s.actor
		s.as(teamtest.Person(s, s.db, authz.Operator))
		s.get(saved.path).ok().has("Georgia", "This view belongs to a colleague")
		s.post("/views/customers", url.Values{"view": {key}, "save": {"rename"}, "name": {"Mine now"}}).is(http.StatusForbidden)
		s.post("/views/customers/"+key[1:]+"/remove", url.Values{}).is(http.StatusForbidden)
		s.post("/views/customers/"+key+"/first", url.Values{}).ok()
		s.get("/customers").ok().has("Tbilisi Wines").lacks(">Balkan Foods<")

		s.actor = owner
		s.post("/views/customers", url.Values{"view": {key}, "save": {"rename"}, "name": {"Sakartvelo"}, "shared": {"everyone"}}).ok().has("Sakartvelo")
		s.post("/views/customers", url.Values{"view": {key}, "edited": {"1"}, "f0": {"country"}, "op0": {"in"}, "v0": {"BG"}, "save": {"over"}}).ok().has(">Balkan Foods<")
		gone := s.post("/views/customers/"+key[1:]+"/remove", url.Values{}).ok()
		s.get(saved.path).is(http.StatusNotFound)
		s.post(gone.undo(), url.Values{}).ok().has("Sakartvelo")
	})
}

func TestBulkChangesAreUndone(t *testing.T) {
	each(t, func(s *site) {
		a, b := s.add("Balkan Foods", nil), s.add("Tbilisi Wines", nil)
		ids := []string{fmt.Sprint(a.ID), fmt.Sprint(b.ID)}
		s.post("/customers/bulk", url.Values{"id": ids, "do": {"tag"}, "tag": {"fair"}}).ok().has("2 customers changed", ">fair<")
		s.post("/customers/bulk", url.Values{"id": ids, "do": {"tag"}, "tag": {""}}).is(http.StatusUnprocessableEntity)
		s.post("/customers/bulk", url.Values{"do": {"archive"}}).is(http.StatusUnprocessableEntity)
		s.post("/customers/bulk", url.Values{"all": {"1"}, "edited": {"1"}, "f0": {"name"}, "op0": {"contains"}, "v0": {"wines"}, "do": {"archive"}}).ok().has("1 customer changed")
		s.get("/customers").ok().lacks("Tbilisi Wines")
		s.post("/customers/bulk", url.Values{"id": ids, "do": {"owner"}, "owner": {fmt.Sprint(s.actor.UserID)}}).ok()
		handed := s.post("/customers/bulk", url.Values{"id": ids[:1], "do": {"team"}, "team": {""}}).ok()
		handed.has("0 customers changed")
		s.get("/customers?view=mine").ok().has("Balkan Foods")
		tagged := s.post("/customers/bulk", url.Values{"id": ids[:1], "do": {"tag"}, "tag": {"summer"}}).ok().has(">summer<")
		s.post(tagged.undo(), url.Values{}).ok().has("Undone for 1 customer").lacks(">summer<")
	})
}

func TestBulkRefusesWhatIsNotOnesOwn(t *testing.T) {
	each(t, func(s *site) {
		me := teamtest.Person(s, s.db, authz.Manager)
		s.as(me)
		mine := s.add("Mine Ltd", func(c *customers.NewCustomer) { c.OwnerID = me.ID })
		other := s.add("Foreign Ltd", nil)
		ids := []string{fmt.Sprint(mine.ID), fmt.Sprint(other.ID)}
		s.post("/customers/bulk", url.Values{"id": ids, "do": {"tag"}, "tag": {"fair"}}).ok().
			has("1 customer changed", "1 customer stays", "Foreign Ltd", "/customers/bulk/undo")
		a := s.get("/customers").ok()
		if strings.Count(a.main(), ">fair<") != 1 {
			s.Errorf("tagged: %d", strings.Count(a.main(), ">fair<"))
		}
		s.as(teamtest.Person(s, s.db, authz.Operator))
		s.post("/customers/bulk", url.Values{"id": ids, "do": {"archive"}}).is(http.StatusForbidden)
		s.get("/customers").ok().lacks("data-bulk", `class="check row-check"`)
	})
}

func TestExportIsTheListAndSafe(t *testing.T) {
	each(t, func(s *site) {
		s.add("=HYPERLINK(1)", nil)
		s.add("Tbilisi Wines", func(c *customers.NewCustomer) { c.Country = "GE" })
		a := s.get("/export/customers/csv").ok()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		if err != nil {
			s.Fatal(err)
		}
		if len(rows) != 3 || rows[0][0] != "Name" || rows[0][1] != "Number" {
			s.Errorf("rows: %v", rows)
		}
		a.has("'=HYPERLINK(1)")
		s.get("/export/customers/csv?f0=country&op0=in&v0=GE").ok().has("Tbilisi Wines").lacks("HYPERLINK")
		if x := s.get("/export/customers/xlsx").ok(); !strings.HasPrefix(x.body, "PK") {
			s.Error("no workbook")
		}
		s.get("/export/customers/pdf").is(http.StatusNotFound)
		s.as(teamtest.Person(s, s.db, authz.Operator))
		s.get("/export/customers/csv").is(http.StatusForbidden)
	})
}

func TestListIsLimitedByScope(t *testing.T) {
	each(t, func(s *site) {
		me := teamtest.Person(s, s.db, authz.Manager)
		s.add("Mine Ltd", func(c *customers.NewCustomer) { c.OwnerID = me.ID })
		s.add("Foreign Ltd", nil)
		s.as(me)
		s.actor.Grants["customers.view"] = authz.Own
		s.get("/customers").ok().has("Mine Ltd", "1 customer").lacks("Foreign Ltd")
		s.get("/search?q=foreign").ok().lacks("Foreign Ltd")
		s.fragment("/customers/matches?q=foreign").ok().lacks("Foreign Ltd")
		s.get("/export/customers/csv").ok().has("Mine Ltd").lacks("Foreign Ltd")
		s.actor.Grants["customers.view"] = authz.None
		s.get("/customers").is(http.StatusForbidden)
	})
}

// maxPage is how many statements the page of the list needs at most: the rows
// and what hangs on them, their count, the views; the rest is in memory.
const maxPage = 6

func TestListNeedsFewStatements(t *testing.T) {
	each(t, func(s *site) {
		var many []customers.NewCustomer
		for range 60 {
			c := customerstest.New()
			c.Tags, c.Phones = []string{"vip"}, []string{"+359 88 123 4567"}
			many = append(many, c)
		}
		if _, err := s.customers.CreateMany(customerstest.System(), many); err != nil {
			s.Fatal(err)
		}
		s.get("/customers").ok() // fills what is kept in memory
		ctx, counter := db.WithCounter(customerstest.System())
		if _, err := s.customers.List(ctx, customers.ListQuery{Sort: "name"}); err != nil {
			s.Fatal(err)
		}
		if n := counter.Count(); n > 3 {
			s.Errorf("the list needs %d statements", n)
		}
		s.get("/customers?f0=country&op0=in&v0=BG").ok()
		if n := s.counter.Count(); n > maxPage {
			s.Errorf("the page needs %d statements, want %d at most", n, maxPage)
		}
	})
}

// undo is the address of the undo that a message on the page offers.
func (a answer) undo() string {
	a.Helper()
	m := regexp.MustCompile(`action="((?:/views/customers|/customers/bulk/undo)\?[^"]+)"`).FindStringSubmatch(a.body)
	if m == nil {
		a.Fatal("nothing to undo")
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}
