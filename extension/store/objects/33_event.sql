CREATE OR REPLACE TRIGGER forget_event_keys AFTER INSERT ON cdp_data.event REFERENCING NEW TABLE AS written_events
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._forget_event_keys();
CREATE OR REPLACE TRIGGER forget_changed_event_keys AFTER UPDATE OF source_id, event_key ON cdp_data.event
    FOR EACH STATEMENT EXECUTE FUNCTION cdp._forget_event_keys();
