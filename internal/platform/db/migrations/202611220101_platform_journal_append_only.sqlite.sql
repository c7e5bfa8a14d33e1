-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER platform_journal_no_update BEFORE UPDATE ON platform_journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER platform_journal_no_delete BEFORE DELETE ON platform_journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER platform_journal_seals_no_update BEFORE UPDATE ON platform_journal_seals
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER platform_journal_seals_no_delete BEFORE DELETE ON platform_journal_seals
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER platform_journal_payloads_no_update BEFORE UPDATE ON platform_journal_payloads
BEGIN SELECT RAISE(ABORT, 'a journal payload can be erased, not changed'); END;
-- +goose StatementEnd
