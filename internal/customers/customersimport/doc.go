// Package customersimport brings customers in from spreadsheets and writes them
// out to them. It is what package imports needs to know of customers: which
// fields there are and what others call them, how their values are read, when
// two customers are the same, and how they are created and changed.
//
// What Export writes, an import reads back: the headers are the fields' names.
package customersimport

import (
	"context"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/db"
)

// Kind is the name of this kind of import and export.
const Kind = "customers"

// Colleague is a person who can be responsible for customers.
type Colleague struct {
	ID    int64
	Name  string
	Email string
}

// CustomFields are the company's own fields; package fields has them.
type CustomFields interface {
	Fields(ctx context.Context, recordType string) ([]fields.Definition, error)
	CreateField(ctx context.Context, in fields.NewField) (fields.Definition, error)
}

// Deps are what the target and the export need.
type Deps struct {
	DB        *db.DB
	Customers *customers.Service
	Company   customers.Company
	Fields    CustomFields                                   // nil: no custom fields
	People    func(ctx context.Context) ([]Colleague, error) // nil: nobody is responsible
}

// Target implements imports.Target; safe for concurrent use.
type Target struct {
	Deps
}

// New makes the target.
func New(d Deps) *Target { return &Target{d} }

// Kind implements imports.Target.
func (t *Target) Kind() string { return Kind }
