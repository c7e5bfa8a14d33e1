-- +goose Up
-- One kind, or what one person did, is read without passing over all the rest.
CREATE INDEX platform_journal_kind ON platform_journal (kind, id);
CREATE INDEX platform_journal_person ON platform_journal (actor_id, id) WHERE actor_kind = 'person';
