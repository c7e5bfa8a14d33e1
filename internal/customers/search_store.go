package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers/lexicon"
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

// candidate is a customer that may be shown.
type candidate struct {
	Customer

	exact int  // 2: it is called what was searched for; 1: it has all words as they were typed
	near  bool // it has words like them only
	why   *Why // what was written about it; nil if the customer itself matches
}

// rankColumns are what candidates are ranked by; there are too many of them to
// read them whole.
const rankColumns = "c.id, c.number, c.state, COALESCE(c.owner_id, 0), c.last_contact_at, c.changed_at"

func scanRanked(s db.Scanner) (c candidate, err error) {
	err = s.Scan(&c.ID, &c.Number, &c.State, &c.OwnerID, &c.LastContactAt, &c.ChangedAt, &c.exact)
	return c, err
}

// exactness writes how exactly a customer matches.
func (q *query) exactness(names []string, terms []term) {
	q.write("CASE")
	if len(names) > 0 {
		q.write(" WHEN c.name_key")
		q.among(names)
		q.write(" THEN 2")
	}
	q.write(" WHEN TRUE")
	for _, t := range terms {
		q.write(" AND EXISTS (SELECT 1 FROM customers_words x WHERE x.customer_id = c.id AND x.word")
		q.among(t.typed())
		q.write(")")
	}
	q.write(" THEN 1 ELSE 0 END AS exact")
}

func (q *query) among(values []string) {
	text := in(len(q.args), len(values))
	q.args = append(q.args, anys(values)...)
	q.write(text)
}

const selectRanked = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.id`

// readRanked reads the candidates whole, in their order.
func readRanked(ctx context.Context, tx *db.Tx, ranked []candidate) ([]candidate, error) {
	if len(ranked) == 0 {
		return nil, nil
	}
	ids := make([]any, len(ranked))
	for i, c := range ranked {
		ids[i] = c.ID
	}
	found, err := db.All(ctx, tx, scanCustomer, selectRanked+in(0, len(ids)), ids...)
	read := make([]candidate, len(found))
	slices.SortFunc(found, func(a, b Customer) int { return slices.Index(ids, any(a.ID)) - slices.Index(ids, any(b.ID)) })
	for i, c := range found {
		read[i] = ranked[slices.Index(ids, any(c.ID))]
		read[i].Customer = c
	}
	return read, err
}

// sought is what candidates are looked for by.
type sought struct {
	scope authz.Scope
	terms []term
	names []string // keys of names that are exactly what was typed
	read  int      // how many words of a range are looked at
	keep  int      // how many of those are candidates
}

// candidates is the statement for customers that match all terms, of very many
// those whose words are nearest to what was typed, and all who are called
// exactly so.
func (s sought) candidates() (string, []any) {
	q := &query{}
	ordered := driverFirst(s.terms)
	q.write("SELECT ", rankColumns, ", ")
	q.exactness(s.names, s.terms)
	q.write(" FROM customers_customers c WHERE c.id IN (")
	for i, r := range ordered[0].ranges {
		if i > 0 {
			q.write(" UNION ALL ")
		}
		q.write("SELECT customer_id FROM (SELECT v.customer_id, v.word FROM (SELECT w.customer_id, w.word FROM customers_words w")
		if s.scope.Level != authz.All {
			q.write(" JOIN customers_customers c ON c.id = w.customer_id")
		}
		q.write(" WHERE ")
		q.matching("w", r)
		q.reach(s.scope)
		q.write(" ORDER BY w.word, w.customer_id LIMIT ", q.arg(s.read), ") AS v WHERE TRUE")
		q.others("v.customer_id", ordered[1:])
		q.write(" ORDER BY v.word, v.customer_id LIMIT ", q.arg(s.keep), ") AS few")
	}
	if len(ordered[0].ranges) == 0 {
		q.write("-1")
	} else if len(s.names) > 0 {
		q.write(" UNION ALL SELECT id FROM (SELECT c.id FROM customers_customers c WHERE c.name_key")
		q.among(s.names)
		q.reach(s.scope)
		q.write(" ORDER BY c.name_key, c.id LIMIT ", q.arg(s.keep), ") AS named")
	}
	q.write(") AND c.state NOT IN ('erased', 'merged') ORDER BY c.id")
	return q.text.String(), q.args
}

// maxOwn is among how many of the actor's own customers those that match are
// looked for, whatever very many others come first.
const maxOwn = 2000

// ownCandidates is the statement for the actor's own customers that match.
func (s sought) ownCandidates(actor int64) (string, []any) {
	q := &query{}
	q.write("SELECT ", rankColumns, ", ")
	q.exactness(s.names, s.terms)
	q.write(" FROM customers_customers c WHERE c.id IN (SELECT o.id FROM customers_customers o WHERE o.owner_id = ", q.arg(actor),
		" AND o.state = 'active' ORDER BY o.name_sort, o.id LIMIT ", q.arg(maxOwn), ")")
	q.reach(s.scope)
	q.others("c.id", driverFirst(s.terms))
	q.write(" ORDER BY c.last_contact_at DESC, c.id DESC LIMIT ", q.arg(maxOwners))
	return q.text.String(), q.args
}

// wording is what was searched for: as it was typed, by which words, and by
// which others that are like them.
type wording struct {
	q            string
	terms, alike []term
}

// explained blanks what the actor may not see and says why each was found; one
// statement for what hangs on all of them.
func explained(ctx context.Context, tx *db.Tx, by wording, found []candidate) ([]Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	cards := make(map[int64]*Card, len(found))
	ids := make([]any, len(found))
	for i, c := range found {
		ids[i], cards[c.ID] = c.ID, &Card{Customer: c.Customer}
	}
	among := in(0, len(ids))
	_, err := db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var id int64
		var p Point
		if err = row.Scan(&id, &p.Kind, &p.Value, &p.ContactID, &p.Main, &p.ID); err != nil {
			return none, err
		}
		if p.Kind == wordContact {
			cards[id].Contacts = append(cards[id].Contacts, Contact{Name: p.Value})
		} else {
			cards[id].Points = append(cards[id].Points, p)
		}
		return none, nil
	}, `SELECT customer_id, kind, value, COALESCE(contact_id, 0), main, id FROM customers_points WHERE customer_id`+among+`
UNION ALL SELECT customer_id, 'contact', name, 0, FALSE, id FROM customers_contacts WHERE NOT removed AND customer_id`+among, ids...)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(found))
	for i, c := range found {
		terms := by.terms
		if c.near {
			terms = by.alike
		}
		why := cards[c.ID].why(terms)
		if c.why != nil {
			why = *c.why
		}
		why.Matched, why.Near = lexicon.Matched(why.Text, by.q), c.near
		hits[i] = Hit{Customer: c.blank(ctx), Why: why}
		if Readable(ctx, rightPoints) {
			hits[i].Phones, hits[i].Emails = cards[c.ID].own(Phone), cards[c.ID].own(Email)
		}
	}
	return hits, nil
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
