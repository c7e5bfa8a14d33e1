package customers

import (
	"context"
	"encoding/json"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
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

// attribute is one plain field of a customer: how the journal calls it, which
// right guards it, and how it is compared, told and taken back.
type attribute struct {
	name  string
	right string
	same  func(a, b *Customer) bool
	value func(c *Customer) any // nil when empty
	put   func(c *Customer, value json.RawMessage) error
	equal func(c *Customer, value json.RawMessage) bool
	clear func(c *Customer)
}

func attributeOf[T comparable](name, right string, at func(*Customer) *T) attribute {
	var none T
	read := func(raw json.RawMessage) (v T, err error) {
		if len(raw) > 0 {
			err = json.Unmarshal(raw, &v)
		}
		return v, err
	}
	return attribute{
		name: name, right: right,
		same: func(a, b *Customer) bool { return *at(a) == *at(b) },
		value: func(c *Customer) any {
			if *at(c) == none {
				return nil
			}
			return *at(c)
		},
		put: func(c *Customer, raw json.RawMessage) error {
			v, err := read(raw)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			*at(c) = v
			return nil
		},
		equal: func(c *Customer, raw json.RawMessage) bool {
			v, err := read(raw)
			return err == nil && v == *at(c)
		},
		clear: func(c *Customer) { *at(c) = none },
	}
}

// attributes are the fields people change, in the order pages show them.
var attributes = []attribute{
	attributeOf("kind", "", func(c *Customer) *Kind { return &c.Kind }),
	attributeOf("name", "", func(c *Customer) *string { return &c.Name }),
	attributeOf("legal_name", "", func(c *Customer) *string { return &c.LegalName }),
	attributeOf("parent_id", "", func(c *Customer) *int64 { return &c.ParentID }),
	attributeOf("owner_id", "", func(c *Customer) *int64 { return &c.OwnerID }),
	attributeOf("team_id", "", func(c *Customer) *int64 { return &c.TeamID }),
	attributeOf("language", "", func(c *Customer) *string { return &c.Language }),
	attributeOf("country", "", func(c *Customer) *string { return &c.Country }),
	attributeOf("time_zone", "", func(c *Customer) *string { return &c.TimeZone }),
	attributeOf("tax_id", rightTax, func(c *Customer) *string { return &c.TaxID }),
	attributeOf("vat_id", rightTax, func(c *Customer) *string { return &c.VATID }),
	attributeOf("website", "", func(c *Customer) *string { return &c.Website }),
	attributeOf("source_id", "", func(c *Customer) *int64 { return &c.SourceID }),
	attributeOf("source_note", "", func(c *Customer) *string { return &c.SourceNote }),
	attributeOf("recommended_by_id", "", func(c *Customer) *int64 { return &c.RecommendedByID }),
	attributeOf("terms", rightTerms, func(c *Customer) *string { return &c.Terms }),
	attributeOf("preferred_channel", "", func(c *Customer) *Channel { return &c.PreferredChannel }),
	attributeOf("address_form", "", func(c *Customer) *string { return &c.AddressForm }),
	attributeOf("competitors", rightCompetitors, func(c *Customer) *string { return &c.Competitors }),
	attributeOf("do_not_contact_before", "", func(c *Customer) *clock.Day { return &c.DoNotContactBefore }),
	attributeOf("birthday", rightBirthday, func(c *Customer) *clock.Day { return &c.Birthday }),
	attributeOf("external_source", "", func(c *Customer) *string { return &c.ExternalSource }),
	attributeOf("external_id", "", func(c *Customer) *string { return &c.ExternalID }),
}

// PlainField is one plain field of customers, for who chooses between the
// values of two.
type PlainField struct{ a attribute }

// PlainFields are the fields that can be chosen from either of two customers,
// in the order pages show them. What a customer is, and what other systems call
// it, stay its own.
func PlainFields() []PlainField {
	var all []PlainField
	for _, a := range attributes {
		switch a.name {
		case "kind", "external_source", "external_id":
		default:
			all = append(all, PlainField{a})
		}
	}
	return all
}

// Name is what the journal and the API call the field.
func (f PlainField) Name() string { return f.a.name }

// Label is the locale id of what people call it.
func (f PlainField) Label() string { return fieldLabels[f.a.name] }

// Readable tells whether the actor may see the field.
func (f PlainField) Readable(ctx context.Context) bool {
	return f.a.right == "" || Readable(ctx, f.a.right)
}

// Writable tells whether the actor may change the field.
func (f PlainField) Writable(ctx context.Context) bool {
	return f.a.right == "" || Writable(ctx, f.a.right)
}

// Empty tells that a customer has no value.
func (f PlainField) Empty(c *Customer) bool { return f.a.value(c) == nil }

// Same tells that two customers have the same value.
func (f PlainField) Same(a, b *Customer) bool { return f.a.same(a, b) }

// Take gives one customer the value of another.
func (f PlainField) Take(c, from *Customer) error { return f.Put(c, f.JSON(from)) }

// JSON is a customer's value as the journal keeps it; null for none.
func (f PlainField) JSON(c *Customer) json.RawMessage { return asJSON(f.a.value(c)) }

// Put sets a value that JSON gave.
func (f PlainField) Put(c *Customer, value json.RawMessage) error {
	return f.a.put(c, orNothing(value))
}

// Is tells whether a customer has the value that JSON gave.
func (f PlainField) Is(c *Customer, value json.RawMessage) bool {
	return f.a.equal(c, orNothing(value))
}

// differences tells the attributes that differ, as the journal keeps them.
func differences(before, after *Customer) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	for _, a := range attributes {
		if !a.same(before, after) {
			was[a.name], is[a.name] = a.value(before), a.value(after)
		}
	}
	return was, is
}

// mayChange refuses a change of what the actor may not change.
func mayChange(ctx context.Context, op string, before, after *Customer) error {
	for _, a := range attributes {
		if a.right == "" || a.same(before, after) {
			continue
		}
		if err := mayWrite(ctx, op, a.right); err != nil {
			return err
		}
	}
	return nil
}

// facts are all attributes that are filled in.
func (c *Customer) facts() map[string]any {
	all := map[string]any{"number": c.Number}
	for _, a := range attributes {
		if v := a.value(c); v != nil {
			all[a.name] = v
		}
	}
	return all
}
