package tabular

import (
	"bytes"
)

// delimiters are the marks looked for, the likelier first.
var delimiters = []byte{',', ';', '\t', '|'}

// detectEOL tells the byte that ends lines: '\r' only where there is no '\n'.
func detectEOL(sample []byte) byte {
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// directive reads the line "sep=;" which spreadsheet programs put first; n is
// its length with the line end, 0 if there is none.
func directive(sample []byte) (delimiter byte, n int) {
	line, _, found := bytes.Cut(sample, []byte{detectEOL(sample)})
	mark := bytes.TrimSuffix(line, []byte("\r"))
	if len(mark) == 5 && bytes.EqualFold(mark[:4], []byte("sep=")) && validDelimiter(mark[4]) {
		n = len(line)
		if found {
			n++
		}
		return mark[4], n
	}
	return 0, 0
}

// validDelimiter tells the marks that can separate cells.
func validDelimiter(b byte) bool {
	return b == '\t' || b > ' ' && b < 0x7f && b != '"' && b != '\'' && (b|0x20 < 'a' || b|0x20 > 'z') && (b < '0' || b > '9')
}

// detectDelimiter finds the mark that cuts the sample into rows of one width;
// whole tells that the sample is the entire text. A comma is the answer for a
// single column.
func detectDelimiter(sample []byte, whole bool) byte {
	if !whole {
		// The sample's last line is cut off and would look too short.
		if i := bytes.LastIndexByte(sample, detectEOL(sample)); i > 0 {
			sample = sample[:i+1]
		}
	}
	best, bestScore := byte(','), 0.45
	for _, d := range delimiters {
		if score := delimiterScore(sample, d); score > bestScore+0.001 {
			best, bestScore = d, score
		}
	}
	return best
}

// delimiterScore rates a mark: the share of rows of the commonest width, less
// if the first row differs or if the mark mostly stands inside numbers, a
// little more for more columns.
func delimiterScore(sample []byte, d byte) float64 {
	reader := newCSVReader(bytes.NewReader(sample), d, detectEOL(sample), false)
	widths := make(map[int]int)
	rows, first := 0, 0
	for rows < 200 {
		row, err := reader.next()
		if err != nil {
			break
		}
		if blank(row.Cells) {
			continue
		}
		rows++
		if rows == 1 {
			first = len(row.Cells)
		}
		widths[len(row.Cells)]++
	}
	width := 0
	for w, n := range widths {
		if n > widths[width] || n == widths[width] && (w == first || width != first && w > width) {
			width = w
		}
	}
	if width < 2 {
		return 0
	}
	score := float64(widths[width]) / float64(rows)
	if first != width {
		score *= 0.7
	}
	if d == ',' {
		score *= 1 - 0.6*decimalShare(sample)
	}
	return score + min(float64(width), 20)/200
}

// decimalShare tells which share of the commas stands between two digits.
func decimalShare(sample []byte) float64 {
	digit := func(i int) bool { return i >= 0 && i < len(sample) && sample[i] >= '0' && sample[i] <= '9' }
	all, inside := 0, 0
	for i, b := range sample {
		if b == ',' {
			all++
			if digit(i-1) && digit(i+1) {
				inside++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(inside) / float64(all)
}
