package customersapi_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/customers/customersapi"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/api/apitest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/teamtest"
)

// world is a served customer file, with tokens for two people and for a
// program without rights.
type world struct {
	*apitest.Server
	t         *testing.T
	db        *db.DB
	customers *customers.Service
	merging   *merging.Service
	fields    *fields.Service
	admin     string // token with every right
	owner     int64  // a person
	own       string // token of the owner, who sees their own customers only
	blind     string // token without rights
}

func all(level authz.Level) map[string]authz.Level {
	grants := map[string]authz.Level{}
	for _, p := range slices.Concat(customers.Permissions, customers.NotePermissions, vocabulary.Permissions, merging.Permissions) {
		grants[p.ID] = level
	}
	return grants
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store, err := files.OpenFolder(t.TempDir(), d.Clock())
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, db: d, fields: fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}})}
		w.customers = customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: w.fields, Sheets: w.fields, Files: store})
		w.merging = merging.New(merging.Deps{DB: d, Customers: w.customers, Company: customerstest.Company{}, Fields: w.fields})
		w.Server = apitest.Serve(t, d, api.Config{}, func(a *api.API) {
			customersapi.Register(a, customersapi.Deps{Customers: w.customers, Words: vocabulary.New(d), Company: customerstest.Company{}, Fields: w.fields, Merging: w.merging})
			api.RegisterJournal(a, d, api.JournalKinds{Of: chronicle.Kinds, Undoable: customers.UndoableKinds, UndoTime: customers.UndoTime, Tell: w.customers.Tell})
		})
		w.owner = teamtest.Person(t, d).ID
		w.admin = w.Token("kt_admin", authz.Actor{Name: "Shop", Grants: all(authz.All)})
		w.own = w.Token("kt_own", authz.Actor{Name: "Phone", UserID: w.owner, Grants: all(authz.Own)})
		w.blind = w.Token("kt_blind", authz.Actor{Name: "Nobody"})
		test(t, w)
	})
}

func (w *world) do(token, method, path, body string, header ...string) apitest.Answer {
	w.t.Helper()
	r := apitest.Request{Method: method, Path: path, Token: token, Body: body, Header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header[header[i]] = header[i+1]
	}
	return w.Do(r)
}

// made creates a customer and gives it as it was answered.
func (w *world) made(token, body string) customersapi.Customer {
	w.t.Helper()
	var c customersapi.Customer
	w.do(token, "POST", "/api/v1/customers", body).Want(http.StatusCreated).JSON(&c)
	return c
}

func at(c customersapi.Customer, rest string) string {
	return fmt.Sprintf("/api/v1/customers/%d%s", c.ID, rest)
}

const full = `{
	"kind":"organisation", "name":"Rila Trade", "legal_name":"Rila Trade OOD", "country":"BG", "language":"bg", "time_zone":"Europe/Sofia",
	"tax_id":"BG123456789", "vat_id":"BG123456789", "website":"https://rila.example", "source":"Exhibition in Plovdiv", "source_note":"stand 5",
	"terms":"30 days", "preferred_channel":"phone", "address_form":"Mrs", "competitors":"Nobody", "do_not_contact_before":"2027-01-10",
	"external_source":"shop", "external_id":"A-1", "phones":["02 980 1234","+359 88 812 3456"], "emails":["Office@Rila.example"],
	"points":[{"kind":"messenger","value":"@rila","label":"Telegram"}],
	"addresses":[{"label":"office","street":"1 Vitosha Blvd","city":"Sofia","postcode":"1000","country":"BG","main":true}],
	"contacts":[{"name":"Maria Ivanova","position":"Buyer","phones":["+359 88 765 4321"],"birthday":"0000-05-24"}],
	"dates":[{"label":"founded","day":"1994-03-01","yearly":true}], "tags":["wholesale","vip"], "custom":{"industry":"tea","staff":"12"}
}`

func TestCreateAndReadBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, q := range []fields.Question{
			{Slug: "industry", Words: fields.Words{Label: "Industry"}, Type: fields.Text},
			{Slug: "staff", Words: fields.Words{Label: "Staff"}, Type: fields.Number},
		} {
			if _, err := w.fields.CreateField(customerstest.System(), fields.NewField{RecordType: customers.RecordType, Question: q}); err != nil {
				t.Fatal(err)
			}
		}
		answer := w.do(w.admin, "POST", "/api/v1/customers", full).Want(http.StatusCreated)
		var c customersapi.Customer
		answer.JSON(&c)
		if answer.Header.Get("Location") != at(c, "") || answer.Header.Get("ETag") != api.ETag(c.Version) || c.Number != "K-000001" {
			t.Errorf("%v, number %s", answer.Header, c.Number)
		}
		read := w.do(w.admin, "GET", at(c, ""), "").Want(http.StatusOK)
		if read.Body != answer.Body {
			t.Errorf("created %s\nread %s", answer.Body, read.Body)
		}
		if !slices.Equal(c.Phones, []string{"+35929801234", "+359888123456"}) || !slices.Equal(c.Emails, []string{"office@rila.example"}) || len(c.Points) != 4 {
			t.Errorf("phones %v, emails %v, points %+v", c.Phones, c.Emails, c.Points)
		}
		if len(c.Contacts) != 1 || c.Contacts[0].Phones[0] != "+359887654321" || c.Contacts[0].Birthday != "0000-05-24" {
			t.Errorf("contacts %+v", c.Contacts)
		}
		if c.Custom["industry"] != "tea" || c.Custom["staff"] != "12" || len(c.Tags) != 2 || c.Dates[0].Day != "1994-03-01" || c.Addresses[0].City != "Sofia" {
			t.Errorf("%+v", c)
		}
		if c.DoNotContactBefore != "2027-01-10" || c.SourceID == 0 || c.ExternalID != "A-1" || c.State != "active" || c.Quality == 0 {
			t.Errorf("%+v", c)
		}
		w.do(w.admin, "POST", "/api/v1/customers", `{"name":"Twin","external_source":"shop","external_id":"A-1"}`).Refused(http.StatusConflict)

		short := w.made(w.admin, `{"kind":"person","name":"Ivan Petrov"}`)
		if short.Kind != "person" || short.SourceID == 0 || len(short.Phones) != 0 {
			t.Errorf("%+v", short)
		}
	})
}

func TestFieldsAndJournal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := fields.Question{Slug: "size", Words: fields.Words{Label: "Size", Labels: map[i18n.Lang]string{"bg": "Размер"}}, Type: fields.Choice, Options: []fields.Option{{Slug: "big", Words: fields.Words{Label: "Big"}}}}
		if _, err := w.fields.CreateField(customerstest.System(), fields.NewField{RecordType: customers.RecordType, Question: q}); err != nil {
			t.Fatal(err)
		}
		var known api.List[customersapi.Field]
		w.do(w.admin, "GET", "/api/v1/fields", "", "Accept-Language", "bg").Want(http.StatusOK).JSON(&known)
		if len(known.Items) != 1 || known.Items[0].Label != "Размер" || known.Items[0].Options[0].Slug != "big" {
			t.Errorf("%+v", known)
		}
		for range 3 {
			w.made(w.admin, `{"name":"Rila Trade","custom":{"size":"big"}}`)
		}
		reader := w.Token("kt_reader", authz.Actor{Name: "Warehouse", Grants: map[string]authz.Level{"journal.view": authz.All, "customers.view": authz.All}})
		read := func(query string) (page api.List[api.JournalEntry]) {
			t.Helper()
			w.do(reader, "GET", "/api/v1/journal?kind=customers.created&"+query, "").Want(http.StatusOK).JSON(&page)
			return page
		}
		first := read("limit=2")
		rest := read("limit=2&after=" + first.Next)
		if len(first.Items) != 2 || len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].ID <= first.Items[1].ID {
			t.Errorf("%+v, then %+v", first, rest)
		}
		if e := first.Items[0]; e.Kind != "customers.created" || e.Actor != "Shop" || e.ActorKind != "token" || !strings.Contains(string(e.After), "Rila Trade") || e.RequestID == "" {
			t.Errorf("%+v", e)
		}
		if newest := read("newest=true&limit=1"); newest.Items[0].ID != rest.Items[0].ID || newest.Next == "" {
			t.Errorf("%+v", newest)
		}
		if back := read("limit=5&before=" + fmt.Sprint(rest.Items[0].ID)); len(back.Items) != 2 || back.Items[0].ID != first.Items[1].ID {
			t.Errorf("%+v", back)
		}
		w.do(w.blind, "GET", "/api/v1/journal", "").Refused(http.StatusForbidden)
	})
}

func TestRefusalsNameTheField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for body, field := range map[string]string{
			`{"name":""}`:                                              "name",
			`{"kind":"planet","name":"Mars"}`:                          "kind",
			`{"name":"Mars","nmae":"x"}`:                               "nmae",
			`{"name":"Mars","country":"Earth"}`:                        "country",
			`{"name":"Mars","phones":["12"]}`:                          "phones.0",
			`{"name":"Mars","emails":["m@"]}`:                          "emails.0",
			`{"name":"Mars","emails":"m@x.com"}`:                       "emails",
			`{"name":"Mars","birthday":"1.2.3"}`:                       "birthday",
			`{"name":"Mars","custom":{"no":1}}`:                        "custom.no",
			`{"name":"Mars","contacts":[{"name":"A","birthday":"x"}]}`: "contacts.0.birthday",
		} {
			w.do(w.admin, "POST", "/api/v1/customers", body).Refused(http.StatusUnprocessableEntity, field)
		}
		for query, field := range map[string]string{
			"filter=colour+%3D+red": "filter", "sort=colour": "sort", "cursor=1abc": "cursor", "limit=0": "limit", "limit=1001": "limit", "colour=red": "colour",
		} {
			w.do(w.admin, "GET", "/api/v1/customers?"+query, "").Refused(http.StatusUnprocessableEntity, field)
		}
		w.do(w.admin, "GET", "/api/v1/search", "").Refused(http.StatusUnprocessableEntity, "q")
	})
}

func TestLists(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 7 {
			w.made(w.admin, fmt.Sprintf(`{"name":"Tea house %d","country":"%s","tags":["tea"],"emails":["t%d@tea.example"]}`, i, []string{"BG", "GE"}[i%2], i))
		}
		w.made(w.admin, `{"name":"Иван Чайников","phones":["+359 88 812 3456"]}`)
		list := func(query string) (page api.List[customersapi.Customer]) {
			t.Helper()
			w.do(w.admin, "GET", "/api/v1/customers?"+query, "").Want(http.StatusOK).JSON(&page)
			return page
		}
		var names []string
		cursor, pages := "", 0
		for {
			p := list("filter=country+%3D+BG+and+tags+has+tea&sort=-name&limit=2&cursor=" + cursor)
			for _, c := range p.Items {
				names = append(names, c.Name)
			}
			if pages++; p.Next == "" {
				break
			}
			cursor = p.Next
		}
		if pages != 2 || !slices.Equal(names, []string{"Tea house 6", "Tea house 4", "Tea house 2", "Tea house 0"}) {
			t.Errorf("%d pages: %v", pages, names)
		}
		first := list("sort=name&limit=1").Items[0]
		if !slices.Equal(first.Tags, []string{"tea"}) && !strings.Contains(first.Name, "Иван") || first.Custom == nil {
			t.Errorf("%+v", first)
		}
		if p := list("q=ivan"); len(p.Items) != 1 || p.Items[0].Phones[0] != "+359888123456" || p.Next != "" {
			t.Errorf("%+v", p)
		}
		if p := list("q=tea+house&filter=country+%3D+GE&limit=2"); len(p.Items) != 2 || p.Items[0].Country != "GE" {
			t.Errorf("%+v", p)
		}
		if p := list("q=nobody"); p.Items == nil || len(p.Items) != 0 {
			t.Errorf("%+v", p)
		}
		var hits api.List[customersapi.Hit]
		w.do(w.admin, "GET", "/api/v1/search?q=123456", "").Want(http.StatusOK).JSON(&hits)
		if len(hits.Items) != 1 || hits.Items[0].Why.Kind != "phone" || hits.Items[0].Number != "K-000008" {
			t.Errorf("%+v", hits)
		}
	})
}

func TestHitsTellHowToReachThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.made(w.admin, `{"name":"Rila","country":"uk","phones":["+359 2 980 1234"],"emails":["a@rila.example"],"contacts":[{"name":"Maria","phones":["+359 88 765 4321"]}]}`)
		if c.Country != "GB" {
			t.Errorf("country %q", c.Country)
		}
		answer := w.do(w.admin, "GET", "/api/v1/search?q=rila", "").Want(http.StatusOK)
		var hits api.List[customersapi.Hit]
		answer.JSON(&hits)
		if len(hits.Items) != 1 || !slices.Equal(hits.Items[0].Phones, []string{"+35929801234"}) || !slices.Equal(hits.Items[0].Emails, []string{"a@rila.example"}) {
			t.Errorf("%s", answer.Body)
		}
		if strings.Contains(answer.Body, `"tags"`) || strings.Contains(answer.Body, `"custom"`) {
			t.Errorf("a hit says what it does not know: %s", answer.Body)
		}
	})
}

func TestChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.made(w.admin, `{"name":"Rila Trade","legal_name":"Rila OOD"}`)
		var changed customersapi.Customer
		answer := w.do(w.admin, "PATCH", at(c, ""), `{"name":"Rila Tea","legal_name":null,"source":"Web shop"}`, "If-Match", api.ETag(c.Version)).Want(http.StatusOK)
		answer.JSON(&changed)
		if changed.Name != "Rila Tea" || changed.LegalName != "" || changed.SourceID == c.SourceID || answer.Header.Get("ETag") == api.ETag(c.Version) {
			t.Errorf("%+v", changed)
		}
		stale := w.do(w.admin, "PATCH", at(c, ""), `{"name":"Late"}`, "If-Match", api.ETag(c.Version)).Refused(http.StatusPreconditionFailed)
		if stale.Code != "conflict" || !strings.Contains(stale.Detail, "Shop") {
			t.Errorf("%+v", stale)
		}
		w.do(w.admin, "PATCH", at(c, ""), `{"name":null}`).Refused(http.StatusUnprocessableEntity, "name")
		w.do(w.admin, "PATCH", at(c, ""), `{"number":"K-7"}`).Refused(http.StatusUnprocessableEntity, "number")

		w.do(w.admin, "DELETE", at(c, ""), "").Want(http.StatusNoContent)
		var page api.List[customersapi.Customer]
		w.do(w.admin, "GET", "/api/v1/customers", "").Want(http.StatusOK).JSON(&page)
		if len(page.Items) != 0 {
			t.Errorf("archived, but listed: %+v", page)
		}
		var back customersapi.Customer
		w.do(w.admin, "POST", at(c, "/restore"), "").Want(http.StatusOK).JSON(&back)
		if back.State != "active" {
			t.Errorf("%+v", back)
		}
		person := w.made(w.admin, `{"kind":"person","name":"Ivan Petrov","phones":["+359 88 812 3456"]}`)
		w.do(w.admin, "DELETE", at(person, "?erase=true"), "").Want(http.StatusNoContent)
		if a := w.do(w.admin, "GET", at(person, ""), ""); strings.Contains(a.Body, "Ivan") || strings.Contains(a.Body, "888123456") {
			t.Errorf("erased, but told: %s", a.Body)
		}
	})
}

func TestWhatHangsOnACustomer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.made(w.admin, `{"name":"Rila Trade"}`)
		var maria customersapi.Contact
		w.do(w.admin, "POST", at(c, "/contacts"), `{"name":"Maria","phones":["088 765 4321"]}`).Want(http.StatusCreated).JSON(&maria)
		if maria.ID == 0 || !slices.Equal(maria.Phones, []string{"+359887654321"}) {
			t.Errorf("%+v", maria)
		}
		w.do(w.admin, "PUT", at(c, fmt.Sprintf("/contacts/%d", maria.ID)), `{"name":"Maria Ivanova"}`).Want(http.StatusOK).JSON(&maria)
		if maria.Name != "Maria Ivanova" || len(maria.Phones) != 1 {
			t.Errorf("%+v", maria)
		}
		w.do(w.admin, "PUT", at(c, "/contacts/999"), `{"name":"Nobody"}`).Refused(http.StatusNotFound)
		w.do(w.admin, "POST", at(c, "/contacts"), `{"name":""}`).Want(http.StatusUnprocessableEntity)

		var note customersapi.Note
		answer := w.do(w.admin, "POST", at(c, "/notes"), fmt.Sprintf(`{"kind":"call","body":"Asked for prices","contact_id":%d,"happened_at":"2026-01-02T10:00:00+02:00"}`, maria.ID)).Want(http.StatusCreated)
		answer.JSON(&note)
		if note.HappenedAt != "2026-01-02T08:00:00Z" || answer.Header.Get("Location") != at(c, fmt.Sprintf("/notes/%d", note.ID)) {
			t.Errorf("%+v", note)
		}
		w.do(w.admin, "PATCH", at(c, fmt.Sprintf("/notes/%d", note.ID)), `{"body":"Asked for the list","pinned":true}`, "If-Match", api.ETag(note.Version)).Want(http.StatusOK).JSON(&note)
		if note.Body != "Asked for the list" || !note.Pinned || note.Kind != "call" {
			t.Errorf("%+v", note)
		}
		w.do(w.admin, "POST", at(c, "/notes"), `{"body":""}`).Refused(http.StatusUnprocessableEntity, "body")

		var point customersapi.PointOfContact
		w.do(w.admin, "POST", at(c, "/points"), `{"kind":"email","value":"office@rila.example","main":true}`).Want(http.StatusCreated).JSON(&point)
		w.do(w.admin, "PUT", at(c, fmt.Sprintf("/points/%d", point.ID)), `{"kind":"email","value":"sales@rila.example"}`).Want(http.StatusOK).JSON(&point)
		if point.Value != "sales@rila.example" || point.ID == 0 {
			t.Errorf("%+v", point)
		}
		var address customersapi.Address
		w.do(w.admin, "POST", at(c, "/addresses"), `{"city":"Sofia"}`).Want(http.StatusCreated).JSON(&address)
		w.do(w.admin, "PUT", at(c, fmt.Sprintf("/addresses/%d", address.ID)), `{"city":"Plovdiv"}`).Want(http.StatusOK).JSON(&address)
		w.do(w.admin, "POST", at(c, "/tags"), `{"add":["tea","vip"]}`).Want(http.StatusOK)
		w.do(w.admin, "POST", at(c, "/consents"), `{"purpose":"newsletter","given":true}`).Want(http.StatusCreated)
		var now customersapi.Customer
		w.do(w.admin, "POST", at(c, "/tags"), `{"remove":["tea"]}`).Want(http.StatusOK).JSON(&now)
		if !slices.Equal(now.Tags, []string{"vip"}) || now.Addresses[0].City != "Plovdiv" || len(now.Contacts) != 1 || len(now.Consents) != 1 {
			t.Errorf("%+v", now)
		}

		var d customersapi.Dossier
		w.do(w.admin, "GET", at(c, "/dossier"), "").Want(http.StatusOK).JSON(&d)
		if d.Customer.ID != c.ID || len(d.Pinned) != 1 || len(d.Timeline.Items) < 5 || d.Source == "" || len(d.Customer.Contacts) != 1 {
			t.Errorf("%+v", d)
		}
		var calls api.List[customersapi.Touch]
		w.do(w.admin, "GET", at(c, "/timeline?kind=call,visit"), "").Want(http.StatusOK).JSON(&calls)
		if len(calls.Items) != 1 || calls.Items[0].Note == nil || calls.Items[0].At != "2026-01-02T08:00:00Z" {
			t.Errorf("%+v", calls)
		}
		for _, path := range []string{fmt.Sprintf("/notes/%d", note.ID), fmt.Sprintf("/points/%d", point.ID), fmt.Sprintf("/addresses/%d", address.ID), fmt.Sprintf("/contacts/%d", maria.ID)} {
			w.do(w.admin, "DELETE", at(c, path), "").Want(http.StatusNoContent)
			w.do(w.admin, "DELETE", at(c, path), "").Refused(http.StatusNotFound)
		}
	})
}

// form makes a body with one file.
func form(t *testing.T, name, content string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), m.FormDataContentType()
}

func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.made(w.admin, `{"name":"Rila Trade"}`)
		var f customersapi.File
		body, kind := form(t, "../цени.txt", "tea 12.50")
		w.do(w.admin, "POST", at(c, "/files"), body, "Content-Type", kind, "Idempotency-Key", "f1").Want(http.StatusCreated).JSON(&f)
		if f.Name != "цени.txt" || f.Size != 9 || !strings.HasPrefix(f.MIME, "text/plain") {
			t.Errorf("%+v", f)
		}
		again, kind := form(t, "../цени.txt", "tea 12.50") // with another boundary
		if a := w.do(w.admin, "POST", at(c, "/files"), again, "Content-Type", kind, "Idempotency-Key", "f1").Want(http.StatusCreated); a.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("not replayed: %s", a.Body)
		}
		var files api.List[customersapi.File]
		w.do(w.admin, "GET", at(c, "/files"), "").Want(http.StatusOK).JSON(&files)
		if len(files.Items) != 1 || files.Items[0] != f {
			t.Errorf("%+v", files)
		}
		content := w.do(w.admin, "GET", at(c, fmt.Sprintf("/files/%d/content", f.ID)), "").Want(http.StatusOK)
		if content.Body != "tea 12.50" || content.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(content.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%v %q", content.Header, content.Body)
		}
		w.do(w.admin, "POST", at(c, "/files"), `{}`).Want(http.StatusUnprocessableEntity)
		empty := strings.ReplaceAll(body, `name="file"`, `name="picture"`)
		w.do(w.admin, "POST", at(c, "/files"), empty, "Content-Type", kind).Want(http.StatusUnprocessableEntity)
		w.do(w.admin, "DELETE", at(c, fmt.Sprintf("/files/%d", f.ID)), "").Want(http.StatusNoContent)
		w.do(w.admin, "GET", at(c, fmt.Sprintf("/files/%d/content", f.ID)), "").Refused(http.StatusNotFound)
	})
}

func TestEveryOperationIsWithinTheScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		theirs := w.made(w.admin, `{"name":"Not yours","contacts":[{"name":"Maria"}]}`)
		mine := w.made(w.admin, fmt.Sprintf(`{"name":"Mine","owner_id":%d}`, w.owner))
		body, kind := form(t, "a.txt", "a")
		for _, op := range []struct{ method, path, body string }{
			{"GET", "", ""},
			{"PATCH", "", `{"name":"Seized"}`},
			{"DELETE", "", ""},
			{"DELETE", "?erase=true", ""},
			{"POST", "/restore", ""},
			{"GET", "/dossier", ""},
			{"GET", "/timeline", ""},
			{"GET", "/contacts", ""},
			{"POST", "/contacts", `{"name":"A"}`},
			{"PUT", fmt.Sprintf("/contacts/%d", theirs.Contacts[0].ID), `{"name":"A"}`},
			{"DELETE", fmt.Sprintf("/contacts/%d", theirs.Contacts[0].ID), ""},
			{"POST", "/points", `{"kind":"web","value":"https://a.example"}`},
			{"PUT", "/points/1", `{"kind":"web","value":"https://a.example"}`},
			{"DELETE", "/points/1", ""},
			{"POST", "/addresses", `{"city":"Sofia"}`},
			{"PUT", "/addresses/1", `{"city":"Sofia"}`},
			{"DELETE", "/addresses/1", ""},
			{"POST", "/tags", `{"add":["a"]}`},
			{"POST", "/consents", `{"purpose":"a","given":true}`},
			{"POST", "/notes", `{"body":"a"}`},
			{"PATCH", "/notes/1", `{"body":"a"}`},
			{"DELETE", "/notes/1", ""},
			{"GET", "/files", ""},
			{"POST", "/files", body},
			{"GET", "/files/1/content", ""},
			{"DELETE", "/files/1", ""},
		} {
			var header []string
			if op.path == "/files" && op.method == "POST" {
				header = []string{"Content-Type", kind}
			}
			t.Run(op.method+op.path, func(t *testing.T) {
				w.do(w.own, op.method, at(theirs, op.path), op.body, header...).Refused(http.StatusNotFound)
				w.do(w.blind, op.method, at(theirs, op.path), op.body, header...).Refused(http.StatusForbidden)
				w.do("", op.method, at(theirs, op.path), op.body, header...).Refused(http.StatusUnauthorized)
			})
		}
		var page api.List[customersapi.Customer]
		w.do(w.own, "GET", "/api/v1/customers", "").Want(http.StatusOK).JSON(&page)
		if len(page.Items) != 1 || page.Items[0].ID != mine.ID {
			t.Errorf("%+v", page)
		}
		var hits api.List[customersapi.Hit]
		w.do(w.own, "GET", "/api/v1/search?q=not+yours", "").Want(http.StatusOK).JSON(&hits)
		if len(hits.Items) != 0 {
			t.Errorf("%+v", hits)
		}
		w.do(w.own, "PATCH", at(mine, ""), `{"name":"Mine still"}`).Want(http.StatusOK)
		w.do(w.blind, "POST", "/api/v1/customers", `{"name":"A"}`).Refused(http.StatusForbidden)
		w.do(w.blind, "GET", "/api/v1/customers", "").Refused(http.StatusForbidden)
		w.do(w.blind, "GET", "/api/v1/search?q=a", "").Refused(http.StatusForbidden)
	})
}
