package customersapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
)

func TestJournalIsChosenByKindPeriodAndWhatCanBeUndone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		reader := w.Token("kt_reader", authz.Actor{Name: "Audit", Grants: map[string]authz.Level{"journal.view": authz.All}})
		c := w.made(w.admin, `{"kind":"organisation","name":"Rila Trade","source":"Unknown"}`)
		w.do(w.admin, "PATCH", at(c, ""), `{"name":"Rila"}`).Want(http.StatusOK)
		w.do(w.admin, "POST", "/api/v1/tags", `{"name":"vip"}`).Want(http.StatusCreated)
		for query, want := range map[string][]string{
			"newest=true":                     {"customers.tag_added", "customers.changed", "customers.created", "team.person_created"},
			"kind=customers":                  {"customers.tag_added", "customers.changed", "customers.created"},
			"kind=team":                       {"team.person_created"},
			"kind=nonsense":                   nil,
			"kind=customers.created":          {"customers.created"},
			"undoable=true":                   {"customers.tag_added", "customers.changed"},
			"undoable=true&kind=imports":      nil,
			"from=2020-01-01&kind=customers":  {"customers.tag_added", "customers.changed", "customers.created"},
			"to=2020-01-01":                   nil,
			"from=2020-01-01&to=2999-01-01":   {"customers.tag_added", "customers.changed", "customers.created", "team.person_created"},
			"kind=customers.created&newest=1": {"customers.created"},
			"after=0&kind=customers":          {"customers.created", "customers.changed", "customers.tag_added"},
			"after=0&kind=customers.changed":  {"customers.changed"},
			"after=0":                         {"team.person_created", "customers.created", "customers.changed", "customers.tag_added"},
		} {
			var page api.List[api.JournalEntry]
			w.do(reader, "GET", "/api/v1/journal?"+query, "").Want(http.StatusOK).JSON(&page)
			var got []string
			for _, e := range page.Items {
				got = append(got, e.Kind)
			}
			if len(got) != len(want) {
				t.Errorf("%s: %v, want %v", query, got, want)
				continue
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s: %v, want %v", query, got, want)
				}
			}
		}
		w.do(reader, "GET", "/api/v1/journal?from=2020-01-01&after=5", "").Want(http.StatusUnprocessableEntity)
		w.do(reader, "GET", "/api/v1/journal?after=-1", "").Want(http.StatusUnprocessableEntity)
		w.do(reader, "GET", "/api/v1/journal?from=yesterday", "").Want(http.StatusUnprocessableEntity)
	})
}

// TestJournalTellsNoMoreThanTheReaderMaySee reads as somebody who sees their
// own customers, and as somebody from whom fields are hidden.
func TestJournalTellsNoMoreThanTheReaderMaySee(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		theirs := w.made(w.admin, fmt.Sprintf(`{"kind":"organisation","name":"Rila Trade","owner_id":%d,"tax_id":"BG1","source":"Unknown",
			"phones":["02 980 1234"],"country":"BG","contacts":[{"name":"Maria","birthday":"1980-05-24"}]}`, w.owner))
		other := w.made(w.admin, `{"kind":"organisation","name":"Pirin Trade","tax_id":"BG2","source":"Unknown"}`)
		read := func(name string, a authz.Actor) map[int64]map[string]any {
			t.Helper()
			var page api.List[struct {
				CustomerID int64          `json:"customer_id"`
				After      map[string]any `json:"after"`
			}]
			w.do(w.Token(name, a), "GET", "/api/v1/journal?after=0&kind=customers.created", "").Want(http.StatusOK).JSON(&page)
			told := map[int64]map[string]any{}
			for _, e := range page.Items {
				told[e.CustomerID] = e.After
			}
			if len(told) != 2 {
				t.Fatalf("%s: %+v", name, page)
			}
			return told
		}
		view := func(level authz.Level) map[string]authz.Level {
			return map[string]authz.Level{"journal.view": authz.All, "customers.view": level}
		}
		all := read("kt_all", authz.Actor{Grants: view(authz.All)})
		if all[theirs.ID]["tax_id"] != "BG1" || all[other.ID]["tax_id"] != "BG2" || all[theirs.ID]["points"] == nil {
			t.Errorf("everything: %v", all)
		}
		own := read("kt_some", authz.Actor{UserID: w.owner, Grants: view(authz.Own)})
		if own[theirs.ID]["tax_id"] != "BG1" || own[other.ID] != nil {
			t.Errorf("own customers: %v", own)
		}
		none := read("kt_none", authz.Actor{Grants: view(authz.None)})
		if none[theirs.ID] != nil || none[other.ID] != nil {
			t.Errorf("no customers: %v", none)
		}
		veiled := read("kt_veiled", authz.Actor{Grants: view(authz.All), Fields: map[string]authz.FieldRight{
			"customers.tax_id": authz.FieldHidden, "customers.points": authz.FieldHidden, "customers.birthday": authz.FieldHidden,
		}})
		contact := veiled[theirs.ID]["contacts"].([]any)[0].(map[string]any)
		if veiled[theirs.ID]["tax_id"] != nil || veiled[theirs.ID]["points"] != nil || veiled[theirs.ID]["name"] != "Rila Trade" ||
			contact["birthday"] != nil || contact["name"] != "Maria" {
			t.Errorf("hidden fields: %v", veiled)
		}
	})
}
