CREATE OR REPLACE TRIGGER note_limit AFTER UPDATE OF identifies, max_records ON cdp_data.attribute
    FOR EACH ROW WHEN (ROW(OLD.identifies, OLD.max_records) IS DISTINCT FROM ROW(NEW.identifies, NEW.max_records)) EXECUTE FUNCTION cdp._note_limit();
CREATE OR REPLACE TRIGGER check_device_window BEFORE UPDATE ON cdp_data.setting
    FOR EACH ROW WHEN (NEW.name = 'device_window') EXECUTE FUNCTION cdp._check_device_window();
CREATE OR REPLACE TRIGGER note_country AFTER UPDATE OF country ON cdp_data.source
    FOR EACH ROW WHEN (OLD.country IS DISTINCT FROM NEW.country) EXECUTE FUNCTION cdp._note_country();
