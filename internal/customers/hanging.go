package customers

import (
	"bytes"
	"context"
	"encoding/json"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// parts are one kind of what hangs on a customer, one by one: how it is
// checked, kept, told to the journal and taken back.
type parts[T any] struct {
	name   string // in the journal: customers.NAME_added, _changed, _removed
	right  string
	id     func(*T) *int64
	among  func(*Card) []T
	tidy   func(c *Card, v *T, country string, bad *problems)
	insert func(ctx context.Context, tx *db.Tx, customerID int64, v *T) error
	update func(ctx context.Context, tx *db.Tx, customerID int64, v *T) error
	remove func(ctx context.Context, tx *db.Tx, customerID int64, v *T) error
	told   func(T) T // what a change tells; nil: all
}

func (p parts[T]) find(c *Card, id int64) (T, bool) {
	for _, v := range p.among(c) {
		if *p.id(&v) == id {
			return v, true
		}
	}
	var none T
	return none, false
}

func (p parts[T]) alteration(ctx context.Context, op string, customerID, version int64, what string) alteration {
	return alteration{
		op: op, permission: "customers.edit", id: customerID, version: version, kind: "customers." + p.name + "_" + what,
		hangs: true, allowed: mayWrite(ctx, op, p.right),
	}
}

func (p parts[T]) check(ctx context.Context, s *Service, op string, c *Card, v *T) error {
	country := c.Country
	if country == "" {
		country = s.defaults(ctx).Country
	}
	var bad problems
	p.tidy(c, v, country, &bad)
	if len(bad) > 0 {
		return errs.InvalidFields(op, bad...)
	}
	return nil
}

func (p parts[T]) add(ctx context.Context, s *Service, a alteration, v T) (T, error) {
	a.edit = func(tx *db.Tx, c *Card, _, is map[string]any) error {
		*p.id(&v) = 0
		if err := p.check(ctx, s, a.op, c, &v); err != nil {
			return err
		}
		if len(p.among(c)) >= maxEach {
			return errs.New(errs.Invalid, a.op, "customers.error.too-many", "Max", maxEach)
		}
		if err := p.insert(ctx, tx, c.ID, &v); err != nil {
			return err
		}
		is[p.name] = v
		return nil
	}
	_, err := s.write(ctx, a)
	return v, err
}

func (p parts[T]) change(ctx context.Context, s *Service, a alteration, v T) (T, error) {
	a.edit = func(tx *db.Tx, c *Card, was, is map[string]any) error {
		before, ok := p.find(c, *p.id(&v))
		if !ok {
			return errs.New(errs.NotFound, a.op, "customers.error.part-not-found")
		}
		if err := p.check(ctx, s, a.op, c, &v); err != nil {
			return err
		}
		return p.rewrite(ctx, tx, c, before, v, was, is)
	}
	_, err := s.write(ctx, a)
	return v, err
}

func (p parts[T]) rewrite(ctx context.Context, tx *db.Tx, c *Card, before, after T, was, is map[string]any) error {
	if p.told != nil {
		before, after = p.told(before), p.told(after)
	}
	if bytes.Equal(asJSON(before), asJSON(after)) {
		return nil
	}
	was[p.name], is[p.name] = before, after
	return p.update(ctx, tx, c.ID, &after)
}

func (p parts[T]) drop(ctx context.Context, s *Service, a alteration, id int64) error {
	a.edit = func(tx *db.Tx, c *Card, was, _ map[string]any) error {
		before, ok := p.find(c, id)
		if !ok {
			return errs.New(errs.NotFound, a.op, "customers.error.part-not-found")
		}
		was[p.name] = before
		return p.remove(ctx, tx, c.ID, &before)
	}
	_, err := s.write(ctx, a)
	return err
}

// undo takes back what an entry of the journal tells of one part: was is what
// it was before that, is what it became, either nil if there was none.
func (p parts[T]) undo(ctx context.Context, tx *db.Tx, c *Card, was, is json.RawMessage, now map[string]any) error {
	var before, after T
	if was != nil && json.Unmarshal(was, &before) != nil || is != nil && json.Unmarshal(is, &after) != nil {
		return errTooLate(undoOp)
	}
	known := after
	if is == nil {
		known = before
	}
	current, there := p.find(c, *p.id(&known))
	if is == nil { // it was removed
		if p.hasLike(c, before) {
			return errTooLate(undoOp)
		}
		now[p.name] = before
		return p.insert(ctx, tx, c.ID, &before)
	}
	seen := current
	if p.told != nil && was != nil {
		seen = p.told(current)
	}
	if !there || !bytes.Equal(asJSON(seen), asJSON(after)) {
		return errTooLate(undoOp)
	}
	if was == nil { // it was added
		return p.remove(ctx, tx, c.ID, &current)
	}
	now[p.name] = before
	return p.update(ctx, tx, c.ID, &before)
}

// hasLike tells whether the card has the same again; ids do not count, for
// what comes back is given a new one.
func (p parts[T]) hasLike(c *Card, v T) bool {
	bare := func(v T) []byte {
		if p.told != nil {
			v = p.told(v)
		}
		*p.id(&v) = 0
		return asJSON(v)
	}
	for _, have := range p.among(c) {
		if bytes.Equal(bare(have), bare(v)) {
			return true
		}
	}
	return false
}

func asJSON(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return out
}

const (
	sqlChangePoint = `
UPDATE customers_points SET kind = $3, value = $4, value_key = $5, extension = $6, label = $7, main = $8
WHERE customer_id = $1 AND id = $2`
	sqlOtherPoints = `
UPDATE customers_points SET main = FALSE
WHERE customer_id = $1 AND id <> $2 AND COALESCE(contact_id, 0) = $3 AND kind = $4 AND main`
	sqlRemovePoint = `DELETE FROM customers_points WHERE customer_id = $1 AND id = $2`
)

var points = parts[Point]{
	name: "point", right: rightPoints,
	id: func(p *Point) *int64 { return &p.ID },
	among: func(c *Card) (all []Point) {
		for _, p := range c.allPoints() {
			all = append(all, *p)
		}
		return all
	},
	tidy: func(c *Card, p *Point, country string, bad *problems) {
		if before, ok := c.point(p.ID); ok {
			p.ContactID = before.ContactID
		}
		bad.when(p.ContactID != 0 && !c.hasContact(p.ContactID), "contact_id", "errors.field-not-chosen")
		if textID, args := p.tidy(country); textID != "" {
			bad.add("value", textID, args...)
		}
		for _, other := range c.allPoints() {
			same := other.ID != p.ID && other.ContactID == p.ContactID && other.Kind == p.Kind
			bad.when(same && other.key() == p.key() && other.Extension == p.Extension, "value", "errors.field-taken")
		}
	},
	insert: func(ctx context.Context, tx *db.Tx, id int64, p *Point) error {
		return insertOne(ctx, tx, "customers_points", pointColumns, p.kept(id), &p.ID)
	},
	update: func(ctx context.Context, tx *db.Tx, id int64, p *Point) error {
		if _, err := tx.Exec(ctx, sqlChangePoint, id, p.ID, p.Kind, p.Value, p.key(), p.Extension, p.Label, p.Main); err != nil || !p.Main {
			return err
		}
		_, err := tx.Exec(ctx, sqlOtherPoints, id, p.ID, p.ContactID, p.Kind)
		return err
	},
	remove: func(ctx context.Context, tx *db.Tx, id int64, p *Point) error {
		_, err := tx.Exec(ctx, sqlRemovePoint, id, p.ID)
		return err
	},
}

func (c *Card) point(id int64) (Point, bool) {
	for _, p := range c.allPoints() {
		if p.ID == id {
			return *p, true
		}
	}
	return Point{}, false
}

func (c *Card) hasContact(id int64) bool {
	for _, p := range c.Contacts {
		if p.ID == id {
			return true
		}
	}
	return false
}

// insertOne writes a row and gives its id.
func insertOne(ctx context.Context, tx *db.Tx, table, columns string, row []any, id *int64) error {
	ids, err := rowsOf{table: table, columns: columns, rows: [][]any{row}}.insertIDs(ctx, tx)
	if err == nil {
		*id = ids[0]
	}
	return err
}

// AddPoint adds a phone, e-mail, messenger or web page to a customer, or to
// the contact its ContactID names. For version see Change.
func (s *Service) AddPoint(ctx context.Context, customerID, version int64, p Point) (Point, error) {
	const op = "customers.AddPoint"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Point{}, err
	}
	return points.add(ctx, s, points.alteration(ctx, op, customerID, version, "added"), p)
}

// ChangePoint replaces a point; it stays with its contact.
func (s *Service) ChangePoint(ctx context.Context, customerID, version int64, p Point) (Point, error) {
	const op = "customers.ChangePoint"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Point{}, err
	}
	return points.change(ctx, s, points.alteration(ctx, op, customerID, version, "changed"), p)
}

// RemovePoint removes a point.
func (s *Service) RemovePoint(ctx context.Context, customerID, version, id int64) error {
	const op = "customers.RemovePoint"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return err
	}
	return points.drop(ctx, s, points.alteration(ctx, op, customerID, version, "removed"), id)
}

const (
	sqlChangeAddress = `
UPDATE customers_addresses SET label = $3, street = $4, city = $5, city_key = $6, region = $7, postcode = $8, country = $9,
  main = $10 WHERE customer_id = $1 AND id = $2`
	sqlOtherAddresses = `UPDATE customers_addresses SET main = FALSE WHERE customer_id = $1 AND id <> $2 AND main`
	sqlRemoveAddress  = `DELETE FROM customers_addresses WHERE customer_id = $1 AND id = $2`
)

var addresses = parts[Address]{
	name: "address", right: rightAddresses,
	id:    func(a *Address) *int64 { return &a.ID },
	among: func(c *Card) []Address { return c.Addresses },
	tidy: func(_ *Card, a *Address, _ string, bad *problems) {
		a.tidy()
		a.check("address", bad)
	},
	insert: func(ctx context.Context, tx *db.Tx, id int64, a *Address) error {
		return insertOne(ctx, tx, "customers_addresses", addressColumns, a.kept(id), &a.ID)
	},
	update: func(ctx context.Context, tx *db.Tx, id int64, a *Address) error {
		_, err := tx.Exec(ctx, sqlChangeAddress, id, a.ID, a.Label, a.Street, a.City, fold.Key(a.City), a.Region, a.Postcode, a.Country, a.Main)
		if err != nil || !a.Main {
			return err
		}
		_, err = tx.Exec(ctx, sqlOtherAddresses, id, a.ID)
		return err
	},
	remove: func(ctx context.Context, tx *db.Tx, id int64, a *Address) error {
		_, err := tx.Exec(ctx, sqlRemoveAddress, id, a.ID)
		return err
	},
}

// AddAddress adds an address. For version see Change.
func (s *Service) AddAddress(ctx context.Context, customerID, version int64, a Address) (Address, error) {
	const op = "customers.AddAddress"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Address{}, err
	}
	return addresses.add(ctx, s, addresses.alteration(ctx, op, customerID, version, "added"), a)
}

// ChangeAddress replaces an address.
func (s *Service) ChangeAddress(ctx context.Context, customerID, version int64, a Address) (Address, error) {
	const op = "customers.ChangeAddress"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Address{}, err
	}
	return addresses.change(ctx, s, addresses.alteration(ctx, op, customerID, version, "changed"), a)
}

// RemoveAddress removes an address.
func (s *Service) RemoveAddress(ctx context.Context, customerID, version, id int64) error {
	const op = "customers.RemoveAddress"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return err
	}
	return addresses.drop(ctx, s, addresses.alteration(ctx, op, customerID, version, "removed"), id)
}
