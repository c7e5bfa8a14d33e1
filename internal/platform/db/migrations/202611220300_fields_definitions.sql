-- +goose Up
-- Always exactly one row. The version grows with every change of fields or
-- forms, so that each node knows whether what it remembers is still true.
CREATE TABLE fields_catalogue (
  id       BIGINT PRIMARY KEY CHECK (id = 1),
  version  BIGINT NOT NULL
);
INSERT INTO fields_catalogue (id, version) VALUES (1, 1);

-- The company's own fields. A definition is read whole and kept in memory, so
-- what it asks (label, type, choices…) is one document.
CREATE TABLE fields_definitions (
  id           {{id}},
  version      BIGINT NOT NULL,
  record_type  TEXT NOT NULL,
  slug         TEXT NOT NULL,
  position     INTEGER NOT NULL,
  archived     BOOLEAN NOT NULL,
  question     {{json}} NOT NULL,
  UNIQUE (record_type, slug)
);
