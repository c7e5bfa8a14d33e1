package tabular

import (
	"strings"
	"unicode"

	"github.com/govalues/decimal"
)

// DecimalMark is the mark before the fraction of numbers.
type DecimalMark int8

// Decimal marks; the zero value: not known.
const (
	MarkUnknown DecimalMark = iota
	MarkPoint
	MarkComma
)

// number is a number cut into sign, digits and marks.
type number struct {
	negative bool
	digits   string // digits, points and commas only
	ok       bool
}

// ParseNumber reads a number written in one of the usual ways: point or comma
// before the fraction; blanks, apostrophes, or the other mark between
// thousands; minus in front (also − and –), behind, or as brackets; a sign of
// currency around it. It has at most 19 digits. Without a known mark, 1,234
// and 1.234 are Doubtful, and read as a thousand.
func ParseNumber(s string, mark DecimalMark) (decimal.Decimal, Reading) {
	n := splitNumber(s)
	if !n.ok {
		return decimal.Decimal{}, Unreadable
	}
	point, reading := n.fractionMark(mark)
	if reading == Unreadable {
		return decimal.Decimal{}, Unreadable
	}
	plain := n.digits
	for _, thousands := range []string{".", ","} {
		if thousands != point {
			plain = strings.ReplaceAll(plain, thousands, "")
		}
	}
	plain = strings.Replace(plain, ",", ".", 1)
	if n.negative {
		plain = "-" + plain
	}
	d, err := decimal.Parse(plain)
	if err != nil {
		return decimal.Decimal{}, Unreadable
	}
	return d, reading
}

// splitNumber takes sign, blanks and currency signs off a number.
func splitNumber(s string) number {
	n := number{}
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Sc, r) })
	if len(s) > 60 {
		return n
	}
	if inside, found := strings.CutPrefix(s, "("); found {
		if s, found = strings.CutSuffix(inside, ")"); !found {
			return n
		}
		n.negative = true
	}
	for _, minus := range []string{"-", "−", "–"} {
		rest, before := strings.CutPrefix(s, minus)
		rest, after := strings.CutSuffix(rest, minus)
		if before || after {
			if n.negative || before && after {
				return n
			}
			n.negative, s = true, rest
		}
	}
	s = strings.TrimFunc(strings.TrimPrefix(s, "+"), func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Sc, r) })
	n.digits, n.ok = grouped(s)
	return n
}

// grouped takes the blanks and apostrophes from between the thousands: each
// must have a digit before it and three behind it.
func grouped(s string) (digits string, ok bool) {
	var out strings.Builder
	run, gaps := 0, 0 // digits since the last gap or the start
	inFraction := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			run++
			out.WriteRune(r)
		case r == '.' || r == ',':
			inFraction = true
			if gaps > 0 && run != 3 {
				return "", false
			}
			gaps, run = 0, 0
			out.WriteRune(r)
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\'' || r == '’':
			if inFraction || run == 0 || run > 3 || gaps > 0 && run != 3 {
				return "", false
			}
			gaps++
			run = 0
		default:
			return "", false
		}
	}
	digits = out.String()
	return digits, (gaps == 0 || run == 3) && strings.Trim(digits, ".,") != ""
}

// fractionMark tells which mark, "." or "," or "", stands before the fraction.
func (n number) fractionMark(known DecimalMark) (string, Reading) {
	points, commas := strings.Count(n.digits, "."), strings.Count(n.digits, ",")
	lastPoint, lastComma := strings.LastIndexByte(n.digits, '.'), strings.LastIndexByte(n.digits, ',')
	switch {
	case points == 0 && commas == 0:
		return "", Certain
	case known == MarkPoint:
		return n.accept(".", points, n.thousands(",", lastPoint))
	case known == MarkComma:
		return n.accept(",", commas, n.thousands(".", lastComma))
	case points > 0 && commas > 0 && lastPoint > lastComma:
		return n.accept(".", points, n.thousands(",", lastPoint))
	case points > 0 && commas > 0:
		return n.accept(",", commas, n.thousands(".", lastComma))
	}
	only := ","
	if points > 0 {
		only = "."
	}
	switch grouping := n.thousands(only, -1); {
	case points+commas > 1:
		return n.accept("", 0, grouping)
	case grouping:
		return "", Doubtful
	}
	return only, Certain
}

// accept is the answer when the mark occurs at most once and the other one
// groups thousands properly.
func (n number) accept(mark string, count int, grouping bool) (string, Reading) {
	if count > 1 || !grouping {
		return "", Unreadable
	}
	return mark, Certain
}

// thousands tells whether mark groups the digits before end (-1: all of them)
// in threes; also when it does not occur at all.
func (n number) thousands(mark string, end int) bool {
	whole := n.digits
	if end >= 0 {
		if strings.Contains(whole[end+1:], mark) {
			return false
		}
		whole = whole[:end]
	}
	groups := strings.Split(whole, mark)
	if len(groups) == 1 {
		return true
	}
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return false
		}
	}
	return len(groups[0]) >= 1 && len(groups[0]) <= 3 && groups[0][0] != '0'
}

// DetectDecimal finds the mark before the fraction that the numbers of a
// column have in common; MarkUnknown if none settles it or they contradict
// each other.
func DetectDecimal(values []string) DecimalMark {
	point, comma := 0, 0
	for _, value := range values {
		n := splitNumber(value)
		if !n.ok {
			continue
		}
		mark, reading := n.fractionMark(MarkUnknown)
		if reading != Certain {
			continue
		}
		grouped := mark == "" // then a mark that occurs groups thousands
		switch {
		case mark == ".", grouped && strings.Contains(n.digits, ","):
			point++
		case mark == ",", grouped && strings.Contains(n.digits, "."):
			comma++
		}
	}
	switch {
	case point > 0 && comma == 0:
		return MarkPoint
	case comma > 0 && point == 0:
		return MarkComma
	}
	return MarkUnknown
}
