package customersapi_test

import (
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
