package pdf

import (
	"bytes"

	"codeberg.org/go-pdf/fpdf"

	"kartoteka.dev/internal/platform/files"
)

// canvas draws on the current page, in millimetres from its top left corner.
type canvas struct {
	out *fpdf.Fpdf
	fonts
}

// text sets one clean line whose top is at y. Fill and text colour are set
// alike, so that nothing depends on what was drawn before.
func (c *canvas) text(x, y float64, t typeface, s string) {
	if s == "" {
		return
	}
	c.out.SetFont(family, t.style(), t.size)
	c.out.SetFillColor(t.color[0], t.color[1], t.color[2])
	c.out.SetTextColor(t.color[0], t.color[1], t.color[2])
	c.out.Text(x, y+t.baseline(), s)
}

// textRight sets a line that ends at x.
func (c *canvas) textRight(x, y float64, t typeface, s string) {
	c.text(x-c.width(t, s), y, t, s)
}

// lines sets lines below each other.
func (c *canvas) lines(x, y float64, t typeface, lines []string) {
	for i, s := range lines {
		c.text(x, y+t.heightOf(i), t, s)
	}
}

func (c *canvas) hline(x, y, width float64, k color, thick float64) {
	c.stroke(k, thick)
	c.out.Line(x, y, x+width, y)
}

func (c *canvas) vline(x, y, height float64, k color, thick float64) {
	c.stroke(k, thick)
	c.out.Line(x, y, x, y+height)
}

func (c *canvas) stroke(k color, thick float64) {
	c.out.SetDrawColor(k[0], k[1], k[2])
	c.out.SetLineWidth(thick)
}

func (c *canvas) fill(x, y, width, height float64, k color) {
	c.out.SetFillColor(k[0], k[1], k[2])
	c.out.Rect(x, y, width, height, "F")
}

// pill fills a rectangle whose short sides are round.
func (c *canvas) pill(x, y, width, height float64, k color) {
	c.out.SetFillColor(k[0], k[1], k[2])
	c.out.RoundedRect(x, y, width, height, height/2, "1234", "F")
}

func (c *canvas) dot(x, y, radius float64, k color) {
	c.out.SetFillColor(k[0], k[1], k[2])
	c.out.Circle(x, y, radius, "F")
}

func (c *canvas) picture(x, y, width, height float64, p files.Picture) {
	kind := "JPG"
	if p.MIME == "image/png" {
		kind = "PNG"
	}
	name := contentName(p.Bytes)
	options := fpdf.ImageOptions{ImageType: kind}
	c.out.RegisterImageOptionsReader(name, options, bytes.NewReader(p.Bytes))
	c.out.ImageOptions(name, x, y, width, height, false, options, 0, "")
}
