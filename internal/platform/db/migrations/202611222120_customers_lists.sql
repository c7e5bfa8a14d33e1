-- +goose Up
-- Lists are walked in the order of names without a look at the customers
-- themselves: the index has what they are mostly filtered by. It does not begin
-- with the state, which is the same for nearly all: PostgreSQL takes it for the
-- order in which the customers lie on disk, and such a walk for nearly free.
DROP INDEX customers_customers_sort;
CREATE INDEX customers_customers_walk ON customers_customers
  (name_sort, id, state, kind, country, owner_id, team_id, source_id, language, quality, name_key);
CREATE INDEX customers_customers_shelved ON customers_customers (state, name_sort, id) WHERE state <> 'active';
CREATE INDEX customers_customers_last_contact ON customers_customers (state, last_contact_at, id);
CREATE INDEX customers_customers_source ON customers_customers (source_id, state, name_sort, id);
CREATE INDEX customers_customers_language ON customers_customers (language, state, name_sort, id);

-- Whether a customer has such a phone, e-mail or city is seen from the index.
DROP INDEX customers_points_customer;
CREATE INDEX customers_points_customer ON customers_points (customer_id, kind, value_key);
DROP INDEX customers_addresses_customer;
CREATE INDEX customers_addresses_customer ON customers_addresses (customer_id, city_key);
