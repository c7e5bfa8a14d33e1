-- +goose Up
CREATE TABLE team_people (
  id            {{id}},
  version       BIGINT NOT NULL,
  name          TEXT NOT NULL,
  email         TEXT NOT NULL,
  email_key     TEXT NOT NULL UNIQUE,
  language      TEXT NOT NULL,
  phone         TEXT NOT NULL,
  job_title     TEXT NOT NULL,
  roles         TEXT NOT NULL,
  active        BOOLEAN NOT NULL,
  theme         TEXT NOT NULL,
  density       TEXT NOT NULL,
  password      TEXT NOT NULL,
  totp_secret   TEXT NOT NULL,
  totp_pending  TEXT NOT NULL,
  totp_step     BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  signed_in_at  BIGINT NOT NULL
);

CREATE TABLE team_teams (
  id        {{id}},
  name      TEXT NOT NULL,
  name_key  TEXT NOT NULL UNIQUE,
  head_id   BIGINT REFERENCES team_people (id)
);

CREATE TABLE team_members (
  team_id    BIGINT NOT NULL REFERENCES team_teams (id) ON DELETE CASCADE,
  person_id  BIGINT NOT NULL REFERENCES team_people (id) ON DELETE CASCADE,
  PRIMARY KEY (team_id, person_id)
);
CREATE INDEX team_members_person ON team_members (person_id, team_id);

-- Unused recovery codes only; a used one is removed.
CREATE TABLE team_recovery_codes (
  person_id  BIGINT NOT NULL REFERENCES team_people (id) ON DELETE CASCADE,
  hash       TEXT NOT NULL,
  PRIMARY KEY (person_id, hash)
);
