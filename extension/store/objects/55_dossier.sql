-- What dossiers are built from changes.
CREATE OR REPLACE TRIGGER note_content AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cdp_data.profile
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_content();
CREATE OR REPLACE TRIGGER note_content AFTER INSERT OR UPDATE OR DELETE ON cdp_data.event_batch
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_content();
CREATE OR REPLACE TRIGGER note_content AFTER INSERT OR UPDATE OR DELETE ON cdp_data.coverage
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_content();
CREATE OR REPLACE TRIGGER note_content AFTER INSERT OR UPDATE OR DELETE ON cdp_data.attribute
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_content();
CREATE OR REPLACE TRIGGER note_content AFTER INSERT OR DELETE ON cdp_data.event_property
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_content();
CREATE OR REPLACE TRIGGER note_type AFTER UPDATE OF value_type ON cdp_data.event_property
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_content();
CREATE OR REPLACE TRIGGER drop_dossier AFTER DELETE ON cdp_data.profile
    FOR EACH ROW EXECUTE FUNCTION cdp._drop_dossier();
CREATE OR REPLACE TRIGGER drop_dossier_of_other AFTER UPDATE OF status ON cdp_data.profile
    FOR EACH ROW WHEN (OLD.status = 'active' AND NEW.status <> 'active') EXECUTE FUNCTION cdp._drop_dossier();
-- Ingestion writes past triggers; these see what is written by hand.
CREATE OR REPLACE TRIGGER note_inserted AFTER INSERT ON cdp_data.event REFERENCING NEW TABLE AS events
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_stale_records();
CREATE OR REPLACE TRIGGER note_deleted AFTER DELETE ON cdp_data.event REFERENCING OLD TABLE AS events
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_stale_records();
CREATE OR REPLACE TRIGGER note_before AFTER UPDATE ON cdp_data.event REFERENCING OLD TABLE AS events
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_stale_records();
CREATE OR REPLACE TRIGGER note_after AFTER UPDATE ON cdp_data.event REFERENCING NEW TABLE AS events
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_stale_records();
-- A profile that is changed by hand counts as built now, or its dossier would not follow.
CREATE OR REPLACE TRIGGER touch_profile BEFORE UPDATE ON cdp_data.profile
    FOR EACH ROW WHEN (NEW.built_at = OLD.built_at AND NEW IS DISTINCT FROM OLD) EXECUTE FUNCTION cdp._touch_profile();
