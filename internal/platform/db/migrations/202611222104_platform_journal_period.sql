-- +goose Up
-- A period is read without passing over all the rest.
CREATE INDEX platform_journal_at ON platform_journal (at, id);
