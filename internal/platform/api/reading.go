package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

// chapter is a group of operations on the page.
type chapter struct {
	Group
	operations []entry
}

// entry is one operation as it is read.
type entry struct {
	id, method, path, summary, text string
	parameters                      []line
	takes, gives                    []line
	example                         string
}

// line is a parameter or a field. Depth is how far inside another it stands.
type line struct {
	name, kind, text string
	required         bool
	depth            int
}

// label is the name, with a mark for each level it stands inside.
func (l line) label() string { return strings.Repeat("· ", l.depth) + l.name }

// serveReading answers with the page on which people read what the API does.
// It needs no token: nothing of the company is in it.
func (a *API) serveReading(w http.ResponseWriter, r *http.Request) {
	scheme := "http"
	if web.IsHTTPS(r.Context()) {
		scheme = "https"
	}
	title := i18n.T(r.Context(), "api.docs.title")
	p := page.Page{Title: title, Width: page.Wide}
	if err := web.Bare(w, r, http.StatusOK, p, nil, reading(title, a.chapters(scheme+"://"+r.Host))); err != nil {
		web.Fail(w, r, err)
	}
}

func (a *API) chapters(base string) []chapter {
	a.Spec() // settles the headings
	o := a.huma.OpenAPI()
	all := make([]chapter, len(a.groups))
	for i, g := range a.groups {
		all[i].Group = g
	}
	paths := make([]string, 0, len(o.Paths))
	for path := range o.Paths {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	reader := describer{registry: o.Components.Schemas, base: base}
	for _, path := range paths {
		item := o.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			i := slices.IndexFunc(all, func(c chapter) bool { return slices.Contains(op.Tags, c.Name) })
			if i >= 0 {
				all[i].operations = append(all[i].operations, reader.entry(op))
			}
		}
	}
	return all
}

// describer turns the description of operations into lines to read.
type describer struct {
	registry huma.Registry
	base     string
}

func (d describer) entry(op *huma.Operation) entry {
	e := entry{
		id: op.OperationID, method: op.Method, path: op.Path, summary: op.Summary, text: op.Description,
	}
	for _, p := range op.Parameters {
		text := p.Description
		if text == "" && p.Schema != nil {
			text = p.Schema.Description
		}
		e.parameters = append(e.parameters, line{
			name: p.Name, kind: p.In + ", " + d.kind(p.Schema), text: text, required: p.Required,
		})
	}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			e.takes = d.lines(media.Schema, 0, nil)
		}
	}
	for status, response := range op.Responses {
		if strings.HasPrefix(status, "2") {
			for _, media := range response.Content {
				e.gives = d.lines(media.Schema, 0, nil)
			}
		}
	}
	e.example = d.curl(op)
	return e
}

func (d describer) resolve(s *huma.Schema) *huma.Schema {
	for s != nil && s.Ref != "" {
		s = d.registry.SchemaFromRef(s.Ref)
	}
	return s
}

// kind is the type as people read it: "string (date)", "list of string".
func (d describer) kind(s *huma.Schema) string {
	s = d.resolve(s)
	switch {
	case s == nil:
		return ""
	case s.Type == huma.TypeArray:
		return "list of " + d.kind(s.Items)
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = fmt.Sprint(v)
		}
		return strings.Join(words, " | ")
	case s.Format != "":
		return s.Type + " (" + s.Format + ")"
	}
	return s.Type
}

// lines are the fields of a schema, what is inside a field right behind it.
// within guards against schemas that contain themselves.
func (d describer) lines(s *huma.Schema, depth int, within []*huma.Schema) []line {
	s = d.resolve(s)
	for s != nil && s.Type == huma.TypeArray {
		s = d.resolve(s.Items)
	}
	if s == nil || slices.Contains(within, s) {
		return nil
	}
	within = append(within, s)
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		if a, b := slices.Contains(s.Required, x), slices.Contains(s.Required, y); a != b {
			if a {
				return -1
			}
			return 1
		}
		return strings.Compare(x, y)
	})
	var all []line
	for _, name := range names {
		p := s.Properties[name]
		text := p.Description
		if text == "" {
			text = d.resolve(p).Description
		}
		all = append(all, line{name: name, kind: d.kind(p), text: text, required: slices.Contains(s.Required, name), depth: depth})
		all = append(all, d.lines(p, depth+1, within)...)
	}
	return all
}

// curl is a command that tries the operation.
func (d describer) curl(op *huma.Operation) string {
	var b strings.Builder
	b.WriteString("curl")
	if op.Method != http.MethodGet {
		b.WriteString(" -X " + op.Method)
	}
	fmt.Fprintf(&b, " '%s%s' \\\n  -H \"Authorization: Bearer $TOKEN\"", d.base, strings.NewReplacer("{id}", "1", "{", "", "}", "").Replace(op.Path))
	if op.RequestBody == nil {
		return b.String()
	}
	if form := op.RequestBody.Content["multipart/form-data"]; form != nil {
		for _, l := range d.lines(form.Schema, 0, nil) {
			if p := d.resolve(form.Schema.Properties[l.name]); p.Format == "binary" {
				fmt.Fprintf(&b, " \\\n  -F '%s=@%s'", l.name, "customers.csv")
			} else if len(p.Examples) > 0 {
				fmt.Fprintf(&b, " \\\n  -F '%s=%v'", l.name, p.Examples[0])
			}
		}
		return b.String()
	}
	if media := op.RequestBody.Content["application/json"]; media != nil {
		fmt.Fprintf(&b, " \\\n  -H 'Content-Type: application/json' \\\n  -d '%s'", d.sample(media.Schema))
	}
	return b.String()
}

// sample is a body made of the examples of its fields.
func (d describer) sample(s *huma.Schema) string {
	s = d.resolve(s)
	if s == nil {
		return "{}"
	}
	body := map[string]any{}
	for name, p := range s.Properties {
		if len(p.Examples) > 0 {
			body[name] = p.Examples[0]
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return "{}"
	}
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "'", "’")
}
