-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION platform_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
-- +goose StatementEnd
CREATE TRIGGER platform_journal_no_update BEFORE UPDATE ON platform_journal
  FOR EACH ROW EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER platform_journal_no_delete BEFORE DELETE ON platform_journal
  FOR EACH ROW EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER platform_journal_seals_no_update BEFORE UPDATE ON platform_journal_seals
  FOR EACH ROW EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER platform_journal_seals_no_delete BEFORE DELETE ON platform_journal_seals
  FOR EACH ROW EXECUTE FUNCTION platform_append_only();
CREATE TRIGGER platform_journal_payloads_no_update BEFORE UPDATE ON platform_journal_payloads
  FOR EACH ROW EXECUTE FUNCTION platform_append_only();
