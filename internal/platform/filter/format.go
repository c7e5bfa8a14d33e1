package filter

import "strings"

// Format writes a filter in the text grammar. Equal filters give the same
// text, and Parse reads it back to an equal one; nil gives "".
func Format(n Node) string {
	var b strings.Builder
	format(&b, Simplify(n), loose)
	return b.String()
}

// How tightly the surroundings bind: inside "or", inside "and", after "not".
const (
	loose = iota
	joined
	tight
)

func format(b *strings.Builder, n Node, around int) {
	switch n := n.(type) {
	case Condition:
		n.format(b)
	case Not:
		b.WriteString("not ")
		format(b, n.Node, tight)
	case Group:
		between, inner := " and ", joined
		if n.Any {
			between, inner = " or ", loose
		}
		brackets := around == tight || n.Any && around == joined
		if brackets {
			b.WriteByte('(')
		}
		for i, child := range n.Nodes {
			if i > 0 {
				b.WriteString(between)
			}
			format(b, child, inner)
		}
		if brackets {
			b.WriteByte(')')
		}
	}
}

func (c Condition) format(b *strings.Builder) {
	b.WriteString(c.Field)
	b.WriteByte(' ')
	b.WriteString(written[c.Op])
	switch {
	case len(c.Values) == 0:
	case c.Op.List() && (c.Op != Has || len(c.Values) > 1):
		b.WriteString(" (")
		for i, v := range c.Values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quote(v))
		}
		b.WriteByte(')')
	default:
		for i, v := range c.Values {
			if i > 0 {
				b.WriteString(" and")
			}
			b.WriteByte(' ')
			b.WriteString(quote(v))
		}
	}
}
