package teamweb_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"testing"

	"kartoteka.dev/internal/platform/authz"
)

// upload sends a file as a form does.
func (b *browser) upload(path, field string, content []byte) answer {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, "logo.png")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		b.Fatal(err)
	}
	if err := form.Close(); err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.url+path, &body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.answer(r)
}

func TestLogoStandsOnEveryPage(t *testing.T) {
	each(t, setting{}, func(s *site) {
		admin := s.signedIn("maria@example.com")
		s.browser().get("/logo").refused(404)
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 64, 32))); err != nil {
			t.Fatal(err)
		}
		admin.upload("/settings/company/logo", "logo", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")).refused(422).has("PNG or JPEG")
		admin.post("/settings/company/logo", nil).refused(422)
		admin.upload("/settings/company/logo", "logo", picture.Bytes()).at("/settings/company").has(`src="/logo?v=`)
		a := s.browser().get("/logo").refused(200)
		if a.header.Get("Content-Type") != "image/png" || !contains(a.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v", a.header)
		}
		s.person("Nino", "nino@example.com", authz.Manager)
		s.signedIn("nino@example.com").upload("/settings/company/logo", "logo", picture.Bytes()).refused(403)
		admin.post("/settings/company/logo/remove", nil).at("/settings/company").lacks(`src="/logo?v=`)
		s.browser().get("/logo").refused(404)
	})
}
