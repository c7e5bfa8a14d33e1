package customersapi_test

import (
	"net/http"
	"slices"
	"testing"

	"kartoteka.dev/internal/customers/customersapi"
	"kartoteka.dev/internal/platform/api"
)

func TestSearchSaysWhatMatchedAndHowNear(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.made(w.admin, `{"name":"Иван Чайников"}`)
		w.made(w.admin, `{"name":"Ivan Tschaikov"}`)
		var hits api.List[customersapi.Hit]
		w.do(w.admin, "GET", "/api/v1/search?q=chainikov", "").Want(http.StatusOK).JSON(&hits)
		if len(hits.Items) == 0 || hits.Items[0].Why.Near || !slices.Equal(hits.Items[0].Why.Matched, []string{"Чайников"}) {
			t.Errorf("%+v", hits)
		}
		w.do(w.admin, "GET", "/api/v1/search?q=chainikvo", "").Want(http.StatusOK).JSON(&hits)
		if len(hits.Items) != 1 || !hits.Items[0].Why.Near || hits.Items[0].Name != "Иван Чайников" {
			t.Errorf("%+v", hits)
		}
		for q, want := range map[string]int{"chainikov": 1, "chainikvo": 1, "ivan": 2} {
			var listed api.List[customersapi.Customer]
			w.do(w.admin, "GET", "/api/v1/customers?q="+q, "").Want(http.StatusOK).JSON(&listed)
			if len(listed.Items) != want {
				t.Errorf("%q lists %d, want %d: what is only like it is not listed beside what is meant", q, len(listed.Items), want)
			}
		}
	})
}
