package filter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/fold"
)

// Env is what a filter is read against: the engine, who "me" is, what day it
// is, and the zone of the company's days.
type Env struct {
	Engine db.Engine
	UserID int64
	Today  clock.Day
	Zone   *time.Location
	Args   []any // arguments the statement has already: numbering goes on after them
}

// operand is one value of a condition as the database compares it.
type operand struct {
	text string // Text, Choice, Country, Multi, Tags
	from int64  // the number; for Day and Instant the first of the range
	end  int64  // Day, Instant: the first after the range
}

// operands reads the values of a condition on a field, or says what is wrong
// with them.
func (f *Field) operands(c Condition, env Env) ([]operand, error) {
	least, most := c.Op.arity()
	if len(c.Values) < least || len(c.Values) > most {
		return nil, wrong(c, "filter.error.value-count", "Operator", written[c.Op])
	}
	out := make([]operand, len(c.Values))
	for i, v := range c.Values {
		if !clean(v) {
			return nil, wrong(c, "filter.error.value-unclean", "Limit", MaxValue)
		}
		o, trouble := operand{}, "filter.error.value-empty"
		if v != "" {
			o, trouble = f.operand(c.Op, v, env)
		}
		if trouble != "" {
			return nil, wrong(c, trouble, "Value", clip(v), "Names", some(f.Codes))
		}
		out[i] = o
	}
	return out, nil
}

// operand reads one value; trouble is the id of the text saying what is wrong
// with it.
func (f *Field) operand(op Op, value string, env Env) (o operand, trouble string) {
	switch f.Type {
	case Number, Money:
		n, ok := scaled(value, f.scale())
		return operand{from: n}, unless(ok, "filter.error.value-number")
	case Day, Instant:
		return f.moment(op, value, env)
	case Ref:
		if f.To == "person" && strings.EqualFold(value, "me") {
			return operand{from: env.UserID}, ""
		}
		n, err := strconv.ParseInt(value, 10, 64)
		return operand{from: n}, unless(err == nil && n > 0, "filter.error.value-ref")
	case Bool:
		yes, ok := boolWords[strings.ToLower(value)]
		return operand{from: yes}, unless(ok, "filter.error.value-bool")
	case Country:
		value = strings.ToUpper(value)
		return operand{text: value}, unless(countryCode(value), "filter.error.value-country")
	case Choice, Multi:
		known := len(f.Codes) == 0 || slices.Contains(f.Codes, value)
		return operand{text: value}, unless(known, "filter.error.value-choice")
	case Tags:
		value = fold.Key(value)
	case Text:
		if f.Folded {
			value = fold.Key(value)
		}
	}
	return operand{text: value}, unless(value != "", "filter.error.value-empty")
}

var boolWords = map[string]int64{"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}

func unless(ok bool, trouble string) string {
	if ok {
		return ""
	}
	return trouble
}

func countryCode(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// moment reads a day, instant, period or span into the range it covers.
func (f *Field) moment(op Op, value string, env Env) (operand, string) {
	switch op {
	case During:
		r, ok := periodOf(value, env.Today)
		return f.covering(r, env), unless(ok, "filter.error.value-period")
	case Last, Next, Older:
		s, ok := spanOf(value)
		if !ok {
			return operand{}, "filter.error.value-span"
		}
		return f.covering(s.window(op, env.Today), env), ""
	}
	if d, ok := dayWord(value, env.Today); ok {
		return f.covering(oneDay(d), env), ""
	}
	if d, err := clock.ParseDay(value); err == nil && d.Valid() {
		return f.covering(oneDay(d), env), ""
	}
	if t, err := time.Parse(time.RFC3339Nano, value); err == nil && f.Type == Instant && t.Year() >= 1 && t.Year() <= 9999 {
		at := int64(clock.InstantOf(t))
		return operand{from: at, end: at + 1}, ""
	}
	if f.Type == Instant {
		return operand{}, "filter.error.value-instant"
	}
	return operand{}, "filter.error.value-day"
}

// window is the days a span reaches over, seen from today, which belongs to
// Last and Next; of Older it is all that lies behind it.
func (s span) window(op Op, today clock.Day) dayRange {
	switch op {
	case Last:
		return dayRange{s.from(today, -1).AddDays(1), today.AddDays(1)}
	case Next:
		return dayRange{today, s.from(today, 1)}
	default:
		return dayRange{0, s.from(today, -1)}
	}
}

// covering gives the range in the field's own unit; a range without beginning
// begins after "no value".
func (f *Field) covering(r dayRange, env Env) operand {
	switch {
	case f.Type == Day:
		return operand{from: max(1, int64(r.first)), end: int64(r.end)}
	case r.first <= 0:
		return operand{from: 1, end: int64(startOf(r.end, env.Zone))}
	}
	return operand{from: int64(startOf(r.first, env.Zone)), end: int64(startOf(r.end, env.Zone))}
}

// scaled reads "-1200.5" as an integer of scale digits behind the point; more
// digits than the field has are refused, because nothing can equal them.
func scaled(value string, scale int) (int64, bool) {
	digits, negative := strings.CutPrefix(value, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if len(fraction) > scale || whole == "" || strings.HasSuffix(digits, ".") {
		return 0, false
	}
	digits = whole + fraction + strings.Repeat("0", scale-len(fraction))
	if strings.ContainsAny(digits, "+-_") {
		return 0, false
	}
	if negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}
