package pdf

// Heading begins a section; it stays with what follows.
type Heading struct {
	Text  string
	Minor bool // a heading within a section
}

const headingLines = 4

func (h Heading) pieces(s *setter) []piece {
	if h.Minor {
		lines := s.wrapShort(minorType, h.Text, s.width, headingLines)
		return []piece{{before: 4, height: minorType.heightOf(len(lines)) + 0.8, stick: true, draw: func(c *canvas, y float64) {
			c.lines(s.x, y, minorType, lines)
		}}}
	}
	lines := s.wrapShort(headingType, h.Text, s.width, headingLines)
	height := headingType.heightOf(len(lines))
	return []piece{{before: 8, height: height + 3.2, stick: true, draw: func(c *canvas, y float64) {
		c.lines(s.x, y, headingType, lines)
		under := y + height + 0.9
		c.hline(s.x, under, s.width, edge, hairWidth)
		c.hline(s.x, under, 14, accent, 0.7)
	}}}
}

// Paragraph is running text; line ends in it are kept.
type Paragraph struct {
	Text string
	Soft bool // smaller and paler: an explanation
}

func (p Paragraph) pieces(s *setter) []piece {
	t := bodyType
	if p.Soft {
		t = smallType
	}
	return linePieces(s, t, p.Text, 1.6)
}

// linePieces sets text line by line. The first two lines stay together, and the
// last two.
func linePieces(s *setter, t typeface, text string, before float64) []piece {
	lines := s.wrap(t, text, s.width)
	all := make([]piece, len(lines))
	for i, line := range lines {
		all[i] = piece{height: t.lineHeight(), draw: func(c *canvas, y float64) { c.text(s.x, y, t, line) }}
		all[i].stick = len(lines) > 1 && (i == 0 || i == len(lines)-2)
	}
	all[0].before = before
	return all
}

// WritingLines are empty lines to write on by hand.
type WritingLines struct{ Count int }

func (l WritingLines) pieces(s *setter) []piece {
	const apart = 8.0
	all := make([]piece, max(0, l.Count))
	for i := range all {
		all[i] = piece{height: apart, draw: func(c *canvas, y float64) { c.hline(s.x, y+apart, s.width, edge, hairWidth) }}
	}
	return all
}
