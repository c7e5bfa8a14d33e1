-- +goose Up
-- Only what differs from the defaults the modules declare.
CREATE TABLE team_role_rights (
  role        TEXT NOT NULL,
  permission  TEXT NOT NULL,
  level       TEXT NOT NULL,
  PRIMARY KEY (role, permission)
);

CREATE TABLE team_field_rights (
  role   TEXT NOT NULL,
  field  TEXT NOT NULL,
  level  TEXT NOT NULL,
  PRIMARY KEY (role, field)
);
