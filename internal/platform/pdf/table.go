package pdf

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // millimetres; 0: as its content needs
	Right bool    // numbers: set to the right
}

// Table has a heading that is repeated on every page, and rows whose cells are
// broken into lines. Cells beyond the columns are left out.
type Table struct {
	Columns []Column
	Rows    [][]string
	Empty   string // said instead of rows when there are none
	Total   bool   // the last row is a sum
}

const (
	cellPadX  = 1.8
	cellPadY  = 1.1
	rowLines  = 30  // a row with more lines may be broken by a page
	sampled   = 400 // rows looked at to find the widths
	minColumn = 9.0
	headLines = 5 // of a column's title

	// A column whose longest line is at most this wide is not broken while there
	// is room elsewhere.
	shortColumn = 34.0
)

func (t Table) pieces(s *setter) []piece {
	if len(t.Columns) == 0 {
		return nil
	}
	widths := t.widths(s)
	head := t.headPiece(s, widths)
	if len(t.Rows) == 0 {
		if t.Empty == "" {
			return nil
		}
		return linePieces(s, smallType, t.Empty, 1.6)
	}
	all := []piece{head}
	for i, row := range t.Rows {
		last := t.Total && i == len(t.Rows)-1
		all = append(all, t.rowPieces(s, rowToSet{cells: row, widths: widths, head: &all[0], shaded: i%2 == 1 && !last, total: last})...)
	}
	return all
}

func (t Table) headPiece(s *setter, widths []float64) piece {
	kind := labelType.heavy()
	cells := make([][]string, len(t.Columns))
	most := 1
	for i, col := range t.Columns {
		cells[i] = s.wrapShort(kind, col.Title, widths[i]-2*cellPadX, headLines)
		most = max(most, len(cells[i]))
	}
	height := kind.heightOf(most) + 2*cellPadY
	return piece{before: 2, height: height, stick: true, draw: func(c *canvas, y float64) {
		x := s.x
		for i, lines := range cells {
			up := kind.heightOf(most - len(lines)) // titles stand on the line
			t.drawCell(c, kind, box{x, y + cellPadY + up, widths[i]}, lines, t.Columns[i].Right)
			x += widths[i]
		}
		c.hline(s.x, y+height, s.width, accent, 0.4)
	}}
}

type rowToSet struct {
	cells         []string
	widths        []float64
	head          *piece
	shaded, total bool
}

// rowPieces sets a row in one piece, or in several when a cell is very long.
func (t Table) rowPieces(s *setter, r rowToSet) []piece {
	kind := cellType
	kind.bold = r.total
	cells := make([][]string, len(t.Columns))
	most := 1
	for i := range cells {
		if i < len(r.cells) {
			cells[i] = s.wrap(kind, r.cells[i], r.widths[i]-2*cellPadX)
		}
		most = max(most, len(cells[i]))
	}
	var all []piece
	for from := 0; from < most; from += rowLines {
		to := min(from+rowLines, most)
		slice := sliceOfRow{from: from, to: to, first: from == 0, last: to == most}
		all = append(all, t.slicePiece(s, r, cells, slice))
	}
	return all
}

// sliceOfRow is the lines of a row that stand on one page.
type sliceOfRow struct {
	from, to    int
	first, last bool
}

func (t Table) slicePiece(s *setter, r rowToSet, cells [][]string, part sliceOfRow) piece {
	kind := cellType
	kind.bold = r.total
	height, top := kind.heightOf(part.to-part.from), 0.0
	if part.first {
		height += cellPadY
		top = cellPadY
	}
	if part.last {
		height += cellPadY
	}
	return piece{height: height, head: r.head, draw: func(c *canvas, y float64) {
		if r.shaded {
			c.fill(s.x, y, s.width, height, zebra)
		}
		if r.total && part.first {
			c.hline(s.x, y, s.width, ink, 0.3)
		}
		x := s.x
		for i, lines := range cells {
			lines = lines[min(part.from, len(lines)):min(part.to, len(lines))]
			t.drawCell(c, kind, box{x, y + top, r.widths[i]}, lines, t.Columns[i].Right)
			x += r.widths[i]
		}
		if part.last && !r.total {
			c.hline(s.x, y+height, s.width, hair, hairWidth)
		}
	}}
}

type box struct{ x, y, width float64 }

func (t Table) drawCell(c *canvas, kind typeface, b box, lines []string, right bool) {
	if !right {
		c.lines(b.x+cellPadX, b.y, kind, lines)
		return
	}
	for i, line := range lines {
		c.textRight(b.x+b.width-cellPadX, b.y+kind.heightOf(i), kind, line)
	}
}
