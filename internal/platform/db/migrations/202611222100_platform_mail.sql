-- +goose Up
-- How mail is sent: always exactly one row; an empty host means not at all.
CREATE TABLE platform_mail (
  id            BIGINT PRIMARY KEY CHECK (id = 1),
  host          TEXT NOT NULL,
  port          INTEGER NOT NULL,
  security      TEXT NOT NULL,
  login         TEXT NOT NULL,
  password      TEXT NOT NULL,
  from_name     TEXT NOT NULL,
  from_address  TEXT NOT NULL,
  public_url    TEXT NOT NULL
);
INSERT INTO platform_mail (id, host, port, security, login, password, from_name, from_address, public_url)
VALUES (1, '', 0, '', '', '', '', '', '');

-- Messages on their way; each is removed when it has been sent.
CREATE TABLE platform_mail_outbox (
  id         {{id}},
  recipient  TEXT NOT NULL,
  name       TEXT NOT NULL,
  language   TEXT NOT NULL,
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  until      BIGINT NOT NULL
);
CREATE INDEX platform_mail_outbox_until ON platform_mail_outbox (until);
