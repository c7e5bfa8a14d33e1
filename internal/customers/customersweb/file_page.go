package customersweb

import (
	"context"
	"errors"
	"io"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
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
