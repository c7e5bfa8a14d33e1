// Package customersapi is the customer file for programs: JSON over the same
// use cases as the pages.
package customersapi

import (
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/api"
)

// Deps are what the operations need.
type Deps struct {
	Customers *customers.Service
	Words     *vocabulary.Service
	Company   customers.Company // for the prefix of numbers
	Fields    *fields.Service
	Merging   *merging.Service
}

type operations struct {
	Deps
}

const (
	group = "customers"
	root  = "/api/v1/customers"
	one   = root + "/{id}"
)

// Register adds the operations to the API.
func Register(a *api.API, d Deps) {
	o := operations{d}
	a.Describe(api.Group{Name: group, Text: "Organisations and persons, and everything noted about them. Customers you may not see are not found."})
	o.registerCustomers(a)
	o.registerDossier(a)
	o.registerContacts(a)
	o.registerNotes(a)
	o.registerFiles(a)
	o.registerFields(a)
	o.registerWords(a)
	o.registerBatch(a)
	o.registerMerges(a)
}

// operation describes one of ours.
func operation(id, method, path, summary string) api.Operation {
	op := api.Operation{ID: id, Method: method, Path: path, Group: group, Summary: summary}
	if method == http.MethodPost {
		op.Status = http.StatusCreated
	}
	return op
}

// ByID addresses a customer. It is exported because huma passes over embedded
// types that are not.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}
