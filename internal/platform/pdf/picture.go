package pdf

import "kartoteka.dev/internal/platform/files"

// Image is a picture made by files.Thumbnail, with words below it.
type Image struct {
	Picture files.Picture
	Width   float64 // millimetres; 0: its own at 150 dots an inch; never wider than the page
	Caption string
}

func (i Image) pieces(s *setter) []piece {
	if len(i.Picture.Bytes) == 0 || i.Picture.Width <= 0 || i.Picture.Height <= 0 {
		return nil
	}
	const dot = 25.4 / 150
	caption := []string(nil)
	if s.line(i.Caption) != "" {
		caption = s.wrap(smallType, i.Caption, s.width)
	}
	width := i.Width
	if width <= 0 {
		width = float64(i.Picture.Width) * dot
	}
	width = min(width, s.width)
	height := width * float64(i.Picture.Height) / float64(i.Picture.Width)
	if most := textHeight * 0.8; height > most {
		width, height = width*most/height, most
	}
	picture := piece{before: 3, height: height + 1, stick: len(caption) > 0, draw: func(c *canvas, y float64) {
		c.picture(s.x, y, width, height, i.Picture)
		c.stroke(hair, hairWidth)
		c.out.Rect(s.x, y, width, height, "D")
	}}
	if len(caption) == 0 {
		return []piece{picture}
	}
	return append([]piece{picture}, linePieces(s, smallType, i.Caption, 0)...)
}
