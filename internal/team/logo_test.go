package team_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team"
)

func picture(t *testing.T, side int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side/2))
	for x := range side / 2 {
		img.Set(x, x/2, color.NRGBA{200, 30, 30, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLogoIsKeptAsAPictureAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		none, err := w.Logo(t.Context())
		if err != nil || len(none.Bytes) != 0 {
			t.Fatalf("before: %d bytes, %v", len(none.Bytes), err)
		}
		hidden := append(picture(t, 1200), []byte("<script>alert(1)</script>")...)
		ok(t, "change", w.ChangeLogo(ctx, bytes.NewReader(hidden)))
		p, err := w.Logo(t.Context())
		if err != nil || p.Width != 512 || p.Height != 256 || p.MIME != "image/png" || bytes.Contains(p.Bytes, []byte("script")) {
			t.Errorf("%d×%d %s %v", p.Width, p.Height, p.MIME, err)
		}
		c, err := w.Settings(t.Context())
		ok(t, "settings", err)
		used, err := w.Referenced(w.ctx, []string{c.Logo, "other"})
		if err != nil || !used[c.Logo] || used["other"] {
			t.Errorf("used %v, %v", used, err)
		}
		for name, content := range map[string][]byte{
			"SVG":         []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
			"nothing":     nil,
			"a page":      []byte("<!doctype html><p>hello"),
			"half":        picture(t, 64)[:60],
			"far too big": append(picture(t, 64), make([]byte, team.MaxLogo)...),
		} {
			err := w.ChangeLogo(ctx, bytes.NewReader(content))
			if names := fieldsOf(err); len(names) != 1 || names[0] != "logo" {
				t.Errorf("%s: %v %v", name, names, err)
			}
		}
		if again, err := w.Settings(t.Context()); err != nil || again.Logo != c.Logo {
			t.Errorf("what was refused has changed the logo: %v", err)
		}
		nobody := w.as(w.person("Ivan", "ivan@example.com", authz.Manager))
		want(t, "a manager", w.ChangeLogo(nobody, strings.NewReader("x")), errs.Forbidden)
		want(t, "a manager", w.RemoveLogo(nobody), errs.Forbidden)
		ok(t, "remove", w.RemoveLogo(ctx))
		if p, err := w.Logo(t.Context()); err != nil || len(p.Bytes) != 0 {
			t.Errorf("removed, but %d bytes, %v", len(p.Bytes), err)
		}
	})
}
