package app

import (
	"context"
	"io"

	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/filter"
)

// connectImports tells imports what can be brought in.
func (c *company) connectImports(context.Context) error {
	var err error
	c.imports, err = imports.New(imports.Deps{
		DB: c.db, Files: c.files, Jobs: c.jobs, Logger: c.log,
		Targets:  []imports.Target{customersimport.New(c.customerExchange())},
		Language: func(ctx context.Context) string { return string(c.settings(ctx).Language) },
	})
	return err
}

// customerExchange is what bringing customers in and writing them out needs.
func (c *company) customerExchange() customersimport.Deps {
	return customersimport.Deps{
		DB: c.db, Customers: c.customers, Company: defaults{c}, Fields: c.fields, People: c.colleagues,
	}
}

// colleagues are the people who can be responsible for customers.
func (c *company) colleagues(ctx context.Context) ([]customersimport.Colleague, error) {
	people, err := c.team.People(ctx)
	if err != nil {
		return nil, err
	}
	var all []customersimport.Colleague
	for _, p := range people {
		if p.Active {
			all = append(all, customersimport.Colleague{ID: p.ID, Name: p.Name})
		}
	}
	return all, nil
}

// exportCustomers writes the customers that fit the filter as a spreadsheet.
func (c *company) exportCustomers(ctx context.Context, out io.Writer, condition string, format imports.Format) error {
	node, err := filter.Parse(condition)
	if err != nil {
		return err
	}
	_, err = customersimport.New(c.customerExchange()).Export(ctx, customersimport.ExportQuery{Filter: node, Sort: "number", Format: format}, out)
	return err
}
