package customersweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// attachFiles takes files as they come in, one after the other, without
// keeping them in memory.
func (p *Pages) attachFiles(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	n, err := p.attach(r, id)
	form := partForm{Key: "file-0"}
	if err == nil && n == 0 {
		err = errs.InvalidFields("customersweb.attachFiles", errs.Field("file", "customers.dossier-file.none-chosen"))
	}
	if err != nil {
		var told bool
		if form.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
	}
	return p.kept(w, r, id, form, toast.Toast{Text: i18n.T(ctx, "customers.dossier-done.attached", "Count", n)})
}

func (p *Pages) attach(r *http.Request, id int64) (n int, err error) {
	sent, err := r.MultipartReader()
	if err != nil {
		return 0, errs.New(errs.Invalid, "customersweb.attach", "errors.form-unreadable").Because(err)
	}
	for {
		part, err := sent.NextPart()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, errs.New(errs.Invalid, "customersweb.attach", "errors.form-unreadable").Because(err)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		if _, err := p.customers.AttachFile(r.Context(), id, part.FileName(), part); err != nil {
			return n, err
		}
		n++
	}
}

func filePath(r *http.Request) (id, file int64, err error) {
	if id, err = web.PathID(r, "id"); err != nil {
		return 0, 0, err
	}
	file, err = web.PathID(r, "file")
	return id, file, err
}

// serveFile sends a file: to keep, or with ?show to look at.
func (p *Pages) serveFile(w http.ResponseWriter, r *http.Request) error {
	id, file, err := filePath(r)
	if err != nil {
		return err
	}
	f, err := p.customers.FindFile(r.Context(), id, file)
	if err != nil {
		return err
	}
	meta := files.Meta{Hash: f.Hash, Name: f.Name, MIME: f.MIME, Inline: r.URL.Query().Has("show"), Added: f.AddedAt.Time()}
	return files.ServeDownload(w, r, meta, func(ctx context.Context) (io.ReadSeekCloser, int64, error) {
		return p.customers.OpenFile(ctx, f)
	})
}

// maxLook is how long a text is shown in the page, in bytes.
const maxLook = 200 << 10

// look is a file as it is shown in the page. PDF is shown by the browser's own
// viewer in a frame, Text escaped; with neither, Why says why not.
type look struct {
	file    customers.File
	picture bool
	pdf     bool
	text    string
	why     string
}

// lookable tells that a file can be shown in the page, if it is not too long.
func lookable(f customers.File) bool {
	return f.Thumbnailable() || isPDF(f) || isText(f)
}

func isPDF(f customers.File) bool { return baseType(f) == "application/pdf" }

// isText also takes what browsers would run: it is shown as it is written.
func isText(f customers.File) bool {
	base := baseType(f)
	return strings.HasPrefix(base, "text/") || base == "application/json" || base == "application/xml"
}

func baseType(f customers.File) string {
	base, _, _ := strings.Cut(f.MIME, ";")
	return strings.ToLower(strings.TrimSpace(base))
}

// lookAt shows a file: within a dialog of the dossier, or as a page.
func (p *Pages) lookAt(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, file, err := filePath(r)
	if err != nil {
		return err
	}
	l := look{}
	if l.file, err = p.customers.FindFile(ctx, id, file); err != nil {
		return err
	}
	switch {
	case l.file.Thumbnailable():
		l.picture = true
	case isPDF(l.file):
		l.pdf = true
	case !isText(l.file):
		l.why = i18n.T(ctx, "customers.dossier-look.not-shown")
	case l.file.Size > maxLook:
		l.why = i18n.T(ctx, "customers.dossier-look.too-long", "Size", i18n.Bytes(ctx, maxLook))
	default:
		if err := p.readText(ctx, &l); err != nil {
			return err
		}
	}
	if web.IsFragment(r) {
		return web.Render(w, r, fileLook(l))
	}
	c, err := p.customers.Find(ctx, id)
	if err != nil {
		return err
	}
	pg := page.Page{Title: l.file.Name, Breadcrumbs: []page.Crumb{{Label: c.Name, Href: customerPath(id)}}}
	return web.Page(w, r, pg, fileLook(l))
}

// readText reads the text of a file in whatever encoding it is.
func (p *Pages) readText(ctx context.Context, l *look) error {
	content, _, err := p.customers.OpenFile(ctx, l.file)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	data, err := io.ReadAll(io.LimitReader(content, maxLook))
	if err != nil {
		return errs.Wrap("customersweb.readText", err)
	}
	company, err := p.team.Settings(ctx)
	if err != nil {
		return err
	}
	if l.text, err = tabular.Decode(data, string(company.Language)); errs.Is(err, errs.Invalid) {
		l.why, err = i18n.T(ctx, "customers.dossier-look.not-shown"), nil
	}
	return err
}

// lookAttrs have a script show a file in the dossier's dialog.
func lookAttrs(f customers.File) templ.Attributes {
	return templ.Attributes{"data-look": "look-" + idText(f.CustomerID), "data-name": f.Name}
}

// lookHref shows a file in the page where it can be shown, and downloads it
// where not.
func lookHref(f customers.File) string {
	if lookable(f) {
		return fileHref(f, "/look")
	}
	return fileHref(f, "")
}

// thumbnailSide is how large small pictures are, in pixels of dense screens.
const thumbnailSide = 320

func (p *Pages) serveThumbnail(w http.ResponseWriter, r *http.Request) error {
	id, file, err := filePath(r)
	if err != nil {
		return err
	}
	picture, err := p.customers.Thumbnail(r.Context(), id, file, thumbnailSide)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", picture.MIME)
	h.Set("Cache-Control", "private, max-age=86400")
	_, err = w.Write(picture.Bytes)
	return err
}

func (p *Pages) removeFile(w http.ResponseWriter, r *http.Request) error {
	id, file, err := filePath(r)
	if err != nil {
		return err
	}
	if err := p.customers.RemoveFile(r.Context(), id, file); err != nil {
		return err
	}
	return p.kept(w, r, id, partForm{}, toast.Toast{Text: i18n.T(r.Context(), "customers.dossier-done.file-removed")})
}

func fileIcon(f customers.File) string {
	if f.Thumbnailable() {
		return "image"
	}
	return "file-text"
}
