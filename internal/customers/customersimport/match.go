package customersimport

import (
	"context"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// How many keys one statement is asked about.
const askedAtOnce = 500

// The beginnings of the statements that find customers by keys; the list of
// keys is put behind them. The first that is found counts: active ones before
// archived ones, then the older.
const (
	byNumber   = `SELECT 'number:' || CAST(number AS TEXT), COALESCE(merged_into, id), '' FROM customers_customers WHERE state <> 'erased' AND number IN `
	byExternal = `SELECT external_id, COALESCE(merged_into, id), external_source FROM customers_customers WHERE state <> 'erased' AND external_id <> '' AND external_source = $1 AND external_id IN `
	byName     = `SELECT name_sort, id, country FROM customers_customers WHERE state IN ('active', 'archived') AND name_sort IN `
	byPoint    = `
SELECT p.value_key, p.customer_id, '' FROM customers_points p JOIN customers_customers c ON c.id = p.customer_id
WHERE c.state IN ('active', 'archived') AND p.kind = $1 AND p.value_key IN `
	inOrder      = ` ORDER BY state, id`
	inPointOrder = ` ORDER BY c.state, c.id`
)

// asking is a set of keys of one sort.
type asking struct {
	statement, order string
	first            []any                      // arguments before the keys
	key              func(k, v string) []string // keys a found row answers
	values           []any
}

// Match implements imports.Run.
func (r *run) Match(ctx context.Context, tx *db.Tx, keys []string) (map[string]int64, error) {
	point := func(prefix string) func(k, _ string) []string {
		return func(k, _ string) []string { return []string{prefix + k} }
	}
	sets := map[string]*asking{
		"number":   {statement: byNumber, order: inOrder, key: point("")},
		"external": {statement: byExternal, order: inOrder, first: []any{r.source}, key: func(k, v string) []string { return []string{externalKey(v, k)} }},
		"name": {statement: byName, order: inOrder, key: func(k, v string) []string {
			return []string{"name:" + k, "name:" + k + "\x1f" + v, "name:" + k + "\x1f"}
		}},
		"email": {statement: byPoint, order: inPointOrder, first: []any{"email"}, key: point("email:")},
		"phone": {statement: byPoint, order: inPointOrder, first: []any{"phone"}, key: point("phone:")},
	}
	for _, k := range keys {
		sort, value, _ := strings.Cut(k, ":")
		switch set := sets[sort]; sort {
		case "number":
			n, err := strconv.ParseInt(value, 10, 64)
			if err == nil {
				set.values = append(set.values, n)
			}
		case "external":
			if source, id, _ := strings.Cut(value, "\x1f"); source == r.source {
				set.values = append(set.values, id)
			}
		case "name":
			name, _, _ := strings.Cut(value, "\x1f")
			if name != "" {
				set.values = append(set.values, name)
			}
		default:
			set.values = append(set.values, value)
		}
	}
	found := map[string]int64{}
	for _, set := range sets {
		if err := set.ask(ctx, tx, found); err != nil {
			return nil, errs.Wrap("customersimport.Match", err)
		}
	}
	return found, nil
}

// ask finds the customers of a set of keys.
func (a *asking) ask(ctx context.Context, tx *db.Tx, found map[string]int64) error {
	for len(a.values) > 0 {
		part := a.values[:min(len(a.values), askedAtOnce)]
		a.values = a.values[len(part):]
		args := append(append([]any{}, a.first...), part...)
		_, err := db.All(ctx, tx, func(s db.Scanner) (none struct{}, err error) {
			var key, more string
			var id int64
			if err := s.Scan(&key, &id, &more); err != nil {
				return none, err
			}
			for _, k := range a.key(key, more) {
				if found[k] == 0 {
					found[k] = id
				}
			}
			return none, nil
		}, a.statement+list(len(a.first), len(part))+a.order, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// list is ($3, $4, …) for so many arguments behind those there are.
func list(have, count int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range count {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(have+i+1))
	}
	b.WriteByte(')')
	return b.String()
}

// The keys by which customers are matched and referred to.
func numberKey(n int64) string              { return "number:" + strconv.FormatInt(n, 10) }
func externalKey(source, id string) string  { return "external:" + source + "\x1f" + id }
func nameKey(name string) string            { return "name:" + fold.Sort(name) }
func nameCountryKey(name, in string) string { return nameKey(name) + "\x1f" + in }
func emailKey(address string) string        { return "email:" + strings.ToLower(address) }
func phoneKey(e164 string) string           { return "phone:" + fold.Digits(e164) }
