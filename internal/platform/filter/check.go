package filter

import (
	"strings"
	"time"

	"kartoteka.dev/internal/platform/db"
)

// neutral is an environment to try values in before anyone runs the filter.
var neutral = Env{Engine: db.SQLite, UserID: 1, Today: 20260101, Zone: time.UTC}

// Check tells whether the filter fits the schema: its fields are there, their
// types take the operators, the values can be read, and it is not too large.
// The error is errs.Invalid and names what would fit.
func Check(s *Schema, n Node) error {
	n = Simplify(n)
	if err := checkSize(n); err != nil {
		return err
	}
	for _, c := range Conditions(n) {
		if _, _, err := s.read(c, neutral); err != nil {
			return err
		}
	}
	return nil
}

func checkSize(n Node) error {
	if depth(n) > MaxDepth {
		return problem("filter", "filter.error.too-deep-tree", "Limit", MaxDepth)
	}
	if len(Conditions(n)) > MaxConditions {
		return problem("filter", "filter.error.too-many", "Limit", MaxConditions)
	}
	return nil
}

// read finds the field of a condition and reads its values.
func (s *Schema) read(c Condition, env Env) (*Field, []operand, error) {
	f := s.field(c.Field)
	if f == nil {
		return nil, nil, unknownField(s, c)
	}
	if !accepts(f.Type, c.Op) {
		return nil, nil, wrong(c, "filter.error.operator-unfit", "Operator", c.Op.text(), "Names", spellings(f.Type))
	}
	values, err := f.operands(c, env)
	return f, values, err
}

// text is how the grammar writes the operator; an unknown code stays as it is.
func (op Op) text() string {
	if !op.known() {
		return string(op)
	}
	return written[op]
}

func spellings(t Type) string {
	all := Accepted(t)
	texts := make([]string, len(all))
	for i, op := range all {
		texts[i] = op.text()
	}
	return strings.Join(texts, ", ")
}
