// Package importsweb is the pages on which spreadsheets are brought in: the
// list of imports, the place to drop a file, and the way of one file from its
// columns over the rules and the preview to what came of it.
package importsweb

import (
	"context"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// MaxUpload is the most bytes of a file that is sent through the page; larger
// ones are brought in on the command line.
const MaxUpload = 512 << 20

// Deps are what the pages need.
type Deps struct {
	Imports *imports.Service
	Clock   clock.Clock
	// Lists give the address of the list of what an import has made, by kind;
	// kinds without an entry have no link.
	Lists map[string]func(i imports.Import) string
}

// Pages answers requests; safe for concurrent use.
type Pages struct {
	imports *imports.Service
	clock   clock.Clock
	lists   map[string]func(i imports.Import) string
}

// New makes the pages.
func New(d Deps) *Pages {
	return &Pages{imports: d.Imports, clock: d.Clock, lists: d.Lists}
}

// Path is the list of imports.
const Path = "/imports"

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	upload := web.Post(Path, p.upload)
	upload.MaxBody = MaxUpload + 1<<20
	return []web.Route{
		web.Get(Path, p.showList),
		web.Get(Path+"/new", p.showNew),
		upload,
		web.Get(Path+"/sample", p.sample),
		web.Get(Path+"/{id}", p.show),
		web.Get(Path+"/{id}/progress", p.showProgress),
		web.Get(Path+"/{id}/rejects", p.rejects),
		web.Post(Path+"/{id}/reading", p.changeReading),
		web.Post(Path+"/{id}/columns", p.changeColumns),
		web.Post(Path+"/{id}/rules", p.changeRules),
		web.Post(Path+"/{id}/fixes", p.fix),
		web.Post(Path+"/{id}/start", p.start),
		web.Post(Path+"/{id}/cancel", p.cancel),
		web.Post(Path+"/{id}/resume", p.resume),
		web.Post(Path+"/{id}/remove", p.remove),
	}
}

// show is the page of one import: where a draft is on its way, how far a
// running one is, or what came of it.
func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	i, err := p.find(r)
	if err != nil {
		return err
	}
	switch i.State {
	case imports.Draft:
		return p.showDraft(w, r, i)
	case imports.Queued, imports.Running:
		return p.showRunning(w, r, i)
	case imports.Done, imports.Failed, imports.Cancelled:
	}
	return p.showResult(w, r, i)
}

// showDraft shows the step the address asks for: columns, rules or preview.
func (p *Pages) showDraft(w http.ResponseWriter, r *http.Request, i imports.Import) error {
	switch r.URL.Query().Get("step") {
	case stepRules:
		return p.showRules(w, r, i)
	case stepPreview:
		return p.showPreview(w, r, i)
	}
	return p.showColumns(w, r, i.ID, trouble{})
}

// find reads the import the path names.
func (p *Pages) find(r *http.Request) (imports.Import, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return imports.Import{}, err
	}
	i, err := p.imports.Find(r.Context(), id)
	return i, err
}

// describe tells what an import's kind can take.
func (p *Pages) describe(ctx context.Context, kind string) (imports.Description, error) {
	for _, t := range p.imports.Targets {
		if t.Kind() == kind {
			d, err := t.Describe(ctx)
			return d, errs.Wrap("importsweb.describe", err)
		}
	}
	return imports.Description{}, errs.New(errs.NotFound, "importsweb.describe", "imports.error.kind-unknown", "Kind", kind)
}

// kind is the one that is asked for, or the first there is.
func (p *Pages) kind(r *http.Request) string {
	if k := r.URL.Query().Get("kind"); k != "" || len(p.imports.Targets) == 0 {
		return k
	}
	return p.imports.Targets[0].Kind()
}

// require refuses a page that shows nothing of an import to those who may not
// import.
func require(ctx context.Context) error {
	_, err := authz.Require(ctx, "importsweb", imports.RunImports)
	return err
}

// trouble is why a form comes back.
type trouble struct {
	fields map[string]string
	whole  string
}

// troubleOf tells an error that the person can mend on the page; anything else
// is not for the page, and ok is false.
func troubleOf(ctx context.Context, err error) (t trouble, ok bool) {
	switch errs.KindOf(err) {
	case errs.Invalid:
		t.fields = web.FieldTexts(ctx, err)
		if len(t.fields) == 0 {
			t.whole = web.ProblemOf(ctx, err).Detail
		}
		return t, true
	case errs.Conflict, errs.TooLarge, errs.Unavailable:
		return trouble{whole: web.ProblemOf(ctx, err).Detail}, true
	}
	return trouble{}, false
}

func (t trouble) any() bool { return t.whole != "" || len(t.fields) > 0 }

func (t trouble) of(name string) string { return t.fields[name] }

func (t trouble) status() int {
	if t.any() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// summary names what is wrong: first what stands in one of the page's fields,
// then whatever has none.
func (t trouble) summary(order ...string) []field.Problem {
	var all []field.Problem
	if t.whole != "" {
		all = append(all, field.Problem{Text: t.whole})
	}
	told := map[string]bool{}
	for _, name := range order {
		if text := t.fields[name]; text != "" {
			all = append(all, field.Problem{Name: name, Text: text})
		}
		told[name] = true
	}
	for name, text := range t.fields {
		if !told[name] {
			all = append(all, field.Problem{Text: text})
		}
	}
	return all
}

func idText(n int64) string { return strconv.FormatInt(n, 10) }

// pathOf is the address of an import, or of one of its parts.
func pathOf(id int64, part string) string {
	path := Path + "/" + idText(id)
	if part != "" {
		path += "/" + part
	}
	return path
}

// stepPath is the address of a step of a draft.
func stepPath(id int64, step string) string { return pathOf(id, "") + "?step=" + step }
