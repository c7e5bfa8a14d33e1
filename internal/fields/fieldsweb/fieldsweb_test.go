package fieldsweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/fields/fieldsweb"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

// site is a server with the settings of fields and forms.
type site struct {
	*testing.T
	fields *fields.Service
	actor  authz.Actor
	url    string
}

func each(t *testing.T, test func(s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &site{T: t, actor: authz.Actor{Kind: authz.System, Name: "test"}}
		s.fields = fields.New(fields.Deps{DB: d, RecordTypes: []string{"customer"}})
		pages := fieldsweb.New(fieldsweb.Deps{
			Fields:   s.fields,
			Currency: func(context.Context) string { return "EUR" },
			Roles:    func(context.Context) []field.Option { return []field.Option{{Value: "manager", Label: "Manager"}} },
		})
		server := web.New(web.Config{
			Routes: pages.Routes(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Clock: clock.System, Metrics: prometheus.NewRegistry(),
			Identify: func(*http.Request) (web.Identity, error) {
				return web.Identity{Actor: s.actor, Locale: i18n.Locale{Lang: i18n.English, Zone: time.UTC}}, nil
			},
			Furnish: func(context.Context, *http.Request, *page.Page) {},
			Lock:    func(context.Context) web.Lock { return web.Lock{} },
			SetUp:   func(context.Context) bool { return true },
		})
		running := httptest.NewServer(server)
		t.Cleanup(running.Close)
		s.url = running.URL
		test(s)
	})
}

func (s *site) do(status int, method, path string, form url.Values) string {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	if resp.StatusCode != status {
		s.Fatalf("%s %s: status %d, want %d\n%s", method, path, resp.StatusCode, status, body)
	}
	return string(body)
}

func (s *site) has(body string, texts ...string) {
	s.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			s.Errorf("lacks %q\n%s", text, body)
		}
	}
}

func (s *site) all() []fields.Definition {
	s.Helper()
	all, err := s.fields.Fields(authz.AsSystem(s.Context(), "test"), "customer")
	if err != nil {
		s.Fatal(err)
	}
	return all
}

func TestFieldsAreAddedChangedAndArchived(t *testing.T) {
	each(t, func(s *site) {
		s.has(s.do(200, "GET", "/settings/fields", nil), "No fields of your own yet")
		s.has(s.do(200, "GET", "/settings/fields/new", nil), "New field", "Several choices")
		s.has(s.do(422, "POST", "/settings/fields/new", url.Values{"label": {""}, "type": {"text"}, "hint": {"kept"}}), `value="kept"`, "f-label")
		s.do(200, "POST", "/settings/fields/new", url.Values{"label": {"Herd"}, "type": {"number"}, "default": {"12"}, "label-bg": {"Стадо"}})
		s.has(s.do(422, "POST", "/settings/fields/new", url.Values{"label": {"Bad"}, "type": {"number"}, "default": {"many"}}), `value="many"`)
		s.do(200, "POST", "/settings/fields/new", url.Values{"label": {"<b>Milk</b>"}, "type": {"choice"}, "options": {"Cow\nGoat\n\nSheep"}, "required": {"on"}})
		list := s.do(200, "GET", "/settings/fields", nil)
		s.has(list, "Herd", "&lt;b&gt;Milk", "required")
		all := s.all()
		if len(all) != 2 || all[0].Labels[i18n.Bulgarian] != "Стадо" || len(all[1].Options) != 3 || all[0].Default == nil {
			s.Fatalf("%+v", all)
		}
		milk := fmt.Sprintf("/settings/fields/%d", all[1].ID)
		s.has(s.do(200, "GET", milk, nil), `value="Cow"`, `value="Goat"`, `value="Sheep"`)
		s.do(200, "POST", milk, url.Values{"label": {"Milk"}, "type": {"choice"}, "options": {"Goat\nCow"}, "default": {"Goat"}, "version": {fmt.Sprint(all[1].Version)}})
		if d := s.all()[1]; d.Label != "Milk" || d.Slug != all[1].Slug || d.Options[0].Slug != all[1].Options[1].Slug || d.Default != "goat" {
			s.Errorf("%+v", d)
		}
		s.has(s.do(422, "POST", milk, url.Values{"label": {"Late"}, "type": {"choice"}, "options": {"Goat"}, "version": {"1"}}), `value="Late"`)
		s.do(200, "POST", milk+"/up", nil)
		if d := s.all()[0]; d.Label != "Milk" {
			s.Errorf("first is %q", d.Label)
		}
		s.has(s.do(200, "POST", milk+"/archive", nil), "Archived", milk+"/restore")
		s.do(200, "POST", milk+"/restore", nil)
		if s.all()[0].Archived {
			s.Error("still archived")
		}
		s.do(404, "GET", "/settings/fields/999", nil)
	})
}

func TestFormsAreDesigned(t *testing.T) {
	each(t, func(s *site) {
		s.has(s.do(200, "GET", "/settings/forms", nil), "No forms yet")
		s.has(s.do(200, "GET", "/settings/forms/new", nil), "Question 1", "Manager")
		q := url.Values{"name": {"Visit"}, "role": {"-", "manager"}, "questions.0.label": {"Mood"}, "questions.0.type": {"text"}, "do": {"add"}}
		s.has(s.do(200, "POST", "/settings/forms/new", q), "Question 2", `value="Mood"`, `value="Visit"`)
		q.Set("questions.1.label", "Milk")
		q.Set("questions.1.type", "choice")
		q.Set("questions.1.options", "Cow\nGoat")
		q.Set("do", "up:1")
		moved := s.do(200, "POST", "/settings/forms/new", q)
		if strings.Index(moved, `value="Milk"`) > strings.Index(moved, `value="Mood"`) {
			s.Error("the question has not moved")
		}
		q.Set("do", "save")
		q.Set("questions.0.label", "")
		s.has(s.do(422, "POST", "/settings/forms/new", q), "questions.0.label")
		q.Set("questions.0.label", "Mood")
		s.has(s.do(200, "POST", "/settings/forms/new", q), "Visit", "2 questions")
		forms, err := s.fields.Forms(authz.AsSystem(s.Context(), "test"))
		if err != nil || len(forms) != 1 || len(forms[0].Questions) != 2 || len(forms[0].Roles) != 1 {
			s.Fatalf("%+v %v", forms, err)
		}
		path := fmt.Sprintf("/settings/forms/%d", forms[0].ID)
		s.has(s.do(200, "GET", path, nil), `value="Cow"`, `value="Goat"`, "Mood")
		q.Set("do", "drop:0")
		q.Set("questions.0.slug", forms[0].Questions[0].Slug)
		q.Set("questions.1.slug", forms[0].Questions[1].Slug)
		if strings.Contains(s.do(200, "POST", path, q), `value="Mood"`) {
			s.Error("the question is still there")
		}
		q.Set("do", "save")
		q.Set("questions.0.label", "Mood of the day")
		s.do(200, "POST", path, q)
		f, err := s.fields.FindForm(authz.AsSystem(s.Context(), "test"), forms[0].ID)
		if err != nil || f.Edition != 2 || f.Questions[0].Slug != forms[0].Questions[0].Slug || f.Questions[0].Label != "Mood of the day" {
			s.Errorf("%+v %v", f, err)
		}
		s.do(200, "POST", path+"/archive", nil)
		s.has(s.do(200, "GET", "/settings/forms", nil), "archived", "Restore")
		s.do(200, "POST", path+"/restore", nil)
	})
}

func TestSettingsTakeTheRight(t *testing.T) {
	each(t, func(s *site) {
		d := s.field(fields.Question{Words: word("Herd"), Type: fields.Text})
		s.actor = authz.Actor{Kind: authz.Person, UserID: 1, Name: "Nino"}
		path := fmt.Sprintf("/settings/fields/%d", d.ID)
		s.do(403, "GET", path, nil)
		for _, act := range []string{"", "/archive", "/restore", "/up", "/down"} {
			s.do(403, "POST", path+act, url.Values{"label": {"x"}, "type": {"text"}, "do": {""}})
		}
		s.do(403, "POST", path, url.Values{"do": {"option-up:0:0"}})
		for _, path := range []string{"/settings/fields", "/settings/forms"} {
			s.do(403, "GET", path, nil)
		}
		for _, path := range []string{"/settings/fields/new", "/settings/forms/new"} {
			s.do(403, "GET", path, nil)
			s.do(403, "POST", path, url.Values{"do": {"type"}, "type": {"money"}})
			s.do(403, "POST", path, url.Values{"name": {"x"}, "label": {"x"}, "type": {"text"}, "questions.0.type": {"text"}, "questions.0.label": {"x"}})
		}
	})
}

func TestOnlyWhatATypeNeedsIsAskedFor(t *testing.T) {
	each(t, func(s *site) {
		const currency, options = `id="f-currency"`, `id="f-options"`
		lacks := func(page string, texts ...string) {
			t.Helper()
			for _, text := range texts {
				if strings.Contains(page, text) {
					t.Errorf("the page has %q", text)
				}
			}
		}
		lacks(s.do(200, "GET", "/settings/fields/new", nil), currency, options)
		typed := url.Values{"label": {"Budget"}, "type": {"money"}, "currency": {"GEL"}, "options": {"Cow"}, "do": {"type"}}
		page := s.do(200, "POST", "/settings/fields/new", typed)
		s.has(page, currency, `value="Budget"`, `value="GEL" selected`)
		lacks(page, options)
		typed.Set("type", "choice")
		page = s.do(200, "POST", "/settings/fields/new", typed)
		s.has(page, options, "Cow")
		lacks(page, currency)
		if len(s.all()) != 0 {
			t.Error("something was kept")
		}
	})
}

func (s *site) field(q fields.Question) fields.Definition {
	s.Helper()
	d, err := s.fields.CreateField(authz.AsSystem(s.Context(), "test"), fields.NewField{RecordType: "customer", Question: q})
	if err != nil {
		s.Fatal(err)
	}
	return d
}

func word(label string) fields.Words { return fields.Words{Label: label} }

func TestOptionsAreRenamedMovedAndArchived(t *testing.T) {
	each(t, func(s *site) {
		d := s.field(fields.Question{Words: word("Milk"), Type: fields.Choice, Default: "goat", Options: []fields.Option{
			{Slug: "cow", Words: fields.Words{Label: "Cow", Labels: map[i18n.Lang]string{i18n.Polish: "Krowa"}}}, {Slug: "goat", Words: word("Goat")}, {Slug: "ewe", Words: word("Ewe")},
		}})
		path := fmt.Sprintf("/settings/fields/%d", d.ID)
		form := url.Values{
			"label": {"Milk"}, "type": {"choice"}, "version": {fmt.Sprint(d.Version)}, "default": {"goat"},
			"option.slug": {"cow", "goat", "ewe"}, "option.label": {"Cattle", "Goat", "Ewe"}, "option.off": {"-", "ewe"}, "options": {"Buffalo"}, "do": {"option-down:0:0"},
		}
		drawn := s.do(200, "POST", path, form)
		s.has(drawn, `value="Cattle"`, "Buffalo")
		if strings.Index(drawn, `value="Cattle"`) < strings.Index(drawn, `value="Goat"`) {
			s.Error("the option has not moved")
		}
		if s.all()[0].Options[0].Label != "Cow" {
			s.Error("moving an option kept the form")
		}
		for _, odd := range []string{"option-up:0:0", "option-up:0:99", "option-up:7:0", "option-up:x", "drop", "up:-3", "nonsense"} {
			form.Set("do", odd)
			s.do(200, "POST", path, form)
		}
		form.Set("do", "save")
		s.do(200, "POST", path, form)
		got := s.all()[0]
		if len(got.Options) != 4 || got.Options[0].Slug != "cow" || got.Options[0].Label != "Cattle" || got.Options[0].Labels[i18n.Polish] != "Krowa" ||
			!got.Options[2].Archived || got.Options[3].Label != "Buffalo" || got.Default != "goat" {
			s.Errorf("%+v", got)
		}
		form["option.label"], form["options"] = []string{"", "Goat", "Ewe"}, nil
		form.Set("version", fmt.Sprint(got.Version))
		s.do(200, "POST", path, form)
		if _, there := s.all()[0].Option("cow"); there {
			s.Error("an emptied option is still there")
		}
	})
}

func TestFieldsMoveWithinTheirGroup(t *testing.T) {
	each(t, func(s *site) {
		for _, name := range []string{"Herd", "Tables", "Barn"} {
			heading := "Farm"
			if name == "Tables" {
				heading = "Kitchen"
			}
			s.field(fields.Question{Words: word(name), Type: fields.Text, Heading: heading})
		}
		herd := fmt.Sprintf("/settings/fields/%d", s.all()[0].ID)
		names := func() string {
			var all []string
			for _, d := range s.all() {
				all = append(all, d.Label)
			}
			return strings.Join(all, " ")
		}
		s.has(s.do(200, "POST", herd+"/down", nil), "Farm", "Kitchen")
		if names() != "Barn Herd Tables" {
			s.Error(names())
		}
		s.do(200, "POST", herd+"/down", nil) // the last of its group stays
		s.do(200, "POST", herd+"/up", nil)
		if names() != "Herd Barn Tables" {
			s.Error(names())
		}
		s.do(200, "POST", herd+"/archive", nil)
		s.has(s.do(200, "GET", "/settings/fields", nil), "Archived", herd+"/restore")
	})
}

// A default goes through the page as it is, whatever its type.
func TestDefaultsStayAsTheyAre(t *testing.T) {
	each(t, func(s *site) {
		for typ, want := range map[fields.Type]any{
			fields.Date: "2026-03-02", fields.YesNo: false, fields.Number: "12.5", fields.Text: "as usual", fields.Link: "https://example.com",
			fields.Money: fields.Amount{Amount: "7.50", Currency: "EUR"},
		} {
			q := fields.Question{Words: word(string(typ)), Type: typ, Default: want}
			if typ == fields.Money {
				q.Currency = "EUR"
			}
			d := s.field(q)
			path := fmt.Sprintf("/settings/fields/%d", d.ID)
			raw := fmt.Sprint(want)
			if m, ok := want.(fields.Amount); ok {
				raw = m.Amount
			}
			s.has(s.do(200, "GET", path, nil), `value="`+raw+`"`)
			s.do(200, "POST", path, url.Values{"label": {"Changed"}, "type": {string(typ)}, "currency": {"EUR"}, "default": {raw}})
			after, err := s.fields.FindField(authz.AsSystem(s.Context(), "test"), d.ID)
			if err != nil || after.Default != want || after.Label != "Changed" {
				s.Errorf("%s: %+v %v", typ, after, err)
			}
		}
	})
}

func TestHostileTextIsHarmless(t *testing.T) {
	each(t, func(s *site) {
		evil := `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`
		form := url.Values{"label": {evil}, "type": {"choice"}, "options": {evil}, "heading": {evil}, "hint": {evil}, "label-ka": {evil}}
		s.do(200, "POST", "/settings/fields/new", form)
		long := strings.Repeat("ძალიან", 40)
		s.has(s.do(422, "POST", "/settings/fields/new", url.Values{"label": {long}, "type": {"text"}}), long)
		s.has(s.do(422, "POST", "/settings/fields/new", url.Values{"label": {"x"}, "type": {"<b>"}}), "f-type")
		s.do(200, "POST", "/settings/forms/new", url.Values{
			"name": {evil}, "description": {evil}, "questions.0.label": {evil}, "questions.0.type": {"multi-choice"}, "questions.0.options": {evil},
		})
		forms, err := s.fields.Forms(authz.AsSystem(s.Context(), "test"))
		if err != nil || len(forms) != 1 {
			s.Fatalf("%+v %v", forms, err)
		}
		for _, path := range []string{"/settings/fields", fmt.Sprintf("/settings/fields/%d", s.all()[0].ID), "/settings/forms", fmt.Sprintf("/settings/forms/%d", forms[0].ID)} {
			body := s.do(200, "GET", path, nil)
			s.has(body, "alert(")
			if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
				s.Errorf("%s runs what was typed", path)
			}
		}
	})
}
