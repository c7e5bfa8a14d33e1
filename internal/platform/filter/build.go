package filter

import (
	"slices"
	"strings"

	"github.com/huandu/go-sqlbuilder"
)

// Build turns a filter into a condition for WHERE and the arguments of the
// whole statement: env.Args first, then the filter's, numbered after them. It
// checks the filter as Check does; nil gives "TRUE".
func Build(s *Schema, n Node, env Env) (where string, args []any, err error) {
	b := &builder{schema: s, env: env}
	if err := b.filter(n); err != nil {
		return "", nil, err
	}
	where, args = b.compile(b.sql.String())
	return where, args, nil
}

// builder writes SQL in which arguments stand as the library's $0, $1… until
// compile numbers them. Expressions of the schema pass through raw, so that a
// dollar sign of their own stays one.
type builder struct {
	schema  *Schema
	env     Env
	args    sqlbuilder.Args
	sql     strings.Builder
	rowwise bool // ask each row whether it belongs to a set
}

func (b *builder) compile(text string) (string, []any) {
	return b.args.CompileWithFlavor(text, sqlbuilder.PostgreSQL, slices.Clip(b.env.Args)...)
}

func raw(expr string) string { return sqlbuilder.Escape(expr) }

func (b *builder) filter(n Node) error {
	n = Simplify(n)
	if n == nil {
		b.sql.WriteString("TRUE")
		return nil
	}
	if err := checkSize(n); err != nil {
		return err
	}
	return b.node(n)
}

func (b *builder) node(n Node) error {
	switch n := n.(type) {
	case Condition:
		return b.condition(n)
	case Not:
		b.sql.WriteString("(")
		if err := b.node(n.Node); err != nil {
			return err
		}
		b.sql.WriteString(") IS NOT TRUE")
	case Group:
		between := " AND "
		if n.Any {
			between = " OR "
		}
		b.sql.WriteString("(")
		for i, child := range n.Nodes {
			if i > 0 {
				b.sql.WriteString(between)
			}
			if err := b.node(child); err != nil {
				return err
			}
		}
		b.sql.WriteString(")")
	}
	return nil
}

func (b *builder) condition(c Condition) error {
	f, values, err := b.schema.read(c, b.env)
	if err != nil {
		return err
	}
	src := f.source(b.env.Engine)
	op, negative := c.Op.positive()
	switch {
	case src.Rows != "":
		b.sql.WriteString(b.inRows(f, src, c.Op, values))
	case negative:
		b.sql.WriteString("(" + b.positive(f, src.Expr, op, values) + ") IS NOT TRUE")
	default:
		b.sql.WriteString(b.positive(f, src.Expr, op, values))
	}
	return nil
}

// inRows asks whether there is a row, or none, that satisfies the condition.
func (b *builder) inRows(f *Field, src Source, op Op, values []operand) string {
	before, behind := b.thereIs(src)
	positive, negative := op.positive()
	switch {
	case op == Empty:
		return "NOT " + before + b.positive(f, src.Expr, Filled, nil) + behind
	case op == Has:
		each := make([]string, len(values))
		for i, v := range values {
			each[i] = before + b.positive(f, src.Expr, Is, []operand{v}) + behind
		}
		return "(" + strings.Join(each, " AND ") + ")"
	case f.Type == Bool && values[0].from == 0:
		return "NOT " + before + b.positive(f, src.Expr, Is, []operand{{from: 1}}) + behind
	case negative:
		before = "NOT " + before
	}
	return before + b.positive(f, src.Expr, positive, values) + behind
}

// thereIs gives what stands before and behind a condition that one of the rows
// must satisfy. LIMIT and OFFSET keep PostgreSQL from making a set of what is to
// be asked row by row.
func (b *builder) thereIs(src Source) (before, behind string) {
	switch exists := "EXISTS (SELECT 1 " + raw(src.Rows) + " AND "; {
	case src.Link.In == "":
		return exists, ")"
	case b.rowwise:
		return exists, " AND " + raw(src.Link.In) + " = " + raw(src.Link.Of) + " LIMIT 1 OFFSET 0)"
	}
	return raw(src.Link.Of) + " IN (SELECT " + raw(src.Link.In) + " " + raw(src.Rows) + " AND ", ")"
}

// positive writes a condition that is true for the rows it means, and false or
// unknown for the others.
func (b *builder) positive(f *Field, expr string, op Op, values []operand) string {
	expr = raw(expr)
	switch op {
	case Empty, Filled:
		return presence(f.Type, expr, op == Filled)
	case In:
		return b.among(f, expr, values)
	}
	switch f.Type {
	case Bool:
		if values[0].from == 0 {
			return expr + " IS NOT TRUE"
		}
		return expr + " = TRUE"
	case Day, Instant:
		return b.within(expr, op, values)
	case Text:
		return b.matches(f, expr, op, values[0].text)
	case Number, Money, Ref:
		if op == Between {
			return "(" + expr + " >= " + b.args.Add(values[0].from) + " AND " + expr + " <= " + b.args.Add(values[1].from) + ")"
		}
		return expr + comparisons[op] + b.args.Add(values[0].from)
	}
	return expr + " = " + b.args.Add(values[0].text)
}

var comparisons = map[Op]string{Is: " = ", Less: " < ", AtMost: " <= ", More: " > ", AtLeast: " >= "}

// presence asks whether there is a value at all.
func presence(t Type, expr string, filled bool) string {
	none := ""
	switch t {
	case Text, Choice, Country, Multi, Tags:
		none = "''"
	case Day, Instant:
		none = "0"
	}
	switch {
	case none == "" && filled:
		return expr + " IS NOT NULL"
	case none == "":
		return expr + " IS NULL"
	case filled:
		return "(" + expr + " IS NOT NULL AND " + expr + " <> " + none + ")"
	}
	return "(" + expr + " IS NULL OR " + expr + " = " + none + ")"
}

func (b *builder) among(f *Field, expr string, values []operand) string {
	var list strings.Builder
	for i, v := range values {
		if i > 0 {
			list.WriteString(", ")
		}
		if f.Type == Ref {
			list.WriteString(b.args.Add(v.from))
		} else {
			list.WriteString(b.args.Add(v.text))
		}
	}
	return expr + " IN (" + list.String() + ")"
}

// within compares a day or an instant with the range a value covers: a day is
// after another only from the next day on.
func (b *builder) within(expr string, op Op, values []operand) string {
	from, end := values[0].from, values[len(values)-1].end
	switch op {
	case More:
		return expr + " >= " + b.args.Add(end)
	case AtLeast:
		return expr + " >= " + b.args.Add(from)
	case Less:
		from, end = 1, from // above 0, which is no value
	case AtMost:
		from = 1
	}
	return "(" + expr + " >= " + b.args.Add(from) + " AND " + expr + " < " + b.args.Add(end) + ")"
}

// matches compares text. Keys use LIKE and ranges, which indexes can serve;
// raw text is compared letter by letter, because LIKE differs between the
// engines.
func (b *builder) matches(f *Field, expr string, op Op, value string) string {
	key := f.Folded || f.Plain
	switch {
	case op == Contains && key:
		return expr + " LIKE " + b.args.Add("%"+escapeLike(value)+"%") + " ESCAPE '!'"
	case op == Starts && key:
		return "(" + expr + " >= " + b.args.Add(value) + " AND " + expr + " < " + b.args.Add(value+lastLetter) + ")"
	case op == Contains:
		return "replace(" + expr + ", " + b.args.Add(value) + ", '') <> " + expr
	case op == Starts:
		return "substr(" + expr + ", 1, length(" + b.args.Add(value) + ")) = " + b.args.Add(value)
	}
	return expr + " = " + b.args.Add(value)
}

// lastLetter is behind every letter of a key.
const lastLetter = "\U0010FFFF"

var likeSigns = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func escapeLike(s string) string { return likeSigns.Replace(s) }
