package importsapi_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/imports/importsapi"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/api/apitest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/jobs"
)

type world struct {
	*apitest.Server
	t     *testing.T
	admin string
	blind string
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := jobs.Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		store, err := files.OpenFolder(t.TempDir(), d.Clock())
		if err != nil {
			t.Fatal(err)
		}
		own := fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}})
		file := customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: own})
		runner, err := jobs.New(d, jobs.Config{})
		if err != nil {
			t.Fatal(err)
		}
		target := customersimport.New(customersimport.Deps{DB: d, Customers: file, Company: customerstest.Company{}, Fields: own})
		service, err := imports.New(imports.Deps{DB: d, Files: store, Jobs: runner, Targets: []imports.Target{target}, TempDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if err := runner.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := runner.Stop(ctx); err != nil {
				t.Error(err)
			}
		})
		w := &world{t: t}
		w.Server = apitest.Serve(t, d, api.Config{}, func(a *api.API) { importsapi.Register(a, service) })
		w.admin = w.Token("kt_admin", authz.Actor{Name: "Shop", Grants: map[string]authz.Level{
			imports.RunImports: authz.All, "customers.view": authz.All, "customers.create": authz.All, "customers.edit": authz.All,
		}})
		w.blind = w.Token("kt_blind", authz.Actor{Name: "Nobody"})
		test(t, w)
	})
}

// start sends a file with the parts of a form.
func (w *world) start(token, content string, parts ...string) apitest.Answer {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		if err := m.WriteField(parts[i], parts[i+1]); err != nil {
			w.t.Fatal(err)
		}
	}
	file, err := m.CreateFormFile("file", "tea.csv")
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Do(apitest.Request{
		Method: http.MethodPost, Path: "/api/v1/imports", Token: token, Body: b.String(), Header: map[string]string{"Content-Type": m.FormDataContentType()},
	})
}

func (w *world) get(token, path string) apitest.Answer {
	w.t.Helper()
	return w.Do(apitest.Request{Method: http.MethodGet, Path: path, Token: token})
}

// done waits until an import is over.
func (w *world) done(id int64) (i importsapi.Import) {
	w.t.Helper()
	for range 600 {
		w.get(w.admin, fmt.Sprintf("/api/v1/imports/%d", id)).Want(http.StatusOK).JSON(&i)
		if i.State != "queued" && i.State != "running" {
			return i
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("still %s", i.State)
	return i
}

const tea = "Company,Country,Phone\nRila Trade,BG,02 980 1234\nTbilisi Tea,Georgia,\nBroken,Bulgaria,12\n"

func TestImport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var try, i importsapi.Import
		w.start(w.admin, tea, "kind", "customers", "dry_run", "true").Want(http.StatusCreated).JSON(&try)
		if try = w.done(try.ID); try.State != "done" || !try.DryRun || try.Created+try.Rejected != 3 {
			t.Errorf("%+v", try)
		}
		answer := w.start(w.admin, tea, "kind", "customers", "mapping", `{"Company":"name","B":"country"}`, "options", `{"defaults":{"source":"Exhibition"}}`).Want(http.StatusCreated)
		answer.JSON(&i)
		if answer.Header.Get("Location") != fmt.Sprintf("/api/v1/imports/%d", i.ID) || i.File != "tea.csv" {
			t.Errorf("%v %+v", answer.Header, i)
		}
		if i = w.done(i.ID); i.State != "done" || i.Rows != 3 || i.Created != 3 || i.Rejected != 0 || i.Percent != 100 || i.FinishedAt == "" {
			t.Errorf("%+v", i)
		}
		var rows api.List[importsapi.ImportRow]
		w.get(w.admin, fmt.Sprintf("/api/v1/imports/%d/rows?limit=2", i.ID)).Want(http.StatusOK).JSON(&rows)
		if len(rows.Items) != 2 || rows.Next == "" || rows.Items[0].Action != "created" || rows.Items[0].RecordID == 0 {
			t.Errorf("%+v", rows)
		}
		if a := w.get(w.admin, fmt.Sprintf("/api/v1/imports/%d/rejects", i.ID)).Want(http.StatusOK); !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Body, "Company") {
			t.Errorf("%q", a.Body)
		}
		var page api.List[importsapi.Import]
		w.get(w.admin, "/api/v1/imports").Want(http.StatusOK).JSON(&page)
		if len(page.Items) != 2 || page.Items[0].ID != i.ID {
			t.Errorf("%+v", page)
		}
		w.Do(apitest.Request{Method: http.MethodPost, Path: fmt.Sprintf("/api/v1/imports/%d/cancel", i.ID), Token: w.admin}).Refused(http.StatusConflict)
	})
}

func TestImportIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for field, parts := range map[string][]string{
			"kind":    {"kind", "planets"},
			"mapping": {"kind", "customers", "mapping", `{"Company"`},
			"options": {"kind", "customers", "options", `{"colour":1}`},
			"dry_run": {"kind", "customers", "dry_run", "perhaps"},
			"dates":   {"kind", "customers", "dates", "month first"},
		} {
			w.start(w.admin, tea, parts...).Refused(http.StatusUnprocessableEntity, field)
		}
		w.start(w.admin, tea, "kind", "customers", "mapping", `{"Nowhere":"name"}`).Refused(http.StatusUnprocessableEntity, "mapping")
		w.start(w.admin, tea, "kind", "customers", "mapping", `{"Country":"planet"}`).Refused(http.StatusUnprocessableEntity, "mapping")
		w.start(w.blind, tea, "kind", "customers").Refused(http.StatusForbidden)
		w.get(w.blind, "/api/v1/imports/1").Refused(http.StatusForbidden)
		w.get(w.admin, "/api/v1/imports/999").Refused(http.StatusNotFound)
		var page api.List[importsapi.Import]
		w.get(w.admin, "/api/v1/imports").Want(http.StatusOK).JSON(&page)
		if len(page.Items) != 0 {
			t.Errorf("left behind: %+v", page)
		}
	})
}

// TestImportOfDates says how dates are read, or is told.
func TestImportOfDates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		born := func(name string) string { return "name,kind,birthday\n" + name + ",person,03/04/1985\n" }
		for _, tt := range []struct {
			parts   []string
			assumed string
		}{
			{[]string{"kind", "customers"}, "birthday"},
			{[]string{"kind", "customers", "dates", "mdy"}, ""},
			{[]string{"kind", "customers"}, ""}, // remembered
		} {
			var i importsapi.Import
			w.start(w.admin, born("Anna"), tt.parts...).Want(http.StatusCreated).JSON(&i)
			if i = w.done(i.ID); i.State != "done" || i.Created != 1 || strings.Join(i.Assumed, ",") != tt.assumed {
				t.Errorf("%v: %+v", tt.parts, i)
			}
		}
	})
}

// TestImportOfCards brings an address book in.
func TestImportOfCards(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var i importsapi.Import
		w.start(w.admin, "BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nTEL:+359881234567\nEND:VCARD\nBEGIN:VCARD\nFN:Boris\n", "kind", "customers").Want(http.StatusCreated).JSON(&i)
		if i = w.done(i.ID); i.State != "done" || i.Created != 1 || i.Rejected != 1 {
			t.Errorf("%+v", i)
		}
		if a := w.get(w.admin, fmt.Sprintf("/api/v1/imports/%d/rejects", i.ID)).Want(http.StatusOK); !strings.Contains(a.Body, "END:VCARD") {
			t.Errorf("%q", a.Body)
		}
	})
}
