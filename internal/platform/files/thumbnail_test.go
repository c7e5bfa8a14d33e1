package files

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/errs"
)

// quarters is a picture whose top left quarter is red, the rest blue.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 200, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{200, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, quarters(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// jpegOf makes a JPEG as a camera would, with an orientation and a secret place.
func jpegOf(t testing.TB, w, h, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, quarters(w, h), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = append(exif, 0, byte(orientation), 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 41.7151 N 44.8271 E"...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{0xff, 0xd8}, segment...), exif...), b.Bytes()[2:]...)
}

func thumbnail(t *testing.T, content []byte, side int) (Picture, image.Image) {
	t.Helper()
	p, err := Thumbnail(t.Context(), bytes.NewReader(content), side)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(p.Bytes))
	if err != nil || img.Bounds().Dx() != p.Width || img.Bounds().Dy() != p.Height {
		t.Fatalf("%dx%d, %v", p.Width, p.Height, err)
	}
	return p, img
}

func TestThumbnailFits(t *testing.T) {
	var moving bytes.Buffer
	if err := gif.Encode(&moving, quarters(400, 100), nil); err != nil {
		t.Fatal(err)
	}
	lossless, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name       string
		content    []byte
		side, w, h int
	}{
		{"png", pngOf(t, 400, 300), 100, 100, 75},
		{"tall", pngOf(t, 30, 300), 100, 10, 100},
		{"very large", pngOf(t, 4000, 3000), 200, 200, 150},
		{"line", pngOf(t, 3000, 1), 100, 100, 1},
		{"small stays", pngOf(t, 40, 30), 100, 40, 30},
		{"no side given", pngOf(t, 40, 30), 0, 40, 30},
		{"gif", moving.Bytes(), 100, 100, 25},
		{"jpeg", jpegOf(t, 200, 100, 1), 100, 100, 50},
		{"webp", lossless, 100, 1, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if p, _ := thumbnail(t, c.content, c.side); p.Width != c.w || p.Height != c.h {
				t.Fatalf("%dx%d, want %dx%d", p.Width, p.Height, c.w, c.h)
			}
		})
	}
}

func TestThumbnailStandsUpright(t *testing.T) {
	// Where the red quarter lies after the camera's turn is undone.
	left, right, top, bottom := 20, 80, 10, 40
	want := map[int][2]int{1: {left, top}, 2: {right, top}, 3: {right, bottom}, 4: {left, bottom}}
	turned := map[int][2]int{5: {top, left}, 6: {bottom, left}, 7: {bottom, right}, 8: {top, right}}
	for o := 1; o <= 8; o++ {
		p, img := thumbnail(t, jpegOf(t, 100, 50, o), 100)
		at, ok := want[o]
		if !ok {
			at = turned[o]
		}
		if ok != (p.Width == 100) {
			t.Fatalf("orientation %d: %dx%d", o, p.Width, p.Height)
		}
		if r, _, b, _ := img.At(at[0], at[1]).RGBA(); r < b {
			t.Errorf("orientation %d: no red at %v", o, at)
		}
	}
}

func TestThumbnailTellsNoSecrets(t *testing.T) {
	p, _ := thumbnail(t, jpegOf(t, 100, 50, 6), 100)
	if bytes.Contains(p.Bytes, []byte("Exif")) || bytes.Contains(p.Bytes, []byte("GPS")) {
		t.Fatal("what the camera wrote is still there")
	}
}

func TestThumbnailKeepsTransparency(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 10, 10))); err != nil {
		t.Fatal(err)
	}
	if p, _ := thumbnail(t, b.Bytes(), 5); p.MIME != "image/png" {
		t.Fatalf("transparent became %s", p.MIME)
	}
}

// flood is a small PNG that claims to be 30,000 pixels square.
func flood(t *testing.T) []byte {
	content := pngOf(t, 1, 1)
	binary.BigEndian.PutUint32(content[16:], 30_000)
	binary.BigEndian.PutUint32(content[20:], 30_000)
	binary.BigEndian.PutUint32(content[29:], crc32.ChecksumIEEE(content[12:29]))
	return content
}

func TestThumbnailRefuses(t *testing.T) {
	_, err := Thumbnail(t.Context(), bytes.NewReader(flood(t)), 100)
	wantKind(t, err, errs.TooLarge, "files.error.picture-too-large")
	whole := pngOf(t, 100, 100)
	for name, content := range map[string]string{"text": "hello", "nothing": "", "cut": string(whole[:len(whole)-30]), "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"} {
		t.Run(name, func(t *testing.T) {
			_, err := Thumbnail(t.Context(), strings.NewReader(content), 100)
			wantKind(t, err, errs.Invalid, "files.error.not-a-picture")
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Thumbnail(ctx, bytes.NewReader(whole), 100); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(jpegOf(f, 2, 2, 6))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II\x2a\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if o := orientation(head); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}
