package filter

import (
	"slices"
	"strings"
)

// Parse reads the text grammar of docs/filters.md into a filter of canonical
// shape; blank text is nil. What cannot be read is errs.Invalid with the
// column. Whether the fields exist is Check's matter.
func Parse(text string) (Node, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	if tokens[0].kind == end {
		return nil, nil
	}
	p := &parser{tokens: tokens}
	n, err := p.either()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, syntax("filter.error.join-expected", t.at)
	}
	return Simplify(n), nil
}

type parser struct {
	tokens     []token
	i          int
	depth      int
	conditions int
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) take() token {
	t := p.tokens[p.i]
	if t.kind != end {
		p.i++
	}
	return t
}

// accept takes the token if it is this sign or keyword.
func (p *parser) accept(text string) bool {
	if !p.peek().is(text) {
		return false
	}
	p.take()
	return true
}

func (p *parser) either() (Node, error) { return p.joined("or", true, p.every) }

func (p *parser) every() (Node, error) { return p.joined("and", false, p.unary) }

func (p *parser) joined(keyword string, anyOf bool, part func() (Node, error)) (Node, error) {
	first, err := part()
	if err != nil || !p.peek().is(keyword) {
		return first, err
	}
	g := Group{Any: anyOf, Nodes: []Node{first}}
	for p.accept(keyword) {
		n, err := part()
		if err != nil {
			return nil, err
		}
		g.Nodes = append(g.Nodes, n)
	}
	return g, nil
}

func (p *parser) unary() (Node, error) {
	t := p.peek()
	negated := t.is("not")
	if !negated && !t.is("(") {
		return p.condition()
	}
	if p.depth++; p.depth > MaxDepth {
		return nil, syntax("filter.error.too-deep", t.at, "Limit", MaxDepth)
	}
	defer func() { p.depth-- }()
	p.take()
	if negated {
		n, err := p.unary()
		return Not{Node: n}, err
	}
	n, err := p.either()
	if err == nil && !p.accept(")") {
		err = syntax("filter.error.bracket-expected", p.peek().at)
	}
	return n, err
}

func (p *parser) condition() (Node, error) {
	name := p.take()
	if name.kind != word || !named(name.text) {
		return nil, syntax("filter.error.field-expected", name.at)
	}
	if p.conditions++; p.conditions > MaxConditions {
		return nil, syntax("filter.error.too-many-conditions", name.at, "Limit", MaxConditions)
	}
	c := Condition{Field: name.text, At: name.at}
	op, err := p.operator()
	if err != nil {
		return nil, err
	}
	c.Op = op
	c.Values, err = p.values(op)
	return c, err
}

// spelled are the operators of one sign or keyword.
var spelled = map[string]Op{
	"=": Is, "!=": IsNot, "<>": IsNot, "~": Contains, "contains": Contains, "!~": Lacks, "starts": Starts,
	"<": Less, "<=": AtMost, ">": More, ">=": AtLeast, "between": Between, "in": In, "has": Has,
	"during": During, "last": Last, "next": Next, "older": Older,
}

func (p *parser) operator() (Op, error) {
	t := p.take()
	if t.kind == quoted || t.kind == end {
		return "", syntax("filter.error.operator-expected", t.at)
	}
	key := strings.ToLower(t.text)
	switch op, ok := spelled[key]; {
	case op == Starts && ok:
		p.accept("with")
		return op, nil
	case ok:
		return op, nil
	case key == "is":
		return p.being(), nil
	case key == "not" && p.accept("in"):
		return NotIn, nil
	case key == "not" && p.accept("contains"):
		return Lacks, nil
	}
	return "", syntax("filter.error.operator-expected", t.at)
}

// being reads what follows "is": empty, not empty, not VALUE, VALUE.
func (p *parser) being() Op {
	negated := p.accept("not")
	switch empty := p.accept("empty"); {
	case empty && negated:
		return Filled
	case empty:
		return Empty
	case negated:
		return IsNot
	}
	return Is
}

func (p *parser) values(op Op) ([]string, error) {
	switch {
	case op == Empty || op == Filled:
		return nil, nil
	case op == Has && !p.peek().is("("):
		v, err := p.value()
		return []string{v}, err
	case op.List():
		return p.list()
	case op == During:
		v, err := p.period()
		return []string{v}, err
	}
	first, err := p.value()
	if err != nil || op != Between {
		return []string{first}, err
	}
	if !p.accept("and") {
		return nil, syntax("filter.error.and-expected", p.peek().at)
	}
	second, err := p.value()
	return []string{first, second}, err
}

func (p *parser) value() (string, error) {
	t := p.take()
	if t.kind == word && reserved[strings.ToLower(t.text)] {
		return "", syntax("filter.error.value-reserved", t.at, "Word", t.text)
	}
	if t.kind != word && t.kind != quoted {
		return "", syntax("filter.error.value-expected", t.at)
	}
	if !clean(t.text) {
		return "", syntax("filter.error.value-long", t.at, "Limit", MaxValue)
	}
	return t.text, nil
}

// period reads one word, or "this week" in two.
func (p *parser) period() (string, error) {
	t := p.peek()
	if key := strings.ToLower(t.text); t.kind == word && slices.Contains([]string{"this", "last", "next"}, key) {
		p.take()
		unit, err := p.value()
		return key + "-" + strings.ToLower(unit), err
	}
	return p.value()
}

func (p *parser) list() ([]string, error) {
	if !p.accept("(") {
		return nil, syntax("filter.error.list-expected", p.peek().at)
	}
	var values []string
	for {
		if len(values) == MaxValues {
			return nil, syntax("filter.error.too-many-values", p.peek().at, "Limit", MaxValues)
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if !p.accept(",") {
			break
		}
	}
	if !p.accept(")") {
		return nil, syntax("filter.error.bracket-expected", p.peek().at)
	}
	return values, nil
}
