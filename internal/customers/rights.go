package customers

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
)

// Permissions are the rights over the customer file. Everybody who works with
// customers sees all of them by default: a customer belongs to the company.
var Permissions = []authz.Permission{
	{ID: "customers.view", Label: "customers.permission.view", Scoped: true, Default: levels(authz.All, authz.All, authz.All, authz.All)},
	{ID: "customers.create", Label: "customers.permission.create", Scoped: true, Default: levels(authz.All, authz.All, authz.All, authz.None)},
	{ID: "customers.edit", Label: "customers.permission.edit", Scoped: true, Default: levels(authz.Team, authz.Team, authz.All, authz.None)},
	{ID: "customers.archive", Label: "customers.permission.archive", Scoped: true, Default: levels(authz.Team, authz.Team, authz.None, authz.None)},
	{ID: "customers.erase", Label: "customers.permission.erase", Scoped: true, Default: levels(authz.None, authz.None, authz.None, authz.None)},
	{ID: "customers.export", Label: "customers.permission.export", Scoped: true, Default: levels(authz.Team, authz.Own, authz.None, authz.All)},
	{ID: "customers.bulk", Label: "customers.permission.bulk", Scoped: true, Default: levels(authz.Team, authz.Own, authz.None, authz.None)},
	{ID: "customers.sources", Label: "customers.permission.sources", Default: levels(authz.None, authz.None, authz.None, authz.None)},
}

// levels are the defaults of a permission; administrators and heads have all.
func levels(supervisor, manager, operator, analyst authz.Level) map[authz.Role]authz.Level {
	return map[authz.Role]authz.Level{
		authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: supervisor,
		authz.Manager: manager, authz.Operator: operator, authz.Analyst: analyst,
	}
}

// FieldDefinition is a field whose visibility can be set for each role.
type FieldDefinition struct {
	ID    string
	Label string // locale id
}

// The fields with rights of their own.
const (
	rightTax         = "customers.tax_id"
	rightTerms       = "customers.terms"
	rightCompetitors = "customers.competitors"
	rightBirthday    = "customers.birthday"
	rightPoints      = "customers.points"
	rightAddresses   = "customers.addresses"
	rightManner      = "customers.manner"
)

// Fields with rights of their own, for the matrix of roles.
var Fields = []FieldDefinition{
	{ID: rightTax, Label: "customers.field.tax-ids"},
	{ID: rightTerms, Label: "customers.field.terms"},
	{ID: rightCompetitors, Label: "customers.field.competitors"},
	{ID: rightBirthday, Label: "customers.field.birthday"},
	{ID: rightPoints, Label: "customers.field.points"},
	{ID: rightAddresses, Label: "customers.field.addresses"},
	{ID: rightManner, Label: "customers.field.manner"},
}

// Readable tells whether the actor may see a field; right is one of Fields.
func Readable(ctx context.Context, right string) bool {
	return authz.FieldRightOf(ctx, right) >= authz.FieldRead
}

// Writable tells whether the actor may change a field; right is one of Fields.
func Writable(ctx context.Context, right string) bool {
	return authz.FieldRightOf(ctx, right) >= authz.FieldWrite
}

// mayWrite refuses a change of a field the actor may not change.
func mayWrite(ctx context.Context, op, right string) error {
	if right == "" || Writable(ctx, right) {
		return nil
	}
	return errs.New(errs.Forbidden, op, "customers.error.field-closed", "Field", right)
}

// blank takes out of a customer what the actor may not see.
func (c Customer) blank(ctx context.Context) Customer {
	for _, a := range attributes {
		if a.right != "" && !Readable(ctx, a.right) {
			a.clear(&c)
		}
	}
	return c
}

// blank takes out of a card what the actor may not see.
func (c Card) blank(ctx context.Context) Card {
	c.Customer = c.Customer.blank(ctx)
	points, manner, birthday := Readable(ctx, rightPoints), Readable(ctx, rightManner), Readable(ctx, rightBirthday)
	if !points {
		c.Points = nil
	}
	if !Readable(ctx, rightAddresses) {
		c.Addresses = nil
	}
	if points && manner && birthday {
		return c
	}
	contacts := make([]Contact, len(c.Contacts))
	for i, p := range c.Contacts {
		if !points {
			p.Points = nil
		}
		if !manner {
			p.Style, p.Mood = "", ""
		}
		if !birthday {
			p.Birthday = 0
		}
		contacts[i] = p
	}
	c.Contacts = contacts
	return c
}
