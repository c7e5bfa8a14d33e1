-- +goose Up
-- An import: one file on its way into Kartoteka. position is the last row that
-- is done, kept in the transaction that did it.
CREATE TABLE imports_imports (
  id           {{id}},
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('draft', 'queued', 'running', 'done', 'failed', 'cancelled')),
  dry_run      BOOLEAN NOT NULL,
  file_name    TEXT NOT NULL,
  file_hash    TEXT NOT NULL,
  file_size    BIGINT NOT NULL,
  signature    TEXT NOT NULL,
  plan         {{json}} NOT NULL,
  actor        {{json}} NOT NULL,
  by_id        BIGINT NOT NULL,
  by_name      TEXT NOT NULL,
  job_id       BIGINT NOT NULL,
  position     BIGINT NOT NULL,
  row_count    BIGINT NOT NULL,
  created      BIGINT NOT NULL,
  updated      BIGINT NOT NULL,
  skipped      BIGINT NOT NULL,
  rejected     BIGINT NOT NULL,
  noted        BIGINT NOT NULL,
  done_bytes   BIGINT NOT NULL,
  total_bytes  BIGINT NOT NULL,
  failure      {{json}} NOT NULL,
  created_at   BIGINT NOT NULL,
  started_at   BIGINT NOT NULL,
  finished_at  BIGINT NOT NULL
);
CREATE INDEX imports_imports_by ON imports_imports (by_id, id);
CREATE INDEX imports_imports_hash ON imports_imports (file_hash, id);

-- What became of each row of the file: what undo and the list of rejects need.
CREATE TABLE imports_rows (
  import_id   BIGINT NOT NULL REFERENCES imports_imports (id),
  row_number  BIGINT NOT NULL,
  action      TEXT NOT NULL CHECK (action IN ('created', 'updated', 'skipped', 'rejected')),
  record_id   BIGINT NOT NULL,
  problems    {{json}} NOT NULL,
  PRIMARY KEY (import_id, row_number)
);
CREATE INDEX imports_rows_action ON imports_rows (import_id, action, row_number);

-- Corrections made in the preview, by row and column of the file.
CREATE TABLE imports_fixes (
  import_id     BIGINT NOT NULL REFERENCES imports_imports (id),
  row_number    BIGINT NOT NULL,
  column_index  INTEGER NOT NULL,
  value         TEXT NOT NULL,
  PRIMARY KEY (import_id, row_number, column_index)
);

-- References between records (a unit's parent) that wait for all rows to be in.
CREATE TABLE imports_links (
  import_id    BIGINT NOT NULL REFERENCES imports_imports (id),
  row_number   BIGINT NOT NULL,
  record_id    BIGINT NOT NULL,
  reference    {{json}} NOT NULL,
  PRIMARY KEY (import_id, row_number)
);

-- How files with this header were mapped the last time.
CREATE TABLE imports_mappings (
  kind       TEXT NOT NULL,
  signature  TEXT NOT NULL,
  columns    {{json}} NOT NULL,
  used_at    BIGINT NOT NULL,
  PRIMARY KEY (kind, signature)
);
