package filter

import "strings"

// maxKeys is how many fields a list is ordered by at once.
const maxKeys = 4

// Key is one field of an order.
type Key struct {
	Field string
	Desc  bool
}

// ParseSort reads "name,-created": fields by weight, "-" before those that
// fall. Blank is no order of its own.
func ParseSort(text string) ([]Key, error) {
	var keys []Key
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" && strings.TrimSpace(text) == "" {
			return nil, nil
		}
		name, desc := strings.CutPrefix(part, "-")
		if !named(name) {
			return nil, problem("sort", "filter.error.sort-unreadable", "Value", clip(part))
		}
		keys = append(keys, Key{Field: name, Desc: desc})
		if len(keys) > maxKeys {
			return nil, problem("sort", "filter.error.sort-long", "Limit", maxKeys)
		}
	}
	return keys, nil
}

// FormatSort writes what ParseSort reads.
func FormatSort(keys []Key) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.Field
		if k.Desc {
			parts[i] = "-" + k.Field
		}
	}
	return strings.Join(parts, ",")
}

// clip keeps a message short when what was sent is not.
func clip(s string) string {
	const enough = 40
	r := []rune(strings.ToValidUTF8(s, ""))
	if len(r) > enough {
		return string(r[:enough]) + "…"
	}
	return string(r)
}

// column is one expression of the order.
type column struct {
	expr     string
	desc     bool
	nullable bool
}

// order resolves the keys to expressions and adds the unique one, which falls
// when the last key does so that one index can serve them all.
func (s *Schema) order(keys []Key, env Env) ([]column, error) {
	columns := make([]column, 0, len(keys)+1)
	seen := map[string]bool{}
	desc := false
	for _, k := range keys {
		f := s.field(k.Field)
		if f == nil || !f.Sortable() {
			return nil, problem("sort", "filter.error.sort-unknown", "Field", k.Field, "Names", some(s.sortable()))
		}
		if seen[k.Field] {
			return nil, problem("sort", "filter.error.sort-twice", "Field", k.Field)
		}
		seen[k.Field] = true
		expr := f.source(env.Engine).Sort
		if f.Type == Bool {
			expr = "CAST(" + expr + " AS INTEGER)"
		}
		desc = k.Desc
		columns = append(columns, column{expr: expr, desc: desc, nullable: !f.NotNull})
	}
	return append(columns, column{expr: s.id, desc: desc}), nil
}

func (s *Schema) sortable() []string {
	var names []string
	for i := range s.fields {
		if s.fields[i].Sortable() {
			names = append(names, s.fields[i].Name)
		}
	}
	return names
}

// orderBy writes the order; rows without a value come last in both
// directions.
func orderBy(columns []column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = raw(c.expr)
		if c.desc {
			parts[i] += " DESC"
		}
		if c.nullable {
			parts[i] += " NULLS LAST"
		}
	}
	return "ORDER BY " + strings.Join(parts, ", ")
}

// after writes the condition for the rows behind the one with these key
// values, of which nil is no value.
func (b *builder) after(columns []column, keys []any) string {
	if uniform(columns) {
		return b.rowAfter(columns, keys)
	}
	step := b.stepAfter(columns, keys)
	if columns[0].nullable {
		return step
	}
	// The first key alone bounds the search, which an index can use.
	bound := " >= "
	if columns[0].desc {
		bound = " <= "
	}
	return raw(columns[0].expr) + bound + b.args.Add(keys[0]) + " AND " + step
}

// uniform tells whether one comparison of row values says it all.
func uniform(columns []column) bool {
	for _, c := range columns {
		if c.nullable || c.desc != columns[0].desc {
			return false
		}
	}
	return true
}

func (b *builder) rowAfter(columns []column, keys []any) string {
	exprs, values := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		exprs[i], values[i] = raw(c.expr), b.args.Add(keys[i])
	}
	return "(" + strings.Join(exprs, ", ") + ")" + beyond(columns[0].desc) + "(" + strings.Join(values, ", ") + ")"
}

func beyond(desc bool) string {
	if desc {
		return " < "
	}
	return " > "
}

// stepAfter writes "this key is behind, or it is equal and the next ones are
// behind".
func (b *builder) stepAfter(columns []column, keys []any) string {
	c, key := columns[0], keys[0]
	expr := raw(c.expr)
	if key == nil { // nothing is behind "no value" but what the next keys tell apart
		return "(" + expr + " IS NULL AND " + b.stepAfter(columns[1:], keys[1:]) + ")"
	}
	behind := expr + beyond(c.desc) + b.args.Add(key)
	if len(columns) == 1 {
		return behind
	}
	equal := expr + " = " + b.args.Add(key) + " AND " + b.stepAfter(columns[1:], keys[1:])
	if c.nullable {
		return "(" + behind + " OR " + expr + " IS NULL OR (" + equal + "))"
	}
	return "(" + behind + " OR (" + equal + "))"
}
