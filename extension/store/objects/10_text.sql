CREATE OR REPLACE TRIGGER reread_junk_value BEFORE INSERT OR UPDATE OR DELETE ON cdp_data.junk_value
    FOR EACH ROW EXECUTE FUNCTION cdp._reread_junk_value();
