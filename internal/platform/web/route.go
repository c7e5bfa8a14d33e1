package web

import "net/http"

// Handler answers a request or returns why it could not.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of a module's table of routes. Public routes are open to
// people who are not signed in; all others send them to the sign-in page.
type Route struct {
	Method  string
	Path    string // a ServeMux pattern without method and host: /customers/{id}
	Public  bool
	MaxBody int64 // bytes of a request; the server's limit for forms if 0
	Handler Handler
}

// Get makes a route that reads.
func Get(path string, h Handler) Route { return Route{Method: http.MethodGet, Path: path, Handler: h} }

// Post makes a route that changes something.
func Post(path string, h Handler) Route {
	return Route{Method: http.MethodPost, Path: path, Handler: h}
}

// Open makes a route public.
func Open(r Route) Route {
	r.Public = true
	return r
}
