-- The rest of what an administrator may change in a model (see objects/41_resolve.sql).
CREATE OR REPLACE TRIGGER weigh_level BEFORE INSERT OR UPDATE ON cdp_data.match_level
    FOR EACH ROW EXECUTE FUNCTION cdp._weigh_level();
CREATE OR REPLACE TRIGGER revise_model AFTER UPDATE OF is_used ON cdp_data.match_rule
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._revise_model();
CREATE OR REPLACE TRIGGER revise_itself BEFORE UPDATE ON cdp_data.match_model
    FOR EACH ROW WHEN (OLD.revision = NEW.revision
        AND ROW(OLD.prior_match, OLD.prior_household, OLD.national_ids_trusted, OLD.split_blocks) IS DISTINCT FROM ROW(NEW.prior_match, NEW.prior_household, NEW.national_ids_trusted, NEW.split_blocks))
    EXECUTE FUNCTION cdp._revise_itself();
