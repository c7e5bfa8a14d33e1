package customersweb

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/fold"
)

const listPath = "/customers"

// address is what the address of the list says: a view, and what is changed
// about it for now.
type address struct {
	View    string      // key of the view; empty: the one that opens first
	Edited  bool        // Filter stands instead of the view's
	Filter  filter.Node // of the address alone
	Search  string      // words of the search box
	Sort    string      // instead of the view's
	Columns []string    // instead of the view's
	Cursor  string
}

// readAddress reads the query of the list; the error is about its filter.
func readAddress(q url.Values) (address, error) {
	a := address{
		View: q.Get("view"), Search: strings.TrimSpace(clip(q.Get("q"), 200)), Sort: q.Get("sort"), Cursor: q.Get("cursor"),
		Edited: q.Has("edited") || q.Has("filter") || q.Has("f") || q.Has("f0"),
	}
	if c := q.Get("columns"); c != "" {
		a.Columns = strings.Split(c, ",")
	}
	n, err := filter.ParseForm(q)
	a.Filter = n
	return a, err
}

// values is the query that says the same, without the page.
func (a address) values() url.Values {
	q := url.Values{}
	if a.Edited {
		q = filter.Form(a.Filter)
		q.Set("edited", "1")
	}
	for name, value := range map[string]string{
		"view": a.View, "q": a.Search, "sort": a.Sort, "columns": strings.Join(a.Columns, ","),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// href is the address itself.
func (a address) href() string { return pathWith(listPath, a.values()) }

func pathWith(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// with is the address with another filter.
func (a address) with(n filter.Node) address {
	a.Edited, a.Filter, a.Cursor = true, filter.Simplify(n), ""
	return a
}

// sorted is the address with another order.
func (a address) sorted(by string) address {
	a.Sort, a.Cursor = by, ""
	return a
}

// parts are the conditions of a filter that its bar can show one by one, and
// how they are joined; whole tells that there are only such.
func parts(n filter.Node) (all []filter.Condition, anyOf, whole bool) {
	switch n := n.(type) {
	case nil:
		return nil, false, true
	case filter.Condition:
		return []filter.Condition{n}, false, true
	case filter.Group:
		for _, child := range n.Nodes {
			c, ok := child.(filter.Condition)
			if !ok {
				return nil, false, false
			}
			all = append(all, c)
		}
		return all, n.Any, true
	}
	return nil, false, false
}

// joined puts conditions together again.
func joined(all []filter.Condition, anyOf bool) filter.Node {
	nodes := make([]filter.Node, len(all))
	for i, c := range all {
		nodes[i] = c
	}
	if anyOf {
		return filter.Any(nodes...)
	}
	return filter.All(nodes...)
}

// maxWords is how many words of the search box are asked for.
const maxWords = 6

// quick asks for customers in which each word of the search box is found: in
// the name, a phone, an e-mail address, or as the number.
func quick(schema *filter.Schema, prefix, text string) filter.Node {
	var all []filter.Node
	add := func(anyOf []filter.Node) { all = append(all, filter.Any(anyOf...)) }
	if digits := fold.Digits(text); len(digits) >= 4 && strings.Trim(text, "+-()./ 0123456789") == "" {
		add(wordAsked(schema, prefix, digits))
		return filter.All(all...)
	}
	for _, word := range firstOf(strings.Fields(text), maxWords) {
		add(wordAsked(schema, prefix, word))
	}
	return filter.All(all...)
}

func wordAsked(schema *filter.Schema, prefix, word string) []filter.Node {
	var anyOf []filter.Node
	ask := func(field string, op filter.Op, value string) {
		if _, ok := schema.Field(field); ok {
			anyOf = append(anyOf, filter.Where(field, op, value))
		}
	}
	if fold.Key(word) != "" {
		ask("name", filter.Contains, word)
	}
	if digits := fold.Digits(word); len(digits) >= 3 {
		ask("phone", filter.Contains, digits)
	}
	if len(word) >= 3 {
		ask("email", filter.Contains, word)
	}
	if n := customers.ParseNumber(prefix, word); n > 0 {
		ask("number", filter.Is, idText(n))
	}
	if len(anyOf) == 0 { // signs alone are in no name
		ask("number", filter.Is, "0")
	}
	return anyOf
}

func firstOf[T any](all []T, n int) []T { return all[:min(len(all), n)] }

// clip cuts a text after so many characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// hidden are the inputs that carry an address through a form, in a fixed
// order.
type hidden struct{ Name, Value string }

func hiddenOf(q url.Values) []hidden {
	var all []hidden
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, v := range q[name] {
			all = append(all, hidden{name, v})
		}
	}
	return all
}
