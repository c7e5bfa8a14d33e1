package filter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a filter, wherever it comes from.
const (
	MaxText       = 4096 // bytes of text
	MaxDepth      = 8    // parentheses and "not" inside each other
	MaxConditions = 64
	MaxValues     = 200 // of one condition
	MaxValue      = 400 // bytes of one value
)

// Node is a filter or a part of one: Condition, Group or Not; nil asks for
// nothing.
type Node interface{ node() }

// Condition asks something of one field. Values are written as in the text
// grammar: "2026-01-31", "1200.50", "BG", "me", "30d".
type Condition struct {
	Field  string
	Op     Op
	Values []string
	At     int // the column of the text it was read from, counted in characters from 1; 0 for none
}

// Group holds when all of its nodes hold, or, if Any, at least one of them.
type Group struct {
	Any   bool
	Nodes []Node
}

// Not holds when its node does not.
type Not struct{ Node Node }

func (Condition) node() {}
func (Group) node()     {}
func (Not) node()       {}

// All joins filters so that every one of them must hold; nils are left out.
func All(nodes ...Node) Node { return Simplify(Group{Nodes: nodes}) }

// Any joins filters so that one of them must hold; nils are left out.
func Any(nodes ...Node) Node { return Simplify(Group{Any: true, Nodes: nodes}) }

// Where makes a condition.
func Where(field string, op Op, values ...string) Node {
	return Condition{Field: field, Op: op, Values: values}
}

// Simplify gives the same filter in its canonical shape: no empty groups, no
// group of one, no group directly in a group of its kind, no double "not".
// What asks for nothing becomes nil.
func Simplify(n Node) Node {
	switch n := n.(type) {
	case Condition:
		if len(n.Values) == 0 {
			n.Values = nil
		}
		return n
	case Not:
		inner := Simplify(n.Node)
		switch inner := inner.(type) {
		case nil:
			return nil
		case Not:
			return inner.Node
		}
		return Not{Node: inner}
	case Group:
		return simplifyGroup(n)
	}
	return nil
}

func simplifyGroup(g Group) Node {
	nodes := make([]Node, 0, len(g.Nodes))
	for _, child := range g.Nodes {
		child = Simplify(child)
		if inner, ok := child.(Group); ok && inner.Any == g.Any {
			nodes = append(nodes, inner.Nodes...)
		} else if child != nil {
			nodes = append(nodes, child)
		}
	}
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	return Group{Any: g.Any, Nodes: nodes}
}

// Equal tells whether two filters are the same but for where they were
// written.
func Equal(a, b Node) bool { return same(Simplify(a), Simplify(b)) }

func same(a, b Node) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case Condition:
		b, ok := b.(Condition)
		return ok && a.Field == b.Field && a.Op == b.Op && slices.Equal(a.Values, b.Values)
	case Not:
		b, ok := b.(Not)
		return ok && same(a.Node, b.Node)
	case Group:
		b, ok := b.(Group)
		return ok && a.Any == b.Any && slices.EqualFunc(a.Nodes, b.Nodes, same)
	}
	return false
}

// Conditions lists the conditions of a filter in reading order.
func Conditions(n Node) []Condition {
	switch n := n.(type) {
	case Condition:
		return []Condition{n}
	case Not:
		return Conditions(n.Node)
	case Group:
		var all []Condition
		for _, child := range n.Nodes {
			all = append(all, Conditions(child)...)
		}
		return all
	}
	return nil
}

// depth counts the parentheses and nots its text nests.
func depth(n Node) int {
	switch n := n.(type) {
	case Not:
		if _, ok := n.Node.(Group); ok {
			return 2 + depth(n.Node)
		}
		return 1 + depth(n.Node)
	case Group:
		deepest := 0
		for _, child := range n.Nodes {
			d := depth(child)
			if inner, ok := child.(Group); ok && inner.Any != n.Any && inner.Any {
				d++
			}
			deepest = max(deepest, d)
		}
		return deepest
	}
	return 0
}

// named tells whether s can be a field's name: a letter, then letters, digits,
// "_", "-", and dots between such parts, and not a word of the grammar.
func named(s string) bool {
	if s == "" || len(s) > 100 || reserved[strings.ToLower(s)] {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		for i, r := range part {
			if !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && r != '_' && r != '-') {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}

// clean tells whether a value can be stored and compared: bounded, valid
// UTF-8, without NUL, which PostgreSQL cannot hold.
func clean(s string) bool {
	return len(s) <= MaxValue && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}
