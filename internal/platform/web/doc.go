// Package web is how a use case meets a browser or a program: routes and their
// handlers, the middleware around them, forms in, pages and fragments out,
// failures told helpfully, and live updates over one stream.
//
// A handler parses, calls one service method and renders or redirects; it
// returns its error, and one place (failure.go) turns that into a page, a
// fragment or problem+json. It knows no module: app hands in who is acting
// (Identify), what stands in the menu and what the company wants told when
// something fails.
package web
