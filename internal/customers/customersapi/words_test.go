package customersapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"kartoteka.dev/internal/customers/customersapi"
	"kartoteka.dev/internal/platform/api"
)

func TestTagsAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.made(w.admin, `{"kind":"organisation","name":"Rila Trade","source":"Unknown","tags":["vip","wholesale"]}`)
		tags := func() map[string]customersapi.Word {
			var list api.List[customersapi.Word]
			w.do(w.own, "GET", "/api/v1/tags", "").Want(http.StatusOK).JSON(&list)
			found := map[string]customersapi.Word{}
			for _, tag := range list.Items {
				found[tag.Name] = tag
			}
			return found
		}
		var added customersapi.Word
		w.do(w.admin, "POST", "/api/v1/tags", `{"name":"Key customer"}`).Want(http.StatusCreated).JSON(&added)
		w.do(w.admin, "POST", "/api/v1/tags", `{"name":"KEY customer"}`).Want(http.StatusUnprocessableEntity)
		w.do(w.blind, "POST", "/api/v1/tags", `{"name":"x"}`).Want(http.StatusForbidden)
		vip := tags()["vip"]
		if vip.Customers != 1 {
			t.Errorf("%+v", vip)
		}
		one := fmt.Sprintf("/api/v1/tags/%d", vip.ID)
		w.do(w.blind, "PATCH", one, `{"name":"x"}`).Want(http.StatusForbidden)
		w.do(w.admin, "PATCH", "/api/v1/tags/9999", `{"name":"x"}`).Want(http.StatusNotFound)
		var changed customersapi.Word
		w.do(w.admin, "PATCH", one, `{"name":"Important","archived":true}`).Want(http.StatusOK).JSON(&changed)
		if changed.Name != "Important" || !changed.Archived || changed.Customers != 1 {
			t.Errorf("%+v", changed)
		}
		w.do(w.admin, "PATCH", one, `{"archived":false}`).Want(http.StatusOK)
		w.do(w.admin, "DELETE", one, "").Want(http.StatusNoContent)
		if !tags()["Important"].Archived {
			t.Error("it is still offered")
		}
		var stays customersapi.Word
		w.do(w.admin, "POST", one+"/join", fmt.Sprintf(`{"into":%d}`, added.ID)).Want(http.StatusOK).JSON(&stays)
		if stays.ID != added.ID || stays.Customers != 1 {
			t.Errorf("%+v", stays)
		}
		var found api.List[customersapi.Customer]
		w.do(w.admin, "GET", "/api/v1/customers?filter=tags+in+(vip)", "").Want(http.StatusOK).JSON(&found)
		if len(found.Items) != 1 || found.Items[0].ID != c.ID {
			t.Errorf("the old name finds %+v", found.Items)
		}
	})
}

func TestSourcesAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var added customersapi.Word
		w.do(w.admin, "POST", "/api/v1/sources", `{"name":"Radio"}`).Want(http.StatusCreated).JSON(&added)
		w.do(w.admin, "PATCH", fmt.Sprintf("/api/v1/sources/%d", added.ID), `{"name":"Radio and television"}`).Want(http.StatusOK)
		w.made(w.admin, `{"kind":"organisation","name":"Rila Trade","source":"radio"}`)
		var list api.List[customersapi.Word]
		w.do(w.own, "GET", "/api/v1/sources", "").Want(http.StatusOK).JSON(&list)
		for _, s := range list.Items {
			if s.ID == added.ID && (s.Name != "Radio and television" || s.Customers != 1) || s.Name == "radio" {
				t.Errorf("%+v", s)
			}
		}
	})
}
