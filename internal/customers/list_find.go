package customers

import (
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/filter"
)

// How the rows of a list are found:
//
//   - Directly, as the engine thinks best.
//   - By their ids alone, from an index that has all that is asked
//     (customers_customers_walk), and then the customers themselves.
//   - Where the filter asks for what hangs on a customer, neither engine knows
//     how many there are: walking in the order of the list finds the frequent
//     soon and the rare late, collecting them all and sorting is the other way
//     round. So the first part of the order is walked, and the rest collected,
//     which is not begun if the page is full by then.

// walkColumns are those of customers_customers_walk.
const walkColumns = "c.name_sort, c.id, c.state, c.kind, c.country, c.owner_id, c.team_id, c.source_id, c.language, c.quality, c.name_key"

// The ways: directly, by their ids, or so many customers walked before the
// others are collected.
const (
	direct = 0
	byIDs  = -1
)

var walkSome, walkMost = 4_000, 100_000

var (
	// served are fields an index finds in the order of names, or of which few
	// customers have the same.
	served = []string{"country", "owner", "team", "source", "language", "tax_id", "vat_id", "parent", "recommended_by", "number"}
	// precise are fields of which an index finds the same, or the beginning.
	precise = []string{"phone", "email", "city", "name"}
	// walked are fields that customers_customers_walk has.
	walked = []string{"name", "kind", "state", "owner", "team", "country", "source", "language", "quality"}
	// looked are fields of what hangs on a customer. Cities are not among them:
	// they lie together in a list by name, as the alphabets do.
	looked = []string{"tags", "phone", "email", "has_units"}
)

// countryCode is how many digits of a phone say little.
const countryCode = 4

// wayOf chooses the way for a filter and an order.
func wayOf(n filter.Node, sort string) int {
	if sort != "name" && sort != "-name" {
		return direct
	}
	for _, c := range needed(n) {
		one := len(c.Values) == 1 && (c.Op == filter.Is || c.Op == filter.In)
		exact := c.Op == filter.Is || c.Op == filter.In || c.Op == filter.Starts && len(c.Values[0]) > countryCode
		if one && slices.Contains(served, c.Field) || exact && slices.Contains(precise, c.Field) {
			return direct
		}
	}
	way := byIDs
	for _, c := range filter.Conditions(n) {
		switch {
		case slices.Contains(walked, c.Field):
		case c.Field == "phone" && c.Op == filter.Starts && len(c.Values[0]) <= countryCode:
			way = walkMost
		case slices.Contains(looked, c.Field), strings.HasPrefix(c.Field, "custom."):
			way = max(way, walkSome)
		default:
			return direct
		}
	}
	return way
}

// needed are the conditions that every row of the list satisfies.
func needed(n filter.Node) []filter.Condition {
	switch n := n.(type) {
	case filter.Condition:
		return []filter.Condition{n}
	case filter.Group:
		var all []filter.Condition
		for _, child := range n.Nodes {
			if !n.Any {
				all = append(all, needed(child)...)
			}
		}
		return all
	}
	return nil
}

// shelved tells that a list is of archived or erased customers alone, for whom
// there is an index of their own.
func shelved(n filter.Node) bool {
	return slices.ContainsFunc(needed(n), func(c filter.Condition) bool {
		return c.Field == "state" && (c.Op == filter.Is || c.Op == filter.In) && !slices.Contains(c.Values, string(Active))
	})
}

// found is the statement for the customers of a page; reach is the part of the
// file it is taken from.
func found(reach string, st *filter.Statement, way int) string {
	from := " FROM customers_customers c WHERE " + reach + " AND " + st.Where
	chosen := "SELECT " + customerColumns + ", " + st.Columns
	ids := "SELECT c.id" + from
	switch way {
	case direct:
		return chosen + from + " " + st.Tail
	case byIDs:
		ids += " " + st.Tail
	default:
		of := " FROM customers_customers c WHERE " + st.After + " " + st.Order + " LIMIT "
		ids = `SELECT id FROM (SELECT c.id FROM (SELECT ` + walkColumns + of + strconv.Itoa(way) + `) AS c
  WHERE ` + reach + ` AND ` + st.Each + ` ` + st.Tail + `) AS near
UNION ALL
SELECT id FROM (` + ids + ` AND (` + st.Columns + `)` + beyond(st) + `(SELECT ` + st.Columns + of + `1 OFFSET ` + strconv.Itoa(way-1) + `) ` + st.Tail + `) AS rest
LIMIT ` + st.Limit
	}
	return chosen + " FROM (" + ids + ") AS f JOIN customers_customers c ON c.id = f.id " + st.Order
}

// beyond is the sign between the keys of a row and those of one before it.
func beyond(st *filter.Statement) string {
	if strings.HasSuffix(st.Order, " DESC") {
		return " < "
	}
	return " > "
}
