-- +goose Up
-- The company itself: always exactly one row. The version grows with every
-- change of company, people, teams or rights, so that each node knows whether
-- what it remembers is still true.
CREATE TABLE team_company (
  id             BIGINT PRIMARY KEY CHECK (id = 1),
  version        BIGINT NOT NULL,
  setup_at       BIGINT NOT NULL,
  name           TEXT NOT NULL,
  country        TEXT NOT NULL,
  language       TEXT NOT NULL,
  currency       TEXT NOT NULL,
  zone           TEXT NOT NULL,
  calendar       {{json}} NOT NULL,
  number_prefix  TEXT NOT NULL,
  help           {{json}} NOT NULL,
  status_url     TEXT NOT NULL,
  sender         TEXT NOT NULL,
  logo           TEXT NOT NULL,
  locked         BOOLEAN NOT NULL,
  lock_message   TEXT NOT NULL,
  lock_code      TEXT NOT NULL
);
INSERT INTO team_company (id, version, setup_at, name, country, language, currency, zone, calendar,
  number_prefix, help, status_url, sender, logo, locked, lock_message, lock_code)
VALUES (1, 1, 0, '', '', 'en', 'EUR', 'UTC', '{}', 'K-', '{}', '', '', '', FALSE, '', '');
