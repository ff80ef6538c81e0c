CREATE OR REPLACE TRIGGER keep_statement_owner BEFORE INSERT OR UPDATE ON cdp_data.feed
    FOR EACH ROW EXECUTE FUNCTION cdp._keep_statement_owner();
CREATE OR REPLACE VIEW cdp_data.open_alert AS SELECT * FROM cdp.alerts();
COMMENT ON VIEW cdp_data.open_alert IS 'One row per thing that is wrong with the feeds at this moment, computed when it is read.';
