-- +goose Up
-- Browsers a person has signed in with, so that a new one is noticed.
CREATE TABLE team_browsers (
  person_id  BIGINT NOT NULL REFERENCES team_people (id) ON DELETE CASCADE,
  hash       TEXT NOT NULL,
  seen_at    BIGINT NOT NULL,
  PRIMARY KEY (person_id, hash)
);
