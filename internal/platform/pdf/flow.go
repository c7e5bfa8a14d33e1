package pdf

// Block is a part of a document.
type Block interface {
	// pieces cuts the block into what a page break may fall between.
	pieces(s *setter) []piece
}

// piece is the smallest thing that stands on one page.
type piece struct {
	before float64 // space above it, dropped at the top of a page
	height float64
	stick  bool   // stands on the same page as the next piece
	breaks bool   // nothing itself: the next piece starts a page
	head   *piece // set again above the piece where it starts a page
	draw   func(c *canvas, y float64)
}

// setter knows the fonts and how wide the column is.
type setter struct {
	fonts
	x, width float64
}

// placed is a piece with its place on a page.
type placed struct {
	piece
	y float64
}

// paginate gives every piece its page. Pieces that stick together move to the
// next page together, unless even an empty page is too short for them.
func paginate(all []piece) [][]placed {
	f := flow{pages: [][]placed{nil}}
	for len(all) > 0 {
		n := together(all)
		group := all[:n]
		all = all[n:]
		if need := heightOf(group); !f.atTop() && f.y+need > textHeight && fitsOnePage(group) {
			f.newPage()
		}
		for _, p := range group {
			f.place(p)
		}
	}
	return f.pages
}

// together counts the pieces at the start that stay on one page.
func together(all []piece) int {
	for i, p := range all {
		if !p.stick || p.breaks {
			return i + 1
		}
	}
	return len(all)
}

func heightOf(group []piece) float64 {
	sum := 0.0
	for _, p := range group {
		sum += p.before + p.height
	}
	return sum
}

func fitsOnePage(group []piece) bool {
	need := heightOf(group) - group[0].before
	if head := group[0].head; head != nil {
		need += head.height
	}
	return need <= textHeight
}

type flow struct {
	pages [][]placed
	y     float64
	fresh bool // a break was asked for after the last piece
}

func (f *flow) atTop() bool { return len(f.pages[len(f.pages)-1]) == 0 }

func (f *flow) newPage() {
	f.pages = append(f.pages, nil)
	f.y, f.fresh = 0, false
}

func (f *flow) place(p piece) {
	if p.breaks {
		f.fresh = !f.atTop()
		return
	}
	if !f.atTop() && (f.fresh || f.y+p.before+p.height > textHeight) {
		f.newPage()
	}
	if f.atTop() {
		if p.head != nil {
			f.put(*p.head)
		}
	} else {
		f.y += p.before
	}
	f.put(p)
}

func (f *flow) put(p piece) {
	if p.draw != nil {
		last := len(f.pages) - 1
		f.pages[last] = append(f.pages[last], placed{p, f.y})
	}
	f.y += p.height
}

// KeepTogether holds blocks on one page when they fit on one.
type KeepTogether struct{ Blocks []Block }

func (k KeepTogether) pieces(s *setter) []piece {
	var all []piece
	for _, b := range k.Blocks {
		all = append(all, b.pieces(s)...)
	}
	if len(all) == 0 || heightOf(all) > textHeight {
		return all
	}
	for i := range all[:len(all)-1] {
		all[i].stick = true
	}
	return all
}

// PageBreak starts a new page for what follows.
type PageBreak struct{}

func (PageBreak) pieces(*setter) []piece { return []piece{{breaks: true}} }

// Space leaves room between two blocks, in millimetres.
type Space struct{ Height float64 }

func (s Space) pieces(*setter) []piece { return []piece{{before: s.Height}} }

// Rule is a hairline across the page.
type Rule struct{}

func (Rule) pieces(s *setter) []piece {
	return []piece{{before: 3, height: 3, draw: func(c *canvas, y float64) {
		c.hline(s.x, y, s.width, hair, hairWidth)
	}}}
}
