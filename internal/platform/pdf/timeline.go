package pdf

// TimelineItem is one event of a history: when, what, and the words about it.
// Items one after another hang on one line.
type TimelineItem struct {
	When  string // short: a day, or a day and a time
	Title string
	Who   string // who did it
	Text  string
	Tone  Tone
}

const (
	whenWidth  = 27.0
	railOffset = 3.5
)

func (t TimelineItem) pieces(s *setter) []piece {
	x := s.x + whenWidth + 2*railOffset
	width := s.width - whenWidth - 2*railOffset
	when := s.wrapShort(smallType, t.When, whenWidth, 3)
	title := s.wrapShort(cellType.heavy(), t.Title, width, headingLines)
	head := max(cellType.heightOf(len(title)), smallType.heightOf(len(when)))
	all := []piece{{before: 0, height: head + 1, draw: func(c *canvas, y float64) {
		rail(c, s, y, head+1)
		c.dot(s.x+whenWidth+railOffset, y+1+cellType.lineHeight()/2, 1.1, tones[t.Tone].ink)
		for i, line := range when {
			c.textRight(s.x+whenWidth, y+1+smallType.heightOf(i)+(cellType.baseline()-smallType.baseline()), smallType, line)
		}
		c.lines(x, y+1, cellType.heavy(), title)
	}}}
	add := func(kind typeface, text string) {
		if s.line(text) == "" {
			return
		}
		for _, line := range s.wrap(kind, text, width) {
			all = append(all, piece{height: kind.lineHeight(), draw: func(c *canvas, y float64) {
				rail(c, s, y, kind.lineHeight())
				c.text(x, y, kind, line)
			}})
		}
	}
	add(cellType, t.Text)
	add(labelType, t.Who)
	// Nothing of an item stands alone above or below a page break.
	for i := range all {
		all[i].stick = i == 0 && len(all) > 1 || i == len(all)-2
	}
	const after = 2.2
	last := len(all) - 1
	all[last].stick = true
	return append(all, piece{height: after, draw: func(c *canvas, y float64) { rail(c, s, y, after) }})
}

// rail is the line the items hang on.
func rail(c *canvas, s *setter, y, height float64) {
	c.vline(s.x+whenWidth+railOffset, y, height, hair, 0.4)
}
