-- +goose Up
-- One row for every event that happened; never changed, never removed. The
-- digest covers the payload, which is kept apart so that a person can be
-- erased without breaking the chain.
CREATE TABLE platform_journal (
  id            {{id}},
  at            BIGINT NOT NULL,
  kind          TEXT NOT NULL,
  actor_kind    TEXT NOT NULL,
  actor_id      BIGINT NOT NULL,
  actor_name    TEXT NOT NULL,
  subject_type  TEXT NOT NULL,
  subject_id    BIGINT NOT NULL,
  customer_id   BIGINT NOT NULL,
  request_id    TEXT NOT NULL,
  digest        TEXT NOT NULL
);
CREATE INDEX platform_journal_customer ON platform_journal (customer_id, id);
CREATE INDEX platform_journal_subject ON platform_journal (subject_type, subject_id, id);

CREATE TABLE platform_journal_payloads (
  entry_id  BIGINT PRIMARY KEY REFERENCES platform_journal (id),
  salt      TEXT NOT NULL,
  before    {{json}},
  after     {{json}}
);

-- The hash chain over the digests, one link an entry, written by the sealing
-- job in the order in which it meets them. A link names the hash it follows,
-- once: the chain cannot fork.
CREATE TABLE platform_journal_seals (
  id        {{id}},
  entry_id  BIGINT NOT NULL REFERENCES platform_journal (id),
  prev      TEXT NOT NULL,
  hash      TEXT NOT NULL
);
CREATE UNIQUE INDEX platform_journal_seals_entry ON platform_journal_seals (entry_id);
CREATE UNIQUE INDEX platform_journal_seals_prev ON platform_journal_seals (prev);
