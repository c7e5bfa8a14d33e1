package vocabulary

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Join makes one word of two: every customer who had the first has the other
// from now on, and whoever asks for the first is given the other. It needs the
// right of the list. Done.Word is the one that stays.
func (s *Service) Join(ctx context.Context, l List, from, into int64) (Done, error) {
	const op = "vocabulary.Join"
	return s.change(ctx, op, l, func(b *book) (Done, error) {
		first, err := b.find(from)
		if err != nil {
			return Done{}, err
		}
		other, err := b.find(into)
		switch {
		case err != nil:
			return Done{}, err
		case from == into:
			return Done{}, errs.InvalidFields(op, errs.Field("into", "customers.error.join-itself"))
		}
		had, gained, err := b.pass(ctx, from, into)
		if err != nil {
			return Done{}, err
		}
		joined := *first
		joined.into, joined.Archived = into, true
		if err := b.keep(ctx, joined); err != nil {
			return Done{}, err
		}
		entry, err := b.tell(
			ctx, "joined", from,
			map[string]any{"name": first.Name, "archived": first.Archived, "customers": had},
			map[string]any{"into": other.Name, "into_id": into, "gained": gained},
		)
		return Done{*other, entry}, err
	})
}

// pass gives all customers of one word the other. had are those who had the
// first, gained those of them who did not have the other before.
func (b *book) pass(ctx context.Context, from, into int64) (had, gained []int64, err error) {
	if had, err = db.All(ctx, b.tx, db.Value[int64], lists[b.list].has, from); err != nil {
		return nil, nil, err
	}
	if b.list == Sources { // a customer has one source
		_, err = b.tx.Exec(ctx, sqlPassSource, from, into)
		return had, had, err
	}
	if gained, err = db.All(ctx, b.tx, db.Value[int64], sqlNewToTag, from, into); err != nil {
		return nil, nil, err
	}
	if _, err = b.tx.Exec(ctx, sqlPassTag, from, into); err != nil {
		return nil, nil, err
	}
	if _, err = b.tx.Exec(ctx, sqlBumpTagged, from); err != nil {
		return nil, nil, err
	}
	_, err = b.tx.Exec(ctx, sqlDropTag, from)
	return had, gained, err
}

// someIDs is how many customers one statement is about.
const someIDs = 1000

const (
	returnTag = `
INSERT INTO customers_taggings (customer_id, tag_id)
SELECT l.customer_id, $1 FROM customers_taggings l WHERE l.tag_id = $2 AND l.customer_id IN `
	takeTag      = `DELETE FROM customers_taggings WHERE tag_id <> $1 AND tag_id = $2 AND customer_id IN `
	returnSource = `UPDATE customers_customers SET source_id = $1, version = version + 1 WHERE source_id = $2 AND id IN `
)

// part gives customers their first word back and takes the other from those
// who only had it by the joining. Those who were erased meanwhile, or have the
// other no longer, stay as they are.
func (b *book) part(ctx context.Context, from, into int64, had, gained []int64) error {
	if b.list == Sources {
		return b.forAll(ctx, returnSource, from, into, had)
	}
	if err := b.forAll(ctx, returnTag, from, into, had); err != nil {
		return err
	}
	if _, err := b.tx.Exec(ctx, sqlBumpTagged, from); err != nil {
		return err
	}
	return b.forAll(ctx, takeTag, from, into, gained)
}

// forAll runs a statement about these customers, some at a time.
func (b *book) forAll(ctx context.Context, statement string, from, into int64, ids []int64) error {
	for some := range slices.Chunk(ids, someIDs) {
		args := []any{from, into}
		var among strings.Builder
		for i, id := range some {
			if i > 0 {
				among.WriteString(", ")
			}
			among.WriteString("$" + strconv.Itoa(len(args)+1))
			args = append(args, id)
		}
		if _, err := b.tx.Exec(ctx, statement+"("+among.String()+")", args...); err != nil {
			return err
		}
	}
	return nil
}
