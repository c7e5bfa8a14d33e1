package customersapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"kartoteka.dev/internal/customers/customersapi"
	"kartoteka.dev/internal/platform/api"
)

func TestMergeAndUndo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		from := w.made(w.admin, `{"kind":"organisation","name":"Rila","phones":["+359 88 812 3456"],"tags":["vip"],"source":"Fair"}`)
		into := w.made(w.admin, `{"kind":"organisation","name":"Rila Trade","source":"Fair"}`)
		order := fmt.Sprintf(`{"into":%d,"choices":{"name":"from"}}`, into.ID)
		w.do(w.blind, "POST", at(from, "/merge"), order).Want(http.StatusForbidden)
		w.do(w.own, "POST", at(from, "/merge"), order).Want(http.StatusNotFound)
		w.do(w.admin, "POST", at(from, "/merge"), order, "If-Match", `"9"`).Want(http.StatusPreconditionFailed)
		w.do(w.admin, "POST", at(from, "/merge"), fmt.Sprintf(`{"into":%d,"choices":{"number":"from"}}`, into.ID)).Want(http.StatusUnprocessableEntity)
		var m customersapi.Merge
		w.do(w.admin, "POST", at(from, "/merge"), order).Want(http.StatusCreated).JSON(&m)
		if m.FromID != from.ID || m.IntoID != into.ID || m.From != "Rila" || m.By == "" {
			t.Errorf("merge: %+v", m)
		}
		var c customersapi.Customer
		w.do(w.admin, "GET", at(from, ""), "").Want(http.StatusOK).JSON(&c)
		if c.ID != into.ID || c.MergedFrom != from.ID || c.Name != "Rila" || len(c.Phones) != 1 || len(c.Tags) != 1 {
			t.Errorf("the survivor: %+v", c)
		}
		w.do(w.admin, "PATCH", at(from, ""), `{"name":"x"}`).Want(http.StatusConflict)
		var list api.List[customersapi.Merge]
		w.do(w.admin, "GET", at(into, "/merges"), "").Want(http.StatusOK).JSON(&list)
		if len(list.Items) != 1 || list.Items[0].ID != m.ID {
			t.Errorf("merges: %+v", list)
		}
		undo := fmt.Sprintf("/api/v1/merges/%d/undo", m.ID)
		w.do(w.blind, "POST", undo, "").Want(http.StatusForbidden)
		w.do(w.admin, "POST", undo, "").Want(http.StatusOK)
		w.do(w.admin, "POST", undo, "").Want(http.StatusConflict)
		w.do(w.admin, "GET", at(from, ""), "").Want(http.StatusOK).JSON(&c)
		if c.ID != from.ID || c.Name != "Rila" || len(c.Phones) != 1 {
			t.Errorf("parted: %+v", c)
		}
		w.do(w.admin, "POST", "/api/v1/merges/999/undo", "").Want(http.StatusNotFound)
	})
}
