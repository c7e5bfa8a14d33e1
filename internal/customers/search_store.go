package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
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

// rankColumns are what candidates are ranked by; there are too many of them to
// read them whole.
const rankColumns = "c.id, c.number, c.state, COALESCE(c.owner_id, 0), c.last_contact_at, c.changed_at"

func scanRanked(s db.Scanner) (c Customer, err error) {
	err = s.Scan(&c.ID, &c.Number, &c.State, &c.OwnerID, &c.LastContactAt, &c.ChangedAt)
	return c, err
}

const selectRanked = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.id`

// readRanked reads the candidates whole, in their order.
func readRanked(ctx context.Context, tx *db.Tx, ranked []Customer) ([]Customer, error) {
	if len(ranked) == 0 {
		return nil, nil
	}
	ids := make([]any, len(ranked))
	for i, c := range ranked {
		ids[i] = c.ID
	}
	found, err := db.All(ctx, tx, scanCustomer, selectRanked+in(0, len(ids)), ids...)
	slices.SortFunc(found, func(a, b Customer) int { return slices.Index(ids, any(a.ID)) - slices.Index(ids, any(b.ID)) })
	return found, err
}

// candidates is the statement for customers that match all terms, of very many
// those whose words are nearest to what was typed.
func candidates(scope authz.Scope, terms []term) (string, []any) {
	q := &query{}
	ordered := driverFirst(terms)
	q.write("SELECT ", rankColumns, " FROM customers_customers c WHERE c.id IN (")
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
	q.write("SELECT ", rankColumns, " FROM customers_customers c WHERE c.owner_id = ", q.arg(actor), " AND c.state = 'active'")
	q.reach(scope)
	q.others("c.id", driverFirst(terms))
	q.write(" ORDER BY c.last_contact_at DESC, c.id DESC LIMIT ", q.arg(maxOwners))
	return q.text.String(), q.args
}

// maxSimilar is how many look-alikes are shown at entry.
const maxSimilar = 10

// Similar gives the customers that may be the new one already: with the same
// phone, e-mail, tax id or name in any script. It is a hint at entry: parts of
// the new customer that cannot be read are passed over.
func (s *Service) Similar(ctx context.Context, in NewCustomer) ([]Hit, error) {
	const op = "customers.Similar"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	defaults := s.defaults(ctx)
	var unread problems
	c := Card{Customer: in.Customer}
	c.tidy()
	c.hang(in, defaults, &unread)
	q := similarTo(ctx, scope, &c)
	if q == nil {
		return nil, nil
	}
	var hits []Hit
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		hits, err = db.All(ctx, tx, scanSimilar, q.text.String(), q.args...)
		return err
	})
	return once(ctx, hits), errs.Wrap(op, err)
}

// Alike gives other customers that may be the same as one in the file, as
// Similar finds them, in one statement. The card is as its reader may see it.
func (s *Service) Alike(ctx context.Context, c Card) ([]Hit, error) {
	const op = "customers.Alike"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil || c.State == Erased || c.State == Merged {
		return nil, err
	}
	q := similarTo(ctx, scope, &c)
	if q == nil {
		return nil, nil
	}
	var hits []Hit
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		hits, err = db.All(ctx, tx, scanSimilar, q.text.String(), q.args...)
		return err
	})
	return once(ctx, slices.DeleteFunc(hits, func(h Hit) bool { return h.ID == c.ID })), errs.Wrap(op, err)
}

func scanSimilar(row db.Scanner) (h Hit, err error) {
	var weight int
	err = row.Scan(append(h.targets(), &h.Why.Kind, &h.Why.Text, &weight)...)
	return h, err
}

// similarTo is the statement that looks for a card's like; nil if there is
// nothing to go by.
func similarTo(ctx context.Context, scope authz.Scope, c *Card) *query {
	q := &query{}
	parts := 0
	part := func(kind, text, from, weight string) {
		if parts++; parts > 1 {
			q.write(" UNION ALL ")
		}
		q.write("SELECT * FROM (SELECT ", customerColumns, ", '", kind, "' AS why, ", text, " AS found, ", weight, " AS weight FROM ", from)
	}
	end := func() {
		q.write(" AND c.state IN ('active', 'archived')")
		q.reach(scope)
		q.write(" ORDER BY c.id LIMIT 5) AS x", string(rune('a'+parts%26)))
	}
	if Readable(ctx, rightPoints) {
		for _, p := range c.allPoints()[:min(len(c.allPoints()), maxSimilar)] {
			if p.Kind == Phone || p.Kind == Email {
				part(string(p.Kind), "p.value", "customers_points p JOIN customers_customers c ON c.id = p.customer_id", "1")
				q.write(" WHERE p.kind = ", q.arg(p.Kind), " AND p.value_key = ", q.arg(p.key()))
				end()
			}
		}
	}
	if key := taxKey(c.TaxID); key != "" && Readable(ctx, rightTax) {
		part(wordTax, "c.tax_id", "customers_customers c", "2")
		q.write(" WHERE c.tax_key = ", q.arg(key))
		end()
	}
	if key := nameKey(c.Name); key != "" {
		part(wordName, "c.name", "customers_customers c", "3")
		q.write(" WHERE c.name_key = ", q.arg(key))
		end()
	}
	if parts == 0 {
		return nil
	}
	q.write(" ORDER BY weight, id LIMIT 50")
	return q
}

// once keeps the best reason for each customer.
func once(ctx context.Context, hits []Hit) []Hit {
	seen := map[int64]bool{}
	var kept []Hit
	for _, h := range hits {
		if !seen[h.ID] && len(kept) < maxSimilar {
			seen[h.ID] = true
			h.Customer = h.blank(ctx)
			kept = append(kept, h)
		}
	}
	return kept
}
