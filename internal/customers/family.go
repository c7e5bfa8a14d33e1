package customers

import (
	"context"
	"database/sql"
	"errors"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const sqlAncestors = `
WITH RECURSIVE up (id, parent_id, depth) AS (
  SELECT c.id, c.parent_id, 1 FROM customers_customers c WHERE c.id = $1
  UNION ALL
  SELECT c.id, c.parent_id, up.depth + 1 FROM up JOIN customers_customers c ON c.id = up.parent_id WHERE up.depth < 20
)
SELECT ` + customerColumns + ` FROM up JOIN customers_customers c ON c.id = up.id ORDER BY up.depth DESC, c.id`

const sqlHeight = `
WITH RECURSIVE down (id, depth) AS (
  SELECT c.id, 1 FROM customers_customers c WHERE c.id = $1
  UNION ALL
  SELECT c.id, down.depth + 1 FROM down JOIN customers_customers c ON c.parent_id = down.id
  WHERE down.depth < 20 AND c.state <> 'merged'
)
SELECT MAX(depth) FROM down`

// checkLinks sees that parent and recommending customer are there and that
// units stay a tree of MaxDepth levels.
func checkLinks(ctx context.Context, tx *db.Tx, before, c *Customer, bad *problems) error {
	if c.RecommendedByID != before.RecommendedByID && c.RecommendedByID != 0 {
		there, err := present(ctx, tx, []int64{c.RecommendedByID})
		if err != nil {
			return err
		}
		bad.when(!there[c.RecommendedByID], "recommended_by", "customers.error.not-found")
	}
	becomesPerson := c.Kind == Person && before.Kind == Organisation
	moved := c.ParentID != before.ParentID && c.ParentID != 0 && c.ParentID != c.ID
	if !becomesPerson && !moved {
		return nil
	}
	height, err := db.One(ctx, tx, db.Value[int], sqlHeight, c.ID)
	if err != nil {
		return err
	}
	bad.when(becomesPerson && height > 1, "kind", "customers.error.has-units")
	if !moved {
		return nil
	}
	above, err := db.All(ctx, tx, scanCustomer, sqlAncestors, c.ParentID)
	if err != nil {
		return err
	}
	for _, a := range above {
		if a.ID == c.ID {
			bad.add("parent", "customers.error.parent-below")
			return nil
		}
	}
	switch {
	case len(above) == 0 || above[len(above)-1].Kind != Organisation || above[len(above)-1].State == Erased, above[len(above)-1].State == Merged:
		bad.add("parent", "customers.error.parent-no-organisation")
	case len(above)+height > MaxDepth:
		bad.add("parent", "customers.error.too-deep", "Max", MaxDepth)
	}
	return nil
}

// Find gives one customer; NotFound if it is not there or not for the actor.
func (s *Service) Find(ctx context.Context, id int64) (Customer, error) {
	const op = "customers.Find"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Customer{}, err
	}
	var c Customer
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = visible(ctx, tx, op, scope, id)
		return err
	})
	return c.blank(ctx), errs.Wrap(op, err)
}

func visible(ctx context.Context, tx *db.Tx, op string, scope authz.Scope, id int64) (Customer, error) {
	c, err := findCustomer(ctx, tx, op, id, false)
	if err == nil && !scope.Allows(c.OwnerID, c.TeamID) {
		return Customer{}, errNotFound(op)
	}
	return c, err
}

const sqlFindByNumber = `SELECT ` + customerColumns + ` FROM customers_customers c
WHERE c.id = (SELECT COALESCE(m.merged_into, m.id) FROM customers_customers m WHERE m.number = $1)`

const sqlFindByExternal = `
SELECT ` + customerColumns + ` FROM customers_customers c
WHERE c.id = (SELECT COALESCE(m.merged_into, m.id) FROM customers_customers m
  WHERE m.external_source = $1 AND m.external_id = $2 AND m.external_id <> '')`

// FindByNumber gives the customer with a number as people write it: K-000123,
// 123. The number of a merged one gives the one it was merged into.
func (s *Service) FindByNumber(ctx context.Context, number string) (Customer, error) {
	n := ParseNumber(s.defaults(ctx).NumberPrefix, number)
	return s.findOne(ctx, "customers.FindByNumber", sqlFindByNumber, n)
}

// FindByExternalID gives the customer that another system calls so,
// or called one that was merged into it.
func (s *Service) FindByExternalID(ctx context.Context, source, externalID string) (Customer, error) {
	return s.findOne(ctx, "customers.FindByExternalID", sqlFindByExternal, source, externalID)
}

func (s *Service) findOne(ctx context.Context, op, statement string, args ...any) (Customer, error) {
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Customer{}, err
	}
	var c Customer
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = db.One(ctx, tx, scanCustomer, statement, args...)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !scope.Allows(c.OwnerID, c.TeamID) {
			return errNotFound(op)
		}
		return err
	})
	if err != nil {
		return Customer{}, errs.Wrap(op, err)
	}
	return c.blank(ctx), nil
}

// FindCard gives a customer with everything that hangs on it.
func (s *Service) FindCard(ctx context.Context, id int64) (Card, error) {
	const op = "customers.FindCard"
	if _, err := authz.Require(ctx, op, "customers.view"); err != nil {
		return Card{}, err
	}
	var card Card
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		card, err = s.FindCardIn(ctx, tx, id)
		return err
	})
	return card, errs.Wrap(op, err)
}

// FindCardIn is FindCard within the caller's transaction: eight statements and
// those of the custom fields.
func (s *Service) FindCardIn(ctx context.Context, tx *db.Tx, id int64) (Card, error) {
	const op = "customers.FindCardIn"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Card{}, err
	}
	c, err := visible(ctx, tx, op, scope, id)
	if err != nil {
		return Card{}, err
	}
	card := &Card{Customer: c}
	if err := fill(ctx, tx, []*Card{card}); err != nil {
		return Card{}, errs.Wrap(op, err)
	}
	if card.Consents, err = consents(ctx, tx, id); err != nil {
		return Card{}, errs.Wrap(op, err)
	}
	if s.fields != nil {
		values, err := s.fields.Values(ctx, tx, RecordType, []int64{id})
		if err != nil {
			return Card{}, errs.Wrap(op, err)
		}
		card.Custom = values[id]
	}
	return card.blank(ctx), nil
}

const selectCards = `SELECT ` + customerColumns + ` FROM customers_customers c WHERE c.id`

// CardsIn gives customers by their ids, with what hangs on them but consents
// and custom values, within the caller's transaction; with the right to see all
// customers.
func (s *Service) CardsIn(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]*Card, error) {
	const op = "customers.CardsIn"
	if err := seesAll(ctx, op); err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := db.All(ctx, tx, scanCustomer, selectCards+in(0, len(ids)), anys(ids)...)
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	byID := map[int64]*Card{}
	cards := cardsOf(found)
	for _, c := range cards {
		byID[c.ID] = c
	}
	return byID, errs.Wrap(op, fill(ctx, tx, cards))
}

// CardsAfterIn is CardsIn for the next customers behind an id, in the order of
// ids.
func (s *Service) CardsAfterIn(ctx context.Context, tx *db.Tx, id int64, limit int) ([]*Card, error) {
	const op = "customers.CardsAfterIn"
	if err := seesAll(ctx, op); err != nil {
		return nil, err
	}
	found, err := db.All(ctx, tx, scanCustomer, sqlCardsAfter, id, limit)
	if err != nil || len(found) == 0 {
		return nil, errs.Wrap(op, err)
	}
	cards := cardsOf(found)
	return cards, errs.Wrap(op, fill(ctx, tx, cards))
}

func seesAll(ctx context.Context, op string) error {
	scope, err := authz.Require(ctx, op, "customers.view")
	if err == nil && scope.Level != authz.All {
		err = errs.New(errs.Forbidden, op, "customers.error.beyond-scope")
	}
	return err
}

func cardsOf(found []Customer) []*Card {
	cards := make([]*Card, len(found))
	for i, c := range found {
		cards[i] = &Card{Customer: c}
	}
	return cards
}

// Relation is a customer as others refer to it.
type Relation struct {
	ID      int64
	Number  int64
	Kind    Kind
	State   State
	Name    string
	Country string
	OwnerID int64
	TeamID  int64
}

// Family is the customers around one: those above it from the head office
// down, its units by name, and the customers it has recommended.
type Family struct {
	Above         []Relation
	Units         []Relation // at most 200
	Recommended   []Relation // at most 200
	RecommendedBy *Relation
}

const sqlFamily = `
SELECT 'unit', c.id, c.number, c.kind, c.state, c.name, c.country, COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0), c.name_sort
FROM customers_customers c WHERE c.parent_id = $1 AND c.state NOT IN ('erased', 'merged')
UNION ALL
SELECT 'recommended', c.id, c.number, c.kind, c.state, c.name, c.country, COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0), c.name_sort
FROM customers_customers c WHERE c.recommended_by_id = $1 AND c.state NOT IN ('erased', 'merged')
UNION ALL
SELECT 'by', c.id, c.number, c.kind, c.state, c.name, c.country, COALESCE(c.owner_id, 0), COALESCE(c.team_id, 0), c.name_sort
FROM customers_customers c WHERE c.id = $2
ORDER BY 10, 2 LIMIT 401`

// FindFamily gives the customers around one, as far as the actor may see them.
func (s *Service) FindFamily(ctx context.Context, id int64) (Family, error) {
	const op = "customers.FindFamily"
	if _, err := authz.Require(ctx, op, "customers.view"); err != nil {
		return Family{}, err
	}
	var f Family
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = s.FindFamilyIn(ctx, tx, id)
		return err
	})
	return f, errs.Wrap(op, err)
}

// FindFamilyIn is FindFamily within the caller's transaction: two statements.
func (s *Service) FindFamilyIn(ctx context.Context, tx *db.Tx, id int64) (Family, error) {
	const op = "customers.FindFamilyIn"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Family{}, err
	}
	above, err := db.All(ctx, tx, scanCustomer, sqlAncestors, id)
	if err != nil {
		return Family{}, errs.Wrap(op, err)
	}
	if len(above) == 0 || !scope.Allows(above[len(above)-1].OwnerID, above[len(above)-1].TeamID) {
		return Family{}, errNotFound(op)
	}
	var f Family
	for _, a := range above[:len(above)-1] {
		if scope.Allows(a.OwnerID, a.TeamID) {
			f.Above = append(f.Above, Relation{a.ID, a.Number, a.Kind, a.State, a.Name, a.Country, a.OwnerID, a.TeamID})
		}
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		return none, f.add(row, scope)
	}, sqlFamily, id, above[len(above)-1].RecommendedByID)
	return f, errs.Wrap(op, err)
}

func (f *Family) add(row db.Scanner, scope authz.Scope) error {
	var how, sort string
	var r Relation
	err := row.Scan(&how, &r.ID, &r.Number, &r.Kind, &r.State, &r.Name, &r.Country, &r.OwnerID, &r.TeamID, &sort)
	if err != nil || !scope.Allows(r.OwnerID, r.TeamID) {
		return err
	}
	switch how {
	case "unit":
		f.Units = append(f.Units, r)
	case "recommended":
		f.Recommended = append(f.Recommended, r)
	case "by":
		f.RecommendedBy = &r
	}
	return nil
}
