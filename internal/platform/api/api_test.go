package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/api/apitest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
)

// boxes is a small use case with everything an API does.
type boxes struct {
	made  atomic.Int64
	begun chan struct{} // told when a create begins; nil: nobody waits
	go_   chan struct{} // a create ends when it is closed
}

type boxInput struct {
	Body struct {
		Name   string     `json:"name" maxLength:"10" example:"Tea"`
		Kind   string     `json:"kind,omitempty" enum:"big,small"`
		Count  int        `json:"count,omitempty" minimum:"1"`
		Lids   []string   `json:"lids,omitempty"`
		Custom api.Values `json:"custom,omitempty"`
		Inner  *struct {
			Depth int `json:"depth"`
		} `json:"inner,omitempty"`
	}
}

type box struct {
	ID     int64          `json:"id"`
	Name   string         `json:"name"`
	Custom map[string]any `json:"custom,omitempty"`
}

type boxOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     box
}

func (b *boxes) create(_ context.Context, in *boxInput) (*boxOutput, error) {
	if b.begun != nil {
		b.begun <- struct{}{}
		<-b.go_
	}
	switch in.Body.Name {
	case "taken":
		return nil, errs.InvalidFields("boxes.Create", errs.Field("name", "errors.field-taken"))
	case "broken":
		return nil, fmt.Errorf("the secret")
	case "panic":
		panic("the secret")
	}
	id := b.made.Add(1)
	return &boxOutput{Location: fmt.Sprintf("/api/v1/boxes/%d", id), ETag: api.ETag(1), Body: box{id, in.Body.Name, in.Body.Custom}}, nil
}

func (b *boxes) register(a *api.API) {
	a.Describe(api.Group{Name: "boxes", Text: "Boxes for tea."})
	api.Register(a, api.Operation{ID: "create-box", Method: "POST", Path: "/api/v1/boxes", Group: "boxes", Summary: "Make a box", Status: 201}, b.create)
	api.Register(a, api.Operation{ID: "find-box", Method: "GET", Path: "/api/v1/boxes/{id}", Group: "boxes", Summary: "Read a box"},
		func(ctx context.Context, in *struct {
			ID   int64  `path:"id"`
			Size string `query:"size" doc:"How large."`
		},
		) (*boxOutput, error) {
			if _, err := authz.Require(ctx, "boxes.Find", "boxes.view"); err != nil {
				return nil, err
			}
			if in.ID > b.made.Load() {
				return nil, errs.New(errs.NotFound, "boxes.Find", "errors.kind-not-found-title")
			}
			return &boxOutput{ETag: api.ETag(3), Body: box{ID: in.ID}}, nil
		})
	api.Register(a, api.Operation{ID: "change-box", Method: "PATCH", Path: "/api/v1/boxes/{id}", Group: "boxes", Summary: "Change a box"},
		func(_ context.Context, in *struct {
			api.Expected
			ID   int64 `path:"id"`
			Body struct {
				Name api.Optional[string] `json:"name,omitempty"`
				Lid  api.Optional[int64]  `json:"lid,omitempty"`
			}
		},
		) (*boxOutput, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			if version != 0 && version != 3 {
				return nil, errs.New(errs.Conflict, "boxes.Change", "errors.kind-conflict-title")
			}
			return &boxOutput{Body: box{ID: in.ID, Name: fmt.Sprintf("%v %q %v %d", in.Body.Name.Set, in.Body.Name.Value, in.Body.Lid.Set, in.Body.Lid.Value)}}, nil
		})
}

func each(t *testing.T, c api.Config, test func(t *testing.T, b *boxes, s *apitest.Server, token string)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &boxes{}
		s := apitest.Serve(t, d, c, b.register)
		test(t, b, s, s.Token("kt_a", authz.Actor{Grants: map[string]authz.Level{"boxes.view": authz.All}}))
	})
}

func post(token, body string, header ...string) apitest.Request {
	r := apitest.Request{Method: "POST", Path: "/api/v1/boxes", Token: token, Body: body, Header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header[header[i]] = header[i+1]
	}
	return r
}

func TestCreateAndFind(t *testing.T) {
	each(t, api.Config{}, func(t *testing.T, _ *boxes, s *apitest.Server, token string) {
		made := s.Do(post(token, `{"name":"Tea","custom":{"amount":12345678901234567.8901}}`)).Want(http.StatusCreated)
		if made.Header.Get("Location") != "/api/v1/boxes/1" || made.Header.Get("ETag") != `W/"1"` || made.Header.Get("X-Request-Id") == "" {
			t.Errorf("headers %v", made.Header)
		}
		if made.Header.Get("Content-Type") != "application/json" || !strings.Contains(made.Body, "12345678901234567.8901") {
			t.Errorf("%s: %s", made.Header.Get("Content-Type"), made.Body)
		}
		s.Do(apitest.Request{Method: "GET", Path: "/api/v1/boxes/1", Token: token}).Want(http.StatusOK)
		for _, path := range []string{"/api/v1/boxes/2", "/api/v1/boxes/tea", "/api/v1/tea", "/api/"} {
			s.Do(apitest.Request{Method: "GET", Path: path, Token: token}).Refused(http.StatusNotFound)
		}
		if a := s.Do(apitest.Request{Method: "DELETE", Path: "/api/v1/boxes/1", Token: token}); a.Header.Get("Allow") != "GET, PATCH" {
			t.Errorf("%d, allow %q", a.Status, a.Header.Get("Allow"))
		} else {
			a.Refused(http.StatusMethodNotAllowed)
		}
	})
}

func TestOnlyTokensOpen(t *testing.T) {
	each(t, api.Config{RefusedPerMinute: 6}, func(t *testing.T, _ *boxes, s *apitest.Server, token string) {
		narrow := s.Token("kt_narrow", authz.Actor{})
		find := func(header ...string) apitest.Answer {
			r := apitest.Request{Method: "GET", Path: "/api/v1/boxes/1", Header: map[string]string{}}
			for i := 0; i+1 < len(header); i += 2 {
				r.Header[header[i]] = header[i+1]
			}
			return s.Do(r)
		}
		for name, a := range map[string]apitest.Answer{
			"nothing":       find(),
			"a cookie":      find("Cookie", "session=1"),
			"another kind":  find("Authorization", "Basic a3Rf"),
			"unknown token": find("Authorization", "Bearer kt_b"),
		} {
			if a.Refused(http.StatusUnauthorized); !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: %v", name, a.Header)
			}
		}
		find("Authorization", "bearer "+narrow).Refused(http.StatusForbidden)
		if p := find("Accept-Language", "bg").Refused(http.StatusUnauthorized); !strings.Contains(p.Detail, "ключ") {
			t.Errorf("not in Bulgarian: %+v", p)
		}
		for range 5 {
			find("Authorization", "Bearer kt_b")
		}
		find("Authorization", "Bearer kt_b").Refused(http.StatusTooManyRequests)
		_ = token
	})
}

func TestRequestsAreRefusedByField(t *testing.T) {
	each(t, api.Config{}, func(t *testing.T, b *boxes, s *apitest.Server, token string) {
		for _, c := range []struct {
			body   string
			fields []string
		}{
			{`{}`, []string{"name"}},
			{`{"name":7}`, []string{"name"}},
			{`{"name":"Tea","size":1}`, []string{"size"}},
			{`{"name":"Tea","inner":{"depth":1,"width":2}}`, []string{"inner.width"}},
			{`{"name":"Tea","inner":{}}`, []string{"inner.depth"}},
			{`{"name":"Tea","lids":["a",2]}`, []string{"lids.1"}},
			{`{"name":"Tea","lids":"a"}`, []string{"lids"}},
			{`{"name":"Tea","kind":"huge","count":0}`, []string{"kind", "count"}},
			{`{"name":"more than ten letters"}`, []string{"name"}},
			{`{"name":"Tea","custom":[]}`, []string{"custom"}},
			{`{"name":"taken"}`, []string{"name"}},
			{`[]`, []string{"body"}},
			{`{"name":"Tea"`, []string{"body"}},
			{`{"name":"Tea"} {}`, []string{"body"}},
			{strings.Repeat(`{"inner":`, 40) + "1" + strings.Repeat("}", 40), []string{"body"}},
			{strings.Repeat("[", 500_000), []string{"body"}},
		} {
			s.Do(post(token, c.body)).Refused(http.StatusUnprocessableEntity, c.fields...)
		}
		s.Do(post(token, "")).Refused(http.StatusUnprocessableEntity, "body")
		s.Do(post(token, `{"name":"Tea"}`, "Content-Type", "text/plain")).Refused(http.StatusUnsupportedMediaType)
		s.Do(post(token, `{"name":"`+strings.Repeat("a", api.DefaultMaxBody)+`"}`)).Refused(http.StatusRequestEntityTooLarge)
		s.Do(post(token, `{"name":"`+strings.Repeat("a", api.DefaultMaxBody)+`"}`, "Idempotency-Key", "k")).Refused(http.StatusRequestEntityTooLarge)
		s.Do(apitest.Request{Method: "GET", Path: "/api/v1/boxes/1?colour=red", Token: token}).Refused(http.StatusUnprocessableEntity, "colour")
		if n := b.made.Load(); n != 0 {
			t.Errorf("%d made", n)
		}
	})
}

func TestOurFaultsTellNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &boxes{}
		s := apitest.Serve(t, d, api.Config{}, b.register)
		token := s.Token("kt_a", authz.Actor{})
		for _, name := range []string{"broken", "panic"} {
			a := s.Do(post(token, `{"name":"`+name+`"}`, "Idempotency-Key", name))
			a.Refused(http.StatusInternalServerError)
			if strings.Contains(a.Body, "secret") {
				t.Errorf("the cause is told: %s", a.Body)
			}
		}
		s.Do(post(token, `{"name":"Tea"}`, "Idempotency-Key", "panic")).Want(http.StatusCreated) // the key is free again
	})
}

func TestEditsExpectAVersion(t *testing.T) {
	each(t, api.Config{}, func(t *testing.T, _ *boxes, s *apitest.Server, token string) {
		edit := func(match, body string) apitest.Answer {
			return s.Do(apitest.Request{Method: "PATCH", Path: "/api/v1/boxes/1", Token: token, Body: body, Header: map[string]string{"If-Match": match}})
		}
		for _, match := range []string{"", "*", `W/"3"`, `"3"`} {
			edit(match, `{}`).Want(http.StatusOK)
		}
		if p := edit(`W/"2"`, `{}`).Refused(http.StatusPreconditionFailed); p.Code != "conflict" {
			t.Errorf("%+v", p)
		}
		edit(`three`, `{}`).Refused(http.StatusUnprocessableEntity, "If-Match")

		for body, want := range map[string]string{
			`{}`:                       `false "" false 0`,
			`{"name":null,"lid":null}`: `true "" true 0`,
			`{"name":"a","lid":7}`:     `true "a" true 7`,
		} {
			var got box
			edit("", body).Want(http.StatusOK).JSON(&got)
			if got.Name != want {
				t.Errorf("%s: %s", body, got.Name)
			}
		}
		edit("", `{"lid":"a"}`).Refused(http.StatusUnprocessableEntity, "lid")
	})
}

func TestRateIsLimitedByToken(t *testing.T) {
	each(t, api.Config{PerMinute: 5}, func(t *testing.T, _ *boxes, s *apitest.Server, token string) {
		other := s.Token("kt_other", authz.Actor{})
		for range 5 {
			s.Do(post(token, `{"name":"Tea"}`)).Want(http.StatusCreated)
		}
		a := s.Do(post(token, `{"name":"Tea"}`))
		a.Refused(http.StatusTooManyRequests)
		if a.Header.Get("Retry-After") != "60" || a.Header.Get("X-RateLimit-Limit") != "5" {
			t.Errorf("%v", a.Header)
		}
		s.Do(post(other, `{"name":"Tea"}`)).Want(http.StatusCreated)
	})
}

func TestKeyMakesItOnce(t *testing.T) {
	each(t, api.Config{}, func(t *testing.T, b *boxes, s *apitest.Server, token string) {
		other := s.Token("kt_other", authz.Actor{})
		first := s.Do(post(token, `{"name":"Tea"}`, "Idempotency-Key", "k1")).Want(http.StatusCreated)
		again := s.Do(post(token, `{"name":"Tea"}`, "Idempotency-Key", "k1")).Want(http.StatusCreated)
		if again.Body != first.Body || again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("ETag") != first.Header.Get("ETag") ||
			again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%+v, then %+v", first, again)
		}
		s.Do(post(token, `{"name":"Coffee"}`, "Idempotency-Key", "k1")).Refused(http.StatusConflict)
		s.Do(post(other, `{"name":"Tea"}`, "Idempotency-Key", "k1")).Want(http.StatusCreated) // another program's key
		s.Do(post(token, `{"name":"taken"}`, "Idempotency-Key", "k2")).Refused(http.StatusUnprocessableEntity, "name")
		s.Do(post(token, `{"name":"Tea"}`, "Idempotency-Key", "k2")).Want(http.StatusCreated) // corrected
		s.Do(post(token, `{"name":"Tea"}`, "Idempotency-Key", strings.Repeat("k", 201))).Refused(http.StatusUnprocessableEntity, "Idempotency-Key")
		if n := b.made.Load(); n != 3 {
			t.Errorf("%d made", n)
		}
	})
}

func TestDuplicatesAtTheSameTimeAreMadeOnce(t *testing.T) {
	each(t, api.Config{}, func(t *testing.T, b *boxes, s *apitest.Server, token string) {
		b.begun, b.go_ = make(chan struct{}, 8), make(chan struct{})
		answers := make([]apitest.Answer, 4)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = s.Do(post(token, `{"name":"Tea"}`, "Idempotency-Key", "k")) })
		}
		<-b.begun
		close(b.go_)
		all.Wait()
		for _, a := range answers {
			if a.Status != http.StatusCreated || a.Body != answers[0].Body {
				t.Errorf("%d: %s", a.Status, a.Body)
			}
		}
		if n := b.made.Load(); n != 1 {
			t.Errorf("%d made", n)
		}
	})
}

func TestSpecDescribesEverything(t *testing.T) {
	each(t, api.Config{}, func(t *testing.T, _ *boxes, s *apitest.Server, _ string) {
		a := s.Do(apitest.Request{Method: "GET", Path: "/api/v1/openapi.json"}).Want(http.StatusOK)
		var spec struct {
			OpenAPI string
			Paths   map[string]map[string]struct {
				OperationID string
				Responses   map[string]any
			}
			Components struct{ Schemas map[string]any }
		}
		a.JSON(&spec)
		if spec.OpenAPI != "3.1.0" || spec.Paths["/api/v1/boxes"]["post"].OperationID != "create-box" || spec.Paths["/api/v1/boxes"]["post"].Responses["default"] == nil {
			t.Errorf("%+v", spec)
		}
		if spec.Components.Schemas["Problem"] == nil || spec.Components.Schemas["ErrorModel"] != nil {
			t.Errorf("schemas %v", spec.Components.Schemas)
		}
		if !json.Valid([]byte(a.Body)) {
			t.Error("not JSON")
		}
		page := s.Do(apitest.Request{Method: "GET", Path: "/api/docs", Header: map[string]string{"Accept-Language": "ka"}}).Want(http.StatusOK)
		for _, part := range []string{"POST /api/v1/boxes", "Make a box", "How large.", "Boxes for tea.", "სცადეთ", "big | small", `{&#34;name&#34;:&#34;Tea&#34;}`} {
			if !strings.Contains(page.Body, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		for _, never := range []string{"<script>", "style=", "https://"} {
			if strings.Contains(page.Body, never) {
				t.Errorf("the page has %q", never)
			}
		}
	})
}
