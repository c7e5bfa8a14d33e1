-- +goose Up
-- Addresses of others that are told what happens here. events are kinds of
-- journal entries or modules, with commas; none means all. An endpoint reads
-- the journal as somebody with its role would, from behind entry cursor_id on.
CREATE TABLE webhooks_endpoints (
  id             {{id}},
  url            TEXT NOT NULL,
  description    TEXT NOT NULL,
  events         TEXT NOT NULL,
  role           TEXT NOT NULL,
  secret         TEXT NOT NULL,
  old_secret     TEXT NOT NULL,
  old_until      BIGINT NOT NULL,
  enabled        BOOLEAN NOT NULL,
  disabled_why   TEXT NOT NULL,
  failing_since  BIGINT NOT NULL,
  resume_at      BIGINT NOT NULL,
  cursor_id      BIGINT NOT NULL,
  created_by     TEXT NOT NULL,
  created_at     BIGINT NOT NULL
);

-- What an endpoint is told, one row an entry; entry 0 is a test. What it says
-- is read from the journal anew each time, so that a person who was erased is
-- not kept here.
CREATE TABLE webhooks_deliveries (
  id           {{id}},
  endpoint_id  BIGINT NOT NULL REFERENCES webhooks_endpoints (id) ON DELETE CASCADE,
  entry_id     BIGINT NOT NULL,
  event        TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  tries        INTEGER NOT NULL,
  next_at      BIGINT NOT NULL,
  give_up_at   BIGINT NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX webhooks_deliveries_endpoint ON webhooks_deliveries (endpoint_id, id);
CREATE INDEX webhooks_deliveries_state ON webhooks_deliveries (endpoint_id, state, id);
CREATE INDEX webhooks_deliveries_created ON webhooks_deliveries (created_at);

CREATE TABLE webhooks_attempts (
  id           {{id}},
  delivery_id  BIGINT NOT NULL REFERENCES webhooks_deliveries (id) ON DELETE CASCADE,
  at           BIGINT NOT NULL,
  status       INTEGER NOT NULL,
  answer       TEXT NOT NULL,
  trouble      TEXT NOT NULL,
  took         BIGINT NOT NULL
);
CREATE INDEX webhooks_attempts_delivery ON webhooks_attempts (delivery_id, id);
