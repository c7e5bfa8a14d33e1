package tabular

import (
	"math"
	"strconv"
	"strings"
	"time"
)

type cellType int8

const (
	numberCell cellType = iota
	sharedCell
	textCell
	boolCell
	errorCell
	isoCell
)

func cellKind(t []byte) cellType {
	switch string(t) {
	case "s":
		return sharedCell
	case "str", "inlineStr":
		return textCell
	case "b":
		return boolCell
	case "e":
		return errorCell
	case "d":
		return isoCell
	}
	return numberCell
}

// numberText writes a number as people do: dates by their style, anything else
// plainly, without exponent and without the noise behind the 15 digits that a
// spreadsheet has.
func numberText(raw string, style cellStyle, from1904 bool) string {
	raw = strings.TrimSpace(raw)
	if style == styleNumber && plainDigits(raw) {
		return raw
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return strings.ToValidUTF8(raw, "\uFFFD")
	}
	if style != styleNumber {
		if s, ok := dateText(f, style, from1904); ok {
			return s
		}
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	if err != nil {
		rounded = f
	}
	if rounded == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// plainDigits tells whole numbers that are written as they are: identifiers
// may have more digits than a float holds.
func plainDigits(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && digits != "0" && len(digits) <= 30 && strings.Trim(digits, "0123456789") == ""
}

// Serial numbers that are days of the calendar, and where 1904 begins.
const (
	lastSerial   = 2958465 // 31 December 9999
	offset1904   = 1462
	secondsOfDay = 24 * 60 * 60
)

// dateText writes a serial number in its style; not ok for numbers that are no
// date.
func dateText(serial float64, style cellStyle, from1904 bool) (string, bool) {
	if style == styleElapsed {
		if math.Abs(serial) > lastSerial {
			return "", false
		}
		seconds := int64(math.Round(math.Abs(serial) * secondsOfDay))
		sign := ""
		if serial < 0 && seconds > 0 {
			sign = "-"
		}
		return sign + clockText(seconds), true
	}
	if serial < 0 || serial > lastSerial+1 {
		return "", false
	}
	days := math.Floor(serial)
	seconds := int64(math.Round((serial - days) * secondsOfDay))
	if seconds == secondsOfDay {
		days, seconds = days+1, 0
	}
	if style == styleTime && days == 0 {
		return clockText(seconds), true
	}
	day, ok := serialDay(int(days), from1904)
	if !ok {
		return "", false
	}
	if style == styleDate || seconds == 0 {
		return day.Format(time.DateOnly), true
	}
	return day.Format(time.DateOnly) + " " + clockText(seconds), true
}

// serialDay is the day of a serial number. In the 1900 system day 60 is a
// 29 February that never was.
func serialDay(days int, from1904 bool) (time.Time, bool) {
	switch {
	case from1904:
		days += offset1904
	case days < 60:
		days++
	}
	if days < 1 || days > lastSerial {
		return time.Time{}, false
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC), true
}

func clockText(seconds int64) string {
	two := func(n int64) string {
		if n < 10 {
			return "0" + strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	return two(seconds/3600) + ":" + two(seconds/60%60) + ":" + two(seconds%60)
}

// isoText writes an ISO 8601 cell (2026-01-02T00:00:00) like the others.
func isoText(s string) string {
	for _, layout := range []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if t.Hour()+t.Minute()+t.Second() == 0 {
			return t.Format(time.DateOnly)
		}
		return t.Format(time.DateTime)
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
