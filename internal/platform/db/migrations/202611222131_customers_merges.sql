-- +goose Up
-- One row a merge: who was merged into whom, which fields of the survivor
-- changed thereby, and what moved, so that it can be taken back.
CREATE TABLE customers_merges (
  id          {{id}},
  from_id     BIGINT NOT NULL REFERENCES customers_customers (id),
  into_id     BIGINT NOT NULL REFERENCES customers_customers (id),
  from_state  TEXT NOT NULL CHECK (from_state IN ('active', 'archived')),
  merged_at   BIGINT NOT NULL,
  by_id       BIGINT REFERENCES team_people (id),
  by_name     TEXT NOT NULL,
  chosen      {{json}} NOT NULL, -- fields of the survivor before and after
  undone_at   BIGINT NOT NULL,   -- 0: it stands
  CHECK (from_id <> into_id)
);
CREATE INDEX customers_merges_into ON customers_merges (into_id, id);
CREATE INDEX customers_merges_from ON customers_merges (from_id, id);

-- What moved: rows of a part by their ids; of tags the tag.
CREATE TABLE customers_merge_moves (
  merge_id  BIGINT NOT NULL REFERENCES customers_merges (id),
  part      TEXT NOT NULL,
  row_id    BIGINT NOT NULL,
  main      BOOLEAN NOT NULL, -- whether it was the main one of its kind
  PRIMARY KEY (merge_id, part, row_id)
);
