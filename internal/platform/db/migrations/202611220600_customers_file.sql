-- +goose Up
CREATE TABLE customers_sources (
  id        {{id}},
  name      TEXT NOT NULL,
  name_key  {{key}} NOT NULL,
  text_id   TEXT NOT NULL DEFAULT '',
  archived  BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX customers_sources_name ON customers_sources (name_key);
INSERT INTO customers_sources (name, name_key, text_id) VALUES
  ('Recommendation', 'rekomendation', 'customers.source.recommendation'),
  ('Our website', 'ur vebsite', 'customers.source.website'),
  ('Web search', 'veb searts', 'customers.source.web-search'),
  ('Advertisement', 'advertisement', 'customers.source.advertisement'),
  ('Exhibition', 'ekshibition', 'customers.source.exhibition'),
  ('Our call', 'ur kal', 'customers.source.cold-call'),
  ('Walk-in', 'valk in', 'customers.source.walk-in'),
  ('Partner', 'partner', 'customers.source.partner'),
  ('Social network', 'sotsial netvork', 'customers.source.social-network'),
  ('Tender', 'tender', 'customers.source.tender'),
  ('Unknown', 'unknovn', 'customers.source.unknown');

CREATE TABLE customers_customers (
  id                     {{id}},
  number                 BIGINT NOT NULL,
  kind                   TEXT NOT NULL CHECK (kind IN ('organisation', 'person')),
  state                  TEXT NOT NULL CHECK (state IN ('active', 'archived', 'erased')),
  name                   TEXT NOT NULL,
  name_key               {{key}} NOT NULL,
  name_sort              {{key}} NOT NULL,
  legal_name             TEXT NOT NULL,
  parent_id              BIGINT REFERENCES customers_customers (id),
  owner_id               BIGINT REFERENCES team_people (id),
  team_id                BIGINT REFERENCES team_teams (id),
  language               TEXT NOT NULL,
  country                TEXT NOT NULL,
  time_zone              TEXT NOT NULL,
  tax_id                 TEXT NOT NULL,
  tax_key                {{key}} NOT NULL,
  vat_id                 TEXT NOT NULL,
  vat_key                {{key}} NOT NULL,
  website                TEXT NOT NULL,
  source_id              BIGINT NOT NULL REFERENCES customers_sources (id),
  source_note            TEXT NOT NULL,
  recommended_by_id      BIGINT REFERENCES customers_customers (id),
  terms                  TEXT NOT NULL,
  preferred_channel      TEXT NOT NULL,
  address_form           TEXT NOT NULL,
  competitors            TEXT NOT NULL,
  do_not_contact_before  INTEGER NOT NULL,
  birthday               INTEGER NOT NULL,
  external_source        TEXT NOT NULL,
  external_id            TEXT NOT NULL,
  quality                INTEGER NOT NULL,
  version                BIGINT NOT NULL,
  created_at             BIGINT NOT NULL,
  changed_at             BIGINT NOT NULL,
  last_contact_at        BIGINT NOT NULL,
  CHECK (parent_id <> id),
  CHECK (recommended_by_id <> id)
);
CREATE UNIQUE INDEX customers_customers_number ON customers_customers (number);
CREATE UNIQUE INDEX customers_customers_external ON customers_customers (external_source, external_id) WHERE external_id <> '';
CREATE INDEX customers_customers_sort ON customers_customers (state, name_sort, id);
CREATE INDEX customers_customers_changed ON customers_customers (state, changed_at, id);
CREATE INDEX customers_customers_created ON customers_customers (state, created_at, id);
CREATE INDEX customers_customers_owner ON customers_customers (owner_id, state, name_sort, id);
CREATE INDEX customers_customers_team ON customers_customers (team_id, state, name_sort, id);
CREATE INDEX customers_customers_country ON customers_customers (country, state, name_sort, id);
CREATE INDEX customers_customers_parent ON customers_customers (parent_id, name_sort, id) WHERE parent_id IS NOT NULL;
CREATE INDEX customers_customers_recommended_by ON customers_customers (recommended_by_id, id) WHERE recommended_by_id IS NOT NULL;
CREATE INDEX customers_customers_name ON customers_customers (name_key, id);
CREATE INDEX customers_customers_tax ON customers_customers (tax_key, id);

-- The last number given out; one row.
CREATE TABLE customers_counters (
  name   TEXT PRIMARY KEY,
  value  BIGINT NOT NULL
);

CREATE TABLE customers_contacts (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  name         TEXT NOT NULL,
  name_key     {{key}} NOT NULL,
  position     TEXT NOT NULL,
  language     TEXT NOT NULL,
  address_form TEXT NOT NULL,
  style        TEXT NOT NULL,
  mood         TEXT NOT NULL,
  birthday     INTEGER NOT NULL,
  main         BOOLEAN NOT NULL,
  removed      BOOLEAN NOT NULL,
  version      BIGINT NOT NULL
);
CREATE INDEX customers_contacts_customer ON customers_contacts (customer_id, id);

-- Phones, e-mails, messengers of a customer, or of one contact at it.
CREATE TABLE customers_points (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  contact_id   BIGINT REFERENCES customers_contacts (id),
  kind         TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'messenger', 'web')),
  value        TEXT NOT NULL,
  value_key    {{key}} NOT NULL,
  extension    TEXT NOT NULL,
  label        TEXT NOT NULL,
  main         BOOLEAN NOT NULL
);
CREATE INDEX customers_points_customer ON customers_points (customer_id, id);
CREATE INDEX customers_points_value ON customers_points (kind, value_key, customer_id);

CREATE TABLE customers_addresses (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  label        TEXT NOT NULL,
  street       TEXT NOT NULL,
  city         TEXT NOT NULL,
  city_key     {{key}} NOT NULL,
  region       TEXT NOT NULL,
  postcode     TEXT NOT NULL,
  country      TEXT NOT NULL,
  main         BOOLEAN NOT NULL
);
CREATE INDEX customers_addresses_customer ON customers_addresses (customer_id, id);
CREATE INDEX customers_addresses_city ON customers_addresses (city_key, customer_id);

CREATE TABLE customers_tags (
  id        {{id}},
  name      TEXT NOT NULL,
  name_key  {{key}} NOT NULL
);
CREATE UNIQUE INDEX customers_tags_name ON customers_tags (name_key);

CREATE TABLE customers_taggings (
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  tag_id       BIGINT NOT NULL REFERENCES customers_tags (id),
  PRIMARY KEY (customer_id, tag_id)
);
CREATE INDEX customers_taggings_tag ON customers_taggings (tag_id, customer_id);

-- Birthdays, anniversaries, contract ends. A day without a known year has the
-- year 0000 (00001231 is every 31 December).
CREATE TABLE customers_dates (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  contact_id   BIGINT REFERENCES customers_contacts (id),
  label        TEXT NOT NULL,
  day          INTEGER NOT NULL,
  yearly       BOOLEAN NOT NULL
);
CREATE INDEX customers_dates_customer ON customers_dates (customer_id, id);

-- What a customer agreed to or refused; the newest row of a purpose counts.
CREATE TABLE customers_consents (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  contact_id   BIGINT REFERENCES customers_contacts (id),
  purpose      TEXT NOT NULL,
  given        BOOLEAN NOT NULL,
  how          TEXT NOT NULL,
  at           BIGINT NOT NULL,
  by_id        BIGINT REFERENCES team_people (id)
);
CREATE INDEX customers_consents_customer ON customers_consents (customer_id, purpose, id);

CREATE TABLE customers_notes (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  contact_id   BIGINT REFERENCES customers_contacts (id),
  author_id    BIGINT REFERENCES team_people (id),
  author_name  TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('note', 'call', 'meeting', 'email', 'message', 'visit')),
  body         TEXT NOT NULL,
  pinned       BOOLEAN NOT NULL,
  removed      BOOLEAN NOT NULL,
  happened_at  BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL
);
CREATE INDEX customers_notes_customer ON customers_notes (customer_id, happened_at, id);

CREATE TABLE customers_mentions (
  note_id    BIGINT NOT NULL REFERENCES customers_notes (id),
  person_id  BIGINT NOT NULL REFERENCES team_people (id),
  seen       BOOLEAN NOT NULL,
  PRIMARY KEY (note_id, person_id)
);
CREATE INDEX customers_mentions_person ON customers_mentions (person_id, seen, note_id);

CREATE TABLE customers_files (
  id           {{id}},
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  hash         TEXT NOT NULL,
  name         TEXT NOT NULL,
  name_key     {{key}} NOT NULL,
  size         BIGINT NOT NULL,
  mime         TEXT NOT NULL,
  added_at     BIGINT NOT NULL,
  added_by_id  BIGINT REFERENCES team_people (id),
  removed_at   BIGINT NOT NULL -- 0: it is there; a removed one can come back for a while
);
CREATE INDEX customers_files_customer ON customers_files (customer_id, id);
CREATE INDEX customers_files_hash ON customers_files (hash, id);

-- The words and keys under which a customer is found: a folded word of a name,
-- the digits of a phone, an e-mail, the number, a tax id. Kept in the
-- transaction that changes what they are made of.
CREATE TABLE customers_words (
  word         {{key}} NOT NULL,
  customer_id  BIGINT NOT NULL REFERENCES customers_customers (id),
  kind         TEXT NOT NULL,
  PRIMARY KEY (word, customer_id, kind)
);
CREATE INDEX customers_words_customer ON customers_words (customer_id, word);
