-- +goose Up
-- How far a job is, as last told by its work. The jobs themselves live in the
-- tables of the queue (river_…), which it migrates itself.
CREATE TABLE platform_job_progress (
  job_id      BIGINT PRIMARY KEY,
  done        BIGINT NOT NULL,
  total       BIGINT NOT NULL,
  text        TEXT NOT NULL,
  updated_at  BIGINT NOT NULL
);

-- The last time for which a scheduled job was enqueued.
CREATE TABLE platform_job_schedules (
  name  TEXT PRIMARY KEY,
  slot  BIGINT NOT NULL
);

-- The nodes that work on jobs: a node whose beat stands still is dead, and its
-- jobs are given to others.
CREATE TABLE platform_job_nodes (
  id    TEXT PRIMARY KEY,
  beat  BIGINT NOT NULL
);
