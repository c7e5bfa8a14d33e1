package vocabulary

import "kartoteka.dev/internal/platform/db"

const (
	sqlReadTags    = `SELECT id, name, '' AS text_id, archived, joined_into FROM customers_tags ORDER BY id`
	sqlReadSources = `SELECT id, name, text_id, archived, joined_into FROM customers_sources ORDER BY id`

	sqlCountTags = `
SELECT t.id, t.name, '' AS text_id, t.archived, t.joined_into, COALESCE(n.customers, 0)
FROM customers_tags t LEFT JOIN (
  SELECT l.tag_id, COUNT(*) AS customers FROM customers_taggings l JOIN customers_customers c ON c.id = l.customer_id
  WHERE c.state = 'active' GROUP BY l.tag_id) n ON n.tag_id = t.id
ORDER BY t.id`
	sqlCountSources = `
SELECT s.id, s.name, s.text_id, s.archived, s.joined_into, COALESCE(n.customers, 0)
FROM customers_sources s LEFT JOIN (
  SELECT c.source_id, COUNT(*) AS customers FROM customers_customers c
  WHERE c.state = 'active' GROUP BY c.source_id) n ON n.source_id = s.id
ORDER BY s.id`

	// Holding a list keeps others from changing it until the transaction ends.
	sqlHoldTags    = `UPDATE customers_tags SET archived = archived`
	sqlHoldSources = `UPDATE customers_sources SET archived = archived`

	sqlInsertTag    = `INSERT INTO customers_tags (name, name_key, archived, joined_into) VALUES ($1, $2, $3, $4) RETURNING id`
	sqlInsertSource = `INSERT INTO customers_sources (name, name_key, archived, joined_into) VALUES ($1, $2, $3, $4) RETURNING id`

	sqlChangeTag    = `UPDATE customers_tags SET name = $2, name_key = $3, archived = $4, joined_into = $5 WHERE id = $1`
	sqlChangeSource = `UPDATE customers_sources SET name = $2, name_key = $3, archived = $4, joined_into = $5, text_id = $6 WHERE id = $1`

	sqlRemoveTag    = `DELETE FROM customers_tags WHERE id = $1 OR joined_into = $1`
	sqlRemoveSource = `DELETE FROM customers_sources WHERE id = $1 OR joined_into = $1`

	sqlHasTag    = `SELECT customer_id FROM customers_taggings WHERE tag_id = $1 ORDER BY customer_id`
	sqlHasSource = `SELECT id FROM customers_customers WHERE source_id = $1 ORDER BY id`

	sqlNewToTag = `
SELECT l.customer_id FROM customers_taggings l WHERE l.tag_id = $1
  AND NOT EXISTS (SELECT 1 FROM customers_taggings x WHERE x.customer_id = l.customer_id AND x.tag_id = $2)
ORDER BY l.customer_id`

	sqlPassTag = `
INSERT INTO customers_taggings (customer_id, tag_id)
SELECT l.customer_id, $2 FROM customers_taggings l WHERE l.tag_id = $1
  AND NOT EXISTS (SELECT 1 FROM customers_taggings x WHERE x.customer_id = l.customer_id AND x.tag_id = $2)`
	sqlBumpTagged = `
UPDATE customers_customers SET version = version + 1
WHERE id IN (SELECT customer_id FROM customers_taggings WHERE tag_id = $1)`
	sqlDropTag    = `DELETE FROM customers_taggings WHERE tag_id = $1`
	sqlPassSource = `UPDATE customers_customers SET source_id = $2, version = version + 1 WHERE source_id = $1`
)

// lists are the statements, rights and limits of each list. A tag is shorter:
// many of them stand side by side.
var lists = map[List]struct {
	right, missing                            string
	longest                                   int
	read, count, hold, insert, change, remove string
	has                                       string // customers who have a word
}{
	Tags: {
		right: "customers.tags", missing: "customers.error.tag-not-found", longest: 60,
		read: sqlReadTags, count: sqlCountTags, hold: sqlHoldTags, insert: sqlInsertTag, change: sqlChangeTag, remove: sqlRemoveTag, has: sqlHasTag,
	},
	Sources: {
		right: "customers.sources", missing: "customers.error.source-not-found", longest: 200,
		read: sqlReadSources, count: sqlCountSources, hold: sqlHoldSources, insert: sqlInsertSource, change: sqlChangeSource, remove: sqlRemoveSource, has: sqlHasSource,
	},
}

func scanWord(s db.Scanner) (w Word, err error) {
	err = s.Scan(&w.ID, &w.Name, &w.TextID, &w.Archived, &w.into)
	return w, err
}

func scanCounted(s db.Scanner) (w Word, err error) {
	err = s.Scan(&w.ID, &w.Name, &w.TextID, &w.Archived, &w.into, &w.Customers)
	return w, err
}
