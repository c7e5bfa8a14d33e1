package main

import "net/url"

// request is one thing that is measured.
type request struct {
	name, path string  // %d in the path is a customer
	api        bool    // with a token, not as a person in a browser
	most       float64 // milliseconds it should take
	p95        bool    // in 95 of 100 cases, not in 50
	alike      bool    // the same each time, so fewer rounds do
}

// floor is what everything is compared with: the server's least answer.
const floor = "/healthz"

func list(filter string, most float64) request {
	return request{
		name: "list, " + filter, path: "/api/v1/customers?limit=50&sort=name&filter=" + url.QueryEscape(filter), api: true, most: most, alike: true,
	}
}

func search(q string) request {
	return request{name: "search, " + q, path: "/api/v1/search?q=" + url.QueryEscape(q), api: true, most: 10, p95: true}
}

func matches(q string) request {
	return request{name: "list, q=" + q, path: "/api/v1/customers?q=" + url.QueryEscape(q), api: true, most: 10, p95: true}
}

// requests are the measured ones. The values are those of the demo company.
var requests = []request{
	{name: "dossier, page", path: "/customers/%d", most: 3},
	{name: "dossier, API", path: "/api/v1/customers/%d/dossier", api: true, most: 3},
	{name: "list, page of country = GE", path: "/customers?filter=country+%3D+GE", most: 0},
	{name: "list, no filter", path: "/api/v1/customers?limit=50&sort=name", api: true, most: 3, alike: true},
	list("country = GE", 3),
	list("owner = 8", 3),
	list("tags has key-account", 3),
	list("tags has newsletter", 3),
	list("kind = person", 3),
	list("state = active", 3),
	list("state = archived", 3),
	list("source = 10", 3),
	list("language = ka", 3),
	list("country in (BG, GE)", 3),
	list("name ~ petrov", 15),
	list("name ~ ltd", 15),
	list("name starts petrov", 15),
	list("city ~ sofia", 15),
	list("quality < 30", 15),
	list("phone starts +359", 15),
	list("email ~ mail", 15),
	list("email ~ nobodyatall", 15),
	list("has_units = yes", 15),
	list("custom.loyalty_card = yes", 15),
	search("ivanov"),
	search("Иванов Мария"),
	search("გიორგი"),
	search("+359 88"),
	search("8812"),
	search("ooo ltd"),
	search("i p"),
	search("K-500"),
	matches("ivanov"),
	matches("+359 88"),
}
