-- Without the triggers changes went by unseen, as after DROP EXTENSION: all records are looked at again.
UPDATE cdp_data.match_model SET is_indexed = false
WHERE is_indexed AND (SELECT count(*) FROM pg_trigger t WHERE t.tgname ~ '^note_(new|changed|gone|details)$' AND NOT t.tgisinternal
                        AND t.tgrelid IN ('cdp_data.record'::regclass, 'cdp_data.record_identifier'::regclass, 'cdp_data.reject'::regclass)) < 10;
CREATE OR REPLACE TRIGGER note_new AFTER INSERT ON cdp_data.record
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_records();
CREATE OR REPLACE TRIGGER note_changed AFTER UPDATE OF source_key, given_name, family_name, birth_date, gender, email, phone, street, city, postal_code, country, national_id
    ON cdp_data.record FOR EACH ROW
    WHEN (ROW(OLD.source_key, OLD.given_name, OLD.family_name, OLD.birth_date, OLD.gender, OLD.email, OLD.phone, OLD.street, OLD.city, OLD.postal_code, OLD.country, OLD.national_id)
          IS DISTINCT FROM ROW(NEW.source_key, NEW.given_name, NEW.family_name, NEW.birth_date, NEW.gender, NEW.email, NEW.phone, NEW.street, NEW.city, NEW.postal_code, NEW.country, NEW.national_id))
    EXECUTE FUNCTION cdp._note_changed_record();
CREATE OR REPLACE TRIGGER note_details AFTER UPDATE OF region, company, details, source_updated_at
    ON cdp_data.record FOR EACH ROW
    WHEN (ROW(OLD.region, OLD.company, OLD.details, OLD.source_updated_at) IS DISTINCT FROM ROW(NEW.region, NEW.company, NEW.details, NEW.source_updated_at))
    EXECUTE FUNCTION cdp._note_details();
CREATE OR REPLACE TRIGGER note_gone AFTER DELETE ON cdp_data.record
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_gone_records();
CREATE OR REPLACE TRIGGER note_new AFTER INSERT ON cdp_data.record_identifier
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_records();
CREATE OR REPLACE TRIGGER note_changed AFTER UPDATE ON cdp_data.record_identifier
    REFERENCING OLD TABLE AS before NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_changed_identifiers();
CREATE OR REPLACE TRIGGER note_gone AFTER DELETE ON cdp_data.record_identifier
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_gone_identifiers();
CREATE OR REPLACE TRIGGER note_new AFTER INSERT ON cdp_data.reject
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_refused();
CREATE OR REPLACE TRIGGER note_changed AFTER UPDATE OF resolved_at ON cdp_data.reject FOR EACH ROW
    WHEN (OLD.resolved_at IS NULL <> (NEW.resolved_at IS NULL) AND NEW.attribute IN ('email', 'phone', 'postal_code', 'national_id'))
    EXECUTE FUNCTION cdp._note_refused_again();
CREATE OR REPLACE TRIGGER note_gone AFTER DELETE ON cdp_data.reject
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION cdp._note_refused();
-- What an administrator changes in the active model counts from the next resolution on, for all records.
CREATE OR REPLACE TRIGGER revise_model AFTER INSERT OR UPDATE OR DELETE ON cdp_data.match_level
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._revise_model();
CREATE OR REPLACE TRIGGER revise_model AFTER INSERT OR UPDATE OR DELETE ON cdp_data.match_term
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._revise_model();
CREATE OR REPLACE TRIGGER revise_model AFTER INSERT OR UPDATE OR DELETE ON cdp_data.match_shared_value
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._revise_model();
