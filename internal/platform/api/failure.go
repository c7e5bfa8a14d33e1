package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/web"
)

// refusal stands for an error that is kept in the call until it is told.
type refusal struct{}

// Error implements error.
func (refusal) Error() string { return "refused" }

// GetStatus implements huma.StatusError.
func (refusal) GetStatus() int { return http.StatusInternalServerError }

// fail tells an error. The web does it, unless the answer needs a status that
// no kind has.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error, status int) {
	if errs.Is(err, errs.Conflict) && r.Header.Get("If-Match") != "" {
		status = http.StatusPreconditionFailed
	}
	wait := w.Header().Get("Retry-After")
	for _, name := range []string{"ETag", "Location", "Content-Type"} {
		w.Header().Del(name) // of the answer that did not come to be
	}
	if status == 0 && wait == "" {
		web.Fail(w, r, err)
		return
	}
	p := web.ProblemOf(r.Context(), err)
	if status != 0 {
		p.Status = status
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a reader who left needs no answer
}

var errTooDeep = errors.New("it nests too deeply")

// noteRefusal keeps what huma found wrong with a request as an error of ours;
// its own answer is thrown away.
func noteRefusal(hc huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	c := callOf(hc.Context())
	if c.failure == nil {
		c.status, c.failure = refused(m)
	}
	return v, nil
}

// refused is the error behind huma's own, after its status if no kind has it.
func refused(m *huma.ErrorModel) (int, error) {
	const op = "api.read"
	switch m.Status {
	case http.StatusInternalServerError:
		return 0, errs.New(errs.Internal, op, "errors.kind-internal-title").Because(m)
	case http.StatusUnsupportedMediaType:
		return m.Status, errs.New(errs.Invalid, op, "api.error.media-type")
	}
	var fields []errs.FieldError
	for _, d := range m.Errors {
		f, found := field(d)
		if !found {
			return 0, errs.New(errs.NotFound, op, "errors.kind-not-found-title")
		}
		fields = append(fields, f)
	}
	if len(fields) == 0 {
		fields = append(fields, errs.Field("body", "api.error.body-missing"))
	}
	return 0, errs.InvalidFields(op, fields...)
}

// findings are huma's messages and the texts for them. The part in brackets,
// if there is one, becomes the argument Value.
var findings = []struct {
	message *regexp.Regexp
	text    func(name, value string) errs.FieldError
}{
	{regexp.MustCompile(`^unexpected property`), func(n, _ string) errs.FieldError { return errs.Field(n, "api.error.field-unknown") }},
	{regexp.MustCompile(`^unknown query parameter`), func(n, _ string) errs.FieldError { return errs.Field(n, "api.error.parameter-unknown") }},
	{regexp.MustCompile(`^expected required property (\S+)`), func(n, v string) errs.FieldError { return errs.Field(join(n, v), "errors.field-missing") }},
	{regexp.MustCompile(`required|^request body is missing`), func(n, _ string) errs.FieldError { return errs.Field(n, "errors.field-missing") }},
	{regexp.MustCompile(`^expected string$`), func(n, _ string) errs.FieldError { return errs.Field(n, "api.error.not-text") }},
	{regexp.MustCompile(`boolean`), func(n, _ string) errs.FieldError { return errs.Field(n, "api.error.not-yes-or-no") }},
	{regexp.MustCompile(`^(?:expected number|expected integer|invalid integer|invalid float|invalid number)$`), func(n, _ string) errs.FieldError { return errs.Field(n, "errors.field-not-a-number") }},
	{regexp.MustCompile(`^expected array$`), func(n, _ string) errs.FieldError { return errs.Field(n, "api.error.not-a-list") }},
	{regexp.MustCompile(`^expected object$`), func(n, _ string) errs.FieldError { return errs.Field(n, "api.error.not-an-object") }},
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), func(n, v string) errs.FieldError { return errs.Field(n, "api.error.not-one-of", "Values", v) }},
	{regexp.MustCompile(`^expected number >= (.+)$`), func(n, v string) errs.FieldError { return errs.Field(n, "errors.field-too-small", "Min", v) }},
	{regexp.MustCompile(`^expected number <= (.+)$`), func(n, v string) errs.FieldError { return errs.Field(n, "errors.field-too-large", "Max", v) }},
	{regexp.MustCompile(`^expected length >= (\d+)$`), func(n, v string) errs.FieldError { return errs.Field(n, "errors.field-too-short", "Min", v) }},
	{regexp.MustCompile(`^expected length <= (\d+)$`), func(n, v string) errs.FieldError { return errs.Field(n, "errors.field-too-long", "Max", v) }},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), func(n, v string) errs.FieldError { return errs.Field(n, "api.error.list-too-long", "Max", v) }},
	{regexp.MustCompile(`RFC 3339 date$`), func(n, _ string) errs.FieldError {
		return errs.Field(n, "errors.field-not-a-date", "Example", "2026-12-31")
	}},
	{regexp.MustCompile(`RFC 3339 date-time$`), func(n, _ string) errs.FieldError {
		return errs.Field(n, "api.error.not-a-moment", "Example", "2026-12-31T14:30:00Z")
	}},
	{regexp.MustCompile(`^(.*)$`), func(n, v string) errs.FieldError { return errs.Field(n, "api.error.unreadable", "Reason", v) }},
}

// indexes writes places in lists as use cases do: phones.0.
var indexes = strings.NewReplacer("[", ".", "]", "")

// field is what one part of a request needs; false if the part is an id in the
// path, which then leads nowhere.
func field(d *huma.ErrorDetail) (errs.FieldError, bool) {
	place, name, nested := strings.Cut(indexes.Replace(d.Location), ".")
	switch {
	case place == "path":
		return errs.FieldError{}, false
	case !nested && place != "body":
		name = d.Location
	case name == "" && !strings.HasPrefix(d.Message, "expected required"):
		name = "body"
	}
	for _, f := range findings {
		if m := f.message.FindStringSubmatch(d.Message); m != nil {
			return f.text(name, m[len(m)-1]), true
		}
	}
	return errs.Field(name, "api.error.unreadable", "Reason", ""), true // of several lines
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}
