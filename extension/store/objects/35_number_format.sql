CREATE OR REPLACE TRIGGER reread_numbers AFTER UPDATE OF decimal_mark ON cdp_data.source
    FOR EACH ROW WHEN (OLD.decimal_mark IS DISTINCT FROM NEW.decimal_mark) EXECUTE FUNCTION cdp._reread_numbers();
