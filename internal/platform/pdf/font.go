package pdf

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The fonts are Noto Sans with Georgian and symbols, made by
// assets/fonts-pdf/build.sh; their licence is fonts/OFL.txt.
var (
	//go:embed fonts/kartoteka-sans-regular.ttf
	regularTTF []byte
	//go:embed fonts/kartoteka-sans-bold.ttf
	boldTTF []byte
)

const (
	family = "kartoteka"

	// Of the type size, from the fonts themselves.
	ascent  = 1.069
	descent = 0.293

	perEm = 1000 // units the widths are counted in
	pt    = 25.4 / 72
)

// face is what setting text needs of a font: how wide each sign it has is.
type face map[rune]int

var faces = sync.OnceValues(func() ([2]face, error) {
	var both [2]face
	for i, ttf := range [][]byte{regularTTF, boldTTF} {
		f, err := readFace(ttf)
		if err != nil {
			return both, fmt.Errorf("pdf font: %w", err)
		}
		both[i] = f
	}
	return both, nil
})

func readFace(ttf []byte) (face, error) {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, err
	}
	f := face{}
	var buf sfnt.Buffer
	const lastPrintable = 0xffff // the PDF writer knows no sign above
	for r := rune(' '); r <= lastPrintable; r++ {
		glyph, err := parsed.GlyphIndex(&buf, r)
		if err != nil {
			return nil, err
		}
		if glyph == 0 {
			continue
		}
		width, err := parsed.GlyphAdvance(&buf, glyph, fixed.I(perEm), font.HintingNone)
		if err != nil {
			return nil, err
		}
		f[r] = width.Round()
	}
	return f, nil
}

// typeface is how a piece of text is set.
type typeface struct {
	size  float64 // points
	lead  float64 // line height in type sizes
	bold  bool
	color color
}

func (t typeface) in(c color) typeface    { t.color = c; return t }
func (t typeface) heavy() typeface        { t.bold = true; return t }
func (t typeface) lineHeight() float64    { return t.size * t.lead * pt }
func (t typeface) style() string          { return map[bool]string{false: "", true: "B"}[t.bold] }
func (t typeface) baseline() float64      { return t.size * pt * ((t.lead-ascent-descent)/2 + ascent) }
func (t typeface) heightOf(n int) float64 { return float64(n) * t.lineHeight() }

// width measures clean text in millimetres.
func (f fonts) width(t typeface, s string) float64 {
	units := 0
	face := f.of(t)
	for _, r := range s {
		units += face[r]
	}
	return float64(units) * t.size * pt / perEm
}

// fonts are both weights.
type fonts [2]face

func (f fonts) of(t typeface) face {
	if t.bold {
		return f[1]
	}
	return f[0]
}
