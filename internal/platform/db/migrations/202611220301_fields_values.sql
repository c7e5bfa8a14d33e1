-- +goose Up
-- One row for a value, several for a multi-choice. Which columns are filled
-- depends on the field's type: word is the folded text or the choice, sort_key
-- orders texts, long_key finds long texts, number is scaled (numbers by 10^4,
-- money in minor units, yes is 1).
CREATE TABLE fields_values (
  record_type  TEXT NOT NULL,
  record_id    BIGINT NOT NULL,
  field_id     BIGINT NOT NULL REFERENCES fields_definitions (id),
  position     INTEGER NOT NULL,
  text         TEXT NOT NULL,
  word         {{key}},
  sort_key     {{key}},
  long_key     {{key}},
  number       BIGINT,
  day          INTEGER,
  PRIMARY KEY (record_type, record_id, field_id, position)
);
CREATE INDEX fields_values_word ON fields_values (field_id, word, record_id) WHERE word IS NOT NULL;
CREATE INDEX fields_values_number ON fields_values (field_id, number, record_id) WHERE number IS NOT NULL;
CREATE INDEX fields_values_day ON fields_values (field_id, day, record_id) WHERE day IS NOT NULL;
