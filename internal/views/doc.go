// Package views is the saved views of lists: a filter, an order and columns
// under a name, for oneself, one's team or everyone.
//
// Nouns: View (saved, or built in by the list's module), List (a kind of list
// that has views: "customers"), Arrangement (how a person has ordered the
// views of a list, which one opens first, and their columns where no view is
// open).
//
// Tables: views_views, views_arrangements. Built-in views are given by the
// program and stored nowhere. Filters are kept as text in the grammar of
// package filter; they are checked against the list's schema when they are
// saved and again when a view is opened, because a field may have been
// archived or hidden since.
package views
