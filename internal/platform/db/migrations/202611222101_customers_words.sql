-- +goose Up
-- A word that was joined into another, or that another was called before,
-- keeps its name and points to the other: whoever asks for it gets that one.
ALTER TABLE customers_tags ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers_tags ADD COLUMN joined_into BIGINT NOT NULL DEFAULT 0;
ALTER TABLE customers_sources ADD COLUMN joined_into BIGINT NOT NULL DEFAULT 0;
