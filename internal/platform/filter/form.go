package filter

import (
	"net/url"
	"strconv"
	"strings"
)

// ParseForm reads the values of a filter bar. Its conditions are numbered
// rows: f0=country&op0=in&v0=BG&v0=GE&f1=created&op1=ge&v1=2026-01-01, joined
// by "and", or by "or" where join=any; a row without its number ("f", "op",
// "v") comes last, for the one being added. filter=… in the text grammar, for
// what rows cannot say, must hold as well. A row whose field is not chosen yet
// or whose value is still blank asks for nothing; "between" with one end blank
// is a one-sided comparison.
func ParseForm(values url.Values) (Node, error) {
	text, err := Parse(values.Get("filter"))
	if err != nil {
		return nil, err
	}
	rows := Group{Any: values.Get("join") == "any"}
	for i := range MaxConditions {
		rows.Nodes = append(rows.Nodes, formRow(values, strconv.Itoa(i)))
	}
	rows.Nodes = append(rows.Nodes, formRow(values, ""))
	n := All(text, rows)
	return n, checkSize(n)
}

// formRow reads one row; nil if it asks for nothing.
func formRow(values url.Values, number string) Node {
	field, op := strings.TrimSpace(values.Get("f"+number)), Op(values.Get("op"+number))
	if field == "" || op == "" {
		return nil
	}
	given := make([]string, 0, len(values["v"+number]))
	for _, v := range values["v"+number] {
		given = append(given, strings.TrimSpace(v))
	}
	if op == Between && len(given) == 2 {
		switch {
		case given[0] == "":
			op = AtMost
		case given[1] == "":
			op = AtLeast
		}
	}
	filled := given[:0]
	for _, v := range given {
		if v != "" {
			filled = append(filled, v)
		}
	}
	least, most := op.arity()
	if most == 0 {
		filled = nil
	}
	if len(filled) < least {
		return nil
	}
	return Condition{Field: field, Op: op, Values: filled}
}

// Form gives the filter bar's values for a filter. What rows cannot say, such
// as groups in groups, is kept as text under "filter".
func Form(n Node) url.Values {
	values := url.Values{}
	n = Simplify(n)
	g, ok := n.(Group)
	if !ok && n != nil {
		g = Group{Nodes: []Node{n}}
	}
	if !flat(g) {
		values.Set("filter", Format(n))
		return values
	}
	if g.Any {
		values.Set("join", "any")
	}
	for i, child := range g.Nodes {
		c, _ := child.(Condition)
		number := strconv.Itoa(i)
		values.Set("f"+number, c.Field)
		values.Set("op"+number, string(c.Op))
		if len(c.Values) > 0 {
			values["v"+number] = c.Values
		}
	}
	return values
}

// flat tells whether the group is conditions only, with values that survive
// the trimming of a form.
func flat(g Group) bool {
	for _, child := range g.Nodes {
		c, ok := child.(Condition)
		if !ok {
			return false
		}
		for _, v := range c.Values {
			if v == "" || v != strings.TrimSpace(v) {
				return false
			}
		}
	}
	return true
}
