package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-chi/httprate"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
)

// Authenticator tells which program a bearer token belongs to; Unauthenticated
// for one that opens nothing.
type Authenticator interface {
	AuthenticateToken(ctx context.Context, key string) (authz.Actor, error)
}

// Config is what the API needs of the rest of the program.
type Config struct {
	DB     *db.DB // keeps what was answered under an Idempotency-Key
	Tokens Authenticator
	// Locale gives the company's time zone and currency; the language is the
	// request's. Nil means UTC and EUR.
	Locale func(ctx context.Context) i18n.Locale

	PerMinute        int // requests a token may make; DefaultPerMinute if 0
	RefusedPerMinute int // refused tokens an address may try; DefaultRefusedPerMinute if 0
}

// What a client may do in a minute, unless the configuration says otherwise.
const (
	DefaultPerMinute        = 600
	DefaultRefusedPerMinute = 60
)

// API is the operations and what surrounds them.
type API struct {
	config  Config
	huma    huma.API
	mux     *http.ServeMux
	rate    *httprate.RateLimiter
	refused *httprate.RateLimiter
	groups  []Group

	once sync.Once
	spec []byte
}

// Group is a heading under which operations are described.
type Group struct {
	Name string
	Text string
}

// New makes an API without operations; Register adds them.
func New(c Config) *API {
	if c.PerMinute == 0 {
		c.PerMinute = DefaultPerMinute
	}
	if c.RefusedPerMinute == 0 {
		c.RefusedPerMinute = DefaultRefusedPerMinute
	}
	a := &API{
		config: c, mux: http.NewServeMux(),
		rate:    httprate.NewRateLimiter(c.PerMinute, time.Minute),
		refused: httprate.NewRateLimiter(c.RefusedPerMinute, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"})),
	}
	a.huma = huma.NewAPI(humaConfig(), humago.NewAdapter(a.mux, ""))
	a.mux.HandleFunc("GET /api/v1/openapi.json", a.serveSpec)
	a.mux.HandleFunc("GET /api/docs", a.serveReading)
	a.mux.HandleFunc("/", a.serveNothing)
	return a
}

// ServeHTTP implements http.Handler for everything under /api/. It belongs
// inside web.Server, whose middleware gives requests their ids and logs them.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// Describe adds a heading; operations name it.
func (a *API) Describe(g Group) { a.groups = append(a.groups, g) }

const specTitle = "Kartoteka"

const specText = `Everything the pages do, for programs.

Send a token with every request: Authorization: Bearer kt_…  Tokens are made with “kartoteka token create” and carry a role.
Lists come in pages: {"items": […], "next": "…"}; send next as cursor to go on. Failures are problem+json and name the field.
Send Idempotency-Key with what creates, to be able to repeat it safely for 24 hours, and If-Match with what edits, to change only what you have seen.`

// humaConfig describes the API and how it reads and writes. Its own pages are
// off: they load scripts from elsewhere.
func humaConfig() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: specTitle, Version: "v1", Description: specText},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", Description: "A token made with “kartoteka token create”."},
				},
			},
			Security: []map[string][]string{{"token": {}}},
		},
		Formats: map[string]huma.Format{
			"application/json": {Marshal: marshal, Unmarshal: unmarshal},
			"json":             {Marshal: marshal, Unmarshal: unmarshal},
		},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{noteRefusal},
	}
}

func marshal(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// maxDepth is how deep JSON may nest: far more than anything we read.
const maxDepth = 32

func unmarshal(data []byte, v any) error {
	if deeperThan(data, maxDepth) {
		return errTooDeep
	}
	return json.Unmarshal(data, v)
}

// deeperThan looks at brackets outside strings only, before anything is built.
func deeperThan(data []byte, limit int) bool {
	depth, inside, escaped := 0, false, false
	for _, b := range data {
		switch {
		case escaped:
			escaped = false
		case inside && b == '\\':
			escaped = true
		case b == '"':
			inside = !inside
		case inside:
		case b == '{' || b == '[':
			if depth++; depth > limit {
				return true
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return false
}

// Spec is the description of all operations as OpenAPI 3.1, indented.
func (a *API) Spec() []byte {
	a.once.Do(func() {
		o := a.huma.OpenAPI()
		for _, unused := range []string{"ErrorModel", "ErrorDetail", "FormFile"} {
			delete(o.Components.Schemas.Map(), unused)
		}
		o.Tags = nil
		for _, g := range a.groups {
			o.Tags = append(o.Tags, &huma.Tag{Name: g.Name, Description: g.Text})
		}
		spec, err := json.MarshalIndent(o, "", "  ")
		if err != nil { // the types of the operations decide it, not a request
			panic("api: the description cannot be written: " + err.Error())
		}
		a.spec = append(spec, '\n')
	})
	return a.spec
}

func (a *API) serveSpec(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.Spec()) // a reader who left needs no answer
}
