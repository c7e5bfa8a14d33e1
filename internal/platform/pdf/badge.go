package pdf

// Badge is a short word with a meaning: a state, a class, a tag.
type Badge struct {
	Text string
	Tone Tone
}

// Badges is a row of badges, in as many lines as they need.
type Badges []Badge

const (
	badgePad    = 2.2
	badgeHeight = 5.0
	badgeGap    = 1.6
)

// laidBadge is a badge with its place in its row.
type laidBadge struct {
	text string
	tone Tone
	x, w float64
}

func (b Badges) pieces(s *setter) []piece {
	rows := layBadges(s, b, s.width)
	all := make([]piece, len(rows))
	for i := range rows {
		all[i] = piece{before: badgeGap, height: badgeHeight, draw: func(c *canvas, y float64) { drawBadges(c, rows[i:i+1], s.x, y) }}
	}
	return all
}

func layBadges(s *setter, badges []Badge, width float64) [][]laidBadge {
	var rows [][]laidBadge
	x := width + 1 // the first badge begins a row
	for _, b := range badges {
		text := s.fit(labelType, b.Text, width-2*badgePad)
		if text == "" {
			continue
		}
		w := s.fonts.width(labelType, text) + 2*badgePad
		if x+w > width {
			rows = append(rows, nil)
			x = 0
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], laidBadge{text, b.Tone, x, w})
		x += w + badgeGap
	}
	return rows
}

func badgesHeight(rows [][]laidBadge) float64 {
	return float64(len(rows))*(badgeHeight+badgeGap) - badgeGap
}

func drawBadges(c *canvas, rows [][]laidBadge, x, y float64) {
	for i, row := range rows {
		top := y + float64(i)*(badgeHeight+badgeGap)
		for _, b := range row {
			tone := tones[b.tone]
			c.pill(x+b.x, top, b.w, badgeHeight, tone.wash)
			c.text(x+b.x+badgePad, top+(badgeHeight-labelType.lineHeight())/2, labelType.in(tone.ink), b.text)
		}
	}
}
