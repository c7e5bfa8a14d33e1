package pdf

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
)

// Document is what is printed.
type Document struct {
	Lang    i18n.Lang     // of the page numbers and the metadata
	Title   string        // in the metadata, and at the top of every page but the first
	Company string        // at the top of every page
	Logo    files.Picture // before the company; none if it has no bytes
	Note    string        // at the foot: who printed it and when
	Created time.Time     // in the metadata; the same moment gives the same bytes

	blocks []Block
}

// Add appends blocks.
func (d *Document) Add(blocks ...Block) { d.blocks = append(d.blocks, blocks...) }

// Write sets the document and writes it as PDF. It fails only when w does, or
// when ctx ends.
func (d *Document) Write(ctx context.Context, w io.Writer) error {
	const op = "pdf.Write"
	both, err := faces()
	if err != nil {
		return errs.Wrap(op, err)
	}
	c := &canvas{fonts: both}
	s := &setter{fonts: c.fonts, x: marginLeft, width: textWidth}
	var all []piece
	for _, b := range d.blocks {
		if err := ctx.Err(); err != nil {
			return errs.Wrap(op, err)
		}
		all = append(all, b.pieces(s)...)
	}
	c.out = d.open(c.fonts)
	pages := paginate(all)
	for i, page := range pages {
		if err := ctx.Err(); err != nil {
			return errs.Wrap(op, err)
		}
		c.out.AddPage()
		d.drawRunning(c, i+1, len(pages))
		for _, p := range page {
			p.draw(c, marginTop+p.y)
		}
	}
	return errs.Wrap(op, c.out.Output(w))
}

// open prepares the writer with fonts and metadata.
func (d *Document) open(f fonts) *fpdf.Fpdf {
	out := fpdf.New("P", "mm", "A4", "")
	out.SetAutoPageBreak(false, 0)
	out.SetMargins(0, 0, 0)
	out.SetCatalogSort(true)
	out.SetCreationDate(d.Created.UTC())
	out.SetModificationDate(d.Created.UTC())
	out.SetProducer("Kartoteka", true)
	out.SetTitle(f.line(d.Title), true)
	out.SetAuthor(f.line(d.Company), true)
	if d.Lang.Valid() {
		out.SetLang(string(d.Lang))
	}
	out.AddUTF8FontFromBytes(family, "", regularTTF)
	out.AddUTF8FontFromBytes(family, "B", boldTTF)
	return out
}

// drawRunning draws what every page has: the company, the title from the second
// page on, the note and the page's number.
func (d *Document) drawRunning(c *canvas, page, pages int) {
	right := pageWidth - marginRight
	left := marginLeft + d.drawLogo(c)
	c.text(left, runningTop, runningType.heavy().in(accent), c.fit(runningType.heavy(), d.Company, marginLeft+textWidth*0.45-left))
	if page > 1 {
		c.textRight(right, runningTop, runningType, c.fit(runningType, d.Title, textWidth*0.5))
		c.hline(marginLeft, runningTop+runningType.lineHeight()+1.4, textWidth, hair, hairWidth)
	}
	c.hline(marginLeft, footerTop, textWidth, hair, hairWidth)
	number := c.line(i18n.TIn(d.Lang, "pdf.page.number", "Page", page, "Pages", pages))
	c.textRight(right, footerTop+1.8, runningType, number)
	room := textWidth - c.width(runningType, number) - 6
	c.text(marginLeft, footerTop+1.8, runningType, c.fit(runningType, d.Note, room))
}

// The box of the logo, above the running line.
const (
	logoHeight = 8.0
	logoWidth  = 28.0
	logoGap    = 3.0
)

// drawLogo draws the logo beside the company's name and gives the room it
// takes.
func (d *Document) drawLogo(c *canvas) float64 {
	if len(d.Logo.Bytes) == 0 || d.Logo.Width <= 0 || d.Logo.Height <= 0 {
		return 0
	}
	height := logoHeight
	width := height * float64(d.Logo.Width) / float64(d.Logo.Height)
	if width > logoWidth {
		width, height = logoWidth, height*logoWidth/width
	}
	c.picture(marginLeft, runningTop+runningType.lineHeight()/2-height/2, width, height, d.Logo)
	return width + logoGap
}

func contentName(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
