package pdf

import "strings"

// widths shares the page's width among the columns: fixed ones get theirs, the
// others at least their longest word and then as much of their longest line as
// there is room for.
func (t Table) widths(s *setter) []float64 {
	n := len(t.Columns)
	least, wish := make([]float64, n), make([]float64, n)
	whole := make([]float64, n) // the least that keeps dates, sums and phones on one line
	for i, col := range t.Columns {
		if col.Width > 0 {
			least[i], wish[i], whole[i] = col.Width, col.Width, col.Width
			continue
		}
		least[i], wish[i] = t.needs(s, i)
		whole[i] = least[i]
		if wish[i] <= shortColumn {
			whole[i] = wish[i]
		}
	}
	if sum(whole) <= s.width {
		least = whole
	}
	room := s.width - sum(least)
	if room < 0 {
		return scaled(least, s.width)
	}
	if more := sum(wish) - sum(least); more > room {
		for i := range least {
			least[i] += (wish[i] - least[i]) * room / more
		}
		return least
	}
	return t.stretched(wish, s.width)
}

// needs tells the least a column can do with and what it would like.
func (t Table) needs(s *setter, column int) (least, wish float64) {
	look := func(kind typeface, text string) {
		const enough = 300 // signs; a longer cell wants all it can get anyway
		if len(text) > 4*enough {
			text = text[:4*enough]
		}
		for line := range strings.SplitSeq(s.clean(text), "\n") {
			wish = max(wish, s.fonts.width(kind, line))
			for word := range strings.FieldsSeq(line) {
				least = max(least, s.fonts.width(kind, word))
			}
		}
	}
	look(labelType.heavy(), t.Columns[column].Title)
	for _, row := range t.Rows[:min(len(t.Rows), sampled)] {
		if column < len(row) {
			look(cellType.heavy(), row[column])
		}
	}
	most := s.width * 0.3 // one long word must not starve the others
	least = min(max(least+2*cellPadX+0.2, minColumn), most)
	return least, min(max(wish+2*cellPadX+0.2, least), s.width)
}

// stretched gives the room left over to the columns that are not fixed.
func (t Table) stretched(widths []float64, total float64) []float64 {
	free := 0.0
	for i, col := range t.Columns {
		if col.Width <= 0 {
			free += widths[i]
		}
	}
	if free == 0 {
		return scaled(widths, total)
	}
	extra := total - sum(widths)
	for i, col := range t.Columns {
		if col.Width <= 0 {
			widths[i] += extra * widths[i] / free
		}
	}
	return widths
}

func scaled(widths []float64, total float64) []float64 {
	factor := total / sum(widths)
	for i := range widths {
		widths[i] *= factor
	}
	return widths
}

func sum(all []float64) float64 {
	total := 0.0
	for _, v := range all {
		total += v
	}
	return total
}
