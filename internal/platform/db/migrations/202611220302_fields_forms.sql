-- +goose Up
CREATE TABLE fields_forms (
  id           {{id}},
  version      BIGINT NOT NULL,
  name         TEXT NOT NULL,
  name_key     {{key}} NOT NULL UNIQUE,
  description  TEXT NOT NULL,
  roles        TEXT NOT NULL,
  mandatory    BOOLEAN NOT NULL,
  archived     BOOLEAN NOT NULL,
  edition      INTEGER NOT NULL
);

-- What a form asked, edition by edition: a filled form keeps the questions it
-- answered.
CREATE TABLE fields_editions (
  form_id    BIGINT NOT NULL REFERENCES fields_forms (id),
  edition    INTEGER NOT NULL,
  questions  {{json}} NOT NULL,
  PRIMARY KEY (form_id, edition)
);

CREATE TABLE fields_filled (
  id           {{id}},
  form_id      BIGINT NOT NULL REFERENCES fields_forms (id),
  edition      INTEGER NOT NULL,
  record_type  TEXT NOT NULL,
  record_id    BIGINT NOT NULL,
  filled_at    BIGINT NOT NULL,
  by_id        BIGINT NOT NULL,
  by_name      TEXT NOT NULL,
  answers      {{json}} NOT NULL
);
CREATE INDEX fields_filled_record ON fields_filled (record_type, record_id, id);
CREATE INDEX fields_filled_form ON fields_filled (form_id, id);
