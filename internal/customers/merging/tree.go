package merging

import (
	"context"
	"slices"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const (
	// sqlAbove gives a customer and those above it, as far as the tree may go.
	sqlAbove = `
WITH RECURSIVE up (id, parent_id, depth) AS (
  SELECT c.id, c.parent_id, 1 FROM customers_customers c WHERE c.id = $1
  UNION ALL
  SELECT c.id, c.parent_id, up.depth + 1 FROM up JOIN customers_customers c ON c.id = up.parent_id WHERE up.depth < 20
)
SELECT id FROM up ORDER BY depth, id`

	// sqlBelow is how many levels there are from a customer down, merged ones
	// not counted.
	sqlBelow = `
WITH RECURSIVE down (id, depth) AS (
  SELECT c.id, 1 FROM customers_customers c WHERE c.id = $1
  UNION ALL
  SELECT c.id, down.depth + 1 FROM down JOIN customers_customers c ON c.parent_id = down.id
  WHERE down.depth < 20 AND c.state <> 'merged'
)
SELECT MAX(depth) FROM down`

	sqlWithoutParent = `UPDATE customers_customers SET parent_id = NULL WHERE id = $1`
)

// within tells whether a customer is another one or stands below it.
func within(ctx context.Context, tx *db.Tx, id, other int64) (bool, error) {
	if id == 0 {
		return false, nil
	}
	above, err := db.All(ctx, tx, db.Value[int64], sqlAbove, id)
	return slices.Contains(above, other), err
}

// refuseBelow refuses to merge a customer into one of its units' units, who
// would then stand above itself, and one with units into a person.
func (p *passing) refuseBelow(ctx context.Context, tx *db.Tx, into *customers.Customer) error {
	if into.ParentID != p.order.From {
		below, err := within(ctx, tx, into.ParentID, p.order.From)
		if err != nil {
			return err
		}
		if below {
			return errs.New(errs.Conflict, mergeOp, "customers.merge.error-below")
		}
	}
	if into.Kind != customers.Person {
		return nil
	}
	height, err := db.One(ctx, tx, db.Value[int], sqlBelow, p.order.From)
	if err == nil && height > 1 {
		return errs.New(errs.Conflict, mergeOp, "customers.merge.error-person-units")
	}
	return err
}

// deepEnough refuses a merge that makes the tree of units too deep.
func deepEnough(ctx context.Context, tx *db.Tx, id int64) error {
	above, err := db.All(ctx, tx, db.Value[int64], sqlAbove, id)
	if err != nil {
		return err
	}
	height, err := db.One(ctx, tx, db.Value[int], sqlBelow, id)
	if err == nil && len(above)+height-1 > customers.MaxDepth {
		return errs.New(errs.Conflict, mergeOp, "customers.error.too-deep", "Max", customers.MaxDepth)
	}
	return err
}

// uncircle takes a customer out from under those who came to stand below it
// while it was merged.
func uncircle(ctx context.Context, tx *db.Tx, id int64) error {
	above, err := db.All(ctx, tx, db.Value[int64], sqlAbove, id)
	if err != nil || len(above) == 0 || !slices.Contains(above[1:], id) {
		return err
	}
	_, err = tx.Exec(ctx, sqlWithoutParent, id)
	return err
}
