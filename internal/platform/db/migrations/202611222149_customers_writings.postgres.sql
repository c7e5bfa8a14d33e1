-- +goose Up
-- The folded words of notes and of the names of files. Whose they are, and
-- whether they still stand, is asked of the notes and files themselves.
CREATE TABLE customers_writings (
  word  {{key}} NOT NULL,
  kind  TEXT NOT NULL CHECK (kind IN ('note', 'file')),
  id    BIGINT NOT NULL,
  PRIMARY KEY (word, kind, id)
);
