package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// List is one page of a list.
type List[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Send it as cursor, with the same filter and order, to go on; absent at the end."`
}

// ListOf makes a page whose items are never null.
func ListOf[T any](items []T, next string) List[T] {
	if items == nil {
		items = []T{}
	}
	return List[T]{Items: items, Next: next}
}

// Page are the parameters of a list that is read in pages.
type Page struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"Items at most."`
	Cursor string `query:"cursor" doc:"next of the page before; empty for the first."`
}

// ETag is the ETag of a version.
func ETag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// Expected is the header by which an edit says which version it saw.
type Expected struct {
	IfMatch string `header:"If-Match" doc:"ETag of the version you saw: a newer one is not changed and answered with 412."`
}

// Version is the version seen; 0 if the client does not say, or says *.
func (e Expected) Version() (int64, error) {
	text := strings.TrimSpace(e.IfMatch)
	if text == "" || text == "*" {
		return 0, nil
	}
	text = strings.TrimPrefix(text, "W/")
	if len(text) > 2 && text[0] == '"' && text[len(text)-1] == '"' {
		if v, err := strconv.ParseInt(text[1:len(text)-1], 10, 64); err == nil && v > 0 {
			return v, nil
		}
	}
	return 0, errs.InvalidFields("api.Version", errs.Field("If-Match", "api.error.etag-unfit"))
}

// Optional is a field of an edit: absent leaves the value as it is, null
// empties it.
type Optional[T any] struct {
	Set   bool
	Value T // the zero value for null
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	var none T
	o.Set, o.Value = true, none
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	return json.Unmarshal(data, &o.Value)
}

// Schema implements huma.SchemaProvider.
func (o Optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := r.Schema(reflect.TypeFor[T](), true, "")
	if s.Ref != "" || s.Nullable {
		return s
	}
	nullable := *s
	nullable.Nullable = true
	return &nullable
}

// Pointer is what use cases take for "leave it" (nil) and "set it".
func (o Optional[T]) Pointer() *T {
	if !o.Set {
		return nil
	}
	return &o.Value
}

// Values are custom fields by their slugs. Numbers keep every digit.
type Values map[string]any

// UnmarshalJSON implements json.Unmarshaler.
func (v *Values) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return err
	}
	*v = m
	return nil
}

// Schema implements huma.SchemaProvider.
func (v Values) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: true,
		Description: "Custom fields by slug, see GET /api/v1/fields: text as a string, number as a decimal string, money as {amount, currency}, date as 2006-01-02, a choice as its id, several as a list, yes/no as a boolean, a link as its address.",
	}
}

// Moment is an instant as RFC 3339 in UTC; "" for none.
func Moment(i clock.Instant) string {
	if i.IsZero() {
		return ""
	}
	return i.Time().Format(time.RFC3339Nano)
}

// ParseDay reads an optional date; a problem names the field.
func ParseDay(field, text string) (clock.Day, error) {
	if text == "" {
		return 0, nil
	}
	d, err := clock.ParseDay(text)
	if err != nil {
		return 0, errs.InvalidFields("api.ParseDay", errs.Field(field, "errors.field-not-a-date", "Example", "2026-12-31"))
	}
	return d, nil
}

// ParseMoment reads an optional moment; a problem names the field.
func ParseMoment(field, text string) (clock.Instant, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, errs.InvalidFields("api.ParseMoment", errs.Field(field, "api.error.not-a-moment", "Example", "2026-12-31T14:30:00Z"))
	}
	return clock.InstantOf(t), nil
}
