-- +goose Up
-- Two customers that may be one. Who is taken out of the file takes their pairs
-- along; there are no foreign keys, so that this table holds nothing up.
CREATE TABLE duplicates_pairs (
  a_id        BIGINT NOT NULL,
  b_id        BIGINT NOT NULL,
  score       INTEGER NOT NULL, -- hundredths of a bit
  state       TEXT NOT NULL CHECK (state IN ('open', 'dismissed')),
  why         {{json}} NOT NULL,
  print       TEXT NOT NULL,    -- of both, as they were compared
  found_at    BIGINT NOT NULL,  -- by the run that saw it last
  decided_by  TEXT NOT NULL,
  decided_at  BIGINT NOT NULL,  -- 0: nobody has
  PRIMARY KEY (a_id, b_id),
  CHECK (a_id < b_id)
);
CREATE INDEX duplicates_pairs_score ON duplicates_pairs (state, score, a_id, b_id);
CREATE INDEX duplicates_pairs_b ON duplicates_pairs (b_id, a_id);
