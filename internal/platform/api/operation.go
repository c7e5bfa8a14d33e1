package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/platform/web"
)

// Operation is what is told of a function of the API. Texts are for
// programmers and in English.
type Operation struct {
	ID      string // verb-noun: "create-customer"
	Method  string
	Path    string // /api/v1/customers/{id}
	Group   string
	Summary string // one line
	Text    string // what it promises; may be empty
	Status  int    // of success; 200, or 204 without a body, if 0
	MaxBody int64  // bytes it takes; DefaultMaxBody if 0
	// Permission is asked for before a large body is read; the use case asks
	// for it anyway.
	Permission string
	// Secret tells that the answer holds a secret, which is not kept: such an
	// operation takes no Idempotency-Key.
	Secret bool
}

// DefaultMaxBody is the largest request of an operation that says nothing.
const DefaultMaxBody = 1 << 20

// How long a body may take to arrive, and a large one over a slow line.
const (
	readWithin      = time.Minute
	readLargeWithin = time.Hour
)

// once tells whether the operation can be asked for twice and done once.
func (op Operation) once() bool { return op.Method == http.MethodPost && !op.Secret }

func (op Operation) large() bool { return op.MaxBody > DefaultMaxBody }

// Register adds an operation. I and O are structs as huma describes them:
// fields with path, query and header tags, and a Body.
func Register[I, O any](a *API, op Operation, fn func(context.Context, *I) (*O, error)) {
	if op.MaxBody == 0 {
		op.MaxBody = DefaultMaxBody
	}
	within := readWithin
	if op.large() {
		within = readLargeWithin
	}
	h := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Tags: []string{op.Group},
		Summary: op.Summary, Description: op.Text, DefaultStatus: op.Status,
		MaxBodyBytes:    -1, // counted in serve, also for forms
		BodyReadTimeout: within,
		Responses:       map[string]*huma.Response{"default": a.problemResponse()},
		Middlewares:     huma.Middlewares{a.surround(op)},
	}
	if op.once() {
		h.Parameters = append(h.Parameters, idempotencyParameter)
	}
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			callOf(ctx).failure = err
			return nil, refusal{}
		}
		return out, nil
	})
}

var idempotencyParameter = &huma.Param{
	Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: "string"},
	Description: "A text of your own, at most 200 characters. The same request with the same key is answered as the first time, for 24 hours.",
}

func (a *API) problemResponse() *huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[web.Problem](), true, "Problem")
	return &huma.Response{
		Description: "What went wrong, in the language of Accept-Language; fields names what needs something.",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
	}
}
