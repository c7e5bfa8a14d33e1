-- +goose Up
-- A merged customer's row stays, and leads to the one it was merged into.
ALTER TABLE customers_customers DROP CONSTRAINT customers_customers_state_check;
ALTER TABLE customers_customers ADD CONSTRAINT customers_customers_state_check
  CHECK (state IN ('active', 'archived', 'erased', 'merged'));
ALTER TABLE customers_customers ADD COLUMN merged_into BIGINT REFERENCES customers_customers (id)
  CHECK ((state = 'merged') = (merged_into IS NOT NULL));
CREATE INDEX customers_customers_merged ON customers_customers (merged_into, id) WHERE merged_into IS NOT NULL;
