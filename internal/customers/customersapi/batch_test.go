package customersapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers/customersapi"
)

func TestManyAreCreatedEachForItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/api/v1/customers/batch"
		w.made(w.admin, `{"name":"Taken","external_source":"shop","external_id":"1"}`)
		body := `{"customers":[{"name":"Rila Trade","phones":["02 980 1234"],"country":"BG"},{"name":""},
			{"name":"Pirin","birthday":"yesterday"},{"name":"Twice","external_source":"shop","external_id":"1"},{"kind":"person","name":"Maria Ivanova"}]}`
		var b customersapi.Batch
		first := w.do(w.admin, "POST", path, body, "Idempotency-Key", "batch-1").Want(http.StatusOK)
		first.JSON(&b)
		if b.Created != 2 || b.Failed != 3 || len(b.Items) != 5 {
			t.Fatalf("%+v", b)
		}
		for i, field := range map[int]string{1: "name", 2: "birthday"} {
			if p := b.Items[i].Problem; p == nil || p.Status != http.StatusUnprocessableEntity || p.Fields[field] == "" || b.Items[i].ID != 0 {
				t.Errorf("item %d: %+v", i, b.Items[i])
			}
		}
		if p := b.Items[3].Problem; p == nil || p.Status != http.StatusConflict {
			t.Errorf("an id that is taken: %+v", b.Items[3])
		}
		var c customersapi.Customer
		w.do(w.admin, "GET", fmt.Sprintf("/api/v1/customers/%d", b.Items[4].ID), "").Want(http.StatusOK).JSON(&c)
		if c.Name != "Maria Ivanova" || c.Number != b.Items[4].Number || b.Items[0].Number == "" {
			t.Errorf("%+v %+v", c, b.Items[4])
		}
		again := w.do(w.admin, "POST", path, body, "Idempotency-Key", "batch-1").Want(http.StatusOK)
		if again.Body != first.Body || again.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("the second time: %v %s", again.Header, again.Body)
		}
		w.do(w.blind, "POST", path, body).Refused(http.StatusForbidden)
		w.do(w.admin, "POST", path, `{"customers":[]}`).Want(http.StatusUnprocessableEntity)
		many := `{"customers":[` + strings.Repeat(`{"name":"A"},`, 1000) + `{"name":"A"}]}`
		w.do(w.admin, "POST", path, many).Want(http.StatusUnprocessableEntity)
	})
}

func TestAThousandAreCreatedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all []string
		for i := range 1000 {
			all = append(all, fmt.Sprintf(`{"name":"Customer %d"}`, i))
		}
		var b customersapi.Batch
		w.do(w.admin, "POST", "/api/v1/customers/batch", `{"customers":[`+strings.Join(all, ",")+`]}`).Want(http.StatusOK).JSON(&b)
		if b.Created != 1000 || b.Failed != 0 || b.Items[999].ID == 0 {
			t.Errorf("%d created, %d failed", b.Created, b.Failed)
		}
	})
}
