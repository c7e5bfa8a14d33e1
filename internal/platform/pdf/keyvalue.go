package pdf

// Pair is a labelled value on a card.
type Pair struct {
	Key, Value string
	Wide       bool // takes the whole width
}

// KeyValue is a grid of labelled values in two columns; pairs without a value
// are left out.
type KeyValue []Pair

const (
	gridGutter = 8.0
	keyLines   = 3
)

// laidPair is a pair broken into lines for its column.
type laidPair struct {
	key, value []string
	x, width   float64
}

func (p laidPair) height() float64 {
	return labelType.heightOf(len(p.key)) + bodyType.heightOf(len(p.value))
}

func (k KeyValue) pieces(s *setter) []piece {
	var all []piece
	for _, row := range k.rows(s) {
		all = append(all, rowPieces(row)...)
	}
	return all
}

// rows pairs the cells, two to a row, wide ones alone.
func (k KeyValue) rows(s *setter) [][]laidPair {
	half := (s.width - gridGutter) / 2
	var rows [][]laidPair
	open := false // the last row has room on the right
	for _, p := range k {
		if s.line(p.Value) == "" {
			continue
		}
		cell := laidPair{x: s.x, width: half}
		if p.Wide {
			cell.width = s.width
		}
		cell.key = s.wrapShort(labelType, p.Key, cell.width, keyLines)
		cell.value = s.wrap(bodyType, p.Value, cell.width)
		if open && !p.Wide {
			cell.x += half + gridGutter
			rows[len(rows)-1] = append(rows[len(rows)-1], cell)
			open = false
			continue
		}
		rows = append(rows, []laidPair{cell})
		open = !p.Wide
	}
	return rows
}

// rowPieces makes one piece of a row, or several of one with a very long value.
func rowPieces(row []laidPair) []piece {
	height := 0.0
	for _, cell := range row {
		height = max(height, cell.height())
	}
	const pad, most = 1.3, 24
	if len(row) == 1 && len(row[0].value) > most {
		return longPair(row[0])
	}
	// Neighbours of a very long value are kept to what fits beside it on a page.
	if height > textHeight/2 {
		var all []piece
		for _, cell := range row {
			all = append(all, longPair(cell)...)
		}
		return all
	}
	return []piece{{before: pad, height: height + pad, draw: func(c *canvas, y float64) {
		for _, cell := range row {
			c.lines(cell.x, y, labelType, cell.key)
			c.lines(cell.x, y+labelType.heightOf(len(cell.key)), bodyType, cell.value)
			c.hline(cell.x, y+height+pad, cell.width, hair, hairWidth)
		}
	}}}
}

// longPair sets a value that may run over several pages.
func longPair(p laidPair) []piece {
	all := []piece{{before: 1.3, height: labelType.heightOf(len(p.key)), stick: true, draw: func(c *canvas, y float64) {
		c.lines(p.x, y, labelType, p.key)
	}}}
	for _, line := range p.value {
		all = append(all, piece{height: bodyType.lineHeight(), draw: func(c *canvas, y float64) { c.text(p.x, y, bodyType, line) }})
	}
	return append(all, piece{height: 1.3, draw: func(c *canvas, y float64) { c.hline(p.x, y+1.3, p.width, hair, hairWidth) }})
}
