package filter

import (
	"bytes"
	"encoding/json"
)

// maxJSON bounds what a saved filter may take, in bytes.
const maxJSON = 64 << 10

// JSON carries a filter in JSON, as saved views keep it: {"all":[…]},
// {"any":[…]}, {"not":{…}}, {"field":"country","op":"in","values":["BG"]}, and
// null for none.
type JSON struct{ Node Node }

// record is one node in JSON; exactly one of All, Any, Not and Field is set.
type record struct {
	All    []record `json:"all,omitempty"`
	Any    []record `json:"any,omitempty"`
	Not    *record  `json:"not,omitempty"`
	Field  string   `json:"field,omitempty"`
	Op     Op       `json:"op,omitempty"`
	Values []string `json:"values,omitempty"`
}

// MarshalJSON writes the filter in its canonical shape.
func (j JSON) MarshalJSON() ([]byte, error) {
	n := Simplify(j.Node)
	if n == nil {
		return []byte("null"), nil
	}
	return json.Marshal(recordOf(n))
}

func recordOf(n Node) record {
	switch n := n.(type) {
	case Condition:
		return record{Field: n.Field, Op: n.Op, Values: n.Values}
	case Not:
		inner := recordOf(n.Node)
		return record{Not: &inner}
	case Group:
		nodes := make([]record, len(n.Nodes))
		for i, child := range n.Nodes {
			nodes[i] = recordOf(child)
		}
		if n.Any {
			return record{Any: nodes}
		}
		return record{All: nodes}
	}
	return record{}
}

// UnmarshalJSON reads what MarshalJSON writes; anything else is errs.Invalid.
func (j *JSON) UnmarshalJSON(data []byte) error {
	if len(data) > maxJSON {
		return problem("filter", "filter.error.too-long", "Limit", maxJSON)
	}
	j.Node = nil
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var r record
	if err := decoder.Decode(&r); err != nil {
		return problem("filter", "filter.error.json-unreadable").Because(err)
	}
	n, err := r.node(0)
	if err != nil {
		return err
	}
	j.Node = Simplify(n)
	return checkSize(j.Node)
}

// node reads a record; level counts how deep it stands.
func (r record) node(level int) (Node, error) {
	unreadable := problem("filter", "filter.error.json-unreadable")
	if level > 4*MaxDepth {
		return nil, problem("filter", "filter.error.too-deep-tree", "Limit", MaxDepth)
	}
	set := 0
	for _, there := range []bool{r.All != nil, r.Any != nil, r.Not != nil, r.Field != ""} {
		if there {
			set++
		}
	}
	switch {
	case set != 1 || r.Field == "" && (r.Op != "" || r.Values != nil):
		return nil, unreadable
	case r.Not != nil:
		inner, err := r.Not.node(level + 1)
		return Not{Node: inner}, err
	case r.Field != "":
		if !named(r.Field) || !r.Op.known() {
			return nil, unreadable
		}
		return Condition{Field: r.Field, Op: r.Op, Values: r.Values}, nil
	}
	g := Group{Any: r.Any != nil}
	for _, child := range append(r.All, r.Any...) {
		n, err := child.node(level + 1)
		if err != nil {
			return nil, err
		}
		g.Nodes = append(g.Nodes, n)
	}
	return g, nil
}
