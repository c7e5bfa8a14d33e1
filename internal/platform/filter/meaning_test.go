package filter

import (
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/fold"
)

// holds says what a filter means, without SQL and without the ranges and keys
// Build makes.
func holds(n Node, x thing) bool {
	switch n := n.(type) {
	case Not:
		return !holds(n.Node, x)
	case Group:
		for _, child := range n.Nodes {
			if holds(child, x) == n.Any {
				return n.Any
			}
		}
		return !n.Any
	case Condition:
		f, _ := things.Field(n.Field)
		if op, negative := n.Op.positive(); negative {
			n.Op = op
			return !meets(f, n, x)
		}
		return meets(f, n, x)
	}
	return true
}

// meets tells whether a thing meets a condition that is not a negative one.
func meets(f Field, c Condition, x thing) bool {
	values := valuesOf(f, x)
	if c.Op == Empty || c.Op == Filled {
		return (len(values) == 0) == (c.Op == Empty)
	}
	if f.Type == Bool {
		wanted := strings.EqualFold(c.Values[0], "yes") || strings.EqualFold(c.Values[0], "true")
		return slices.Contains(values, "yes") == wanted
	}
	if c.Op == Has {
		return !slices.ContainsFunc(c.Values, func(wanted string) bool { return !slices.Contains(values, fold.Key(wanted)) })
	}
	return slices.ContainsFunc(values, func(v string) bool { return suits(f, c, v) })
}

// valuesOf gives a thing's values of a field as text; none for absent ones.
func valuesOf(f Field, x thing) []string {
	number := func(n *int64) []string {
		if n == nil {
			return nil
		}
		return []string{strconv.FormatInt(*n, 10)}
	}
	text := func(s *string) []string {
		if s == nil || *s == "" {
			return nil
		}
		return []string{*s}
	}
	switch f.Name {
	case "name":
		return text(&x.name)
	case "code":
		return text(x.code)
	case "country":
		return text(x.country)
	case "stage":
		return text(x.stage)
	case "owner", "team":
		return number(x.owner)
	case "score":
		return number(x.score)
	case "revenue":
		return number(&x.revenue)
	case "created":
		return number(&x.created)
	case "custom.kind":
		return text(&x.kind)
	case "tags", "words", "phone":
		return x.words
	case "vip":
		if x.vip != nil && *x.vip {
			return []string{"yes"}
		}
	case "called":
		if x.starred && len(x.words) > 0 {
			return []string{"yes"}
		}
	case "born":
		if x.born != nil && *x.born != 0 {
			return number(x.born)
		}
	case "seen":
		return number(x.seen)
	}
	return nil
}

// suits compares one present value with a condition.
func suits(f Field, c Condition, v string) bool {
	switch f.Type {
	case Day, Instant:
		return suitsTime(f, c, v)
	case Number, Money:
		n, _ := strconv.ParseInt(v, 10, 64)
		return ordersAs(c.Op, func(wanted string) int {
			unit := map[Type]float64{Number: 10, Money: 100}[f.Type]
			w, _ := strconv.ParseFloat(wanted, 64)
			return compare(n, int64(w*unit))
		}, c.Values)
	}
	for _, wanted := range c.Values {
		switch {
		case wanted == "me":
			wanted = "2"
		case f.Type == Country:
			wanted = strings.ToUpper(wanted)
		case f.Folded || f.Type == Tags:
			wanted = fold.Key(wanted)
		}
		if c.Op == Contains && strings.Contains(v, wanted) || c.Op == Starts && strings.HasPrefix(v, wanted) ||
			(c.Op == Is || c.Op == In) && v == wanted {
			return true
		}
	}
	return false
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// ordersAs asks an operator of comparisons against each value.
func ordersAs(op Op, against func(string) int, values []string) bool {
	first := against(values[0])
	switch op {
	case Is:
		return first == 0
	case Less:
		return first < 0
	case AtMost:
		return first <= 0
	case More:
		return first > 0
	case AtLeast:
		return first >= 0
	}
	return first >= 0 && against(values[1]) <= 0
}

// suitsTime compares civil days, or moments where the value is one.
func suitsTime(f Field, c Condition, v string) bool {
	const today = clock.Day(20261122)
	n, _ := strconv.ParseInt(v, 10, 64)
	day := clock.Day(n)
	if f.Type == Instant {
		day = clock.DayOf(clock.Instant(n).Time(), sofia)
	}
	value := c.Values[0]
	switch c.Op {
	case During:
		r, _ := periodOf(value, today)
		return day >= r.first && day < r.end
	case Last:
		s, _ := spanOf(value)
		return day > s.from(today, -1) && day <= today
	case Next:
		s, _ := spanOf(value)
		return day >= today && day < s.from(today, 1)
	case Older:
		s, _ := spanOf(value)
		return day < s.from(today, -1)
	}
	return ordersAs(c.Op, func(wanted string) int {
		if strings.Contains(wanted, "T") {
			return compare(n, momentOf(wanted))
		}
		w, ok := dayWord(wanted, today)
		if !ok {
			w, _ = clock.ParseDay(wanted)
		}
		return compare(int64(day), int64(w))
	}, c.Values)
}
