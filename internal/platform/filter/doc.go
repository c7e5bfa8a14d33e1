// Package filter is the one way Kartoteka asks for "those which …": lists,
// saved views, bulk actions, exports and the API all describe rows with the
// same conditions over the fields of a Schema.
//
// A filter is a Node: a Condition on a field, a Group of nodes (all or any of
// them), or a Not. It is written as text for addresses and the API
// (docs/filters.md), as JSON for saved views, as form values by the filter bar,
// and read aloud in the reader's language by Describe. Check tells a person
// what is wrong with one; Build turns it into the WHERE of a statement; Prepare
// adds order and the place to go on from, for a page of a list.
//
// The meaning is two-valued: a row without a value satisfies "is not", "does
// not contain", "is none of" and "is empty", and no other condition; "not"
// keeps exactly the rows its content leaves out. An empty group asks for
// nothing and counts as absent.
//
// Only expressions of the schema become SQL text, every value is an argument,
// and the text is the same on both engines unless a field brings its own for
// PostgreSQL.
package filter
