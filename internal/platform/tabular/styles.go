package tabular

import (
	"strings"
)

// cellStyle is what a style makes of a number.
type cellStyle int8

const (
	styleNumber  cellStyle = iota
	styleDate              // a day
	styleMoment            // a day and a time
	styleTime              // a time of day
	styleElapsed           // hours that may pass 24
)

// readStyles reads which style numbers mean dates and times.
func (b *workbook) readStyles(part string) error {
	if b.parts[part] == nil {
		return nil
	}
	custom := make(map[int]cellStyle)
	inCells := false
	return b.scan(part, func(x *xmlScanner) {
		switch string(x.name) {
		case "numFmt":
			if len(custom) < 10_000 {
				custom[x.attrInt("numFmtId")] = styleOf(x.attrText("formatCode"))
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			inCells = false
		case "xf":
			if inCells && len(b.styles) < 100_000 {
				id := x.attrInt("numFmtId")
				style, ok := custom[id]
				if !ok {
					style = builtinStyle(id)
				}
				b.styles = append(b.styles, style)
			}
		}
	})
}

// builtinStyle tells the formats that every spreadsheet program knows by
// number, East Asian dates included.
func builtinStyle(id int) cellStyle {
	switch {
	case id == 22:
		return styleMoment
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return styleDate
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return styleTime
	case id == 46:
		return styleElapsed
	}
	return styleNumber
}

// styleOf reads a format code such as dd\.mm\.yyyy;@ and tells what it shows.
func styleOf(code string) cellStyle {
	letters, elapsed := formatLetters(strings.ToLower(code))
	day := strings.ContainsAny(letters, "dy") || strings.Contains(letters, "m") && !strings.ContainsAny(letters, "hs")
	hour := strings.ContainsAny(letters, "hs")
	switch {
	case elapsed:
		return styleElapsed
	case day && hour:
		return styleMoment
	case day:
		return styleDate
	case hour:
		return styleTime
	}
	return styleNumber
}

// formatLetters leaves of a format code's first section the letters that stand
// for parts of a date; quoted and escaped ones, colours and "general" do not.
func formatLetters(code string) (letters string, elapsed bool) {
	var out strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case ';':
			return dateLetters(out.String()), elapsed
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return dateLetters(out.String()), elapsed
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return dateLetters(out.String()), elapsed
			}
			inside := code[i+1 : i+end]
			elapsed = elapsed || inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "")
			i += end
		default:
			out.WriteByte(code[i])
		}
	}
	return dateLetters(out.String()), elapsed
}

func dateLetters(s string) string {
	return strings.NewReplacer("general", "", "am/pm", "", "a/p", "").Replace(s)
}
