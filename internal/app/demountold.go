package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/demo"
	"kartoteka.dev/internal/platform/clock"
)

// cameAt is when a customer came into the file.
func cameAt(c *demo.Customer) clock.Instant {
	return clock.InstantOf(c.Since.Time(time.UTC).Add(8 * time.Hour))
}

// writeUntold adds the customers of a block that have no history, as a company
// does that brings its old file along: many at a time, by the machine. What a
// customer belongs to is added before it.
func (f *demoFiller) writeUntold(ctx context.Context, block []demo.Customer) error {
	var left []*demo.Customer
	for i := range block {
		if !f.told(block[i].Index) {
			left = append(left, &block[i])
		}
	}
	slices.SortStableFunc(left, func(a, b *demo.Customer) int { return cmp.Compare(a.Since, b.Since) })
	for len(left) > 0 {
		var ready, waiting []*demo.Customer
		for _, c := range left {
			if f.there(c.Parent) && f.there(c.RecommendedBy) {
				ready = append(ready, c)
			} else {
				waiting = append(waiting, c)
			}
		}
		if len(ready) == 0 {
			return fmt.Errorf("customer %d belongs to one that has not been made up", left[0].Index)
		}
		if err := f.createAll(ctx, ready); err != nil {
			return err
		}
		left = waiting
	}
	return nil
}

// there tells whether a customer is in the file; none always is.
func (f *demoFiller) there(index int) bool { return index < 0 || f.ids[index] != 0 }

// createAll adds customers, those of a time together.
func (f *demoFiller) createAll(ctx context.Context, all []*demo.Customer) error {
	const together = 250
	for part := range slices.Chunk(all, together) {
		f.clock.Set(cameAt(part[0]).Time())
		in := make([]customers.NewCustomer, len(part))
		for i, c := range part {
			in[i] = f.customer(c)
		}
		results, err := f.company.customers.CreateMany(ctx, in)
		if err != nil {
			return fmt.Errorf("customers from %d on: %w", part[0].Index, err)
		}
		for i, r := range results {
			if r.Err != nil {
				return fmt.Errorf("customer %d (%s): %w", part[i].Index, part[i].Name, r.Err)
			}
			f.ids[part[i].Index] = r.Customer.ID
		}
	}
	return nil
}
