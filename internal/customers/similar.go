package customers

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

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
		hits, err = db.All(ctx, tx, func(row db.Scanner) (h Hit, err error) {
			var weight int
			err = row.Scan(append(h.Customer.targets(), &h.Why.Kind, &h.Why.Text, &weight)...)
			return h, err //nolint:wrapcheck // Similar wraps
		}, q.text.String(), q.args...)
		return err
	})
	return once(ctx, hits), errs.Wrap(op, err)
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
		q.write(" AND c.state <> 'erased'")
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
			h.Customer = h.Customer.blank(ctx)
			kept = append(kept, h)
		}
	}
	return kept
}
