// Package customerstest makes customers for other modules' tests.
package customerstest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

// Company is a company in Bulgaria.
type Company struct{}

// Defaults implements customers.Company.
func (Company) Defaults(context.Context) customers.Defaults {
	return customers.Defaults{Country: "BG", Language: "bg", NumberPrefix: "K-", Zone: time.UTC}
}

// Service makes the service of the customer file, without custom fields.
func Service(t testing.TB, d *db.DB) *customers.Service {
	t.Helper()
	return customers.New(customers.Deps{DB: d, Company: Company{}})
}

var made atomic.Int64

// New is a customer to create: an organisation with a name of its own and a
// source; change what the test is about.
func New() customers.NewCustomer {
	n := made.Add(1)
	return customers.NewCustomer{
		Customer:   customers.Customer{Kind: customers.Organisation, Name: fmt.Sprintf("Rila Trade %d", n), Country: "BG"},
		SourceName: "Unknown",
	}
}

// Create adds a customer; edit may be nil.
func Create(t testing.TB, d *db.DB, edit func(*customers.NewCustomer)) customers.Customer {
	t.Helper()
	in := New()
	if edit != nil {
		edit(&in)
	}
	c, err := Service(t, d).Create(System(), in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// System is a context in which Kartoteka itself acts.
func System() context.Context { return authz.AsSystem(context.Background(), "test") }
