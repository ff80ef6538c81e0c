CREATE OR REPLACE TRIGGER check_segment BEFORE INSERT OR UPDATE ON cdp_data.segment
    FOR EACH ROW EXECUTE FUNCTION cdp._check_segment();
CREATE OR REPLACE TRIGGER keep_segment_version AFTER INSERT OR UPDATE ON cdp_data.segment
    FOR EACH ROW EXECUTE FUNCTION cdp._keep_segment_version();
CREATE OR REPLACE TRIGGER refuse_when_used BEFORE DELETE ON cdp_data.segment
    FOR EACH ROW EXECUTE FUNCTION cdp._keep_segment_version();
