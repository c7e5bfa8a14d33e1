-- +goose Up
-- When the words of a note were last changed; 0: never.
ALTER TABLE customers_notes ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;
