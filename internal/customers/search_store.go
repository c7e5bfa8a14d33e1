package customers

import (
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
)

// query is a statement being written together with its arguments.
type query struct {
	text strings.Builder
	args []any
}

func (q *query) write(parts ...string) {
	for _, p := range parts {
		q.text.WriteString(p)
	}
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// matching writes the condition for words of a range.
func (q *query) matching(alias string, r wordRange) {
	if r.to == "" {
		q.write(alias, ".word = ", q.arg(r.from))
	} else {
		q.write(alias, ".word >= ", q.arg(r.from), " AND ", alias, ".word < ", q.arg(r.to))
	}
	q.write(" AND ", alias, ".kind")
	kinds := in(len(q.args), len(r.kinds))
	q.args = append(q.args, anys(r.kinds)...)
	q.write(kinds)
}

// others writes the conditions that customer has words for these terms, too.
func (q *query) others(customer string, terms []term) {
	for _, t := range terms {
		q.write(" AND (FALSE")
		for _, r := range t.ranges {
			q.write(" OR EXISTS (SELECT 1 FROM customers_words x WHERE x.customer_id = ", customer, " AND ")
			q.matching("x", r)
			q.write(")")
		}
		q.write(")")
	}
}

// reach writes the scope, if it is not everything.
func (q *query) reach(scope authz.Scope) {
	if scope.Level == authz.All {
		return
	}
	where, args := within(scope, q.args)
	q.args = args
	q.write(" AND ", where)
}

// driverFirst puts the longest term, which is likely to be the rarest, first.
func driverFirst(terms []term) []term {
	ordered := slices.Clone(terms)
	length := func(t term) int {
		longest := 0
		for _, r := range t.ranges {
			longest = max(longest, len(r.from))
		}
		return longest
	}
	slices.SortStableFunc(ordered, func(a, b term) int { return length(b) - length(a) })
	return ordered
}

// candidates is the statement for customers that match all terms, of very many
// those whose words are nearest to what was typed.
func candidates(scope authz.Scope, terms []term) (string, []any) {
	q := &query{}
	ordered := driverFirst(terms)
	q.write("SELECT ", customerColumns, " FROM customers_customers c WHERE c.id IN (")
	for i, r := range ordered[0].ranges {
		if i > 0 {
			q.write(" UNION ALL ")
		}
		q.write("SELECT customer_id FROM (SELECT v.customer_id, v.word FROM (SELECT w.customer_id, w.word FROM customers_words w")
		if scope.Level != authz.All {
			q.write(" JOIN customers_customers c ON c.id = w.customer_id")
		}
		q.write(" WHERE ")
		q.matching("w", r)
		q.reach(scope)
		q.write(" ORDER BY w.word, w.customer_id LIMIT ", q.arg(maxRead), ") AS v WHERE TRUE")
		q.others("v.customer_id", ordered[1:])
		q.write(" ORDER BY v.word, v.customer_id LIMIT ", q.arg(enough), ") AS few")
	}
	if len(ordered[0].ranges) == 0 {
		q.write("-1")
	}
	q.write(") AND c.state <> 'erased' ORDER BY c.id")
	return q.text.String(), q.args
}

// ownCandidates is the statement for the actor's own customers that match.
func ownCandidates(scope authz.Scope, terms []term, actor int64) (string, []any) {
	q := &query{}
	q.write("SELECT ", customerColumns, " FROM customers_customers c WHERE c.owner_id = ", q.arg(actor), " AND c.state = 'active'")
	q.reach(scope)
	q.others("c.id", driverFirst(terms))
	q.write(" ORDER BY c.last_contact_at DESC, c.id DESC LIMIT ", q.arg(maxOwners))
	return q.text.String(), q.args
}
