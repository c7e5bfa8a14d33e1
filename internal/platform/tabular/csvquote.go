package tabular

import "bytes"

// quotedRow reads one row that holds quotes, over as many physical lines as
// its quoted cells take, into the reader's rec and ends. All offsets are from
// the reader's pos, which stays where the row starts until it is accepted.
type quotedRow struct {
	c      *csvReader
	at     int         // next byte to read
	end    int         // end of the physical line that holds at
	lines  int         // physical lines so far
	column int         // cell being read, from 1
	bare   int         // first cell with a bare quote; 0 for none
	broken ProblemCode // why the row cannot be read; empty while it can
}

func (q *quotedRow) byteAt(i int) byte { return q.c.buf[q.c.pos+i] }

// read reads cells up to the end of the row or to what breaks it.
func (q *quotedRow) read() error {
	for {
		q.column++
		start := len(q.c.rec)
		if q.at < q.end && q.byteAt(q.at) == '"' {
			if err := q.readQuoted(); err != nil || q.broken != "" {
				return err
			}
		} else {
			q.readBare()
		}
		if len(q.c.rec)-start > MaxFieldBytes {
			q.broken = CellTooLong
			return nil
		}
		q.c.ends = append(q.c.ends, len(q.c.rec))
		if q.at >= q.c.content(q.end) {
			return nil
		}
		q.at++ // the delimiter
	}
}

// readBare reads a cell without quotes around it.
func (q *quotedRow) readBare() {
	stop := q.c.content(q.end)
	rest := q.c.buf[q.c.pos+q.at : q.c.pos+max(stop, q.at)]
	if i := bytes.IndexByte(rest, q.c.delimiter); i >= 0 {
		rest = rest[:i]
	}
	if q.bare == 0 && bytes.IndexByte(rest, '"') >= 0 {
		q.bare = q.column
	}
	q.c.rec = append(q.c.rec, rest...)
	q.at += len(rest)
}

// readQuoted reads a cell in quotes; a line break in it becomes one \n.
func (q *quotedRow) readQuoted() error {
	start := len(q.c.rec)
	q.at++
	for {
		rest := q.c.buf[q.c.pos+q.at : q.c.pos+q.end]
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			if err := q.continueLine(start); err != nil || q.broken != "" {
				return err
			}
			continue
		}
		q.c.rec = append(q.c.rec, rest[:i]...)
		q.at += i + 1
		if q.at < q.end && q.byteAt(q.at) == '"' {
			q.c.rec = append(q.c.rec, '"')
			q.at++
			continue
		}
		q.afterQuote()
		return nil
	}
}

// continueLine takes the rest of the line into the cell and goes on to the
// next line.
func (q *quotedRow) continueLine(start int) error {
	stop := q.c.content(q.end)
	if stop > q.at {
		q.c.rec = append(q.c.rec, q.c.buf[q.c.pos+q.at:q.c.pos+stop]...)
	}
	q.c.rec = append(q.c.rec, '\n')
	next := q.end + 1
	if next > q.c.end-q.c.pos || len(q.c.rec)-start > MaxFieldBytes || next > MaxRowBytes {
		q.broken = UnclosedQuote
		return nil
	}
	end, ok, err := q.c.lineEnd(next)
	if err != nil {
		return err
	}
	if !ok || end == next && q.c.eof && next == q.c.end-q.c.pos {
		q.broken = UnclosedQuote
		return nil
	}
	q.at, q.end = next, end
	q.lines++
	return nil
}

// afterQuote stands behind the closing quote: blanks may follow, then the
// cell must end.
func (q *quotedRow) afterQuote() {
	stop := q.c.content(q.end)
	i := q.at
	for i < stop && q.byteAt(i) == ' ' {
		i++
	}
	if i < stop && q.byteAt(i) != q.c.delimiter {
		q.broken = StrayQuote
		return
	}
	q.at = i
}
