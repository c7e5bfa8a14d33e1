package importsweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

// patience is how long a file may take to arrive, and to be looked at.
const patience = 30 * time.Minute

// newPage is the place to drop a file.
type newPage struct {
	Kind   string
	Kinds  []imports.Kind
	Failed string // the file that was refused
	trouble
}

func (p *Pages) showNew(w http.ResponseWriter, r *http.Request) error {
	return p.renderNew(w, r, newPage{Kind: p.kind(r)})
}

func (p *Pages) renderNew(w http.ResponseWriter, r *http.Request, n newPage) (err error) {
	ctx := r.Context()
	if n.Kinds, err = p.imports.Kinds(ctx); err != nil {
		return err
	}
	if len(n.Kinds) == 0 {
		return errs.New(errs.Forbidden, "importsweb.new", "imports.upload.no-kind")
	}
	if !n.offers(n.Kind) {
		n.Kind = n.Kinds[0].Name
	}
	pg := page.Page{
		Title: i18n.T(ctx, "imports.upload.title"), Width: page.Narrow, Failed: n.any(),
		Breadcrumbs: []page.Crumb{{Label: i18n.T(ctx, "imports.list.title"), Href: Path}},
	}
	return web.PageStatus(w, r, n.status(), pg, newBody(n))
}

func (n newPage) offers(kind string) bool {
	for _, k := range n.Kinds {
		if k.Name == kind {
			return true
		}
	}
	return false
}

// upload takes the file as it arrives: no part of it is held in memory.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := require(ctx); err != nil {
		return err
	}
	until := p.clock.Now().Add(patience)
	rc := http.NewResponseController(w)
	_, _ = rc.SetReadDeadline(until), rc.SetWriteDeadline(until) // a server without deadlines needs none
	n := newPage{Kind: p.kind(r)}
	made, err := p.receive(r, &n)
	if err == nil {
		return web.Redirect(w, r, stepPath(made.ID, stepColumns))
	}
	var told bool
	if n.trouble, told = troubleOf(ctx, err); !told {
		return err
	}
	return p.renderNew(w, r, n)
}

// receive reads the form: the kind, and behind it the file.
func (p *Pages) receive(r *http.Request, n *newPage) (imports.Import, error) {
	const op = "importsweb.receive"
	parts, err := r.MultipartReader()
	if err != nil {
		return imports.Import{}, errs.New(errs.Invalid, op, "errors.form-unreadable").Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return imports.Import{}, errs.InvalidFields(op, errs.Field("file", "imports.upload.no-file"))
		}
		if err != nil {
			return imports.Import{}, broken(op, err)
		}
		switch part.FormName() {
		case "kind":
			kind, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return imports.Import{}, broken(op, err)
			}
			n.Kind = strings.TrimSpace(string(kind))
		case "file":
			return p.take(r, part, n)
		}
	}
}

func (p *Pages) take(r *http.Request, part *multipart.Part, n *newPage) (imports.Import, error) {
	const op = "importsweb.take"
	if part.FileName() == "" {
		return imports.Import{}, errs.InvalidFields(op, errs.Field("file", "imports.upload.no-file"))
	}
	n.Failed = part.FileName()
	arriving := &arrival{Reader: part}
	made, err := p.imports.Upload(r.Context(), imports.NewImport{Kind: n.Kind, FileName: part.FileName(), Content: arriving})
	if err != nil && arriving.failed != nil {
		return made, broken(op, arriving.failed)
	}
	return made, err
}

// arrival remembers why reading from the network failed.
type arrival struct {
	io.Reader

	failed error
}

// Read implements io.Reader.
func (a *arrival) Read(b []byte) (int, error) {
	n, err := a.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		a.failed = err
	}
	return n, err
}

// broken tells why a form did not arrive whole.
func broken(op string, err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errs.New(errs.TooLarge, op, "imports.upload.too-large", "Max", MaxUpload>>20).Because(err)
	}
	return errs.New(errs.Invalid, op, "imports.upload.broken").Because(err)
}

// sample hands out a file that shows what can be imported.
func (p *Pages) sample(w http.ResponseWriter, r *http.Request) error {
	kind, f := p.kind(r), format(r)
	answer := &download{w: w, name: i18n.T(r.Context(), "imports.sample.name"), format: f}
	return answer.sent(p.imports.WriteSample(r.Context(), kind, answer, f))
}
