package pdf

// Title is the card at the top of a document.
type Title struct {
	Kind   string // what the document is: "Information card"
	Text   string // whom or what it is about
	Under  string // one line below: the trade, the place
	Tab    string // on the card's tab: the number
	Badges []Badge
}

const (
	cardPad   = 6.0
	tabHeight = 8.0
	tabSlant  = 3.0

	titleLines = 4
	badgeRows  = 4
)

func (t Title) pieces(s *setter) []piece {
	inner := s.width - 2*cardPad
	name := s.wrapShort(titleType, t.Text, inner, titleLines)
	under := []string(nil)
	if t.Under != "" {
		under = s.wrapShort(bodyType, t.Under, inner, titleLines)
	}
	badges := layBadges(s, t.Badges, inner)
	badges = badges[:min(len(badges), badgeRows)]
	height := cardPad + titleType.heightOf(len(name)) + cardPad - 1.6
	if len(under) > 0 {
		height += bodyType.heightOf(len(under)) + 0.6
	}
	if len(badges) > 0 {
		height += 2.4 + badgesHeight(badges)
	}
	return []piece{{height: tabHeight + height + 2, draw: func(c *canvas, y float64) {
		t.drawCard(c, s, y, height)
		x, y := s.x+cardPad, y+tabHeight+cardPad-0.5
		c.lines(x, y, titleType, name)
		y += titleType.heightOf(len(name)) + 0.6
		c.lines(x, y, bodyType.in(inkSoft), under)
		y += bodyType.heightOf(len(under)) + 2.4
		drawBadges(c, badges, x, y)
	}}}
}

// drawCard draws the index card with its tab: the kind on the left above it, the
// number on the tab.
func (t Title) drawCard(c *canvas, s *setter, y, height float64) {
	top := y + tabHeight
	right := s.x + s.width
	tab := c.fit(bodyType.heavy(), t.Tab, s.width*0.45)
	c.stroke(edge, hairWidth)
	c.out.SetFillColor(card[0], card[1], card[2])
	c.out.MoveTo(s.x, top)
	if tab != "" {
		left := right - c.width(bodyType.heavy(), tab) - 2*cardPad - tabSlant
		c.out.LineTo(left, top)
		c.out.CurveBezierCubicTo(left+tabSlant/2, top, left+tabSlant/2, y+1, left+tabSlant+0.8, y+1)
		c.out.LineTo(right-2, y+1)
		c.out.CurveBezierCubicTo(right-0.9, y+1, right, y+1.9, right, y+3)
	} else {
		c.out.LineTo(right, top)
	}
	c.out.LineTo(right, top+height-2)
	c.out.CurveBezierCubicTo(right, top+height-0.9, right-0.9, top+height, right-2, top+height)
	c.out.LineTo(s.x+2, top+height)
	c.out.CurveBezierCubicTo(s.x+0.9, top+height, s.x, top+height-0.9, s.x, top+height-2)
	c.out.ClosePath()
	c.out.DrawPath("DF")
	c.hline(s.x, top, s.width, accent, 0.7)
	if tab != "" {
		c.textRight(right-cardPad, y+1+(tabHeight-1-bodyType.lineHeight())/2, bodyType.heavy().in(accent), tab)
	}
	c.text(s.x, y+tabHeight-smallType.lineHeight()-1.4, smallType, c.fit(smallType, t.Kind, s.width*0.44))
}
