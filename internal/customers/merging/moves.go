package merging

import (
	"context"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/db"
)

// In all statements about what moves, $1 is the merge, $2 the customer that is
// merged and $3 the survivor. What is to move is noted first, then moved by
// the notes, and comes back by them.
const (
	sqlNoteContacts = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'contact', id, main FROM customers_contacts WHERE customer_id = $2`
	sqlMoveContacts = `
UPDATE customers_contacts SET customer_id = $3, main = main AND NOT EXISTS (
    SELECT 1 FROM customers_contacts q WHERE q.customer_id = $3 AND q.main AND NOT q.removed)
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact')`
	sqlReturnContacts = `
UPDATE customers_contacts SET customer_id = $2, main = NOT removed AND EXISTS (
    SELECT 1 FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact' AND v.row_id = customers_contacts.id AND v.main)
WHERE customer_id = $3 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact')`

	sqlNotePoints = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'point', p.id, p.main FROM customers_points p
WHERE p.customer_id = $2 AND (p.contact_id IS NOT NULL OR NOT EXISTS (
  SELECT 1 FROM customers_points q WHERE q.customer_id = $3 AND q.contact_id IS NULL AND q.kind = p.kind
    AND q.value_key = p.value_key AND q.extension = p.extension))`
	sqlMovePoints = `
UPDATE customers_points SET customer_id = $3, main = main AND (contact_id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM customers_points q WHERE q.customer_id = $3 AND q.contact_id IS NULL AND q.kind = customers_points.kind AND q.main))
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'point')`
	sqlReturnPoints = `
UPDATE customers_points SET customer_id = $2, main = CASE WHEN contact_id IS NOT NULL THEN main ELSE EXISTS (
    SELECT 1 FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'point' AND v.row_id = customers_points.id AND v.main) END
WHERE customer_id = $3 AND (
  contact_id IS NULL AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'point')
  OR contact_id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact'))`

	sqlNoteAddresses = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'address', a.id, a.main FROM customers_addresses a
WHERE a.customer_id = $2 AND NOT EXISTS (
  SELECT 1 FROM customers_addresses q WHERE q.customer_id = $3 AND q.city_key = a.city_key AND q.street = a.street
    AND q.postcode = a.postcode AND (q.country = a.country OR q.country = '' OR a.country = ''))`
	sqlMoveAddresses = `
UPDATE customers_addresses SET customer_id = $3, main = main AND NOT EXISTS (
    SELECT 1 FROM customers_addresses q WHERE q.customer_id = $3 AND q.main)
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'address')`
	sqlReturnAddresses = `
UPDATE customers_addresses SET customer_id = $2, main = EXISTS (
    SELECT 1 FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'address' AND v.row_id = customers_addresses.id AND v.main)
WHERE customer_id = $3 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'address')`

	sqlNoteDates = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'date', d.id, FALSE FROM customers_dates d
WHERE d.customer_id = $2 AND (d.contact_id IS NOT NULL OR NOT EXISTS (
  SELECT 1 FROM customers_dates q WHERE q.customer_id = $3 AND q.contact_id IS NULL AND q.label = d.label AND q.day = d.day))`
	sqlMoveDates = `
UPDATE customers_dates SET customer_id = $3
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'date')`
	sqlReturnDates = `
UPDATE customers_dates SET customer_id = $2 WHERE customer_id = $3 AND (
  contact_id IS NULL AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'date')
  OR contact_id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact'))`

	sqlNoteConsents = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'consent', id, FALSE FROM customers_consents WHERE customer_id = $2`
	sqlMoveConsents = `
UPDATE customers_consents SET customer_id = $3
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'consent')`
	sqlReturnConsents = `
UPDATE customers_consents SET customer_id = $2 WHERE customer_id = $3 AND (
  contact_id IS NULL AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'consent')
  OR contact_id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact'))`

	sqlNoteNotes = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'note', id, FALSE FROM customers_notes WHERE customer_id = $2`
	sqlMoveNotes = `
UPDATE customers_notes SET customer_id = $3
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'note')`
	sqlReturnNotes = `
UPDATE customers_notes SET customer_id = $2 WHERE customer_id = $3 AND (
  contact_id IS NULL AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'note')
  OR contact_id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'contact'))`

	sqlNoteFiles = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'file', id, FALSE FROM customers_files WHERE customer_id = $2`
	sqlMoveFiles = `
UPDATE customers_files SET customer_id = $3
WHERE customer_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'file')`
	sqlReturnFiles = `
UPDATE customers_files SET customer_id = $2
WHERE customer_id = $3 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'file')`

	sqlNoteTags = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'tag', l.tag_id, FALSE FROM customers_taggings l
WHERE l.customer_id = $2 AND NOT EXISTS (SELECT 1 FROM customers_taggings q WHERE q.customer_id = $3 AND q.tag_id = l.tag_id)`
	sqlMoveTags = `
UPDATE customers_taggings SET customer_id = $3
WHERE customer_id = $2 AND tag_id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'tag')`
	sqlReturnTags = `
UPDATE customers_taggings SET customer_id = $2
WHERE customer_id = $3 AND tag_id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'tag')
  AND NOT EXISTS (SELECT 1 FROM customers_taggings q WHERE q.customer_id = $2 AND q.tag_id = customers_taggings.tag_id)`

	sqlNoteUnits = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'unit', id, FALSE FROM customers_customers WHERE parent_id = $2 AND id <> $3`
	sqlMoveUnits = `
UPDATE customers_customers SET parent_id = $3
WHERE parent_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'unit')`
	sqlReturnUnits = `
UPDATE customers_customers SET parent_id = $2
WHERE parent_id = $3 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'unit')`

	sqlNoteRecommended = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'recommended', id, FALSE FROM customers_customers WHERE recommended_by_id = $2 AND id <> $3`
	sqlMoveRecommended = `
UPDATE customers_customers SET recommended_by_id = $3
WHERE recommended_by_id = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'recommended')`
	sqlReturnRecommended = `
UPDATE customers_customers SET recommended_by_id = $2
WHERE recommended_by_id = $3 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'recommended')`

	sqlNoteFormer = `
INSERT INTO customers_merge_moves (merge_id, part, row_id, main)
SELECT CAST($1 AS BIGINT), 'former', id, FALSE FROM customers_customers WHERE merged_into = $2`
	sqlMoveFormer = `
UPDATE customers_customers SET merged_into = $3
WHERE merged_into = $2 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'former')`
	sqlReturnFormer = `
UPDATE customers_customers SET merged_into = $2
WHERE merged_into = $3 AND id IN (SELECT v.row_id FROM customers_merge_moves v WHERE v.merge_id = $1 AND v.part = 'former')`
)

// part is one kind of rows that hang on a customer. alike tells that noting
// looks at the survivor, too.
type part struct {
	note, move, back string
	alike            bool
}

// parts in the order they move.
var parts = []part{
	{sqlNoteContacts, sqlMoveContacts, sqlReturnContacts, false},
	{sqlNotePoints, sqlMovePoints, sqlReturnPoints, true},
	{sqlNoteAddresses, sqlMoveAddresses, sqlReturnAddresses, true},
	{sqlNoteDates, sqlMoveDates, sqlReturnDates, true},
	{sqlNoteConsents, sqlMoveConsents, sqlReturnConsents, false},
	{sqlNoteNotes, sqlMoveNotes, sqlReturnNotes, false},
	{sqlNoteFiles, sqlMoveFiles, sqlReturnFiles, false},
	{sqlNoteTags, sqlMoveTags, sqlReturnTags, true},
	{sqlNoteUnits, sqlMoveUnits, sqlReturnUnits, true},
	{sqlNoteRecommended, sqlMoveRecommended, sqlReturnRecommended, true},
	{sqlNoteFormer, sqlMoveFormer, sqlReturnFormer, false},
}

// The parts that do not move by the statements above.
const (
	partForm    = "form"
	partRefusal = "refusal" // a consent that was added because the stricter counts
)

func (s *Service) move(ctx context.Context, tx *db.Tx, m *Merge) error {
	for _, p := range parts {
		args := []any{m.ID, m.FromID}
		if p.alike {
			args = append(args, m.IntoID)
		}
		if _, err := tx.Exec(ctx, p.note, args...); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, p.move, m.ID, m.FromID, m.IntoID); err != nil {
			return err
		}
	}
	if s.Fields == nil {
		return nil
	}
	ids, err := s.Fields.HandOver(ctx, tx, fields.Handing{RecordType: customers.RecordType, From: m.FromID, To: m.IntoID})
	if err != nil {
		return err
	}
	return noted(ctx, tx, m.ID, partForm, ids)
}

func (s *Service) giveBack(ctx context.Context, tx *db.Tx, m *Merge) error {
	for _, p := range parts {
		if _, err := tx.Exec(ctx, p.back, m.ID, m.FromID, m.IntoID); err != nil {
			return err
		}
	}
	if s.Fields == nil {
		return nil
	}
	ids, err := db.All(ctx, tx, db.Value[int64], sqlNoted, m.ID, partForm)
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = s.Fields.HandOver(ctx, tx, fields.Handing{RecordType: customers.RecordType, From: m.IntoID, To: m.FromID, IDs: ids})
	return err
}

const sqlNoted = `SELECT row_id FROM customers_merge_moves WHERE merge_id = $1 AND part = $2 ORDER BY row_id`

func noted(ctx context.Context, tx *db.Tx, mergeID int64, part string, ids []int64) error {
	rows := db.NewRows("customers_merge_moves", "merge_id, part, row_id, main")
	for _, id := range ids {
		rows.Add(mergeID, part, id, false)
	}
	return rows.Insert(ctx, tx)
}
