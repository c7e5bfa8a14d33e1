package teamweb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

const logoPath = "/logo"

// LogoHref is the address of the company's logo; empty if it has none. It
// changes with the picture.
func LogoHref(c team.Company) string {
	if c.Logo == "" {
		return ""
	}
	return logoPath + "?v=" + c.Logo[:12]
}

func (p *Pages) logoRoutes() []web.Route {
	change := web.Post(companyPath+logoPath, p.changeLogo)
	change.MaxBody = team.MaxLogo + 1<<20
	return []web.Route{
		web.Open(web.Get(logoPath, p.showLogo)),
		change,
		web.Post(companyPath+logoPath+"/remove", p.removeLogo),
	}
}

// seekable is bytes that need no closing.
type seekable struct{ *bytes.Reader }

// Close implements io.Closer.
func (seekable) Close() error { return nil }

func (p *Pages) showLogo(w http.ResponseWriter, r *http.Request) error {
	picture, err := p.team.Logo(r.Context())
	if err != nil {
		return err
	}
	if len(picture.Bytes) == 0 {
		return errs.New(errs.NotFound, "teamweb.showLogo", "errors.page-not-found")
	}
	meta := files.Meta{Name: "logo", MIME: picture.MIME, Inline: true}
	if c, err := p.company(r.Context()); err == nil {
		meta.Hash = c.Logo
	}
	return files.ServeDownload(w, r, meta, func(context.Context) (io.ReadSeekCloser, int64, error) {
		return seekable{bytes.NewReader(picture.Bytes)}, int64(len(picture.Bytes)), nil
	})
}

// memory is how much of an upload is kept outside files.
const memory = 1 << 20

func (p *Pages) changeLogo(w http.ResponseWriter, r *http.Request) error {
	f, err := p.readCompany(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = p.receiveLogo(r)
	if err == nil {
		return done(w, r, companyPath, i18n.T(ctx, "common.saved"))
	}
	var told bool
	if f.trouble, told = troubleOf(ctx, err); !told {
		return err
	}
	return p.renderCompany(w, r, f)
}

func (p *Pages) receiveLogo(r *http.Request) error {
	const op = "teamweb.receiveLogo"
	if err := r.ParseMultipartForm(memory); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return errs.InvalidFields(op, errs.Field("logo", "team.error.logo-large", "Max", team.MaxLogo/1_000_000))
		}
		return errs.New(errs.Invalid, op, "errors.form-unreadable").Because(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // the system clears its temporary folder
	file, _, err := r.FormFile("logo")
	if err != nil {
		return errs.InvalidFields(op, errs.Field("logo", "errors.field-missing"))
	}
	defer func() { _ = file.Close() }()
	return p.team.ChangeLogo(r.Context(), file)
}

func (p *Pages) removeLogo(w http.ResponseWriter, r *http.Request) error {
	if err := p.team.RemoveLogo(r.Context()); err != nil {
		return err
	}
	return done(w, r, companyPath, i18n.T(r.Context(), "common.saved"))
}
