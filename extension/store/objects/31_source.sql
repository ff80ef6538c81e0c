CREATE OR REPLACE TRIGGER reread_source AFTER UPDATE ON cdp_data.source
    FOR EACH ROW EXECUTE FUNCTION cdp._reread_source();
CREATE OR REPLACE TRIGGER reread_source AFTER INSERT OR UPDATE OR DELETE ON cdp_data.mapping
    FOR EACH ROW EXECUTE FUNCTION cdp._reread_source();
CREATE OR REPLACE TRIGGER keep_original BEFORE UPDATE OF original ON cdp_data.reject
    FOR EACH ROW WHEN (OLD.original IS DISTINCT FROM NEW.original) EXECUTE FUNCTION cdp._keep_original();
CREATE OR REPLACE TRIGGER wait_for_readers BEFORE DELETE ON cdp_data.record FOR EACH STATEMENT EXECUTE FUNCTION cdp._wait_for_readers();
