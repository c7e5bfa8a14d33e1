-- +goose Up
CREATE TABLE team_sessions (
  id          {{id}},
  hash        TEXT NOT NULL UNIQUE,
  person_id   BIGINT NOT NULL REFERENCES team_people (id) ON DELETE CASCADE,
  created_at  BIGINT NOT NULL,
  seen_at     BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  address     TEXT NOT NULL,
  agent       TEXT NOT NULL
);
CREATE INDEX team_sessions_person ON team_sessions (person_id, id);

-- What is handed out once and works once: invitations, password resets, the
-- second step of a sign-in, passes through the maintenance lock.
CREATE TABLE team_links (
  id          {{id}},
  kind        TEXT NOT NULL,
  hash        TEXT NOT NULL UNIQUE,
  person_id   BIGINT REFERENCES team_people (id) ON DELETE CASCADE,
  expires_at  BIGINT NOT NULL
);
CREATE INDEX team_links_person ON team_links (person_id, kind);

-- Failed sign-ins by account and by address.
CREATE TABLE team_attempts (
  key         TEXT PRIMARY KEY,
  failures    BIGINT NOT NULL,
  last_at     BIGINT NOT NULL
);

CREATE TABLE team_tokens (
  id            {{id}},
  name          TEXT NOT NULL,
  hash          TEXT NOT NULL UNIQUE,
  hint          TEXT NOT NULL,
  person_id     BIGINT REFERENCES team_people (id),
  roles         TEXT NOT NULL,
  permissions   TEXT NOT NULL,
  created_by    TEXT NOT NULL,
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  used_at       BIGINT NOT NULL,
  revoked_at    BIGINT NOT NULL
);
