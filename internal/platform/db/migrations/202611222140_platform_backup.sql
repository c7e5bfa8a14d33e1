-- +goose Up
-- When backups are made by themselves: always exactly one row; an empty folder
-- means not at all.
CREATE TABLE platform_backup (
  id      BIGINT PRIMARY KEY CHECK (id = 1),
  folder  TEXT NOT NULL,
  minute  INTEGER NOT NULL,
  days    INTEGER NOT NULL,
  weeks   INTEGER NOT NULL,
  since   BIGINT NOT NULL
);
INSERT INTO platform_backup (id, folder, minute, days, weeks, since) VALUES (1, '', 0, 0, 0, 0);

-- How they went.
CREATE TABLE platform_backup_runs (
  id         {{id}},
  begun_at   BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL,
  path       TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  files      BIGINT NOT NULL,
  encrypted  BOOLEAN NOT NULL,
  failure    TEXT NOT NULL
);
