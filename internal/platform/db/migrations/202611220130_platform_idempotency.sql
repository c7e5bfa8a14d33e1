-- +goose Up
-- What was answered to a program's request under its Idempotency-Key; status 0
-- while the first one is being worked on.
CREATE TABLE platform_idempotency (
  token_id    BIGINT NOT NULL,
  key         TEXT NOT NULL,
  request     TEXT NOT NULL,
  status      INTEGER NOT NULL,
  headers     TEXT NOT NULL,
  body        TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (token_id, key)
);
CREATE INDEX platform_idempotency_created ON platform_idempotency (created_at);
