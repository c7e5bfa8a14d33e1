-- +goose Up
-- A merged customer's row stays, and leads to the one it was merged into. This
-- engine cannot change a CHECK, so the column is made anew with its indexes.
ALTER TABLE customers_customers ADD COLUMN stands TEXT NOT NULL DEFAULT 'active'
  CHECK (stands IN ('active', 'archived', 'erased', 'merged'));
UPDATE customers_customers SET stands = state WHERE state <> 'active';
DROP INDEX customers_customers_changed;
DROP INDEX customers_customers_created;
DROP INDEX customers_customers_owner;
DROP INDEX customers_customers_team;
DROP INDEX customers_customers_country;
DROP INDEX customers_customers_walk;
DROP INDEX customers_customers_shelved;
DROP INDEX customers_customers_last_contact;
DROP INDEX customers_customers_source;
DROP INDEX customers_customers_language;
ALTER TABLE customers_customers DROP COLUMN state;
ALTER TABLE customers_customers RENAME COLUMN stands TO state;
CREATE INDEX customers_customers_changed ON customers_customers (state, changed_at, id);
CREATE INDEX customers_customers_created ON customers_customers (state, created_at, id);
CREATE INDEX customers_customers_owner ON customers_customers (owner_id, state, name_sort, id);
CREATE INDEX customers_customers_team ON customers_customers (team_id, state, name_sort, id);
CREATE INDEX customers_customers_country ON customers_customers (country, state, name_sort, id);
CREATE INDEX customers_customers_walk ON customers_customers
  (name_sort, id, state, kind, country, owner_id, team_id, source_id, language, quality, name_key);
CREATE INDEX customers_customers_shelved ON customers_customers (state, name_sort, id) WHERE state <> 'active';
CREATE INDEX customers_customers_last_contact ON customers_customers (state, last_contact_at, id);
CREATE INDEX customers_customers_source ON customers_customers (source_id, state, name_sort, id);
CREATE INDEX customers_customers_language ON customers_customers (language, state, name_sort, id);
ALTER TABLE customers_customers ADD COLUMN merged_into BIGINT REFERENCES customers_customers (id)
  CHECK ((state = 'merged') = (merged_into IS NOT NULL));
CREATE INDEX customers_customers_merged ON customers_customers (merged_into, id) WHERE merged_into IS NOT NULL;
